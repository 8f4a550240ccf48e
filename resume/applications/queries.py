"""Reading cases. What a firm reads asks for its `firm_id`; another firm's case is not found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import func, select

from resume.applications.changes import Changes, view_drafted
from resume.applications.lifecycle import CLOSED, IN_REVIEW, WITH_FIRM, State
from resume.applications.models import Application, ApplicationEvent
from resume.applications.returned import Returned, judge, list_open, open_parts
from resume.db import reading
from resume.plans.completeness import SectionView
from resume.plans.difference import SectionChange
from resume.plans.queries import PlanView, get_version, view_current, view_version
from resume.plans.sections import BY_KEY
from resume.refusals import NotFound, Text
from resume.roster.lifecycle import STANDING
from resume.roster.models import WorkerList


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing without which a case is not submitted; `section` names the plan's page, None: the list.

    `returned_id`: the part of a return that waits for the firm.
    """

    text: str
    section: str | None = None
    returned_id: int | None = None


_UNCHANGED = Changes(None)


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as its firm reads it. `application` is None before anything was begun.

    `returned_for` is the reviewer's reason while the case waits for the firm to mend it; `returned` the same
    part by part. `changes`: what a draft changes of what was submitted last.
    """

    application: Application | None
    plan: PlanView
    worker_list: WorkerList | None
    events: Sequence[ApplicationEvent]
    missing: tuple[Missing, ...]
    returned: tuple[Returned, ...] = ()
    changes: Changes = _UNCHANGED

    @property
    def section_changes(self) -> Sequence[SectionChange]:
        return self.changes.sections

    def asks_about(self, key: str) -> Text | None:
        """What has to be agreed to before a section is edited; None where it is open.

        A case with the authority is taken back, a decided one is followed by a new one, and a section that
        was not returned will be seen as changed.
        """
        if self.state in IN_REVIEW:
            return _("申请正在审核。修改这一节会把申请撤回为草稿，已有的推荐作废，改完须重新提交。")
        if self.state in CLOSED:
            return _("申请已有决定。修改这一节会生成新的一版方案，并开始新的申请；批准前仍按原方案执行。")
        opened = open_parts(self.returned)
        if opened is None or key in opened or key in self.changes.parts:
            return None
        return _("审核员没有要求修改这一节。仍要修改的，审核员会看到这一节有变动。")

    def returned_part(self, part: str) -> Returned | None:
        """What the reviewer asked of one part, or None."""
        return next((one for one in self.returned if one.part == part), None)

    @property
    def state(self) -> State:
        return State(self.application.state) if self.application else State.DRAFT

    @property
    def can_submit(self) -> bool:
        return self.application is not None and self.state in WITH_FIRM and not self.missing

    @property
    def headcount(self) -> int | None:
        """People in the loop as the plan says, or None."""
        people: int | None = self.plan.section("headcount").values.get("in_loop")
        return people

    @property
    def has_more_workers_than_loop(self) -> bool:
        """Whether the list alone is larger than the plan's loop: shown, not refused."""
        if self.worker_list is None or self.headcount is None:
            return False
        return self.worker_list.good_count > self.headcount

    @property
    def promises_another_count(self) -> bool:
        """Whether the promise names another number of people than the list holds: shown, not refused."""
        promised = self.plan.section("commitment").values.get("people")
        return (
            self.worker_list is not None and promised is not None and promised != self.worker_list.good_count
        )

    @property
    def returned_for(self) -> ApplicationEvent | None:
        """The last return or refusal, unless something was submitted since."""
        for event in reversed(self.events):
            if event.action in ("returned", "refused"):
                return event
            if event.action in ("submitted", "approved"):
                return None
        return None

    def event_at(self, action: str) -> datetime | None:
        """When a thing last happened to this case."""
        return next((event.at for event in reversed(self.events) if event.action == action), None)


def find_current(*, firm_id: int) -> Application | None:
    """The firm's newest case, or None."""
    query = select(Application).where(Application.firm_id == firm_id).order_by(Application.number.desc())
    return reading().scalars(query.limit(1)).first()


def find_open(*, firm_id: int) -> Application | None:
    """The firm's newest case unless it is decided."""
    newest = find_current(firm_id=firm_id)
    return None if newest is None or State(newest.state) in CLOSED else newest


