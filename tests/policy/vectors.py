"""Vectors of tests/vectors/policy-*.json: facts, moment and parameters of each case."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from resume.policy import VERSIONS, Facts, facts_from_json

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


#: Rules that RTW does not ask are asked with the parameters of a profile that does.
OF_OTHERS = {"antigen_fresh": "LEAVE", "zone_consent": "LEAVE", "no_evidence": "MEDICAL"}


def terms_for(rule: str, **values: Any) -> Any:
    """The parameters of SH-2022-04 that this rule is asked with."""
    return terms_with(OF_OTHERS.get(rule, "RTW"), **values)


def terms_with(profile: str = "RTW", **values: Any) -> Any:
    """The parameters of SH-2022-04 for a profile, some with other values."""
    terms = VERSIONS[0].profiles[profile].terms
    changed = {
        name: replace(getattr(terms, name), value=frozenset(value) if isinstance(value, list) else value)
        for name, value in values.items()
    }
    return replace(terms, **changed)
