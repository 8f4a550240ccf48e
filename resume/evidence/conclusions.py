"""What intake itself concludes from records: reviews closed by a negative, zones raised by a case.

Each step says what should hold for the records that count now, compares it with the ledger and writes the
difference. So it does not matter what arrived first, and a corrected cause takes its conclusion with it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from resume.db import joined
from resume.evidence.ledger import close_rows, insert_rows
from resume.evidence.models import CaseRecord, ReviewRecord, TestRecord, ZoneRecord
from resume.evidence.shapes import REVIEWS, ZONES
from resume.people.models import Person
from resume.sets import within


@dataclass(frozen=True, slots=True)
class Changed:
    """The reviews whose state was changed: their buildings and persons."""

    building_ids: frozenset[int]
    number_keys: frozenset[bytes]


@dataclass(frozen=True, slots=True)
class _Negative:
    record_id: str
    sampled_at: datetime
    reported_at: datetime


def reviewed_numbers(person_keys: Collection[bytes]) -> set[bytes]:
    """Those of the persons, by their bare number's key, for whom there is any review. One query."""
    query = select(Person.number_key).where(within(Person.key, person_keys))
    return set(joined().scalars(query.where(Person.number_key.in_(select(ReviewRecord.number_key)))))


def settle_reviews(number_keys: Collection[bytes], *, intake_id: int, at: datetime) -> Changed:
    """A step: close each open review of these persons for which there is a single-tube negative PCR sampled
    after it was opened ("intake closes the record when the single-tube negative arrives", formats, RTW 5).

    The review's next state has `cleared_at` = the report of the negative that was reported first. Where that
    negative was corrected, what the feed said stands again. Five statements.
    """
    states = _states_of_reviews(number_keys)
    negatives = _single_negatives({review[0].number_key for review in states if review[0].number_key})
    ledger = {"received_at": at, "replaced_at": None, "intake_id": intake_id, "replaced_in": None}
    inserts: list[dict[str, Any]] = []
    closed: list[int] = []
    changed: list[ReviewRecord] = []
    for rows in states:
        said = next(row for row in reversed(rows) if row.settled_by is None)
        counting = next(row for row in rows if row.replaced_at is None)
        wanted = _settled(said, negatives.get(said.number_key or b"", ()))
        if wanted != {name: getattr(counting, name) for name in wanted}:
            closed.append(counting.id)
            changed.append(counting)
            inserts.append({name: getattr(said, name) for name in REVIEWS.content} | wanted | ledger)
    close_rows(REVIEWS, closed, intake_id=intake_id, at=at)
    insert_rows(REVIEWS, inserts)
    return Changed(
        frozenset(row.building_id for row in changed),
        frozenset(row.number_key for row in changed if row.number_key),
    )


def _states_of_reviews(number_keys: Collection[bytes]) -> list[list[ReviewRecord]]:
    """All states of each review of these persons, oldest first."""
    query = select(ReviewRecord).where(within(ReviewRecord.number_key, number_keys)).order_by(ReviewRecord.id)
    by_id: dict[str, list[ReviewRecord]] = defaultdict(list)
    for row in joined().scalars(query.execution_options(populate_existing=True)):
        by_id[row.review_id].append(row)
    # A review whose newest state names another person has no counting row here: it is that person's now.
    return [rows for rows in by_id.values() if any(row.replaced_at is None for row in rows)]


def _single_negatives(number_keys: Collection[bytes]) -> dict[bytes, list[_Negative]]:
    query = (
        select(Person.number_key, TestRecord.record_id, TestRecord.sampled_at, TestRecord.reported_at)
        .join(TestRecord, TestRecord.person_key == Person.key)
        .where(within(Person.number_key, number_keys), TestRecord.replaced_at.is_(None))
        .where(TestRecord.kind == "pcr", TestRecord.method == "single", TestRecord.result == "negative")
    )
    found: dict[bytes, list[_Negative]] = defaultdict(list)
    for number_key, record_id, sampled_at, reported_at in joined().execute(query):
        assert reported_at is not None, "a test with a result has its report"
        found[number_key].append(_Negative(record_id, sampled_at, reported_at))
    return found


def _settled(said: ReviewRecord, negatives: Iterable[_Negative]) -> dict[str, Any]:
    """How the review should stand: as the feed said, or closed by the first negative that closes it."""
    after = [negative for negative in negatives if negative.sampled_at > said.opened_at]
    if said.cleared_at is not None or said.outcome is not None or not after:
        return {"cleared_at": said.cleared_at, "outcome": said.outcome, "settled_by": None}
    first = min(after, key=lambda negative: (negative.reported_at, negative.record_id))
    return {"cleared_at": first.reported_at, "outcome": "cleared", "settled_by": first.record_id}


def raise_zones(building_ids: Collection[int], *, intake_id: int, at: datetime) -> set[int]:
    """A step: a case that counts raises its building to sealed since its report; one that counts no longer
    withdraws that. Returns the buildings newly raised. Four statements.

    A level the feed itself gave for the same building, kind and moment is left alone.
    """
    wanted = _wanted_raises(building_ids)
    raised = select(ZoneRecord).where(
        within(ZoneRecord.building_id, building_ids), ZoneRecord.kind == "raised"
    )
    standing = list(joined().scalars(raised.where(ZoneRecord.replaced_at.is_(None))))
    there = {(zone.building_id, zone.since) for zone in standing}
    missing = {key: case_id for key, case_id in wanted.items() if key not in there}
    withdrawn = [
        zone
        for zone in standing
        if zone.raised_by is not None and (zone.building_id, zone.since) not in wanted
    ]
    insert_rows(
        ZONES,
        [
            {
                "building_id": building_id,
                "level": "sealed",
                "kind": "raised",
                "since": since,
                "until": None,
                "reason": f"阳性 {case_id}",
                "raised_by": case_id,
                "received_at": at,
                "replaced_at": None,
                "intake_id": intake_id,
                "replaced_in": None,
            }
            for (building_id, since), case_id in missing.items()
        ],
    )
    close_rows(ZONES, [zone.id for zone in withdrawn], intake_id=intake_id, at=at)
    return {building_id for building_id, _since in missing}


def _wanted_raises(building_ids: Collection[int]) -> dict[tuple[int, datetime], str]:
    """(building, since) -> the case that raises it: every counting case that is not excluded."""
    query = (
        select(CaseRecord.building_id, CaseRecord.reported_at, CaseRecord.case_id)
        .where(within(CaseRecord.building_id, building_ids), CaseRecord.replaced_at.is_(None))
        .where(CaseRecord.excluded.is_(None))
        .order_by(CaseRecord.id)
    )
    found: dict[tuple[int, datetime], str] = {}
    for building_id, reported_at, case_id in joined().execute(query):
        found.setdefault((building_id, reported_at), case_id)
    return found
