"""Many officers at one case at once: one wins, the others are told; nobody gets two passes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from threading import Barrier, Thread
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from resume.accounts.models import Account
from resume.applications.models import Application, Batch
from resume.clock import real_now
from resume.db import db, reading, transaction
from resume.passes.models import Pass
from resume.refusals import Conflict, NotAllowed, Refusal
from resume.review.operations import approve_withheld, recommend, send_back, sign_off
from resume.roles import Actor
from tests.passes.city import REVIEWER, SIGNER, add_negative
from tests.passes.conftest import MakeCity

PEOPLE = 6


def officers(pattern: Actor) -> list[Actor]:
    """As many of one role as PEOPLE, each with an account."""
    made = [
        replace(pattern, name=f"{pattern.name}-{place}", account_id=UUID(int=100 + place))
        for place in range(PEOPLE)
    ]
    with transaction() as session:
        for actor in made:
            assert actor.role is not None
            session.add(
                Account(
                    id=actor.account_id,
                    name=actor.name,
                    display_name=actor.name,
                    password_hash="-",
                    role=actor.role.value,
                    district_code=actor.district_code,
                    created_at=real_now(),
                )
            )
    return made


def at_once(app: Flask, doors: list[Callable[[], object]]) -> Counter[str]:
    """Open all doors at the same moment; what came of each: done, or the refusal's code."""
    barrier, outcomes = Barrier(len(doors)), list[str]()

    def enter(door: Callable[[], object]) -> None:
        with app.app_context():
            barrier.wait()
            try:
                door()
                outcomes.append("done")
            except Refusal as refusal:
                outcomes.append(refusal.code)
            finally:
                db.session.remove()

    threads = [Thread(target=enter, args=(door,)) for door in doors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    db.session.rollback()
    return Counter(outcomes)


def test_of_many_signatures_one_counts(app: Flask, city_of: MakeCity, at: datetime) -> None:
    city = city_of(workers=30)
    doors = [lambda by=by: sign_off(city.application_id, revision=2, by=by, at=at) for by in officers(SIGNER)]
    assert at_once(app, doors) == {"done": 1, "case_moved": PEOPLE - 1}
    assert reading().scalar(select(func.count()).select_from(Pass)) == 30
    assert reading().scalar(select(func.count()).select_from(Batch)) == 1


def test_of_recommendation_and_return_one_counts(app: Flask, city_of: MakeCity, at: datetime) -> None:
    city = city_of(state="submitted")
    doors: list[Callable[[], object]] = []
    for place, by in enumerate(officers(REVIEWER)):
        if place % 2:
            doors.append(lambda by=by: recommend(city.application_id, revision=2, by=by, at=at))
        else:
            doors.append(
                lambda by=by: send_back(
                    city.application_id, revision=2, reasons={"lodging": "床位少"}, by=by, at=at
                )
            )
    assert at_once(app, doors) == {"done": 1, "case_moved": PEOPLE - 1}


def test_later_batches_at_once_give_nobody_two_passes(app: Flask, city_of: MakeCity, at: datetime) -> None:
    city = city_of(workers=4, without_test=[0, 1])
    sign_off(city.application_id, revision=2, by=SIGNER, at=at)
    with transaction():
        add_negative(city, 0, sampled_at=at.replace(hour=1))
    doors = [lambda by=by: approve_withheld(city.application_id, by=by, at=at) for by in officers(SIGNER)]
    outcomes = at_once(app, doors)
    assert outcomes["done"] >= 1
    assert outcomes["done"] + outcomes["evidence_moved"] == PEOPLE
    live = select(func.count()).select_from(Pass).where(Pass.is_live.is_(True))
    assert reading().scalar(live) == 3
    assert reading().get_one(Application, city.application_id).withheld == 1


def test_the_recommender_does_not_sign(app: Flask, city_of: MakeCity, at: datetime) -> None:
    city = city_of()
    with transaction() as session:
        session.get_one(Application, city.application_id).recommended_by = SIGNER.account_id
    with pytest.raises(NotAllowed):
        sign_off(city.application_id, revision=2, by=SIGNER, at=at)
    with pytest.raises(Conflict):
        sign_off(city.application_id, revision=1, by=SIGNER, at=at)


def test_evidence_that_moves_is_judged_again(
    app: Flask, city_of: MakeCity, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A positive that arrives between evaluation and writing stops the passes of its building."""
    from resume.review import operations
    from tests.passes.city import add_case

    city = city_of(workers=3)
    real, calls = operations.prepare, []

    def prepare_then_move(*arguments: object, **options: object) -> object:
        prepared = real(*arguments, **options)  # type: ignore[arg-type]
        calls.append(1)
        if len(calls) == 1:
            with transaction():
                add_case(city, at=at)
        return prepared

    monkeypatch.setattr(operations, "prepare", prepare_then_move)
    batch = sign_off(city.application_id, revision=2, by=SIGNER, at=at)
    assert (batch.approved, batch.withheld, len(calls)) == (0, 3, 2)
    assert reading().scalar(select(func.count()).select_from(Pass)) == 0
