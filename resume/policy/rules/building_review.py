"""Rule 3 of RTW: no result under review elsewhere in the building."""

from datetime import datetime

from resume.policy.facts import Facts
from resume.policy.findings import Finding, Outcome, Sentence
from resume.policy.parameters import Terms
from resume.policy.records import open_reviews, refs_of

_RULE = "building_review"
_MET = Finding(
    _RULE,
    Outcome.MET,
    "OK",
    Sentence(zh="楼内没有待复核结果。", en="No result in the building is under review."),
)
_HOLD = Sentence(
    zh="楼内{opened:day}起有结果待复核，暂不作决定；请等待复核，完成后重新判断。",
    en="A result in the building has been under review since {opened:day}, so nothing is decided; wait for "
    "the review, then this is judged again.",
)


def building_review(facts: Facts, terms: Terms, at: datetime) -> Finding:  # noqa: ARG001
    """By "a review of building open at T: BLDG_HOLD, not known" (formats, RTW 3): a hold, not a reset.

    Not known: whether the review will become a case of the building.
    """
    reviews = open_reviews(facts, "building", at)
    if not reviews:
        return _MET
    opened = {"opened": min(review.opened_at for review in reviews)}
    return Finding(_RULE, Outcome.NOT_KNOWN, "BLDG_HOLD", _HOLD, opened, refs=refs_of(reviews))
