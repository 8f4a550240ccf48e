"""The firm's desk: where the case stands, today's work counted, passes by state, posts that lost cover."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from flask import url_for
from flask_babel import gettext as _

from resume.applications.lifecycle import State
from resume.applications.progress import Step, progress, whose_turn
from resume.applications.queries import CaseView, find_in_force, view_current_case
from resume.applications.routes import list_url
from resume.board import queries
from resume.board.picture import Curve, draw
from resume.passes.changes import count_observed
from resume.passes.lifecycle import Status
from resume.passes.queries import count_by_status
from resume.roster.outlook import Sampling
from resume.web.dates import moment_text
from resume.web.language import current_language

DUE_SOON = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class Task:
    """One line of today's work: how many, of what, where to do it. `kind` colours it: stop, wait or none."""

    count: int
    text: str
    href: str | None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """All that the desk shows of one firm at one moment. `curve` None: there is no list yet."""

    case: CaseView
    steps: list[Step]
    turn: str
    tasks: tuple[Task, ...]
    passes: dict[Status, int]
    lost_cover: Sequence[queries.LostCover]
    curve: Curve | None


def desk_of(*, firm_id: int, at: datetime) -> Desk:
    """Read the desk of a firm; a fixed number of statements."""
    case = view_current_case(firm_id=firm_id, at=at)
    lost = queries.lost_cover(firm_id=firm_id, at=at)
    workforce = (
        queries.view_workforce(list_id=case.worker_list.id, firm_id=firm_id, at=at)
        if case.worker_list
        else None
    )
    issued_at = queries.first_issued_at(application_id=case.application.id) if case.application else None
    return Desk(
        case=case,
        steps=progress(case, issued_at=issued_at),
        turn=whose_turn(case.state),
        tasks=tuple(task for task in _tasks(case, lost, workforce, firm_id, at) if task.count),
        passes=count_by_status(firm_id=firm_id, at=at),
        lost_cover=lost,
        curve=draw(workforce.days) if workforce else None,
    )


def _tasks(
    case: CaseView,
    lost: Sequence[queries.LostCover],
    workforce: queries.Workforce | None,
    firm_id: int,
    at: datetime,
) -> list[Task]:
    uncovered = sum(row.is_key and row.is_uncovered for row in lost)
    tasks = [Task(uncovered, _("个关键岗位无人可用"), "#lost-cover", "stop")]
    observed = count_observed(firm_id=firm_id, at=at)
    tasks.append(Task(observed, _("名厂内人员须转入观察区"), url_for("passes.changed"), "stop"))
    if case.state in (State.DRAFT, State.RETURNED):
        tasks.append(Task(len(case.plan.incomplete), _("项方案内容未完成"), url_for("plans.tasks"), "wait"))
        tasks.append(Task(int(case.worker_list is None), _("份花名册待上传并确认"), list_url(), "wait"))
        tasks.append(Task(int(case.can_submit), _("份申请可以提交"), url_for("applications.case")))
    if case.worker_list is not None and workforce is not None:
        bad = queries.count_rows_with_errors(list_id=case.worker_list.id)
        tasks.append(Task(bad, _("行花名册有错误"), list_url(), "wait"))
        tasks += _samplings(workforce.samplings, at)
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
