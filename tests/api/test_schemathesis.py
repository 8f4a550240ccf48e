"""The OpenAPI document and what is served agree: schemathesis, every phase and check, a bounded number of examples."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

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


@pytest.fixture
def schema(app: Flask, way: Way, party: MakeParty) -> Iterator[object]:
    """The document as served, asked with a token that may do everything for a firm with a plant."""
    app.config["API_REQUESTS_A_MINUTE"] = 1_000_000
    everything = party(*SCOPES, firm_id=way.city.firm_id)
    config = SchemathesisConfig.from_dict(
        {
            "seed": 20220422,
            "headers": {"Authorization": f"Bearer {everything.text}"},
            "generation": {"max-examples": EXAMPLES, "no-shrink": True, "database": "none"},
        }
    )
    with served(app) as address:
        yield openapi.from_url(f"{address}/api/v1/openapi.json", config=config)


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
    print(asked)
    assert len(asked) == OPERATIONS
    assert min(asked.values()) >= EXAMPLES
