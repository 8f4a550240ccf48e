"""One way to write: doors, steps, and the guard that refuses everything else."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import insert, select, text, update

from resume.db import WriteOutsideDoor, db, joined, reading, transaction
from resume.home_clock import HomeClock
from resume.passes.models import Counter

pytestmark = pytest.mark.usefixtures("app")


def add(name: str = "n", value: int = 1) -> None:
    with transaction() as session:
        session.add(Counter(name=name, value=value))


def test_a_door_commits_what_was_written_inside() -> None:
    add()
    assert reading().scalar(select(Counter.value)) == 1


def test_a_door_that_fails_leaves_nothing() -> None:
    with pytest.raises(ZeroDivisionError), transaction() as session:
        session.add(Counter(name="n", value=1))
        session.flush()
        _ = 1 / 0
    assert reading().scalar(select(Counter.value)) is None


def test_doors_do_not_nest() -> None:
    with transaction(), pytest.raises(RuntimeError, match="joined"), transaction():
        pass


def test_a_step_outside_a_door_is_refused() -> None:
    with pytest.raises(WriteOutsideDoor):
        joined()


@pytest.mark.parametrize(
    "write",
    [
        lambda: reading().execute(insert(Counter).values(name="x", value=1)),
        lambda: reading().execute(update(Counter).values(value=2)),
        lambda: reading().execute(text("  delete from counter")),
        lambda: (reading().add(Counter(name="x", value=1)), reading().flush()),
    ],
    ids=["bulk insert", "bulk update", "raw text", "flush"],
)
def test_every_write_outside_a_door_is_refused(write: object) -> None:
    with pytest.raises(WriteOutsideDoor):
        write()  # type: ignore[operator]
    reading().rollback()


def test_a_moment_comes_back_in_utc_and_a_naive_one_is_refused() -> None:
    tokyo = timezone(timedelta(hours=9))
    moment = datetime(2022, 4, 22, 9, 0, tzinfo=tokyo)
    with transaction() as session:
        session.add(HomeClock(id=1, domain_at=moment, real_at=moment, lease_until=moment))
    reading().rollback()
    reading().expire_all()
    stored = reading().get_one(HomeClock, 1).domain_at
    assert stored == moment
    assert stored.utcoffset() == timedelta()
    with pytest.raises(Exception, match="without offset"), transaction() as session:
        session.execute(update(HomeClock).values(real_at=datetime(2022, 4, 22)))  # noqa: DTZ001


def test_two_writers_who_read_first_lose_no_step(app: Flask) -> None:
    """Read-then-write by two at once: what a deferred transaction or a lost update would break."""
    add(value=0)
    together = Barrier(2)

    def count_up() -> None:
        with app.app_context():
            together.wait()
            for _ in range(25):
                with transaction() as session:
                    row = session.get_one(Counter, "n")
                    row.value += 1
            db.session.remove()

    threads = [Thread(target=count_up) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    reading().rollback()
    assert reading().scalar(select(Counter.value)) == 50
