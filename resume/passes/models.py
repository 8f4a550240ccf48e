"""Passes, their suspensions, sheets, and the counters that number them."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from resume.db import Model, UtcTime, new_id


class Pass(Model):
    """An electronic pass (电子凭证). Its id is the token's `cti`; the token is sealed, for it names him.

    At most one pass of a person and profile is live (the partial unique index): a re-issue closes the old
    one in the same transaction. `medium`: "paper" (a sheet), or "phone" (the token names a phone's own key,
    and a code that this key has not just signed is refused).
    """

    __tablename__ = "pass"
    __table_args__ = (
        UniqueConstraint("shard", "status_index"),
        Index(
            "uq_pass_live",
            "person_key",
            "profile",
            unique=True,
            sqlite_where=text("is_live"),
            postgresql_where=text("is_live"),
        ),
        Index("ix_pass_firm", "firm_id", "issued_at"),
        Index(
            "ix_pass_building_live",
            "building_id",
            sqlite_where=text("is_live"),
            postgresql_where=text("is_live"),
        ),
        Index(
            "ix_pass_building_used",
            "building_id",
            sqlite_where=text("in_at IS NOT NULL"),
            postgresql_where=text("in_at IS NOT NULL"),
        ),
        Index(
            "ix_pass_person_used",
            "person_key",
            sqlite_where=text("in_at IS NOT NULL"),
            postgresql_where=text("in_at IS NOT NULL"),
        ),
        Index("ix_pass_application", "application_id"),
        # What went through a gate, counted for gates that refuse often.
        *(
            Index(
                f"ix_pass_{way}_gate",
                f"{way}_gate_id",
                f"{way}_at",
                sqlite_where=text(f"{way}_at IS NOT NULL"),
                postgresql_where=text(f"{way}_at IS NOT NULL"),
            )
            for way in ("out", "in")
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[str] = mapped_column(String(13), unique=True)
    profile: Mapped[str] = mapped_column(String(12))
    medium: Mapped[str] = mapped_column(String(5), default="paper", server_default="paper")
    person_key: Mapped[bytes] = mapped_column(LargeBinary(16))
    worker_id: Mapped[UUID] = mapped_column(ForeignKey("worker.id"), index=True)
    firm_id: Mapped[int] = mapped_column(ForeignKey("firm.id"))
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    decision_id: Mapped[UUID] = mapped_column(ForeignKey("decision.id"))
    building_id: Mapped[int] = mapped_column(ForeignKey("building.id"))
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    issued_at: Mapped[datetime] = mapped_column(UtcTime)
    expires_at: Mapped[datetime] = mapped_column(UtcTime)
    good_until: Mapped[datetime] = mapped_column(UtcTime)
    pcr_sampled_at: Mapped[datetime] = mapped_column(UtcTime)
    building_clear_from: Mapped[date | None]
    kid: Mapped[str] = mapped_column(String(16))
    shard: Mapped[int]
    status_index: Mapped[int]
    sealed_token: Mapped[bytes] = mapped_column(LargeBinary)
    is_live: Mapped[bool] = mapped_column(default=True)
    is_suspended: Mapped[bool] = mapped_column(default=False)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcTime)
    replaced_at: Mapped[datetime | None] = mapped_column(UtcTime)
    out_at: Mapped[datetime | None] = mapped_column(UtcTime)
    out_gate_id: Mapped[int | None] = mapped_column(ForeignKey("gate.id"))
    in_at: Mapped[datetime | None] = mapped_column(UtcTime)
    in_gate_id: Mapped[int | None] = mapped_column(ForeignKey("gate.id"))


class Suspension(Model):
    """One cause that holds one pass: a code and the record behind it, from `since` until `ended_at`."""

    __tablename__ = "suspension"
    __table_args__ = (
        Index("ix_suspension_pass", "pass_id", "since"),
        Index(
            "ix_suspension_open",
            "pass_id",
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    pass_id: Mapped[UUID] = mapped_column(ForeignKey("pass.id"))
    code: Mapped[str] = mapped_column(String(24))
    cause: Mapped[str] = mapped_column(String(100))
    since: Mapped[datetime] = mapped_column(UtcTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)


class Observation(Model):
    """Why somebody who is in the plant already is observed there (蓝区): a code and the record behind it.

    `ended_by`: negative (his own single-tube negative, sampled after `since`), or gone (the cause is there no
    longer). What a negative ended is not opened again by the same record.
    """

    __tablename__ = "observation"
    __table_args__ = (Index("ix_observation_pass", "pass_id"), Index("ix_observation_firm", "firm_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    pass_id: Mapped[UUID] = mapped_column(ForeignKey("pass.id"))
    firm_id: Mapped[int] = mapped_column(ForeignKey("firm.id"))
    code: Mapped[str] = mapped_column(String(24))
    cause: Mapped[str] = mapped_column(String(100))
    since: Mapped[datetime] = mapped_column(UtcTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)
    ended_by: Mapped[str] = mapped_column(String(10), default="")


class Sheet(Model):
    """The signed PDF of a pass, sealed, with the SHA-256 of the file as handed out. At most one a pass."""

    __tablename__ = "sheet"

    pass_id: Mapped[UUID] = mapped_column(ForeignKey("pass.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    sealed_pdf: Mapped[bytes] = mapped_column(LargeBinary)
    rendered_at: Mapped[datetime] = mapped_column(UtcTime)


class Counter(Model):
    """The last serial given: of passes within a district, and of status indices."""

    __tablename__ = "counter"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    value: Mapped[int]


class SigningKey(Model):
    """A key that signs: certificate and state (active, retired, distrusted). The private key is a file.

    `since`: when the state began. `signs_from`: an active key is known to checkers before it signs; of those
    whose time has come the newest one signs (`serial`: in which order they came).
    """

    __tablename__ = "signing_key"

    kid: Mapped[str] = mapped_column(String(16), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(12))
    certificate: Mapped[str]
    state: Mapped[str] = mapped_column(String(12))
    since: Mapped[datetime] = mapped_column(UtcTime)
    signs_from: Mapped[datetime] = mapped_column(UtcTime)
    serial: Mapped[int] = mapped_column(server_default="0")
