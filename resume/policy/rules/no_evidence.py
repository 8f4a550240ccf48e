"""The rule of MEDICAL: nothing is asked, and that is said."""

from datetime import datetime

from resume.policy.facts import Facts
from resume.policy.findings import Finding, Outcome, Sentence
from resume.policy.parameters import Terms

_RULE = "no_evidence"
_MET = Finding(
    _RULE,
    Outcome.MET,
    "OK",
    Sentence(
        zh="紧急就医不查验任何证明；请立即放行并登记。",
        en="A medical emergency is asked for no evidence; let through at once and record it.",
    ),
)


def no_evidence(facts: Facts, terms: Terms, at: datetime) -> Finding:  # noqa: ARG001
    """By "emergency: gate releases at once, logs, informs; no evidence check" (domain 9.2, P8; required).

    A rule that is always met, since a profile that asks nothing has shown nothing. Not known does not occur.
    """
    return _MET
