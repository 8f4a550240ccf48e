"""Reason codes: the sentence for each, and what a guard and the firm's HR do next.

Codes and their Chinese are those of the domain page 9.3; HEALTH is what HR sees of a health finding
(formats, last part), RULE_FAILED a rule that could not be judged. Rules write their own, more exact
sentences; these are for the gate, for lists and for logs.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from resume.policy.findings import Text
from resume.policy.reasons_evidence import EVIDENCE
from resume.policy.reasons_pass import PASS


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason code: what it says, and what the guard at a gate and the firm's HR do next."""

    code: str
    sentence: Text
    guard: Text
    hr: Text


Row = tuple[str, str, str, str, str, str, str]
"""Code; sentence, guard, HR, each in Chinese and English."""


def _reasons(rows: Iterable[Row]) -> Mapping[str, Reason]:
    reasons: dict[str, Reason] = {}
    for code, zh, en, guard_zh, guard_en, hr_zh, hr_en in rows:
        if code in reasons:
            raise ValueError(f"reason code {code} twice")
        reasons[code] = Reason(
            code,
            sentence={"zh": zh, "en": en},
            guard={"zh": guard_zh, "en": guard_en},
            hr={"zh": hr_zh, "en": hr_en},
        )
    return MappingProxyType(reasons)


REASONS: Mapping[str, Reason] = _reasons((*EVIDENCE, *PASS))
"""Every code, in the order in which pages list them."""


def reason(code: str) -> Reason:
    """The reason of that code. Raises KeyError: an unknown code is a bug."""
    return REASONS[code]
