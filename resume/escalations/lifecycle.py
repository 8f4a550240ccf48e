"""When a refusal is one of a good pass, how it can be answered, and how its codes are said."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from flask_babel import lazy_gettext as _

from resume.credential.views import Advice, Verdict
from resume.refusals import Text


class Outcome(StrEnum):
    """`upheld`: the guard is right. `released`: he shall let through. `withdrawn`: he was mistaken."""

    UPHELD = "upheld"
    RELEASED = "released"
    WITHDRAWN = "withdrawn"


#: Refused for what the check itself said.
STATED: Final = "STATED"

OUTCOME_NAMES: dict[Outcome, Text] = {
    Outcome.RELEASED: _("应予放行"),
    Outcome.UPHELD: _("维持不放行"),
    Outcome.WITHDRAWN: _("门岗已撤回"),
}
#: What a desk may answer; only the guard withdraws.
ANSWERS = (Outcome.RELEASED, Outcome.UPHELD)

REASON_NAMES: dict[str, Text] = {
    "WRONG_PERSON": _("持证人与证件不符"),
    "ALTERED": _("纸证与显示内容不符"),
    "CODE_NOT_GREEN": _("随申码不是绿码"),
    "AG_POSITIVE": _("现场抗原阳性"),
    STATED: _("按查验页提示"),
}
#: Why a refusal is upheld: what a guard may find, and what the desk finds out besides.
GROUND_NAMES: dict[str, Text] = {
    "WRONG_PERSON": _("持证人与证件不符"),
    "ALTERED": _("纸证被改动"),
    "AG_POSITIVE": _("现场抗原阳性"),
    "CODE_NOT_GREEN": _("随申码不是绿码"),
    "PASS_ENDED": _("通行证此后已暂停或失效"),
}
#: What HR learns of a reason: nothing of anybody's health.
_TOLD_TO_FIRM = {"WRONG_PERSON": "person", "ALTERED": "paper"}


def is_of_good_pass(verdict: str, advice: str, reason: str) -> bool:
    """Whether somebody was sent away whom the check would have let pass, at once or after his antigen test.

    A test on the spot that was not made (`reason` STATED) is what the check asked for, and no refusal.
    """
    if verdict == Verdict.GREEN or advice == Advice.ADMIT_TO_OBSERVATION:
        return True
    return advice == Advice.TEST_ANTIGEN and reason != STATED


def reason_name(code: str) -> Text:
    """A guard's reason in words; one not known here is another reason."""
    return REASON_NAMES.get(code, _("其他原因"))


def told_to_firm(reason: str) -> str:
    """person, paper, or "" for what is not the firm's to know."""
    return _TOLD_TO_FIRM.get(reason, "")
