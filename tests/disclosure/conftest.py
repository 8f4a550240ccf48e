"""A city with one worker's key, and a way to open his page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from resume.review.operations import sign_off
from resume.roster.own_key import own_keys
from tests.passes.city import SIGNER, City, document_number
from tests.passes.conftest import MakeCity, city_of
from tests.reading import reading_client

__all__ = ["city_of"]

CODE = "Qm7-linden"
Open = Callable[..., FlaskClient]


def last_four(place: int = 0, firm: int = 1) -> str:
    """The last four of a worker of `tests.passes.city`."""
    return document_number(firm * 100_000 + place)[-4:]


def key_of(city: City, place: int = 0) -> str:
    return own_keys(city.worker_ids)[place]


@pytest.fixture
def signed(city_of: MakeCity, at: datetime) -> City:
    """Three workers with passes."""
    city = city_of(workers=3)
    sign_off(city.application_id, revision=2, by=SIGNER, at=at)
    return city


@pytest.fixture
def open_page(app: Flask) -> Open:
    """`open_page(key, last_four, code="")`: a browser in which that page is open, by link with a code set."""

    def enter(key: str, four: str, *, code: str = "", new_code: str = "") -> FlaskClient:
        browser = reading_client(app)
        answer = browser.post("/w", data={"key": key, "last_four": four, "code": code})
        assert answer.status_code == 303, answer.text
        if new_code:
            assert browser.post("/w/record", data={"code": new_code}).status_code == 303
        return browser

    return enter
