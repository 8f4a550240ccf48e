"""The states of a case and the moves between them, as data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from flask_babel import lazy_gettext as _

from resume.refusals import Text
from resume.roles import Role


class State(StrEnum):
    """Where a case stands. Approved and refused cases are over: what follows is a new case."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RECOMMENDED = "recommended"
    APPROVED = "approved"
    RETURNED = "returned"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Move:
    """One allowed step and who takes it. `action` names it in the case's events and the audit.

    `is_by_another`: not by the person who recommended.
    """

    origin: State
    to: State
    roles: frozenset[Role]
    action: str
    is_by_another: bool = False


_HR = frozenset({Role.HR})
_REVIEWER = frozenset({Role.REVIEWER})
_SIGN_OFF = frozenset({Role.SIGN_OFF})

MOVES: tuple[Move, ...] = (
    Move(State.DRAFT, State.SUBMITTED, _HR, "submitted"),
    Move(State.RETURNED, State.SUBMITTED, _HR, "submitted"),
    Move(State.SUBMITTED, State.RECOMMENDED, _REVIEWER, "recommended"),
    Move(State.SUBMITTED, State.RETURNED, _REVIEWER, "returned"),
    Move(State.SUBMITTED, State.REFUSED, _REVIEWER, "refused"),
    Move(State.RECOMMENDED, State.APPROVED, _SIGN_OFF, "approved", is_by_another=True),
    Move(State.RECOMMENDED, State.RETURNED, _SIGN_OFF | _REVIEWER, "returned"),
    Move(State.RECOMMENDED, State.REFUSED, _SIGN_OFF, "refused", is_by_another=True),
    # An edit of plan or list takes the case back from whoever has it.
    Move(State.SUBMITTED, State.DRAFT, _HR, "reopened"),
    Move(State.RECOMMENDED, State.DRAFT, _HR, "reopened"),
    Move(State.RETURNED, State.DRAFT, _HR, "reopened"),
)
_BY_ENDS = {(move.origin, move.to): move for move in MOVES}

#: Decided: an edit begins a new case.
CLOSED = frozenset({State.APPROVED, State.REFUSED})
#: With the authority: an edit takes the case back.
IN_REVIEW = frozenset({State.SUBMITTED, State.RECOMMENDED})
#: With the firm: it writes and submits.
WITH_FIRM = frozenset({State.DRAFT, State.RETURNED})

STATE_NAMES: dict[State, Text] = {
    State.DRAFT: _("草稿"),
    State.SUBMITTED: _("已提交，待审核"),
    State.RECOMMENDED: _("已推荐，待签发"),
    State.APPROVED: _("已批准"),
    State.RETURNED: _("已退回，待修改"),
    State.REFUSED: _("不予批准"),
}
ACTION_NAMES: dict[str, Text] = {
    "started": _("开始填报"),
    "submitted": _("企业提交"),
    "recommended": _("审核员推荐"),
    "approved": _("签发人批准"),
    "returned": _("退回修改"),
    "refused": _("不予批准"),
    "reopened": _("企业修改，撤回为草稿"),
}


def find_move(origin: State, to: State) -> Move | None:
    """The move between two states, or None where there is none."""
    return _BY_ENDS.get((origin, to))


#: The job that follows a submission: a list tells who lives with whom. Its payload names the list.
SUBMITTED_JOB = "list_submitted"
