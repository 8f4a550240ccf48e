"""Parties with tokens, and a client that sends as they do."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from itertools import count
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from resume.api.operations.tokens import NewToken, create_token
from resume.api.scopes import CHECKS, LISTS, SCOPES
from resume.clock import real_now
from resume.home import settle_home
from resume.roles import Actor, Role
from tests.intake.feeding import good, place_row
from tests.reading import reading_client

ADMIN = Actor("admin-1", Role.ADMINISTRATOR)
HAN = re.compile(r"[\u4e00-\u9fff]")
FEED_SCOPES = tuple(scope for scope in SCOPES if scope not in (LISTS, CHECKS))


class Party:
    """Somebody with a token: `post` sends JSON with a new key unless one is given."""

    _keys = count(1)

    def __init__(self, app: Flask, text: str, token_id: object, name: str) -> None:
        self.client = reading_client(app)
        self.text, self.token_id, self.name = text, token_id, name

    def post(
        self,
        path: str,
        content: Any = None,
        *,
        key: str | None = "",
        body: bytes | None = None,
        headers: Mapping[str, str] = {},
    ) -> TestResponse:
        sent = {"Authorization": f"Bearer {self.text}", "Content-Type": "application/json", **headers}
        if key is not None:
            sent.setdefault("Idempotency-Key", key or f"key-{next(self._keys)}")
        data = json.dumps(content).encode() if body is None else body
        return self.client.post(f"/api/v1/{path}", data=data, headers=sent)

    def records(self, feed: str, *records: Mapping[str, Any], **options: Any) -> dict[str, Any]:
        """Send a batch that is answered with 200."""
        answer = self.post(feed, {"records": list(records)}, **options)
        assert answer.status_code == 200, answer.text
        return answer.get_json()

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.client.get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {self.text}", **headers})


MakeParty = Callable[..., Party]


@pytest.fixture
def party(app: Flask, at) -> MakeParty:
    """`party("tests:write", firm_id=...)`: a party with a live token of these scopes."""
    numbers = count(1)
    settle_home([], at=at)

    def make(*scopes: str, **narrowed: Any) -> Party:
        name = narrowed.pop("name", f"party-{next(numbers)}")
        new = NewToken(name, scopes, **narrowed)
        token, text = create_token(new, by=ADMIN, at=at, real_at=real_now())
        return Party(app, text, token.id, name)

    return make


@pytest.fixture
def places(app: Flask, at) -> Flask:
    """P1 and P2 in Pudong, Q1 in Xuhui."""
    settle_home([], at=at)
    good(
        "places", place_row("P1"), place_row("P2"), place_row("Q1", district_code="310104", street="田林街道")
    )
    return app


@pytest.fixture
def lab(places: Flask, party: MakeParty) -> Party:
    """A laboratory that may send every feed."""
    return party(*FEED_SCOPES, name="虚构检测所")


def is_problem(answer: TestResponse, status: int, code: str) -> dict[str, Any]:
    """The problem of an answer that is one, with everything RFC 9457 and the house ask of it."""
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "application/problem+json"
    problem = answer.get_json()
    assert problem["code"] == code, problem
    assert problem["status"] == status
    assert set(problem) - {"errors"} == {"type", "title", "status", "detail", "code", "zh"}
    assert all(problem["zh"].values())
    assert not HAN.search(problem["title"] + problem["detail"])
    assert HAN.search(problem["zh"]["title"])
    return problem
