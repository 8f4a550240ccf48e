"""The OpenAPI document and what is served agree: schemathesis, all phases and checks, bounded examples."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from schemathesis import engine, openapi
from schemathesis.config import SchemathesisConfig
from schemathesis.engine.events import EngineFinished, FatalError, NonFatalError, ScenarioFinished

from resume.api.scopes import SCOPES
from tests.api.conftest import MakeParty
from tests.api.serving import served
from tests.gate.conftest import Way, city_of, way, way_of

__all__ = ["city_of", "way", "way_of"]

EXAMPLES = 25
OPERATIONS = 12
KEY = re.compile("[!-~]{1,128}")


@pytest.fixture
def schema(app: Flask, way: Way, party: MakeParty) -> Iterator[object]:
    """The document as served, asked with a token that may do everything for a firm with a plant."""
    app.config["API_REQUESTS_A_MINUTE"] = 1_000_000
    everything = party(*SCOPES, firm_id=way.city.firm_id)
    document = app.test_client().get("/api/v1/openapi.json").get_json()
    for shape in document["components"]["schemas"].values():
        for described in shape["properties"].values():
            # Dozens of batches of 10,000 would be sent to walk along this one edge; tests of ours do that.
            described.pop("maxItems", None)
    app.wsgi_app = with_fresh_keys(app.wsgi_app)  # type: ignore[method-assign]
    with served(app) as address:
        settings = {
            "seed": 20220422,
            "base-url": address,
            "headers": {"Authorization": f"Bearer {everything.text}"},
            "generation": {"max-examples": EXAMPLES, "no-shrink": True, "database": "none"},
        }
        yield openapi.from_dict(document, config=SchemathesisConfig.from_dict(settings))


def with_fresh_keys(served_app: Callable[..., Any]) -> Callable[..., Any]:
    """Make each request with a good key a new one: the same few keys are drawn again and again, and what is
    asked would be answered by 409 alone."""

    def wsgi(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        if KEY.fullmatch(environ.get("HTTP_IDEMPOTENCY_KEY", "")):
            environ["HTTP_IDEMPOTENCY_KEY"] = uuid4().hex
        return served_app(environ, start_response)

    return wsgi


def test_every_operation_passes_every_check(schema) -> None:
    asked: Counter[str] = Counter()
    failures, errors = [], []
    for event in engine.from_schema(schema).execute():
        if isinstance(event, FatalError | NonFatalError):
            errors.append(event)
        elif isinstance(event, ScenarioFinished):
            asked.update(case.value.operation.label for case in event.recorder.cases.values())
        elif isinstance(event, EngineFinished):
            failures = event.failures
    assert [str(error) for error in errors] == []
    assert {f"{failure.operation}: {failure.title}\n{failure.message}" for failure in failures} == set()
    assert len(asked) == OPERATIONS
    assert min(asked.values()) >= EXAMPLES
