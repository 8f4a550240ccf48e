"""A city with passes, and phones that put one of them on themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from resume.credential.base32 import from_base32, to_base32
from resume.credential.phone import PhoneKey, phone_text, sign_proof
from tests.disclosure.conftest import key_of, last_four
from tests.gate.conftest import Way, way, way_of
from tests.passes.conftest import city_of

__all__ = ["city_of", "way", "way_of"]


@dataclass
class Phone:
    """A phone with its own key; `pass_` is what it was given."""

    browser: FlaskClient
    private_key: ec.EllipticCurvePrivateKey
    pass_: dict[str, Any] | None = None

    def put(self, key: str, four: str) -> TestResponse:
        own = PhoneKey.of(self.private_key.public_key())
        wish = {"key": key, "last_four": four, "x": own.x.hex(), "y": own.y.hex()}
        answer = self.browser.post("/p", json=wish)
        if answer.status_code == 200:
            self.pass_ = answer.json
        return answer

    def state(self) -> TestResponse:
        assert self.pass_ is not None
        return self.browser.post("/p/state", json={"token": self.pass_["token"]})

    def text(self, at: datetime) -> str:
        """What its screen shows at `at`."""
        assert self.pass_ is not None
        proof = sign_proof(self.private_key, bytes.fromhex(self.pass_["cti"]), at)
        text = f"{self.pass_['prefix']}{self.pass_['token']}.{to_base32(proof)}"
        assert text == phone_text("http://127.0.0.1:8000", from_base32(self.pass_["token"]), proof)
        return text


NewPhone = Callable[[], Phone]


@pytest.fixture
def new_phone(app: Flask) -> NewPhone:
    return lambda: Phone(app.test_client(), ec.generate_private_key(ec.SECP256R1()))


@pytest.fixture
def put(way: Way, new_phone: NewPhone) -> Phone:
    """A phone on which the way's one worker has put his pass."""
    phone = new_phone()
    assert phone.put(key_of(way.city), last_four()).status_code == 200
    return phone
