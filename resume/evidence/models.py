"""The ledger. Nothing is overwritten: a row is one state of one record, with the time it was received.

A row counts while `replaced_at` is empty; it is closed, not changed, when the record's next state, its
completion or a correction that supersedes it arrives, by the feed `replaced_in`. What was known at T are the
rows with received_at <= T < replaced_at (evidence.knowledge); verdicts use the records' own times.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, LargeBinary, String, text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from resume.db import Base, Model, UtcTime

LedgerId = BigInteger().with_variant(Integer, "sqlite")


class Record:
    """What every state of every record has: its place in the ledger, and when it came and went."""

    id: Mapped[int] = mapped_column(LedgerId, primary_key=True)
    received_at: Mapped[datetime] = mapped_column(UtcTime)
    replaced_at: Mapped[datetime | None] = mapped_column(UtcTime)

    @declared_attr
    def intake_id(cls) -> Mapped[int]:  # noqa: N805 - SQLAlchemy hands over the class
        return mapped_column(ForeignKey("intake.id"))

    @declared_attr
    def replaced_in(cls) -> Mapped[int | None]:  # noqa: N805
        return mapped_column(ForeignKey("intake.id"))


def counting(*columns: str, name: str) -> Index:
    """An index over the rows that count."""
    where = text("replaced_at IS NULL")
    return Index(name, *columns, sqlite_where=where, postgresql_where=where)


def correcting(*, name: str) -> Index:
    """An index over the rows that name what they correct, whether they count or not."""
    where = text("supersedes IS NOT NULL")
    return Index(name, "supersedes", sqlite_where=where, postgresql_where=where)


class Intake(Model):
    """One feed taken in: which, when, by whom, and what came of it (JSON without personal data).

    `origin`: file, api, or correction (by hand). A big file is taken in piece by piece: `state` is running
    until its last line (then done), `position` the number of its lines taken, of `total`; `digest` (SHA-256)
    tells the same file when it is offered again. `acted_at`: when its latest piece came in.
    """

    __tablename__ = "intake"
    __table_args__ = (
        Index(
            "uq_intake_running",
            "feed",
            "digest",
            unique=True,
            sqlite_where=text("state = 'running'"),
            postgresql_where=text("state = 'running'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    feed: Mapped[str] = mapped_column(String(20))
    file_name: Mapped[str] = mapped_column(String(120))
    received_at: Mapped[datetime] = mapped_column(UtcTime)
    taken_by: Mapped[str] = mapped_column(String(80))
    origin: Mapped[str] = mapped_column(String(12), default="file")
    report: Mapped[str] = mapped_column(default="{}")
    state: Mapped[str] = mapped_column(String(8), default="done")
    digest: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    position: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    acted_at: Mapped[datetime | None] = mapped_column(UtcTime, index=True)


class Watermark(Model):
    """One row: a number that grows with every change that could change a verdict."""

    __tablename__ = "watermark"

    id: Mapped[int] = mapped_column(primary_key=True)
    value: Mapped[int] = mapped_column(BigInteger)


class TestRecord(Record, Model):
    """A sample and its result (核酸, 抗原). `reported_at` and `result` empty: sampled, waiting."""

    __test__ = False  # not a test class, whatever pytest makes of its name
    __tablename__ = "test_record"
    __table_args__ = (
        Index("ix_test_record", "record_id"),
        counting("person_key", name="ix_test_person_counting"),
        counting("tube_code", name="ix_test_tube_counting"),
        correcting(name="ix_test_supersedes"),
    )

    record_id: Mapped[str] = mapped_column(String(64))
    person_key: Mapped[bytes] = mapped_column(LargeBinary(16))
    kind: Mapped[str] = mapped_column(String(8))
    method: Mapped[str | None] = mapped_column(String(8))
    sampled_at: Mapped[datetime] = mapped_column(UtcTime)
    reported_at: Mapped[datetime | None] = mapped_column(UtcTime)
    result: Mapped[str | None] = mapped_column(String(16))
    source: Mapped[str] = mapped_column(String(8))
    lab: Mapped[str] = mapped_column(String(60), default="")
    site_code: Mapped[str] = mapped_column(String(40), default="")
    box_code: Mapped[str] = mapped_column(String(40), default="")
    tube_code: Mapped[str] = mapped_column(String(40), default="")
    supersedes: Mapped[str | None] = mapped_column(String(64))


class CaseRecord(Record, Model):
    """A positive infection (阳性感染者) attributed to a building."""

    __tablename__ = "case_record"
    __table_args__ = (
        Index("ix_case", "case_id"),
        counting("building_id", name="ix_case_building_counting"),
        correcting(name="ix_case_supersedes"),
    )

    case_id: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(16))
    building_id: Mapped[int] = mapped_column(ForeignKey("building.id"))
    unit: Mapped[str] = mapped_column(String(20), default="")
    reported_at: Mapped[datetime] = mapped_column(UtcTime)
    transferred_at: Mapped[datetime | None] = mapped_column(UtcTime)
    disinfected_at: Mapped[datetime | None] = mapped_column(UtcTime)
    excluded: Mapped[str | None] = mapped_column(String(20))
    supersedes: Mapped[str | None] = mapped_column(String(64))


class ReviewRecord(Record, Model):
    """A pending review (待复核): of its person, of his flat, and of all others in the building.

    `settled_by` names the single-tube negative (record_id) that made intake close the review; a state with it
    is a conclusion of ours, not something a feed said.
    """

    __tablename__ = "review_record"
    __table_args__ = (
        Index("ix_review", "review_id"),
        counting("building_id", name="ix_review_building_counting"),
        Index("ix_review_number", "number_key"),
    )

    review_id: Mapped[str] = mapped_column(String(64))
    building_id: Mapped[int] = mapped_column(ForeignKey("building.id"))
    number_key: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    origin: Mapped[str] = mapped_column(String(12))
    opened_at: Mapped[datetime] = mapped_column(UtcTime)
    cleared_at: Mapped[datetime | None] = mapped_column(UtcTime)
    outcome: Mapped[str | None] = mapped_column(String(12))
    settled_by: Mapped[str | None] = mapped_column(String(64))


class ScreeningRecord(Record, Model):
    """A screening round of a building (楼栋筛查), complete or not."""

    __tablename__ = "screening_record"
    __table_args__ = (counting("building_id", "screened_on", name="ix_screening_counting"),)

    building_id: Mapped[int] = mapped_column(ForeignKey("building.id"))
    screened_on: Mapped[date]
    complete: Mapped[bool]


class ZoneRecord(Record, Model):
    """The level of a place: declared, lifted by the district, or raised by a positive.

    `raised_by` names the case (case_id) for which intake itself raised the level.
    """

    __tablename__ = "zone_record"
    __table_args__ = (counting("building_id", name="ix_zone_counting"),)

    building_id: Mapped[int] = mapped_column(ForeignKey("building.id"))
    level: Mapped[str] = mapped_column(String(12))
    kind: Mapped[str] = mapped_column(String(10))
    since: Mapped[datetime] = mapped_column(UtcTime)
    until: Mapped[datetime | None] = mapped_column(UtcTime)
    reason: Mapped[str] = mapped_column(String(200), default="")
    raised_by: Mapped[str | None] = mapped_column(String(64))


class CodeRecord(Record, Model):
    """A colour of the health code (随申码) from a moment on."""

    __tablename__ = "code_record"
    __table_args__ = (counting("person_key", name="ix_code_counting"),)

    person_key: Mapped[bytes] = mapped_column(LargeBinary(16))
    colour: Mapped[str] = mapped_column(String(8))
    changed_at: Mapped[datetime] = mapped_column(UtcTime)
    reason: Mapped[str] = mapped_column(String(200), default="")


class ContactRecord(Record, Model):
    """A contact (密接, 次密接) in [since, until)."""

    __tablename__ = "contact_record"
    __table_args__ = (counting("person_key", name="ix_contact_counting"),)

    person_key: Mapped[bytes] = mapped_column(LargeBinary(16))
    kind: Mapped[str] = mapped_column(String(10))
    since: Mapped[datetime] = mapped_column(UtcTime)
    until: Mapped[datetime | None] = mapped_column(UtcTime)


class DischargeRecord(Record, Model):
    """A discharge (出院, 出舱)."""

    __tablename__ = "discharge_record"
    __table_args__ = (counting("person_key", name="ix_discharge_counting"),)

    person_key: Mapped[bytes] = mapped_column(LargeBinary(16))
    discharged_at: Mapped[datetime] = mapped_column(UtcTime)


class SampleConflict(Model):
    """Results of one sample that disagree (结果冲突): a conclusion of intake, the steward's queue.

    `record_ids`: the tests concerned, sorted, as JSON. Open while `closed_at` is empty; it closes when one of
    them is superseded. The policy does not read it: facts find the same disagreement by themselves.
    """

    __tablename__ = "sample_conflict"
    __table_args__ = (
        Index("ix_sample_conflict_person", "person_key"),
        Index(
            "ix_sample_conflict_open",
            "opened_at",
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(LedgerId, primary_key=True)
    person_key: Mapped[bytes] = mapped_column(LargeBinary(16))
    record_ids: Mapped[str]
    opened_at: Mapped[datetime] = mapped_column(UtcTime)
    received_at: Mapped[datetime] = mapped_column(UtcTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcTime)


LEDGER: tuple[type[Base], ...] = (
    TestRecord,
    CaseRecord,
    ReviewRecord,
    ScreeningRecord,
    ZoneRecord,
    CodeRecord,
    ContactRecord,
    DischargeRecord,
)
