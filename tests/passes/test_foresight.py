"""Feeds may be up to five minutes ahead of the clock: what they say holds passes at once all the same."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from resume.db import reading
from resume.intake.operations import take_in
from resume.passes.lifecycle import Status
from resume.passes.models import Pass
from resume.passes.queries import status_of
from resume.passes.status_list import status_values
from resume.review import operations
from resume.review.operations import sign_off
from resume.roles import WORKER
from tests.invariants import broken
from tests.passes.city import SIGNER
from tests.passes.conftest import MakeCity


def case(case_id: str, at: datetime, *, excluded: str = "", supersedes: str = "") -> bytes:
    when = at.isoformat()
    head = "case_id,kind,place_code,unit,reported_at,transferred_at,disinfected_at,excluded,supersedes"
    return f"{head}\n{case_id},confirmed,B1-1,,{when},{when},,{excluded},{supersedes}\n".encode()


def test_a_case_that_is_ahead_of_the_clock_suspends_now_and_stays(
    app: Flask, city_of: MakeCity, at: datetime
) -> None:
    city = city_of(workers=1)
    sign_off(city.application_id, revision=2, by=SIGNER, at=at)
    now = at + timedelta(hours=1)
    reported = now + timedelta(minutes=4)
    report = take_in("cases", case("C1", reported), "c.csv", by=WORKER, at=now)
    assert report.suspended == 1
    found = reading().query(Pass).one()
    assert status_of(found, at=now) is Status.SUSPENDED
    assert status_values(found.shard, at=now) == {found.status_index: 2}
    # Another record about the same building does not take it for a corrected one.
    other = case("C2", now - timedelta(days=9))
    take_in("cases", other, "c.csv", by=WORKER, at=now + timedelta(minutes=1))
    assert status_of(found, at=now + timedelta(minutes=1)) is Status.SUSPENDED
    corrected = case("C3", reported, excluded="corrected", supersedes="C1")
    later = now + timedelta(minutes=6)
    assert take_in("cases", corrected, "c.csv", by=WORKER, at=later).healed == 1
    assert status_of(found, at=later) is Status.ACTIVE


def test_no_pass_is_issued_against_a_case_that_came_in_before_it(
    app: Flask, city_of: MakeCity, at: datetime
) -> None:
    city = city_of(workers=2)
    take_in("cases", case("C1", at + timedelta(minutes=4)), "c.csv", by=WORKER, at=at)
    batch = sign_off(city.application_id, revision=2, by=SIGNER, at=at + timedelta(minutes=1))
    assert (batch.approved, batch.withheld) == (0, 2)


def test_a_case_that_comes_in_while_a_batch_is_made_is_not_missed(
    app: Flask, city_of: MakeCity, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    city, prepare, calls = city_of(workers=2), operations.prepare, list[int]()
    later = at + timedelta(seconds=30)

    def slowly(*args: Any, **options: Any) -> Any:
        prepared = prepare(*args, **options)
        if not calls:
            take_in("cases", case("C1", later), "c.csv", by=WORKER, at=later)
        calls.append(1)
        return prepared

    monkeypatch.setattr(operations, "prepare", slowly)
    batch = sign_off(city.application_id, revision=2, by=SIGNER, at=at)
    assert (len(calls), batch.approved, batch.withheld) == (2, 0, 2)
    assert broken(at=later) == []
