"""What the ledger holds about persons: samples, their tubes, codes, contacts, discharges. Three queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import CompoundSelect, Select, bindparam, literal, null, select, union_all

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
    name, mode = dialect(), mode_of(known)
    asked = {"keys": packed(person_keys, name)} | bound(known)
    for sample in map(Sample._make, read_rows(_samples(name, mode), asked)):
        found[sample.person_key].samples.append(sample)
    _read_tubes(found, name, known)
    for table, person_key, word, moment, end in read_rows(_marks(name, mode), asked | {"at": at}):
        person = found[person_key]
        if table == "code":
            person.codes.append(Code(word, moment, ref=f"code:{iso(moment)}"))
        elif table == "contact":
            person.contacts.append(ContactPeriod(word, moment, end))
        else:
            person.discharges.append(moment)
    return found


def _read_tubes(found: dict[bytes, PersonEvidence], name: str, known: Known | None) -> None:
    """The pending and positive mixed results of every tube that a sample lies in."""
    tube_codes = {sample.tube_code for person in found.values() for sample in person.samples} - {""}
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
def _samples(dialect: str, mode: Mode) -> Select[*tuple[Any, ...]]:
    return select(
        TestRecord.person_key,
        TestRecord.record_id,
        TestRecord.kind,
        TestRecord.method,
        TestRecord.sampled_at,
        TestRecord.reported_at,
        TestRecord.result,
        TestRecord.source,
        TestRecord.tube_code,
    ).where(within_named(TestRecord.person_key, "keys", dialect), counts(TestRecord, mode))


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


@cache
def _marks(dialect: str, mode: Mode) -> CompoundSelect[Any]:
    """Codes, contacts and discharges in one query: table, person, word, moment, end."""
    no_end = null().cast(UtcTime)
    at = bindparam("at", type_=UtcTime)
    codes = select(
        literal("code"), CodeRecord.person_key, CodeRecord.colour, CodeRecord.changed_at, no_end
    ).where(within_named(CodeRecord.person_key, "keys", dialect), counts(CodeRecord, mode))
    contacts = select(
        literal("contact"),
        ContactRecord.person_key,
        ContactRecord.kind,
        ContactRecord.since,
        ContactRecord.until,
    ).where(within_named(ContactRecord.person_key, "keys", dialect), counts(ContactRecord, mode))
    discharges = select(
        literal("discharge"), DischargeRecord.person_key, literal(""), DischargeRecord.discharged_at, no_end
    ).where(within_named(DischargeRecord.person_key, "keys", dialect), counts(DischargeRecord, mode))
    return union_all(
        codes.where(CodeRecord.changed_at <= at), contacts.where(ContactRecord.since <= at), discharges
    )
