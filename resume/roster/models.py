"""Worker lists as uploaded, their workers, and what was found of them."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from resume.db import Model, UtcTime, new_id


class WorkerList(Model):
    """One list of workers (花名册). `state`: reading, preview, confirmed, submitted, dropped.

    `revision` grows with every change of a single row. `based_on_id`: the list it was copied from, or
    appended to; a list that was submitted once is history and never changes.
    """

    __tablename__ = "worker_list"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    firm_id: Mapped[int] = mapped_column(ForeignKey("firm.id"), index=True)
    state: Mapped[str] = mapped_column(String(12))
    file_name: Mapped[str] = mapped_column(String(120))
    uploaded_at: Mapped[datetime] = mapped_column(UtcTime)
    row_count: Mapped[int] = mapped_column(default=0)
    good_count: Mapped[int] = mapped_column(default=0)
    unknown_columns: Mapped[list[str]] = mapped_column(JSON, default=list)
    revision: Mapped[int] = mapped_column(default=0)
    based_on_id: Mapped[UUID | None] = mapped_column(ForeignKey("worker_list.id"))


class SubmittedPeriod(Model):
    """When a list was a submitted one, [since, until): its persons then count as living where it says."""

    __tablename__ = "submitted_period"

    id: Mapped[int] = mapped_column(primary_key=True)
    list_id: Mapped[UUID] = mapped_column(ForeignKey("worker_list.id"), index=True)
    since: Mapped[datetime] = mapped_column(UtcTime)
    until: Mapped[datetime | None] = mapped_column(UtcTime)


class Worker(Model):
    """A good row of a list. Name, document number, phone, address and remarks are sealed together.

    `flat_key` is a blind index of building, unit and room (empty without a room), to find co-residents;
    `content_key` one of everything that was typed, to tell a changed row from the same (empty: not known).
    `left_at`: since when he no longer works for the firm, where it said so before a list without him.
    """

    __tablename__ = "worker"
    __table_args__ = (
        Index("ix_worker_list_row", "list_id", "row"),
        Index("ix_worker_person", "person_key"),
        Index("ix_worker_number", "number_key"),
        Index("ix_worker_building", "building_id"),
        Index("ix_worker_flat", "flat_key"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    list_id: Mapped[UUID] = mapped_column(ForeignKey("worker_list.id"))
    row: Mapped[int]
    person_key: Mapped[bytes] = mapped_column(LargeBinary(16))
    number_key: Mapped[bytes] = mapped_column(LargeBinary(16))
    document_type: Mapped[str] = mapped_column(String(20))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    building_id: Mapped[int | None] = mapped_column(ForeignKey("building.id"))
    unit: Mapped[str] = mapped_column(String(20), default="")
    flat_key: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    post: Mapped[str] = mapped_column(String(40))
    key_post: Mapped[bool]
    shift: Mapped[str] = mapped_column(String(40), default="")
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id"))
    plate: Mapped[str] = mapped_column(String(20), default="")
    arrive_on: Mapped[date]
    content_key: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    left_at: Mapped[datetime | None] = mapped_column(UtcTime)


class BadRow(Model):
    """A bad row of a preview, its cells sealed as they were typed, until it is corrected.

    They go with the preview: when it is dropped or confirmed. `person_key`: whose row it is, where type and
    number of his document could be read.
    """

    __tablename__ = "bad_row"
    __table_args__ = (Index("ix_bad_row_list_row", "list_id", "row"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    list_id: Mapped[UUID] = mapped_column(ForeignKey("worker_list.id"))
    row: Mapped[int]
    person_key: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class RowError(Model):
    """A bad cell of a list: row, column, code, the value (masked where personal) and the reason."""

    __tablename__ = "row_error"

    id: Mapped[int] = mapped_column(primary_key=True)
    list_id: Mapped[UUID] = mapped_column(ForeignKey("worker_list.id"), index=True)
    row: Mapped[int]
    column: Mapped[str] = mapped_column(String(40))
    code: Mapped[str] = mapped_column(String(40))
    value: Mapped[str] = mapped_column(String(120))
    text: Mapped[dict[str, str]] = mapped_column(JSON)


class Claim(Model):
    """One person, one firm: a submitted list claims its persons; the key refuses a second firm."""

    __tablename__ = "claim"

    person_key: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    firm_id: Mapped[int] = mapped_column(ForeignKey("firm.id"), index=True)
    list_id: Mapped[UUID] = mapped_column(ForeignKey("worker_list.id"))
    since: Mapped[datetime] = mapped_column(UtcTime)


class ListUpload(Model):
    """A worker list as it was handed in, sealed until a worker has read it; the row goes after a day.

    `state`: waiting, reading, judging, done, refused. `rows`: of the file, as far as they were counted.
    `refused`: code and both texts of why the file was not read. `list_id`: the list it becomes.
    """

    __tablename__ = "list_upload"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    firm_id: Mapped[int] = mapped_column(ForeignKey("firm.id"), index=True)
    file_name: Mapped[str] = mapped_column(String(120))
    received_at: Mapped[datetime] = mapped_column(UtcTime)
    received_by: Mapped[str] = mapped_column(String(80))
    sealed_file: Mapped[bytes | None] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(String(12))
    attempts: Mapped[int] = mapped_column(default=0)
    rows: Mapped[int] = mapped_column(default=0)
    rows_read: Mapped[int] = mapped_column(default=0)
    rows_judged: Mapped[int] = mapped_column(default=0)
    refused: Mapped[dict[str, str] | None] = mapped_column(JSON)
    list_id: Mapped[UUID | None] = mapped_column(ForeignKey("worker_list.id"))

    @property
    def seen(self) -> str:
        """How far it is, as the page that shows it says when it asks again."""
        return f"{self.state}-{self.rows}-{self.rows_read}-{self.rows_judged}"


class ListJudgement(Model):
    """Every worker's verdict of a list as of `judged_at`, and by what (judgement.py). One row a list.

    `marks`: outcome, codes, sampling deadline and end of each worker's verdict, as the firm may see them.
    """

    __tablename__ = "list_judgement"

    list_id: Mapped[UUID] = mapped_column(ForeignKey("worker_list.id"), primary_key=True)
    judged_at: Mapped[datetime] = mapped_column(UtcTime)
    basis: Mapped[str] = mapped_column(String(120))
    marks: Mapped[bytes] = mapped_column(LargeBinary)
