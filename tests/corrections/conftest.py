"""A city whose passes were signed, two stewards, and a way to say what a feed would say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from resume.accounts.models import Account
from resume.clock import real_now
from resume.db import new_id, transaction
from resume.evidence.shapes import Entry
from resume.intake.feeds import FEEDS
from resume.intake.report import Report
from resume.intake.taking import take_entries
from resume.review.operations import sign_off
from resume.roles import WORKER, Actor, Role
from tests.passes.city import SIGNER, City
from tests.passes.conftest import MakeCity, city_of

__all__ = ["city_of"]

Say = Callable[..., Report]


@pytest.fixture
def city(city_of: MakeCity, at: datetime) -> City:
    """Four workers in two buildings, all with passes; two of them live in each."""
    made = city_of(workers=4, buildings=2)
    sign_off(made.application_id, revision=2, by=SIGNER, at=at)
    return made


@pytest.fixture
def stewards(city: City) -> tuple[Actor, Actor]:
    """Two persons who look after evidence."""
    actors = tuple(Actor(f"steward-{place}", Role.STEWARD, new_id()) for place in (1, 2))
    with transaction() as session:
        for actor in actors:
            session.add(
                Account(
                    id=actor.account_id,
                    name=actor.name,
                    display_name=actor.name,
                    password_hash="-",
                    role="steward",
                    created_at=real_now(),
                )
            )
    return actors  # type: ignore[return-value]


def say(feed: str, *lines: dict[str, Any], at: datetime) -> Report:
    """Take lines about known persons and buildings in, as their feed would."""
    entries = [Entry(place, values) for place, values in enumerate(lines, start=1)]
    with transaction():
        return take_entries(FEEDS[feed], entries, f"{feed}.csv", by=WORKER, at=at, origin="file").report


def case(case_id: str, building_id: int, reported_at: datetime, **changes: Any) -> dict[str, Any]:
    return {
        "case_id": case_id,
        "kind": "confirmed",
        "building_id": building_id,
        "unit": "",
        "reported_at": reported_at,
        "transferred_at": reported_at + timedelta(minutes=5),
        "disinfected_at": None,
        "excluded": None,
        "supersedes": None,
    } | changes


def sample(record_id: str, person_key: bytes, sampled_at: datetime, **changes: Any) -> dict[str, Any]:
    return {
        "record_id": record_id,
        "person_key": person_key,
        "kind": "pcr",
        "method": "single",
        "sampled_at": sampled_at,
        "reported_at": sampled_at + timedelta(hours=1),
        "result": "negative",
        "source": "lab",
        "lab": "",
        "site_code": "S1",
        "box_code": "X1",
        "tube_code": "",
        "supersedes": None,
    } | changes