def find_in_force(*, firm_id: int) -> Application | None:
    """The newest approved case: the plan under which passes are issued."""
    query = (
        select(Application)
        .where(Application.firm_id == firm_id, Application.state == State.APPROVED.value)
        .order_by(Application.number.desc())
    )
    return reading().scalars(query.limit(1)).first()


def get_of_firm(application_id: UUID, *, firm_id: int) -> Application:
    """One of this firm's cases, or NotFound."""
    query = select(Application).where(Application.id == application_id, Application.firm_id == firm_id)
    found = reading().scalars(query).first()
    if found is None:
        raise NotFound
    return found


def list_of_firm(*, firm_id: int) -> Sequence[Application]:
    """Every case of a firm, newest first."""
    query = select(Application).where(Application.firm_id == firm_id)
    return reading().scalars(query.order_by(Application.number.desc(), Application.id)).all()


def list_events(application_id: UUID) -> Sequence[ApplicationEvent]:
    """What happened to a case, oldest first."""
    query = select(ApplicationEvent).where(ApplicationEvent.application_id == application_id)
    return reading().scalars(query.order_by(ApplicationEvent.id)).all()


def next_number(*, firm_id: int) -> int:
    """The number of the firm's next case; the first is 1."""
    query = select(func.max(Application.number)).where(Application.firm_id == firm_id)
    return (reading().scalar(query) or 0) + 1


def view_current_case(*, firm_id: int, at: datetime) -> CaseView:
    """The firm's newest case with its plan, list and events, and what is missing."""
    application = find_current(firm_id=firm_id)
    if application is not None:
        return view_case(application, at=at)
    plan = view_current(firm_id=firm_id, at=at)
    return CaseView(None, plan, None, (), missing_of(plan, None))


def view_case(application: Application, *, at: datetime) -> CaseView:
    """One case with its plan, list and events, and what is missing."""
    version = get_version(application.plan_version_id, firm_id=application.firm_id)
    plan = view_version(version, firm_id=application.firm_id, at=at)
    worker_list = reading().get(WorkerList, application.list_id) if application.list_id else None
    events = list_events(application.id)
    if State(application.state) not in WITH_FIRM:
        return CaseView(application, plan, worker_list, events, missing_of(plan, worker_list))
    changes = view_drafted(application, version)
    returned = judge(list_open(application.id), changes.parts)
    missing = missing_of(plan, worker_list, returned)
    return CaseView(application, plan, worker_list, events, missing, returned, changes)


def missing_of(
    plan: PlanView, worker_list: WorkerList | None, returned: Sequence[Returned] = ()
) -> tuple[Missing, ...]:
    """What keeps a plan and a list from being submitted; empty where nothing does."""
    found = [
        Missing(
            _("方案“%(section)s”：%(reasons)s", section=view.section.title, reasons=_reasons(view)),
            view.section.key,
        )
        for view in plan.incomplete
    ]
    if worker_list is None or worker_list.state not in STANDING:
        found.append(Missing(_("花名册：还没有确认的名单")))
    elif worker_list.good_count < 1:
        found.append(Missing(_("花名册：没有一行可以受理")))
    found += [
        Missing(
            _("退回的“%(part)s”：还没有修改，也没有说明", part=one.title),
            one.part if one.part in BY_KEY else None,
            one.row.id,
        )
        for one in returned
        if not one.is_done
    ]
    return tuple(found)


def _reasons(view: SectionView) -> str:
    if not view.values and not view.is_unreadable:
        return str(_("未开始"))
    failed = [str(result.text) for result in view.failed if result.check.is_must]
    unknown = [str(r.text) for r in view.results if r.check.is_must and r.is_met is None]
    lacking = [str(text) for text in view.missing]
    if len(lacking) > 3:
        lacking = [*lacking[:3], str(_("等 %(count)s 项", count=len(view.missing)))]
    if view.is_unreadable:
        failed.insert(0, str(_("有填写的内容不能识别")))
    said = ([str(_("缺 %(fields)s", fields="、".join(lacking)))] if lacking else []) + failed
    return "；".join(said or unknown)
