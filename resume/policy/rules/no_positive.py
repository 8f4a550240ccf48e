"""Rule 4 of RTW: no positive that stands."""

from datetime import datetime

from resume.policy.facts import Facts, Test
from resume.policy.findings import Finding, Outcome, Sentence
from resume.policy.parameters import PersonTerms
from resume.policy.records import refs_of, reported, without_later_negative

_RULE = "no_positive"
_MET = Finding(
    _RULE, Outcome.MET, "OK", Sentence(zh="没有未解除的阳性。", en="There is no positive that stands.")
)
_POSITIVE = Sentence(
    zh="{sampled:day}采样的核酸为阳性；请按疾控部门安排，解除隔离或出院后再申请。",
    en="The PCR sampled on {sampled:day} is positive; follow the CDC, apply again after the discharge.",
)


def no_positive(facts: Facts, terms: PersonTerms, at: datetime) -> Finding:
    """By "a single-tube positive PCR reported by T, unless the worker was discharged by T and at or after its
    sampling: POSITIVE, not met. No negative lifts it" (formats, RTW 4; that it stands is assumed).

    Not known does not occur here: a missing result is the question of `pcr_fresh`.
    """
    positives = [
        test
        for test in facts.tests
        if test.result == "positive" and _is_positive(test, terms) and reported(test, at)
    ]
    if not positives:
        return _MET
    discharged_at = facts.discharged_at
    if discharged_at is not None and discharged_at <= at:
        positives = [test for test in positives if discharged_at < test.sampled_at]
    if terms.positive_ends.value == "later_negative":
        positives = without_later_negative(positives, facts, at)
    if not positives:
        return _MET
    sampled = {"sampled": max(test.sampled_at for test in positives)}
    return Finding(_RULE, Outcome.NOT_MET, "POSITIVE", _POSITIVE, sampled, refs=refs_of(positives))


def _is_positive(test: Test, terms: PersonTerms) -> bool:
    """Whether a positive of this test is one, and not only a review."""
    return test.kind == "pcr" and (test.method == "single" or terms.mixed_positive.value == "positive")
