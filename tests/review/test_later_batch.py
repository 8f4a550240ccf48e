"""A later batch approves those kept back, and nobody who is inside the plant already."""

from __future__ import annotations

from datetime import datetime

from flask import Flask
from sqlalchemy import func, select, update

from resume.db import reading, transaction
from resume.passes.models import Pass
from resume.review.operations import approve_withheld, sign_off
from tests.passes.city import SIGNER, add_negative
from tests.passes.conftest import MakeCity


def test_a_worker_who_has_arrived_gets_no_second_pass(app: Flask, city_of: MakeCity, at: datetime) -> None:
    city = city_of(workers=4, without_test=[0, 1])
    first = sign_off(city.application_id, revision=2, by=SIGNER, at=at)
    assert (first.approved, first.withheld) == (2, 2)
    with transaction() as session:
        session.execute(update(Pass).values(out_at=at, in_at=at, is_live=False))
        add_negative(city, 0, sampled_at=at.replace(hour=1))
    later = approve_withheld(city.application_id, by=SIGNER, at=at)
    assert (later.approved, later.withheld) == (1, 1)
    assert reading().scalar(select(func.count()).select_from(Pass)) == 3
