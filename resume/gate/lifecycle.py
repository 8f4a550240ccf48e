"""What a guard may do with a scan, and the coded reasons for which he refuses."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from resume.credential.views import Advice, Answer, Verdict


class Action(StrEnum):
    """What became of a scan; all but checked are final.

    The last three come from devices only: what could not be read, a medical exit, and an annulment, which
    is an event of its own.
    """

    CHECKED = "checked"
    LET_THROUGH = "let_through"
    REFUSED = "refused"
    FAILED = "failed"
    MEDICAL = "medical"
    ANNULLED = "annulled"


#: Events of devices that are no look at a pass: there is no verdict to show of them.
WITHOUT_VERDICT = frozenset({Action.MEDICAL, Action.ANNULLED})
#: How long after a scan the one who made it may take it back.
ANNUL_WITHIN = timedelta(minutes=15)


#: Refused for the reason that the check itself gave. Its code stays out of the page: it may be medical.
STATED = "STATED"
#: What a guard may see for himself although the check found nothing (codes of domain 9.3).
OWN_REASONS = ("WRONG_PERSON", "ALTERED", "CODE_NOT_GREEN")
OWN_REASONS_WITH_ANTIGEN = (*OWN_REASONS, "AG_POSITIVE")
#: Gates where tests are made on the spot.
_TESTING = ("plant", "city")


def may_release(answer: Answer) -> bool:
    """Green; or amber where the exit was granted, and the plant admits to its observation area."""
    if answer.verdict is Verdict.GREEN:
        return True
    return answer.verdict is Verdict.AMBER and answer.advice is Advice.ADMIT_TO_OBSERVATION


def refusal_reasons(code: str, *, kind: str) -> tuple[str, ...]:
    """The reasons a guard may choose from: the one that stopped, if any, then what he sees himself."""
    own = own_reasons(kind)
    return own if code == "OK" else (STATED, *own)


def own_reasons(kind: str) -> tuple[str, ...]:
    """What a guard may see for himself at a gate of this kind."""
    return OWN_REASONS_WITH_ANTIGEN if kind in _TESTING else OWN_REASONS


def may_annul(scanned_at: datetime, at: datetime) -> bool:
    """Whether a scan of `scanned_at` may still be taken back at `at`."""
    return timedelta(0) <= at - scanned_at <= ANNUL_WITHIN
