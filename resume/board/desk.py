"""The firm's desk: with whom the case is, today's work counted, posts that lost cover, passes by state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _

from resume.applications.lifecycle import State
from resume.applications.progress import Step, progress, whose_turn
from resume.applications.queries import CaseView, find_in_force, view_current_case
from resume.applications.routes import list_url
from resume.board import queries
from resume.board.picture import Curve, Part, draw, stack
from resume.board.standing import Standing, standing_of
from resume.notices.models import Notice
from resume.notices.queries import list_newest
from resume.passes.changes import count_observed
from resume.passes.lifecycle import Status
from resume.passes.queries import count_by_status
from resume.roster.outlook import Sampling
from resume.web.dates import moment_text
from resume.web.language import current_language

DUE_SOON = timedelta(hours=48)
NOTICES = 3
#: The states of passes from left to right.
IN_ORDER = (
    Status.ACTIVE,
    Status.SUSPENDED,
    Status.USED,
    Status.EXPIRED,
    Status.REPLACED,
    Status.REVOKED,
)


@dataclass(frozen=True, slots=True)
class Task:
    """One line of today's work: how many, of what, where to do it. `kind` colours it: stop, wait or none."""

    count: int
    text: str
    href: str | None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Tasks of one kind, under their heading."""

    title: str
    tasks: tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class Desk:
    """All that the desk shows of one firm at one moment. `curve` None: there is no list yet.

    `sheets`: of the paper passes in force, how many have their sheet, and how many there are.
    """

    case: CaseView
    steps: list[Step]
    standing: Standing
    turn: str
    groups: tuple[Group, ...]
    passes: dict[Status, int]
    bar: Sequence[Part]
    sheets: tuple[int, int]
    notices: Sequence[Notice]
    lost_cover: Sequence[queries.LostCover]
    curve: Curve | None


def desk_of(*, firm_id: int, account_id: UUID | None, at: datetime) -> Desk:
    """Read the desk of a firm as one of its accounts sees it; a fixed number of statements."""
    case = view_current_case(firm_id=firm_id, at=at)
    lost = queries.lost_cover(firm_id=firm_id, at=at)
    workforce = (
        queries.view_workforce(list_id=case.worker_list.id, firm_id=firm_id, at=at)
        if case.worker_list
        else None
    )
    issued_at = queries.first_issued_at(application_id=case.application.id) if case.application else None
    passes = count_by_status(firm_id=firm_id, at=at)
    return Desk(
        case=case,
        steps=progress(case, issued_at=issued_at),
        standing=standing_of(case, at=at),
        turn=whose_turn(case.state),
        groups=_groups(case, lost, workforce, firm_id, at),
        passes=passes,
        bar=stack({status: passes[status] for status in IN_ORDER}),
        sheets=queries.count_sheets(firm_id=firm_id, at=at),
        notices=list_newest(account_id, limit=NOTICES) if account_id is not None else (),
        lost_cover=lost,
        curve=draw(workforce.days) if workforce else None,
    )


def _groups(
    case: CaseView,
    lost: Sequence[queries.LostCover],
    workforce: queries.Workforce | None,
    firm_id: int,
    at: datetime,
) -> tuple[Group, ...]:
    """What to answer, whom to sample, whom to replace, what to complete; nothing of what counts nought."""
    groups = (
        (_("答复"), _to_answer(case)),
        (_("安排采样"), _samplings(workforce.samplings, at) if workforce else []),
        (_("顶岗和观察"), _to_replace(lost, firm_id, at)),
        (_("补齐"), _to_complete(case, workforce, firm_id)),
    )
    counted = ((title, tuple(task for task in tasks if task.count)) for title, tasks in groups)
    return tuple(Group(title, tasks) for title, tasks in counted if tasks)


def _to_answer(case: CaseView) -> list[Task]:
    is_returned = case.returned_for is not None and case.state in (State.DRAFT, State.RETURNED)
    address = url_for("applications.case")
    return [
        Task(int(is_returned), _("份申请被退回，须修改后重新提交"), address, "stop"),
        Task(int(case.can_submit), _("份申请可以提交"), address),
    ]


def _to_replace(lost: Sequence[queries.LostCover], firm_id: int, at: datetime) -> list[Task]:
    uncovered = sum(row.is_key and row.is_uncovered for row in lost)
    thinned = sum(row.suspended for row in lost)
    observed = count_observed(firm_id=firm_id, at=at)
    return [
        Task(uncovered, _("个关键岗位无人可用"), "#lost-cover", "stop"),
        Task(thinned, _("张通行证暂停，须安排同岗位人员"), "#lost-cover", "wait"),
        Task(observed, _("名厂内人员须转入观察区"), url_for("passes.changed"), "stop"),
    ]


def _to_complete(case: CaseView, workforce: queries.Workforce | None, firm_id: int) -> list[Task]:
    tasks = []
    if case.state in (State.DRAFT, State.RETURNED):
        tasks.append(Task(len(case.plan.incomplete), _("项方案内容未完成"), url_for("plans.tasks"), "wait"))
        tasks.append(Task(int(case.worker_list is None), _("份花名册待上传并确认"), list_url(), "wait"))
    if case.worker_list is not None and workforce is not None:
        bad = queries.count_rows_with_errors(list_id=case.worker_list.id)
        tasks.append(Task(bad, _("行花名册有错误"), list_url(), "wait"))
        tasks.append(Task(workforce.summary.not_eligible, _("人目前不符合条件"), list_url(), "stop"))
        tasks.append(Task(workforce.summary.not_known, _("人待查，缺少证据"), list_url(), "wait"))
    in_force = find_in_force(firm_id=firm_id)
    if in_force is not None:
        tasks.append(Task(in_force.withheld, _("人暂缓发证，证据补齐后可由后续批次批准"), list_url(), "wait"))
    return tasks


def _samplings(samplings: Sequence[Sampling], at: datetime) -> list[Task]:
    """A line for each deadline of the next two days; what is later is no work of today."""
    address = list_url()
    return [
        Task(
            one.count,
            _("人需立即采样")
            if one.deadline is None
            else _("人需在%(moment)s前采样", moment=moment_text(one.deadline, current_language())),
            address and f"{address}?{urlencode({'sample': one.key})}",
            "stop" if one.deadline is None else "wait",
        )
        for one in samplings
        if one.deadline is None or one.deadline <= at + DUE_SOON
    ]
