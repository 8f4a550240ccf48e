"""The queue of conflicts: results of one sample that disagree wait here until a steward settles them.

What blocks the person is found by the facts themselves; the queue is kept beside them, in the transaction of
every feed of tests, so that nobody has to search a million rows for what disagrees.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import aliased

from resume.db import bulk_insert, in_chunks, joined, reading
from resume.evidence.models import SampleConflict, TestRecord
from resume.evidence.persons import read_persons
from resume.evidence.samples import conflicts
from resume.people.models import Person
from resume.refusals import NotFound
from resume.sets import within

PERSONS_AT_ONCE = 20_000
_DISAGREEING = ("negative", "positive", "pending_review")


@dataclass(frozen=True, slots=True)
class ConflictView:
    """One conflict with the tests it is about, oldest report first."""

    conflict: SampleConflict
    tests: Sequence[TestRecord]


def note_conflicts(person_keys: Collection[bytes], *, at: datetime) -> None:
    """A step: bring the queue in line with what counts of these persons' tests. At most seven statements."""
    open_ones = select(SampleConflict).where(
        within(SampleConflict.person_key, person_keys), SampleConflict.closed_at.is_(None)
    )
    standing = {(row.person_key, row.record_ids): row.id for row in joined().scalars(open_ones)}
    wanted = _disagreements(person_keys, at=at)
    rows = [
        {"person_key": key, "record_ids": ids, "opened_at": opened_at, "received_at": at}
        for (key, ids), opened_at in wanted.items()
        if (key, ids) not in standing
    ]
    bulk_insert(SampleConflict, rows)
    gone = [row_id for place, row_id in standing.items() if place not in wanted]
    if gone:
        closing = update(SampleConflict).where(within(SampleConflict.id, gone)).values(closed_at=at)
        joined().execute(closing, execution_options={"synchronize_session": False})


def note_all_conflicts(*, at: datetime) -> None:
    """A step, after an upgrade: fill the queue from the ledger of a home that is older than the queue."""
    for keys in in_chunks(joined().scalars(select(Person.key)).all(), PERSONS_AT_ONCE):
        note_conflicts(keys, at=at)


def _disagreements(person_keys: Collection[bytes], *, at: datetime) -> dict[tuple[bytes, str], datetime]:
    """(person, record ids) -> since when; one query finds whose tests disagree, two read theirs."""
    one, other = aliased(TestRecord), aliased(TestRecord)
    same_tube = and_(one.tube_code != "", one.tube_code == other.tube_code)
    query = (
        select(one.person_key)
        .distinct()
        .join(other, and_(other.person_key == one.person_key, other.id > one.id))
        .where(within(one.person_key, person_keys), one.replaced_at.is_(None), other.replaced_at.is_(None))
        .where(or_(and_(one.kind == other.kind, one.sampled_at == other.sampled_at), same_tube))
        .where(one.result.in_(_DISAGREEING), other.result.in_(_DISAGREEING), one.result != other.result)
    )
    suspects = joined().scalars(query).all()
    if not suspects:
        return {}
    return {
        (key, json.dumps(conflict.record_ids)): conflict.opened_at
        for key, person in read_persons(suspects, at=at).items()
        for conflict in conflicts(person.samples)
    }


def persons_in_tubes(tube_codes: Collection[str]) -> Sequence[bytes]:
    """Everybody whose sample lies in one of these tubes. One query."""
    query = select(TestRecord.person_key).distinct().where(within(TestRecord.tube_code, tube_codes))
    return reading().scalars(query.where(TestRecord.replaced_at.is_(None))).all()


def count_conflicts() -> int:
    """How many conflicts are open."""
    query = select(func.count()).select_from(SampleConflict).where(SampleConflict.closed_at.is_(None))
    return reading().scalar(query) or 0


def list_conflicts(*, limit: int = 50, offset: int = 0) -> list[ConflictView]:
    """Open conflicts, the oldest first, each with its tests. Two queries."""
    query = (
        select(SampleConflict)
        .where(SampleConflict.closed_at.is_(None))
        .order_by(SampleConflict.opened_at, SampleConflict.id)
    )
    return _with_tests(reading().scalars(query.limit(limit).offset(offset)).all())


def get_conflict(conflict_id: int) -> ConflictView:
    """One open conflict, or NotFound."""
    found = reading().get(SampleConflict, conflict_id)
    if found is None or found.closed_at is not None:
        raise NotFound
    return _with_tests([found])[0]


def _with_tests(found: Sequence[SampleConflict]) -> list[ConflictView]:
    ids = {row.id: json.loads(row.record_ids) for row in found}
    named = {record_id for record_ids in ids.values() for record_id in record_ids}
    query = select(TestRecord).where(within(TestRecord.record_id, named), TestRecord.replaced_at.is_(None))
    tests = {row.record_id: row for row in reading().scalars(query.order_by(TestRecord.reported_at))}
    return [
        ConflictView(row, [test for record_id, test in tests.items() if record_id in ids[row.id]])
        for row in found
    ]
