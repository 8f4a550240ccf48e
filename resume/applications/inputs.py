"""What a decision was made from and what it said, sealed: health data that it can be replayed from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from resume.policy import Facts, Verdict, facts_from_json, facts_to_json, shown
from resume.sealing import sealer

_MOMENTS = ("clears_at", "good_until")


@dataclass(frozen=True, slots=True)
class Inputs:
    """A decision's facts, the profile and policy it was judged under, and what the verdict said (`said`)."""

    facts: Facts
    profile: str
    policy_version: str
    said: dict[str, Any]


def seal_inputs(decision_id: UUID, facts: Facts, verdict: Verdict) -> bytes:
    """Facts and verdict of one decision, sealed for its row."""
    content = {"facts": facts_to_json(facts), "profile": verdict.profile} | _said(verdict)
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return sealer().seal_bytes(text.encode(), place=_place(decision_id))


def open_inputs(decision_id: UUID, sealed: bytes) -> Inputs:
    """What `seal_inputs` sealed. Raises Unsealable where it was changed or belongs to another decision."""
    content = json.loads(sealer().open_bytes(sealed, place=_place(decision_id)))
    facts = facts_from_json(content.pop("facts"))
    profile = content.pop("profile")
    return Inputs(facts, profile, content["policy_version"], _as_shown(content))


def said_by(verdict: Verdict) -> dict[str, Any]:
    """What a verdict says, to be compared with what a decision's said."""
    return _as_shown(_said(verdict))


def _said(verdict: Verdict) -> dict[str, Any]:
    """Without sentences: the policy version says them again."""
    return {
        "outcome": verdict.outcome.value,
        "policy_version": verdict.policy_version,
        "good_until": verdict.good_until and verdict.good_until.isoformat(),
        "findings": [
            {
                "rule": finding.rule,
                "outcome": finding.outcome.value,
                "code": finding.code,
                "clears_at": finding.clears_at and finding.clears_at.isoformat(),
                "refs": list(finding.refs),
            }
            for finding in verdict.findings
        ],
    }


def _as_shown(said: dict[str, Any]) -> dict[str, Any]:
    """The same with its moments as instants, whatever offset they were written with."""
    found = {name: _instant(value) if name in _MOMENTS else value for name, value in said.items()}
    if "findings" in said:
        found["findings"] = [_as_shown(finding) for finding in said["findings"]]
    return found


def _instant(text: str | None) -> str | None:
    return None if text is None else shown(datetime.fromisoformat(text))


def _place(decision_id: UUID) -> str:
    return f"decision:sealed:{decision_id}"
