"""Reading cases: a street's desk its own, a reviewer his district's, HR its firm's, a guard his gate's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, bindparam, false, func, or_, select

from resume.clock import SHANGHAI
from resume.db import UtcTime, read_rows, reading
from resume.escalations.lifecycle import Outcome
from resume.escalations.models import Escalation, ExitNotice
from resume.firms.models import Firm
from resume.passes.models import Pass
from resume.places.models import Compound, Gate
from resume.refusals import NotFound
from resume.roles import Actor, Role
from resume.roster.details import WorkerDetails, open_details
from resume.roster.models import Worker

PER_PAGE = 50
#: How long a gate sees what it refused and what was answered.
AT_GATE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose cases: of a firm, of a gate, of a district, or of one street's desk in it."""

    district_code: str | None = None
    street: str | None = None
    firm_id: int | None = None
    gate_id: int | None = None

    def of_cases(self) -> ColumnElement[bool]:
        """Which cases are in it; none for a scope of nothing."""
        if self.firm_id is not None:
            return Escalation.firm_id == self.firm_id
        if self.gate_id is not None:
            return Escalation.gate_id == self.gate_id
        return self._of_place(Escalation)

    def of_exits(self) -> ColumnElement[bool]:
        """Which medical exits are in it."""
        return self._of_place(ExitNotice)

    def _of_place(self, model: type[Escalation] | type[ExitNotice]) -> ColumnElement[bool]:
        if self.district_code is None:
            return false()
        in_district = model.district_code == self.district_code
        return in_district if self.street is None else in_district & model.street.in_([self.street, ""])


