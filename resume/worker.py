"""The worker process: takes jobs until it is told to stop. `python -m resume.worker`.

It may be killed at any moment: a job's effect and its end are one transaction, and what it held under a lease
is taken again when the lease is over (jobs.py).
"""

from __future__ import annotations

import gc
import signal
from threading import Event
from time import monotonic
from types import FrameType

import structlog
from flask import Flask
from sqlalchemy.exc import OperationalError

from resume import jobs, periodic
from resume.app import create_app

#: Somebody may be waiting: an upload begins 0.05 s after it was sent, at the price of ten looks a second.
IDLE_SECONDS = 0.1
DATABASE_GONE_SECONDS = 2.0
log = structlog.get_logger("worker")


def main() -> int:
    """Work until SIGTERM or SIGINT; the job under way is finished first."""
    stopping = Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    work_until(stopping, create_app())
    return 0


def work_until(stopping: Event, app: Flask) -> None:
    """Take jobs, a few at a time; wait a little where nothing is due."""
    warm, look_at = False, 0.0
    while not stopping.is_set():
        with app.app_context():  # a context a round: its end lets the session and its snapshot go
            is_due = monotonic() >= look_at
            idle = _round(with_periodic=is_due)
        if is_due and idle != DATABASE_GONE_SECONDS:
            look_at = monotonic() + periodic.LOOK_EVERY.total_seconds()
        if idle and stopping.wait(idle):
            return
        if not idle and not warm:
            gc.freeze()  # fonts and templates are loaded: the collector need not walk them again
            warm = True


def _round(*, with_periodic: bool) -> float:
    """One round; the seconds to wait before the next."""
    try:
        if with_periodic:
            periodic.enqueue_due()
        return 0.0 if jobs.work_once() else IDLE_SECONDS
    except OperationalError as error:
        log.warning("database not available", error=type(error).__name__)
        return DATABASE_GONE_SECONDS


if __name__ == "__main__":
    raise SystemExit(main())
