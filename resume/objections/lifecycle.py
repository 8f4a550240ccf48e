"""Where an objection stands, who moves it, and what it can be about."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import lazy_gettext as _

from resume.refusals import Text


class State(StrEnum):
    """`open`: the clock runs. `answered`: the person may insist once. `closed`: nothing more will come."""

    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"


class Step(StrEnum):
    """What happens to an objection; each is a turn of its record."""

    OBJECTED = "objected"
    HANDED = "handed"
    REPORTED = "reported"
    ANSWERED = "answered"
    INSISTED = "insisted"
    CLOSED = "closed"


#: From which state a step leads to which.
MOVES: dict[Step, dict[State, State]] = {
    Step.HANDED: {State.OPEN: State.OPEN},
    Step.REPORTED: {State.OPEN: State.OPEN},
    Step.ANSWERED: {State.OPEN: State.ANSWERED},
    Step.INSISTED: {State.ANSWERED: State.OPEN},
    Step.CLOSED: {State.OPEN: State.CLOSED, State.ANSWERED: State.CLOSED},
}


class Category(StrEnum):
    """What a person says is wrong."""

    BUILDING = "building"
    EVIDENCE = "evidence"
    NOT_ME = "not_me"
    SUSPENDED = "suspended"
    DATA = "data"


class Outcome(StrEnum):
    """What the answer comes to."""

    UPHELD = "upheld"
    PARTLY = "partly"
    NOT_UPHELD = "not_upheld"


class Key(StrEnum):
    """What the person showed: the pass number printed on his sheet, his link, or his own code as well."""

    NUMBER = "number"
    LINK = "link"
    OWN = "own"


STATE_NAMES: dict[State, Text] = {
    State.OPEN: _("待答复"),
    State.ANSWERED: _("已答复"),
    State.CLOSED: _("已办结"),
}
STEP_NAMES: dict[Step, Text] = {
    Step.OBJECTED: _("提出异议"),
    Step.HANDED: _("转疫情数据专员核查"),
    Step.REPORTED: _("核查结果"),
    Step.ANSWERED: _("答复"),
    Step.INSISTED: _("不同意，再次提出"),
    Step.CLOSED: _("办结"),
}
CATEGORY_NAMES: dict[Category, Text] = {
    Category.BUILDING: _("楼栋不对"),
    Category.EVIDENCE: _("检测结果或随申码不对"),
    Category.NOT_ME: _("不是我本人"),
    Category.SUSPENDED: _("通行证不该暂停"),
    Category.DATA: _("删除或更正我的信息"),
}
OUTCOME_NAMES: dict[Outcome, Text] = {
    Outcome.UPHELD: _("异议成立"),
    Outcome.PARTLY: _("部分成立"),
    Outcome.NOT_UPHELD: _("异议不成立"),
}


def after(step: Step, state: str) -> State | None:
    """The state after the step, or None where it does not lead on from `state`."""
    return MOVES.get(step, {}).get(State(state))
