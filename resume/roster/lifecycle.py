"""States of a worker list, and the moves between them."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import lazy_gettext as _

from resume.refusals import Text


class ListState(StrEnum):
    """`reading`: a worker stores its rows; nobody's list yet. `preview`: uploaded, to be looked through.
    `confirmed`: the case's. `submitted`: under review or in force. `dropped`: thrown away, or replaced by a
    later one."""

    READING = "reading"
    PREVIEW = "preview"
    CONFIRMED = "confirmed"
    SUBMITTED = "submitted"
    DROPPED = "dropped"


MOVES: dict[ListState, frozenset[ListState]] = {
    ListState.READING: frozenset([ListState.PREVIEW]),
    ListState.PREVIEW: frozenset([ListState.CONFIRMED, ListState.DROPPED]),
    ListState.CONFIRMED: frozenset([ListState.SUBMITTED, ListState.DROPPED]),
    ListState.SUBMITTED: frozenset([ListState.CONFIRMED, ListState.DROPPED]),
    ListState.DROPPED: frozenset(),
}

STATE_NAMES: dict[ListState, Text] = {
    ListState.READING: _("读取中"),
    ListState.PREVIEW: _("待确认"),
    ListState.CONFIRMED: _("已确认"),
    ListState.SUBMITTED: _("已提交"),
    ListState.DROPPED: _("已作废"),
}

#: The lists that stand for the firm: one of them is the current one.
STANDING = (ListState.CONFIRMED, ListState.SUBMITTED)


def can_move(origin: str, to: ListState) -> bool:
    """Whether a list in `origin` may become `to`."""
    return to in MOVES[ListState(origin)]


class UploadState(StrEnum):
    """`waiting` for a worker, who then is `reading` the file and `judging` its rows, until it is `done` or
    `refused` as a whole."""

    WAITING = "waiting"
    READING = "reading"
    JUDGING = "judging"
    DONE = "done"
    REFUSED = "refused"


#: The uploads that are over: their files are gone.
OVER = (UploadState.DONE, UploadState.REFUSED)
