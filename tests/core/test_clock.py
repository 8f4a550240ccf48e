"""Times are aware, to the second; a demo home's clock runs only while it is served and never goes back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from resume import clock, home_clock
from resume.clock import SHANGHAI, iso, parse_time, shanghai_date, start_of_day
from resume.db import reading, transaction

START = datetime(2022, 4, 22, 9, 0, tzinfo=SHANGHAI)


class Real:
    """The real clock, moved by hand."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def pass_seconds(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


@pytest.fixture
def real(monkeypatch: pytest.MonkeyPatch) -> Real:
    moved = Real()
    monkeypatch.setattr(home_clock, "real_now", moved)
    return moved


@pytest.fixture
def domain(app: Flask, real: Real):
    """What the home's clock says now, read as another process would."""
    from dataclasses import replace

    settings = replace(app.config["RESUME_SETTINGS"], fixed_clock=None)
    with transaction() as session:
        home_clock.set_clock(session, start=START)
    return lambda: home_clock.CachedClock(app, settings)()


@pytest.mark.parametrize(
    "text", ["2022-04-22T09:00:00", "2022-04-22", "", "nonsense", "9999-12-31T23:59:59-12:00"]
)
def test_a_time_without_offset_or_sense_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_time(text)


def test_fractions_are_cut_and_times_are_printed_in_shanghai() -> None:
    assert iso(parse_time("2022-04-22T01:00:00.999Z")) == "2022-04-22T09:00:00+08:00"


def test_the_date_is_the_one_on_the_wall_in_shanghai() -> None:
    moment = datetime(2022, 4, 21, 16, 0, tzinfo=UTC)
    assert shanghai_date(moment).isoformat() == "2022-04-22"
    assert start_of_day(shanghai_date(moment)) == moment
    assert start_of_day(shanghai_date(moment), 8) == moment + timedelta(days=8)


def test_the_clock_stands_still_until_it_is_served(domain, real: Real) -> None:
    real.pass_seconds(3600)
    assert domain() == START


def test_it_runs_while_it_is_served(domain, real: Real) -> None:
    home_clock.start_serving()
    for _ in range(10):
        real.pass_seconds(5)
        home_clock.renew_lease()
    assert domain() == START + timedelta(seconds=50)


def test_it_stands_still_when_serving_ends_and_goes_on_from_there(domain, real: Real) -> None:
    home_clock.start_serving()
    real.pass_seconds(10)
    home_clock.renew_lease()
    home_clock.stop_serving()
    real.pass_seconds(86400)
    assert domain() == START + timedelta(seconds=10)
    home_clock.start_serving()
    real.pass_seconds(3)
    assert domain() == START + timedelta(seconds=13)


def test_after_a_kill_it_is_not_before_any_moment_that_was_served(domain, real: Real) -> None:
    home_clock.start_serving()
    real.pass_seconds(14)
    served = domain()
    real.pass_seconds(86400)  # killed: nobody renews the lease
    assert domain() >= served
    stands_at = domain()
    real.pass_seconds(86400)
    assert domain() == stands_at


def test_a_home_without_a_clock_of_its_own_lives_in_real_time(app: Flask, real: Real) -> None:
    from dataclasses import replace

    settings = replace(app.config["RESUME_SETTINGS"], fixed_clock=None)
    assert home_clock.CachedClock(app, settings)() == real.moment
    assert home_clock.find_clock() is None
    reading().rollback()


def test_a_fixed_clock_is_fixed(app: Flask) -> None:
    assert clock.now() == app.config["RESUME_SETTINGS"].fixed_clock
