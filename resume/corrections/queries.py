"""Reading corrections, and the records that can be corrected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select

from resume.corrections.kinds import KINDS, Correctable
from resume.corrections.lifecycle import State
from resume.corrections.models import Correction
from resume.db import reading
from resume.evidence.models import CaseRecord, ReviewRecord, TestRecord
from resume.people.queries import masked_numbers
from resume.places.models import Building
from resume.refusals import NotFound

PER_PAGE = 50


def get_correction(correction_id: int) -> Correction:
    """The correction, or NotFound."""
    found = reading().get(Correction, correction_id)
    if found is None:
        raise NotFound
    return found


def kind_of(correction: Correction) -> Correctable:
    """What the correction says, as its kind."""
    return KINDS[correction.kind].from_json(correction.content)


def list_corrections(state: State, *, page: int = 1) -> Sequence[Correction]:
    """Corrections of one state: what waits, oldest first; what is decided, newest first."""
    order = Correction.proposed_at if state is State.PROPOSED else Correction.decided_at.desc()
    query = select(Correction).where(Correction.state == state.value).order_by(order, Correction.id)
    return reading().scalars(query.limit(PER_PAGE).offset((page - 1) * PER_PAGE)).all()


def count_corrections() -> dict[State, int]:
    """How many stand where, every state named."""
    rows = reading().execute(select(Correction.state, func.count()).group_by(Correction.state))
    found = {State(word): count for word, count in rows}
    return {state: found.get(state, 0) for state in State}


def count_to_confirm(account_id: UUID | None) -> int:
    """How many wait for a second person, whom this account can be."""
    query = select(func.count()).select_from(Correction).where(Correction.state == State.PROPOSED.value)
    return reading().scalar(query.where(Correction.proposed_by.is_distinct_from(account_id))) or 0


def count_open_reviews() -> int:
    """How many reviews are open."""
    query = select(func.count()).select_from(ReviewRecord).where(*_is_open())
    return reading().scalar(query) or 0


def find_open(subject: str) -> Correction | None:
    """The open correction about this thing, or None."""
    query = select(Correction).where(Correction.subject == subject, Correction.state == State.PROPOSED.value)
    return reading().scalars(query).first()


@dataclass(frozen=True, slots=True)
class Placed:
    """A case or review with its building."""

    record: CaseRecord | ReviewRecord
    building: Building


def list_cases(*, building_ids: Sequence[int] = (), search: str = "", page: int = 1) -> list[Placed]:
    """Cases that count, the newest report first; at these buildings, or with this id, where given."""
    query = select(CaseRecord, Building).join(Building, Building.id == CaseRecord.building_id)
    query = query.where(CaseRecord.replaced_at.is_(None))
    if building_ids:
        query = query.where(CaseRecord.building_id.in_(building_ids))
    elif search:
        query = query.where(CaseRecord.case_id == search)
    return _page(query.order_by(CaseRecord.reported_at.desc(), CaseRecord.id.desc()), page)


def list_open_reviews(*, building_ids: Sequence[int] = (), search: str = "", page: int = 1) -> list[Placed]:
    """Reviews that are open, the oldest first; as `list_cases`."""
    query = select(ReviewRecord, Building).join(Building, Building.id == ReviewRecord.building_id)
    query = query.where(*_is_open())
    if building_ids:
        query = query.where(ReviewRecord.building_id.in_(building_ids))
    elif search:
        query = query.where(ReviewRecord.review_id == search)
    return _page(query.order_by(ReviewRecord.opened_at, ReviewRecord.id), page)


def _is_open() -> tuple[ColumnElement[bool], ...]:
    return (
        ReviewRecord.replaced_at.is_(None),
        ReviewRecord.cleared_at.is_(None),
        ReviewRecord.outcome.is_(None),
    )


def _page(query: Select[CaseRecord, Building] | Select[ReviewRecord, Building], page: int) -> list[Placed]:
    rows = reading().execute(query.limit(PER_PAGE).offset((page - 1) * PER_PAGE))
    return [Placed(record, building) for record, building in rows]


def get_case(row_id: int) -> Placed:
    """A case that counts, by its row, or NotFound."""
    query = select(CaseRecord, Building).join(Building, Building.id == CaseRecord.building_id)
    return _one(query.where(CaseRecord.id == row_id, CaseRecord.replaced_at.is_(None)))


def get_review(row_id: int) -> Placed:
    """A review that counts, by its row, or NotFound."""
    query = select(ReviewRecord, Building).join(Building, Building.id == ReviewRecord.building_id)
    return _one(query.where(ReviewRecord.id == row_id, ReviewRecord.replaced_at.is_(None)))


def _one(query: Select[CaseRecord, Building] | Select[ReviewRecord, Building]) -> Placed:
    found = reading().execute(query).first()
    if found is None:
        raise NotFound
    return Placed(found[0], found[1])


def case_history(case: CaseRecord) -> Sequence[CaseRecord]:
    """Every state of the case and of the records it corrects, the oldest first. One query a step back."""
    found: list[CaseRecord] = []
    case_id: str | None = case.case_id
    while case_id is not None and all(row.case_id != case_id for row in found):
        query = select(CaseRecord).where(CaseRecord.case_id == case_id).order_by(CaseRecord.id)
        states = reading().scalars(query).all()
        found = [*states, *found]
        case_id = next((row.supersedes for row in states if row.supersedes is not None), None)
    return found


@dataclass(frozen=True, slots=True)
class TubeMember:
    """One sample of a tube: its test as it counts, and whose it is, masked."""

    test: TestRecord
    person: str


def list_samples(*, site: str = "", box: str = "", tube: str = "", page: int = 1) -> list[TubeMember]:
    """The samples of a tube, of a box, or of a sampling point, by box and tube. Two queries."""
    query = select(TestRecord).where(TestRecord.replaced_at.is_(None))
    for column, wanted in (
        (TestRecord.site_code, site), (TestRecord.box_code, box), (TestRecord.tube_code, tube)
    ):  # fmt: skip
        if wanted:
            query = query.where(column == wanted)
    query = query.order_by(TestRecord.box_code, TestRecord.tube_code, TestRecord.id)
    tests = reading().scalars(query.limit(PER_PAGE).offset((page - 1) * PER_PAGE)).all()
    names = masked_numbers({test.person_key for test in tests})
    return [TubeMember(test, names.get(test.person_key, "")) for test in tests]


def list_abnormal_tubes(*, page: int = 1) -> Sequence[tuple[str, str, str, int]]:
    """Tubes with a pending or positive mixed result: tube, box, point, people in it; newest first."""
    abnormal = (
        select(TestRecord.tube_code, func.max(TestRecord.reported_at).label("reported_at"))
        .where(TestRecord.replaced_at.is_(None), TestRecord.kind == "pcr", TestRecord.method == "mixed")
        .where(TestRecord.result.in_(["positive", "pending_review"]), TestRecord.tube_code != "")
        .group_by(TestRecord.tube_code)
        .order_by(func.max(TestRecord.reported_at).desc(), TestRecord.tube_code)
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
        .subquery()
    )
    query = (
        select(
            TestRecord.tube_code,
            func.max(TestRecord.box_code),
            func.max(TestRecord.site_code),
            func.count(TestRecord.person_key.distinct()),
        )
        .join(abnormal, abnormal.c.tube_code == TestRecord.tube_code)
        .where(TestRecord.replaced_at.is_(None))
        .group_by(TestRecord.tube_code, abnormal.c.reported_at)
        .order_by(abnormal.c.reported_at.desc(), TestRecord.tube_code)
    )
    return [(row[0], row[1], row[2], row[3]) for row in reading().execute(query)]
