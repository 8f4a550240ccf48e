"""What the ledger holds about persons: samples, their tubes, codes, contacts, discharges. Two queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Select,
    SQLColumnExpression,
    String,
    bindparam,
    literal_column,
    null,
    select,
    union_all,
)

from resume.clock import iso
from resume.db import UtcTime, read_rows
from resume.evidence.knowledge import Known, Mode, bound, counts, mode_of
from resume.evidence.models import CodeRecord, ContactRecord, DischargeRecord, TestRecord
from resume.evidence.samples import Sample, TubeResult
from resume.policy import Code
from resume.policy.facts import Contact as ContactKind
from resume.sets import dialect, packed, within_named


@dataclass(frozen=True, slots=True)
class ContactPeriod:
    """A contact in [since, until); `until` None: open."""

    kind: ContactKind
    since: datetime
    until: datetime | None

    def holds(self, at: datetime) -> bool:
        return self.since <= at and (self.until is None or at < self.until)


@dataclass(slots=True)
class PersonEvidence:
    """The rows that count of one person. `tubes`: results, of whomever, of the tubes his samples lie in."""

    samples: list[Sample] = field(default_factory=list)
    tubes: dict[str, list[TubeResult]] = field(default_factory=dict)
    codes: list[Code] = field(default_factory=list)
    contacts: list[ContactPeriod] = field(default_factory=list)
    discharges: list[datetime] = field(default_factory=list)

    def contact_at(self, at: datetime) -> ContactPeriod | None:
        """The contact that holds at `at`: close beats secondary, then the one since earliest."""
        holding = [contact for contact in self.contacts if contact.holds(at)]
        return min(holding, key=lambda contact: (contact.kind != "close", contact.since), default=None)


def read_persons(
    person_keys: Collection[bytes], *, at: datetime, known: Known | None = None
) -> defaultdict[bytes, PersonEvidence]:
    """The evidence of each person at `at`, as it counts now or was known; without any it is empty."""
    found: defaultdict[bytes, PersonEvidence] = defaultdict(PersonEvidence)
    name = dialect()
    asked = {"keys": packed(person_keys, name), "at": at} | bound(known)
    for row in read_rows(_rows(name, mode_of(known)), asked):
        person = found[row[0]]
        table, moment, end, word = row[2], row[4], row[5], row[6]
        if table == "code":
            person.codes.append(Code(word, moment, ref=f"code:{iso(moment)}"))
        elif table == "contact":
            person.contacts.append(ContactPeriod(word, moment, end))
        elif table == "discharge":
            person.discharges.append(moment)
        else:
            person.samples.append(Sample._make(row))
    _read_tubes(found, name, known)
    return found


def _read_tubes(found: dict[bytes, PersonEvidence], name: str, known: Known | None) -> None:
    """The pending and positive mixed results of every tube that a sample lies in; no query without tubes."""
    tube_codes = {sample.tube_code for person in found.values() for sample in person.samples} - {""}
    if not tube_codes:
        return
    results: dict[str, list[TubeResult]] = defaultdict(list)
    asked = {"tube_codes": packed(tube_codes, name)} | bound(known)
    for tube_code, *rest in read_rows(_tubes(name, mode_of(known)), asked):
        results[tube_code].append(TubeResult._make(rest))
    if results:
        for person in found.values():
            codes = {sample.tube_code for sample in person.samples}
            person.tubes = {code: results[code] for code in codes if code in results}


# A gate asks for one person, and making a statement would cost more than running it: each is made once.


@cache
def _rows(dialect: str, mode: Mode) -> CompoundSelect[Any]:
    """Samples, codes, contacts and discharges in one query.

    The columns are those of a Sample. A row of another table says its name where a sample says its kind, its
    moment and end where a sample has its two times, its word (colour, kind of contact) for a result.
    """
    at = bindparam("at", type_=UtcTime)
    samples = select(*(getattr(TestRecord, name) for name in Sample._fields))
    samples = samples.where(within_named(TestRecord.person_key, "keys", dialect), counts(TestRecord, mode))
    no_end, no_word = null().cast(UtcTime), literal_column("''", String)
    codes = _marks(CodeRecord, "code", CodeRecord.changed_at, no_end, CodeRecord.colour, dialect, mode)
    contacts = _marks(
        ContactRecord,
        "contact",
        ContactRecord.since,
        ContactRecord.until,
        ContactRecord.kind,
        dialect,
        mode,
    )
    discharges = _marks(
        DischargeRecord, "discharge", DischargeRecord.discharged_at, no_end, no_word, dialect, mode
    )
    return union_all(
        samples,
        codes.where(CodeRecord.changed_at <= at),
        contacts.where(ContactRecord.since <= at),
        discharges,
    )


def _marks(
    model: type[CodeRecord] | type[ContactRecord] | type[DischargeRecord],
    table: str,
    moment: SQLColumnExpression[datetime],
    end: SQLColumnExpression[Any],
    word: SQLColumnExpression[str],
    dialect: str,
    mode: Mode,
) -> Select[*tuple[Any, ...]]:
    empty = literal_column("''", String)
    columns = (model.person_key, empty, literal_column(f"'{table}'", String), empty, moment, end, word)
    wanted = within_named(model.person_key, "keys", dialect), counts(model, mode)
    return select(*columns, empty, empty).where(*wanted)


@cache
def _tubes(dialect: str, mode: Mode) -> Select[*tuple[Any, ...]]:
    return (
        select(
            TestRecord.tube_code,
            TestRecord.record_id,
            TestRecord.reported_at,
            TestRecord.result,
            TestRecord.source,
        )
        .where(within_named(TestRecord.tube_code, "tube_codes", dialect), counts(TestRecord, mode))
        .where(TestRecord.kind == "pcr", TestRecord.method == "mixed")
        .where(TestRecord.result.in_(["positive", "pending_review"]))
        .order_by(TestRecord.record_id)
    )
