"""The clock of a demo home: a start of its own, kept in the database, the same for web, worker and CLI.

It runs only while the application serves, stands still otherwise, and never goes back. While serving, the
server renews a lease a few seconds ahead; no reader sees a moment past the lease, so even after a kill the
moment at which it stands still is not before any moment that was served.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from resume import clock
from resume.clock import real_now
from resume.db import Model, UtcTime, joined, reading, transaction
from resume.settings import Settings

LEASE = timedelta(seconds=15)
RENEW_EVERY = timedelta(seconds=5)


class HomeClock(Model):
    """The one row of a demo home: at real time `real_at` it was `domain_at`, until `lease_until`."""

    __tablename__ = "home_clock"

    id: Mapped[int] = mapped_column(primary_key=True)
    domain_at: Mapped[datetime] = mapped_column(UtcTime)
    real_at: Mapped[datetime] = mapped_column(UtcTime)
    lease_until: Mapped[datetime] = mapped_column(UtcTime)

    def moment(self, real: datetime) -> datetime:
        """Domain time at a real moment: running up to the lease, standing still after it."""
        return self.domain_at + (max(self.real_at, min(real, self.lease_until)) - self.real_at)


def set_clock(session: Session, *, start: datetime) -> None:
    """Make this home a demo home whose time stands still at `start`."""
    real = real_now()
    session.merge(HomeClock(id=1, domain_at=start, real_at=real, lease_until=real))


def find_clock() -> HomeClock | None:
    """The home's clock, or None where the home lives in real time."""
    return reading().scalars(select(HomeClock).limit(1)).first()


def start_serving() -> None:
    """Let the clock run on from where it stands still; nothing to do for a home in real time."""
    with transaction() as session:
        row = session.get(HomeClock, 1)
        if row is not None:
            real = real_now()
            row.domain_at = row.moment(real)
            row.real_at, row.lease_until = real, real + LEASE


def renew_lease() -> None:
    """Keep the clock running; called every RENEW_EVERY by the process that serves."""
    with transaction():
        row = joined().get(HomeClock, 1)
        if row is not None:
            row.lease_until = max(row.lease_until, real_now() + LEASE)


def stop_serving() -> None:
    """Let the clock stand still at this moment."""
    with transaction() as session:
        row = session.get(HomeClock, 1)
        if row is not None:
            real = real_now()
            row.domain_at = row.moment(real)
            row.real_at = row.lease_until = real


class CachedClock:
    """Reads the home's clock at most once a second; between reads it runs on by the real clock."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self._app = app
        self._fixed = settings.fixed_clock
        self._row: tuple[datetime, datetime, datetime] | None = None
        self._read_at: datetime | None = None

    def __call__(self) -> datetime:
        if self._fixed is not None:
            return self._fixed
        real = real_now()
        if self._read_at is None or not timedelta() <= real - self._read_at < timedelta(seconds=1):
            self._refresh(real)
        if self._row is None:
            return real
        domain_at, real_at, lease_until = self._row
        return domain_at + (max(real_at, min(real, lease_until)) - real_at)

    def _refresh(self, real: datetime) -> None:
        # A session of its own: the clock may be asked in the middle of a reader's or a writer's work.
        from resume.db import db

        with self._app.app_context(), Session(db.engine) as session:
            row = session.scalars(select(HomeClock).limit(1)).first()
            self._row = (row.domain_at, row.real_at, row.lease_until) if row else None
        self._read_at = real

    def forget(self) -> None:
        """Read again at the next call (after the home's clock was set)."""
        self._read_at = None


def init_clock(app: Flask, settings: Settings) -> None:
    """Let `clock.now` follow this application's home."""
    source = CachedClock(app, settings)
    app.extensions["resume-clock"] = source
    clock.use_source(source)
