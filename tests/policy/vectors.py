"""Vectors of tests/vectors/policy-*.json: facts, moment and parameters of each case."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from resume.policy import VERSIONS, Facts, Terms, facts_from_json

VECTORS = Path(__file__).parents[1] / "vectors"
BASE: dict[str, Any] = json.loads((VECTORS / "policy-base.json").read_text(encoding="utf-8"))


def vectors(name: str) -> list[dict[str, Any]]:
    """The cases of one vector file."""
    cases: list[dict[str, Any]] = json.loads((VECTORS / f"policy-{name}.json").read_text(encoding="utf-8"))[
        "cases"
    ]
    return cases


def facts_of(case: Mapping[str, Any]) -> Facts:
    """The base facts with the case's own in their place."""
    return facts_from_json(BASE | case.get("with", {}))


def terms_with(**values: Any) -> Terms:
    """The parameters of SH-2022-04 for RTW, some with other values."""
    terms = VERSIONS[0].profiles["RTW"].terms
    changed = {
        name: replace(getattr(terms, name), value=frozenset(value) if isinstance(value, list) else value)
        for name, value in values.items()
    }
    return replace(terms, **changed)
