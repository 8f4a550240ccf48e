"""Reading cases. What a firm reads asks for its `firm_id`; another firm's case is not found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import func, select

from resume.applications.lifecycle import CLOSED, State
from resume.applications.models import Application, ApplicationEvent
from resume.db import reading
from resume.plans.completeness import SectionView
from resume.plans.queries import PlanView, get_version, view_current, view_version
from resume.refusals import NotFound
from resume.roster.lifecycle import STANDING
from resume.roster.models import WorkerList


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing without which a case is not submitted; `section` names the plan's page, None: the list."""

    text: str
    section: str | None = None


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as its firm reads it. `application` is None before anything was begun.

    `returned_for` is the reviewer's reason while the case waits for the firm to mend it.
    """

    application: Application | None
    plan: PlanView
    worker_list: WorkerList | None
    events: Sequence[ApplicationEvent]
    missing: tuple[Missing, ...]

    @property
    def state(self) -> State:
        return State(self.application.state) if self.application else State.DRAFT

    @property
    def can_submit(self) -> bool:
        return (
            self.application is not None and self.state in (State.DRAFT, State.RETURNED) and not self.missing
        )

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
    return CaseView(
        application, plan, worker_list, list_events(application.id), missing_of(plan, worker_list)
    )


def missing_of(plan: PlanView, worker_list: WorkerList | None) -> tuple[Missing, ...]:
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
    return tuple(found)


def _reasons(view: SectionView) -> str:
    if not view.values:
        return str(_("未开始"))
    failed = [str(result.text) for result in view.failed if result.check.is_must]
    unknown = [str(r.text) for r in view.results if r.check.is_must and r.is_met is None]
    lacking = [str(text) for text in view.missing]
    if len(lacking) > 3:
        lacking = [*lacking[:3], str(_("等 %(count)s 项", count=len(view.missing)))]
    said = ([str(_("缺 %(fields)s", fields="、".join(lacking)))] if lacking else []) + failed
    return "；".join(said or unknown)
