"""Who may read which finding: the firm's HR learns that health evidence is in the way, not which."""

from collections.abc import Iterable
from dataclasses import replace

from resume.policy.findings import Finding, Outcome, Sentence
from resume.policy.outlook import Outlook, last_clears_at

_PRIVATE_CODES = frozenset({"POSITIVE", "REVIEW_PENDING", "CORES_PENDING", "CODE_NOT_GREEN", "CONTACT"})
_PRIVATE_RULES = frozenset({"no_positive", "no_review", "no_co_resident_review", "code_green", "no_contact"})
_MET = Finding(
    "health",
    Outcome.MET,
    "OK",
    Sentence(zh="健康证据没有不符合项。", en="No health evidence stands against it."),
)
_HEALTH = Finding(
    "health",
    Outcome.NOT_MET,
    "HEALTH",
    Sentence(
        zh="健康证据不符合要求；具体原因由员工本人查看，请先安排其他人员到岗。",
        en="Health evidence does not allow it; the worker can see his own reason; for now send another.",
    ),
)


def for_hr(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings as the worker's firm may see them (formats, "Pages say more than eligible_from").

    Plan, building and PCR findings stay, and what is not known stays. All others become one finding of the
    rule `health`, with the code HEALTH or OK, in the place of the first of them, without records. The met
    ones go too: by those that are left one could tell which is missing.
    """
    kept: list[Finding] = []
    place: int | None = None
    health = _MET
    for finding in findings:
        if finding.rule in _PRIVATE_RULES and finding.outcome is not Outcome.NOT_KNOWN:
            place = len(kept) if place is None else place
            if finding.code in _PRIVATE_CODES:
                health = _HEALTH
        else:
            kept.append(finding)
    if place is not None:
        kept.insert(place, health)
    return tuple(kept)


def outlook_for_hr(ahead: Outlook) -> Outlook:
    """The outlook as the worker's firm may see it.

    Of its moments only building and PCR speak; to be sampled is never advised where health evidence stands
    against it, so the advice does not tell one hidden reason from another.
    """
    binding = for_hr(ahead.binding)
    return replace(ahead, binding=binding, clears_at=last_clears_at(binding))