def scope_of(actor: Actor) -> Scope:
    """What of the cases is an actor's to see. NotFound for one without district, firm or gate."""
    if actor.role is Role.HR and actor.firm_id is not None:
        return Scope(firm_id=actor.firm_id)
    if actor.role is Role.GUARD and actor.gate_id is not None:
        return Scope(gate_id=actor.gate_id)
    if actor.role is Role.STREET and actor.street is not None and actor.district_code is not None:
        return Scope(actor.district_code, actor.street)
    if actor.role in (Role.REVIEWER, Role.SIGN_OFF) and actor.district_code is not None:
        return Scope(actor.district_code)
    raise NotFound


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case with what it is about. `person` is opened: pages show the masked name, and all of it only to
    those who settle the case while it is open."""

    case: Escalation
    gate: Gate
    firm: Firm
    found: Pass
    person: WorkerDetails

    @property
    def outcome(self) -> Outcome | None:
        return Outcome(self.case.outcome) if self.case.outcome else None

    @property
    def went_at(self) -> datetime | None:
        """When he went through this very gate after all."""
        moments = ((self.found.out_at, self.found.out_gate_id), (self.found.in_at, self.found.in_gate_id))
        here = (at for at, gate_id in moments if at is not None and gate_id == self.case.gate_id)
        return next((at for at in here if at >= self.case.refused_at), None)

    def is_overdue(self, at: datetime) -> bool:
        return self.outcome is None and self.case.due_at <= at

    def waited(self, at: datetime) -> int:
        """Whole minutes of its clock."""
        return max(0, int((at - self.case.opened_at).total_seconds() // 60))

    @property
    def minutes(self) -> int:
        """What the clock gives."""
        return int((self.case.due_at - self.case.opened_at).total_seconds() // 60)


def get_escalation(nonce: UUID, *, scope: Scope) -> Escalation:
    """A case of the scope, or NotFound."""
    query = select(Escalation).where(Escalation.nonce == nonce, scope.of_cases())
    found = reading().scalar(query)
    if found is None:
        raise NotFound
    return found


def view_case(nonce: UUID, *, scope: Scope) -> CaseView:
    """A case of the scope with what it is about, or NotFound. One query."""
    found = reading().execute(_views(scope).where(Escalation.nonce == nonce)).first()
    if found is None:
        raise NotFound
    return _opened(found)


def list_open(*, scope: Scope, page: int = 1, limit: int = PER_PAGE) -> Sequence[CaseView]:
    """Open cases, what is due first first. One query."""
    query = _views(scope).where(Escalation.outcome == "").order_by(Escalation.due_at, Escalation.nonce)
    return _page(query, page, limit)


def list_answered(
    *, scope: Scope, outcome: Outcome | None = None, page: int = 1, limit: int = PER_PAGE
) -> Sequence[CaseView]:
    """Answered cases, of one outcome where given, the newest answer first. One query."""
    query = _views(scope).where(Escalation.outcome == outcome if outcome else Escalation.outcome != "")
    return _page(query.order_by(Escalation.answered_at.desc(), Escalation.nonce), page, limit)


def list_at_gate(gate_id: int, *, at: datetime) -> Sequence[CaseView]:
    """What this gate refused lately, the newest first. One query."""
    scope = Scope(gate_id=gate_id)
    query = _views(scope).where(or_(Escalation.opened_at >= at - AT_GATE, Escalation.outcome == ""))
    return _page(query.order_by(Escalation.opened_at.desc(), Escalation.nonce), 1, PER_PAGE)


_AT_GATE = (
    select(Escalation.nonce, Escalation.outcome)
    .where(Escalation.pass_id == bindparam("pass_id"), Escalation.gate_id == bindparam("gate_id"))
    .where(Escalation.opened_at >= bindparam("since", type_=UtcTime))
    .order_by(Escalation.opened_at.desc(), Escalation.nonce)
    .limit(1)
)


def find_word_at_gate(pass_id: UUID, gate_id: int, *, at: datetime) -> Escalation | None:
    """The newest case of a pass at a gate, opened within a day before `at`, unless it was withdrawn."""
    asked = {"pass_id": pass_id, "gate_id": gate_id, "since": at - AT_GATE}
    found = read_rows(_AT_GATE, asked).first()  # nearly always none: only where there is one is it read
    if found is None or found.outcome == Outcome.WITHDRAWN:
        return None
    return reading().get_one(Escalation, found.nonce)


def count_by_outcome(*, scope: Scope) -> dict[str, int]:
    """How many cases of each outcome, "" for open ones. One query."""
    query = select(Escalation.outcome, func.count()).where(scope.of_cases()).group_by(Escalation.outcome)
    counts: dict[str, int] = dict(reading().execute(query).all())
    return {"": 0, **dict.fromkeys((word.value for word in Outcome), 0), **counts}


def count_overdue(*, scope: Scope, at: datetime) -> int:
    """Open cases whose time is up."""
    late = (scope.of_cases(), Escalation.outcome == "", Escalation.due_at <= at)
    return reading().scalar(select(func.count()).select_from(Escalation).where(*late)) or 0


@dataclass(frozen=True, slots=True)
class ExitView:
    """A medical exit and where it was; `compound` None at a gate of none."""

    notice: ExitNotice
    gate: Gate
    compound: Compound | None


def get_exit(exit_id: UUID, *, scope: Scope) -> ExitNotice:
    """A medical exit of the scope, or NotFound."""
    query = select(ExitNotice).where(ExitNotice.exit_id == exit_id, scope.of_exits())
    found = reading().scalar(query)
    if found is None:
        raise NotFound
    return found


def list_exits(*, scope: Scope, at: datetime) -> Sequence[ExitView]:
    """The medical exits of the day of `at`, and earlier ones of which no committee was informed yet.

    Those first, then the newest. One query.
    """
    today = at.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    query = (
        select(ExitNotice, Gate, Compound)
        .join(Gate, Gate.id == ExitNotice.gate_id)
        .outerjoin(Compound, Compound.id == Gate.compound_id)
        .where(scope.of_exits(), or_(ExitNotice.at >= today, ExitNotice.acknowledged_at.is_(None)))
        .order_by(ExitNotice.acknowledged_at.is_not(None), ExitNotice.at.desc(), ExitNotice.exit_id)
        .limit(200)
    )
    return [ExitView(notice, gate, compound) for notice, gate, compound in reading().execute(query)]


_Views = Select[Escalation, Gate, Firm, Pass, Worker]


def _views(scope: Scope) -> _Views:
    return (
        select(Escalation, Gate, Firm, Pass, Worker)
        .join(Gate, Gate.id == Escalation.gate_id)
        .join(Firm, Firm.id == Escalation.firm_id)
        .join(Pass, Pass.id == Escalation.pass_id)
        .join(Worker, Worker.id == Pass.worker_id)
        .where(scope.of_cases())
    )


def _page(query: _Views, page: int, limit: int) -> Sequence[CaseView]:
    rows = reading().execute(query.limit(limit).offset((page - 1) * limit))
    return [_opened(row) for row in rows]


def _opened(row: Row[Escalation, Gate, Firm, Pass, Worker]) -> CaseView:
    case, gate, firm, found, worker = row
    return CaseView(case, gate, firm, found, open_details(worker))
