"""Rule 6 of RTW: nobody of the worker's flat is under review."""

from datetime import datetime

from resume.policy.facts import Facts
from resume.policy.findings import Finding, Outcome, Sentence
from resume.policy.parameters import Terms
from resume.policy.records import open_reviews, refs_of

_RULE = "no_co_resident_review"
_MET = Finding(
    _RULE, Outcome.MET, "OK", Sentence(zh="同住人没有待复核结果。", en="Nobody of the flat is under review.")
)
_PENDING = Sentence(
    zh="同住人{opened:day}起待复核；请居家等待，复核为阴性后重新判断。",
    en="Somebody of the flat has been under review since {opened:day}; stay at home, after a negative review "
    "this is judged again.",
)


def no_co_resident_review(facts: Facts, terms: Terms, at: datetime) -> Finding:  # noqa: ARG001
    """By "a review of co_resident open at T: CORES_PENDING, not met" (formats, RTW 6).

    Not known does not occur: co-residents without a review record have nothing pending.
    """
    reviews = open_reviews(facts, "co_resident", at)
    if not reviews:
        return _MET
    opened = {"opened": min(review.opened_at for review in reviews)}
    return Finding(_RULE, Outcome.NOT_MET, "CORES_PENDING", _PENDING, opened, refs=refs_of(reviews))
