"""Rule 5 of RTW: the worker himself is not under review."""

from datetime import datetime

from resume.policy.facts import Facts, Test
from resume.policy.findings import Finding, Outcome, Sentence
from resume.policy.parameters import PersonTerms
from resume.policy.records import open_reviews, refs_of, reported, without_later_negative

_RULE = "no_review"
_UNSETTLED = ("positive", "pending_review")
_MET = Finding(
    _RULE, Outcome.MET, "OK", Sentence(zh="本人没有待复核结果。", en="The worker is not under review.")
)
_REVIEW = Sentence(
    zh="本人{since:day}起待复核；请居家等待上门单管核酸，复核结束后重新判断。",
    en="The worker has been under review since {since:day}; wait at home for the single-tube PCR, after the "
    "review this is judged again.",
)
_TEST = Sentence(
    zh="本人{since:day}采样的结果待复核；请居家做单管核酸，阴性报告后自动解除。",
    en="The worker's sample of {since:day} is under review; take a single-tube PCR at home, its negative "
    "report ends the review.",
)


def no_review(facts: Facts, terms: PersonTerms, at: datetime) -> Finding:
    """REVIEW_PENDING, not met, for "a review of self open at T" and for a test that waits for a single tube.

    "A test reported by T that is pending_review, or a positive antigen, or a mixed-tube positive PCR, until
    a single-tube negative PCR sampled after it, reported by T, from a source not lower than its own"
    (formats, RTW 5; that a positive mixed tube is a review is assumed, S40).

    A review record ends only by its cleared_at. Not known does not occur: a review blocks.
    """
    reviews = open_reviews(facts, "self", at)
    tests = [
        test
        for test in facts.tests
        if test.result in _UNSETTLED and _is_pending(test, terms) and reported(test, at)
    ]
    if tests:
        tests = without_later_negative(tests, facts, at)
    if not (reviews or tests):
        return _MET
    refs = refs_of(reviews) + refs_of(tests)
    if reviews:
        since = {"since": min(review.opened_at for review in reviews)}
        return Finding(_RULE, Outcome.NOT_MET, "REVIEW_PENDING", _REVIEW, since, refs=refs)
    since = {"since": max(test.sampled_at for test in tests)}
    return Finding(_RULE, Outcome.NOT_MET, "REVIEW_PENDING", _TEST, since, refs=refs)


def _is_pending(test: Test, terms: PersonTerms) -> bool:
    """Whether this unsettled result asks for a single tube."""
    if test.result == "pending_review":
        return True
    return test.kind == "antigen" or (test.method == "mixed" and terms.mixed_positive.value == "review")
