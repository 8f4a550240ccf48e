"""Jobs: in their caller's transaction, done once, tried again, never stuck."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from resume import jobs
from resume.clock import real_now
from resume.db import reading, transaction
from resume.jobs import Effect, Job
from resume.passes.models import Counter

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture(autouse=True)
def counting() -> Iterator[list[int]]:
    """A kind of job that writes its number into the database, and notes that its slow part ran."""
    ran: list[int] = []

    def count(payload: dict[str, Any]) -> Effect:
        ran.append(payload["n"])
        if payload.get("fails"):
            raise OSError("no")

        def effect(session: Session, _at: datetime) -> None:
            session.add(Counter(name=f"job-{payload['n']}", value=payload["n"]))

        return effect

    jobs._handlers["count"] = count
    yield ran
    del jobs._handlers["count"]


def enqueue(*numbers: int, **more: Any) -> None:
    with transaction():
        jobs.enqueue("count", [(str(n), {"n": n, **more}) for n in numbers])


def done() -> list[int]:
    reading().rollback()
    return list(reading().scalars(select(Counter.value).order_by(Counter.value)))


def shift(**values: datetime | None) -> None:
    with transaction() as session:
        session.execute(update(Job).values(**values))


def test_jobs_are_done_in_order_and_once(counting: list[int]) -> None:
    enqueue(1, 2, 3)
    assert jobs.count_open("count") == 3
    assert jobs.work_once() == 3
    assert jobs.work_once() == 0
    assert done() == counting == [1, 2, 3]
    assert jobs.count_open() == 0


def test_a_job_is_gone_with_the_transaction_that_asked_for_it() -> None:
    with pytest.raises(ZeroDivisionError), transaction():
        jobs.enqueue("count", [("1", {"n": 1})])
        _ = 1 / 0
    assert jobs.work_once() == 0


def test_a_job_under_a_lease_is_left_alone_until_the_lease_is_over(counting: list[int]) -> None:
    enqueue(1)
    taken = jobs._take("first", 16)
    assert [job.payload for job in taken] == [{"n": 1}]
    assert jobs.work_once() == 0
    shift(lease_until=real_now() - timedelta(seconds=1))
    assert jobs.work_once() == 1
    assert done() == [1]


def test_a_worker_that_comes_back_after_its_lease_changes_nothing() -> None:
    """Two workers did the slow part; only the one that holds the lease takes effect."""
    enqueue(1)
    late = jobs._take("late", 16)
    effects = [(job, *jobs._attempt(job)) for job in late]
    shift(lease_until=real_now() - timedelta(seconds=1))
    assert jobs.work_once() == 1
    jobs._finish("late", effects)
    assert done() == [1]


def test_a_lease_from_before_the_clock_was_set_back_does_not_block() -> None:
    enqueue(1)
    jobs._take("first", 16)
    shift(lease_until=real_now() + timedelta(days=1))
    assert jobs.work_once() == 1


def test_a_failed_job_waits_and_is_tried_again(counting: list[int]) -> None:
    enqueue(1, fails=True)
    enqueue(2)
    jobs.work_once()
    assert done() == [2]
    assert jobs.work_once() == 0
    shift(not_before=real_now())
    jobs.work_once()
    assert counting == [1, 2, 1]
    job = reading().scalars(select(Job).where(Job.key == "1")).one()
    assert (job.state, job.attempts, job.error) == ("open", 2, "OSError")


def test_a_job_is_given_up_at_last() -> None:
    enqueue(1, fails=True)
    with transaction() as session:
        session.execute(update(Job).values(attempts=jobs.MAX_ATTEMPTS - 1))
    jobs.work_once()
    assert reading().scalar(select(Job.state)) == "failed"
    assert jobs.count_open() == 0
