"""Reading cases as reviewers do: those of the actor's own district; any other is not found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased

from resume.applications.lifecycle import State
from resume.applications.models import Application, Batch, Decision
from resume.db import reading
from resume.evidence.explain import RULES as BUILDING_RULES
from resume.evidence.explain import PlaceNotes, notes_on
from resume.firms.models import Firm
from resume.passes.models import Pass
from resume.places.queries import buildings_by_id
from resume.policy import Answer, Finding, Verdict, decide
from resume.refusals import NotFound, Text
from resume.roster.details import WorkerDetails, open_details
from resume.roster.eligibility import facts_of
from resume.roster.models import Worker
from resume.sets import within

#: How long the district has for a case (assumed: domain.md names no limit).
CLOCK = timedelta(hours=24)
PER_PAGE = 50


class Desk(StrEnum):
    """What waits: for a recommendation, for a signature, for a later batch."""

    TO_REVIEW = "review"
    TO_SIGN = "sign"
    WITHHELD = "withheld"


DESK_NAMES: dict[Desk, Text] = {
    Desk.TO_REVIEW: _("待审核"),
    Desk.TO_SIGN: _("待签发"),
    Desk.WITHHELD: _("有暂缓人员"),
}


def _waits_at(desk: Desk) -> ColumnElement[bool]:
    if desk is Desk.WITHHELD:
        is_approved = Application.state == State.APPROVED.value
        return and_(is_approved, Application.withheld > 0, ~_is_followed())
    state = State.SUBMITTED if desk is Desk.TO_REVIEW else State.RECOMMENDED
    return Application.state == state.value


def _is_followed() -> ColumnElement[bool]:
    """A newer case of the same firm was approved: its list counts."""
    newer = aliased(Application)
    return (
        select(newer.id)
        .where(newer.firm_id == Application.firm_id, newer.number > Application.number)
        .where(newer.state == State.APPROVED.value)
        .exists()
    )


@dataclass(frozen=True, slots=True)
class QueueItem:
    """A case in the queue; `age` since its submission, against CLOCK."""

    application: Application
    firm_name: str
    age: timedelta

    @property
    def due_at(self) -> datetime | None:
        submitted = self.application.submitted_at
        return None if submitted is None else submitted + CLOCK

    @property
    def age_hours(self) -> float:
        return round(self.age.total_seconds() / 3600, 1)


def list_queue(
    *, district_code: str, desk: Desk, at: datetime, search: str = "", page: int = 1
) -> list[QueueItem]:
    """One page of a desk, what is due first first. One query over an index, whatever else is stored."""
    query = (
        select(Application, Firm.name)
        .join(Firm, Firm.id == Application.firm_id)
        .where(Application.district_code == district_code, _waits_at(desk), *_named(search))
        .order_by(Application.submitted_at, Application.id)
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    )
    return [
        QueueItem(case, name, max(timedelta(), at - (case.submitted_at or at)))
        for case, name in reading().execute(query)
    ]


def count_queue(*, district_code: str, search: str = "") -> dict[Desk, int]:
    """How many cases each desk has. One query a desk, each over an index."""
    found = {}
    for desk in Desk:
        query = select(func.count()).select_from(Application)
        if search:
            query = query.join(Firm, Firm.id == Application.firm_id).where(*_named(search))
        query = query.where(Application.district_code == district_code, _waits_at(desk))
        found[desk] = reading().scalar(query) or 0
    return found


def _named(search: str) -> list[ColumnElement[bool]]:
    if not search:
        return []
    return [or_(Firm.name.contains(search, autoescape=True), Firm.credit_code == search.upper())]


def get_case(application_id: UUID, *, district_code: str | None) -> Application:
    """A case of the district that was submitted at least once, or NotFound."""
    found = reading().get(Application, application_id)
    if found is None or district_code is None or found.district_code != district_code:
        raise NotFound
    if found.submitted_at is None:
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class JudgedWorker:
    """A worker as a reviewer reads him: every finding, those in the way first.

    `building`: why his building is not clear and its level, where it stands in his way; `has_page`: it lies
    in the case's district, so that the district may open its page.
    """

    worker: Worker
    details: WorkerDetails
    verdict: Verdict
    has_pass: bool
    building: PlaceNotes | None
    has_page: bool

    @property
    def findings(self) -> list[Finding]:
        return sorted(self.verdict.findings, key=lambda finding: finding.outcome == "met")

    @property
    def binding(self) -> Finding | None:
        """The first finding in the way."""
        return next((finding for finding in self.verdict.findings if finding.outcome != "met"), None)


@dataclass(frozen=True, slots=True)
class JudgedPage:
    """One page of a list's workers with the counts of the whole list by outcome."""

    workers: Sequence[JudgedWorker]
    counts: Mapping[Answer, int]
    codes: Sequence[tuple[str, int]]
    shown: Answer | None
    page: int
    pages: int

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def judge_page(
    application: Application, *, at: datetime, outcome: Answer | None = None, page: int = 1
) -> JudgedPage:
    """The list judged at `at` as under an approved plan, in a fixed number of queries.

    `codes`: reason code -> workers whom it stops first, most frequent first.
    """
    workers = list_workers(application)
    verdicts = [decide(facts, profile="RTW", at=at) for facts in facts_of(workers, at=at, plan="approved")]
    counted = Counter(verdict.outcome for verdict in verdicts)
    stopping = Counter(code for code in map(_first_code, verdicts) if code is not None)
    chosen = [
        row for row in zip(workers, verdicts, strict=True) if outcome is None or row[1].outcome is outcome
    ]
    shown = chosen[(page - 1) * PER_PAGE : page * PER_PAGE]
    return JudgedPage(
        _judged(shown, district_code=application.district_code, at=at),
        {answer: counted.get(answer, 0) for answer in Answer},
        stopping.most_common(),
        outcome,
        page,
        max(1, -(-len(chosen) // PER_PAGE)),
    )


def _judged(
    shown: Sequence[tuple[Worker, Verdict]], *, district_code: str, at: datetime
) -> list[JudgedWorker]:
    """The workers of one page. Three queries."""
    holders = _holders([worker for worker, _verdict in shown], at=at)
    stopped = [worker.building_id if _is_stopped_there(verdict) else None for worker, verdict in shown]
    places = buildings_by_id({building_id for building_id in stopped if building_id is not None})
    own = {one.id for one in places.values() if one.compound.district_code == district_code}
    findings = [verdict.findings for _worker, verdict in shown]
    notes = notes_on(list(zip(stopped, findings, strict=True)), at=at)
    return [
        JudgedWorker(
            worker,
            open_details(worker),
            verdict,
            worker.person_key in holders,
            note,
            worker.building_id in own,
        )
        for (worker, verdict), note in zip(shown, notes, strict=True)
    ]


def _is_stopped_there(verdict: Verdict) -> bool:
    return any(one.rule in BUILDING_RULES and one.outcome != "met" for one in verdict.findings)


def _first_code(verdict: Verdict) -> str | None:
    return next((finding.code for finding in verdict.findings if finding.outcome != "met"), None)


def _holders(workers: Sequence[Worker], *, at: datetime) -> set[bytes]:
    """Those who hold a live pass that has not expired."""
    keys = [worker.person_key for worker in workers]
    query = select(Pass.person_key).where(Pass.person_key.in_(keys), *_in_force(at))
    return set(reading().scalars(query))


def _in_force(at: datetime) -> tuple[ColumnElement[bool], ...]:
    return Pass.is_live.is_(True), Pass.expires_at > at


def list_workers(application: Application) -> Sequence[Worker]:
    """The workers of a case's list by row."""
    query = select(Worker).where(Worker.list_id == application.list_id).order_by(Worker.row, Worker.id)
    return reading().scalars(query).all()


def list_without_pass(application: Application, *, at: datetime) -> Sequence[Worker]:
    """Whom a later batch can approve: workers of a case's list who have not left the firm, hold no live pass
    at `at`, and whom none of the case's passes has brought into the plant already."""
    of_his = Pass.person_key == Worker.person_key
    holds = select(Pass.id).where(of_his, *_in_force(at)).exists()
    has_arrived = (
        select(Pass.id).where(of_his, Pass.application_id == application.id, Pass.in_at.is_not(None)).exists()
    )
    still_here = Worker.list_id == application.list_id, Worker.left_at.is_(None)
    query = select(Worker).where(*still_here, ~holds, ~has_arrived)
    return reading().scalars(query.order_by(Worker.row, Worker.id)).all()


def anybody_left(application: Application, person_keys: Collection[bytes]) -> bool:
    """Whether one of these persons of a case's list has left the firm since it was submitted. One query."""
    query = select(Worker.id).where(Worker.list_id == application.list_id, Worker.left_at.is_not(None))
    return reading().scalar(query.where(within(Worker.person_key, person_keys)).limit(1)) is not None


class DecidedWorker(NamedTuple):
    """A worker of a batch, and what was decided about him; `code` is OK where approved."""

    worker: Worker
    person: WorkerDetails
    code: str
    decision_id: UUID


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What a batch did: its numbers, reason -> count, and one page of those it kept back, or approved."""

    batch: Batch
    reasons: Sequence[tuple[str, int]]
    rows: Sequence[DecidedWorker]
    is_approved: bool
    page: int
    pages: int


def get_result(
    batch_id: UUID, *, application: Application, is_approved: bool | None = None, page: int = 1
) -> BatchResult:
    """The result of one of the case's batches with those kept back or approved; or NotFound.

    `is_approved` None: those kept back where there are any.
    """
    batch = reading().get(Batch, batch_id)
    if batch is None or batch.application_id != application.id:
        raise NotFound
    if is_approved is None:
        is_approved = not batch.withheld
    kept_back = (Decision.batch_id == batch_id, Decision.is_approved.is_(False))
    count = func.count()
    reasons = select(Decision.code, count).where(*kept_back).group_by(Decision.code)
    query = (
        select(Worker, Decision.code, Decision.id)
        .join(Decision, Decision.worker_id == Worker.id)
        .where(Decision.batch_id == batch_id, Decision.is_approved.is_(is_approved))
        .order_by(Worker.row, Worker.id)
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    )
    rows = [
        DecidedWorker(worker, open_details(worker), code, decision_id)
        for worker, code, decision_id in reading().execute(query)
    ]
    counted = [
        (code, number) for code, number in reading().execute(reasons.order_by(count.desc(), Decision.code))
    ]
    total = batch.approved if is_approved else batch.withheld
    return BatchResult(batch, counted, rows, is_approved, page, max(1, -(-total // PER_PAGE)))


def list_batches(application_id: UUID) -> Sequence[Batch]:
    """The batches of a case, newest first."""
    query = select(Batch).where(Batch.application_id == application_id)
    return reading().scalars(query.order_by(Batch.at.desc(), Batch.id)).all()
