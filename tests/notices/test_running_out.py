"""Samples that run out: told twelve hours before, once for each hour by which to be sampled."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from resume import clock, jobs, periodic
from resume.applications.jobs import ALL, ONE
from resume.applications.models import Application
from resume.applications.running_out import AHEAD, groups, look_for_running_out, running_out
from resume.clock import SHANGHAI, real_now
from resume.db import db, reading, transaction
from resume.jobs import Job
from resume.policy import Outlook
from resume.roles import Role
from resume.roster.outlook import lab_hours
from resume.settings import Settings
from tests.notices.conftest import OpenAccount, kinds_of, notices_of
from tests.passes.conftest import MakeCity

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
VALID = timedelta(hours=48)


def outlook(stale_at: datetime | None, by: datetime | None, after: datetime | None = None) -> Outlook:
    return Outlook((), None, stale_at, after, by, (), ())


#: One of the round hours by which to be sampled.
EVENING = datetime(2022, 4, 22, 20, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("left", "is_told"),
    [(AHEAD + SECOND, False), (AHEAD, True), (timedelta(), True), (-AHEAD, True), (-AHEAD - SECOND, False)],
)
def test_the_bounds(left: timedelta, is_told: bool) -> None:
    """From 12 h before the hour on, until the negative has run out, 12 h after it."""
    assert timedelta(hours=lab_hours(EVENING)) == AHEAD
    ends = EVENING + AHEAD
    found = groups([outlook(ends, EVENING)], at=EVENING - left)
    assert [(one.sample_by, one.ends_at, one.workers) for one in found] == [(EVENING, ends, 1)] * is_told


def test_a_group_is_told_of_as_a_whole_and_others_not_at_all() -> None:
    at, ends = EVENING - HOUR, EVENING + AHEAD
    found = groups(
        [
            outlook(ends, EVENING),
            outlook(ends + 2 * HOUR, EVENING + 2 * HOUR),
            outlook(ends + 24 * HOUR, EVENING + 24 * HOUR),  # another hour, and that is later
            outlook(ends, None),  # a sample does not help
            outlook(None, at, at),  # never sampled
            outlook(ends, EVENING + 24 * HOUR),  # sampled, waits for the result
        ],
        at=at,
    )
    assert [(one.workers, one.ends_at) for one in found] == [(2, ends)]


def test_the_firm_is_told_with_the_number_and_the_hour(
    city_of: MakeCity, open_account: OpenAccount, at: datetime
) -> None:
    city = city_of(workers=5, sampled=VALID - 25 * HOUR, state="submitted")  # until 10:00 tomorrow
    hr, other = open_account(Role.HR, firm_id=city.firm_id), open_account(Role.HR, firm_id=None)
    assert look_for_running_out(firm_id=city.firm_id, at=EVENING - AHEAD - SECOND) == 0
    assert [look_for_running_out(firm_id=city.firm_id, at=at) for _again in range(3)] == [1, 0, 0]
    (told,) = notices_of(hr)
    assert told.values == {
        "workers": 5,
        "by": "2022-04-22T20:00:00+08:00",
        "ends": "2022-04-23T10:00:00+08:00",
    }
    assert told.link == "/list?sample=2022-04-22T20%3A00"
    assert kinds_of(other) == []


def test_after_the_hour_it_is_at_once(city_of: MakeCity, open_account: OpenAccount, at: datetime) -> None:
    city = city_of(workers=5, sampled=VALID - 10 * HOUR, state="submitted")
    hr = open_account(Role.HR, firm_id=city.firm_id)
    look_for_running_out(firm_id=city.firm_id, at=at)
    (told,) = notices_of(hr)
    assert (told.values["by"], told.link) == (None, "/list?sample=now")


def test_a_draft_has_nobody_to_look_for(city_of: MakeCity, at: datetime) -> None:
    city = city_of(workers=5, sampled=VALID - timedelta(hours=10), state="submitted")
    assert running_out(firm_id=city.firm_id, at=at) != []
    with transaction() as session:
        session.get_one(Application, city.application_id).state = "draft"
    assert running_out(firm_id=city.firm_id, at=at) == []


def test_looking_costs_the_same_statements(city_of: MakeCity, at: datetime, statements: list[str]) -> None:
    counts = []
    for firm, workers in enumerate((3, 90), 1):
        city = city_of(workers=workers, firm=firm, sampled=VALID - timedelta(hours=10), state="submitted")
        reading().rollback()
        statements.clear()
        (found,) = running_out(firm_id=city.firm_id, at=at)
        assert found.workers == workers
        counts.append(len(statements))
    assert counts[0] == counts[1]


def work() -> None:
    while jobs.work_once():
        pass


def test_the_jobs_tell_once_though_the_clock_stands_still(
    app: Flask, city_of: MakeCity, open_account: OpenAccount, at: datetime
) -> None:
    city = city_of(workers=5, sampled=VALID - timedelta(hours=10), state="submitted")
    hr = open_account(Role.HR, firm_id=city.firm_id)
    real = real_now()
    assert clock.now() == at  # fixed
    for minutes in (0, 0, 1, 20, 40, 600):
        periodic.enqueue_due(real_at=real + timedelta(minutes=minutes))
        work()
    assert kinds_of(hr) == ["running_out"]


def test_each_period_has_one_job_whoever_looks(app: Flask) -> None:
    real = real_now()
    kinds = len(periodic._periods)
    assert [periodic.enqueue_due(real_at=real) for _worker in range(3)] == [kinds, 0, 0]
    assert reading().scalar(select(func.count()).select_from(Job)) == kinds
    work()
    assert periodic.enqueue_due(real_at=real) == 0  # done, and still of this period
    assert periodic.enqueue_due(real_at=real + timedelta(hours=1)) == kinds
    mine = Job.kind.in_(periodic._periods)
    keys = reading().execute(select(Job.kind, func.count()).where(mine).group_by(Job.kind))
    assert {count for _kind, count in keys} == {1}  # those of the past are gone


def test_a_firm_that_is_still_to_be_looked_at_is_not_queued_again(
    app: Flask, city_of: MakeCity, at: datetime
) -> None:
    city_of(workers=2, state="submitted")
    for _period in range(2):
        effect = jobs._handlers[ALL]({})
        with transaction() as session:
            effect(session, at)
        assert jobs.count_open(ONE) == 1
    work()
    assert jobs.count_open(ONE) == 0


def test_work_that_comes_again_survives_a_restart(settings: Settings, app: Flask) -> None:
    real = real_now()
    periodic.enqueue_due(real_at=real)
    db.session.remove()
    db.engine.dispose()
    assert periodic.enqueue_due(real_at=real) == 0
    assert jobs.count_open(ALL) == 1
