"""A city with accounts for those who act in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask

from resume.accounts.models import Account
from resume.applications.models import Application
from resume.clock import real_now
from resume.db import transaction
from resume.roles import Actor
from tests.passes.city import REVIEWER, SIGNER, City, make_city

MakeCity = Callable[..., City]


@pytest.fixture
def city_of(app: Flask, at: datetime) -> MakeCity:
    """`city_of(workers=3)`: a firm whose case was recommended by REVIEWER; SIGNER may sign it."""
    folder = Path(app.config["RESUME_KEYS_FOLDER"])
    made: list[Actor] = []

    def make(**options: object) -> City:
        if not made:
            with transaction() as session:
                for actor in (REVIEWER, SIGNER):
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
                    made.append(actor)
        city = make_city(at, keys_folder=folder, **options)  # type: ignore[arg-type]
        with transaction() as session:
            case = session.get_one(Application, city.application_id)
            if case.state == "recommended":
                case.recommended_by = REVIEWER.account_id
        return city

    return make
