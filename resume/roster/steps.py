"""Steps on worker lists that join the door of the case."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, Uuid, delete, insert, literal, select, update

from resume.db import UtcTime, joined
from resume.refusals import Conflict, Unprocessable
from resume.roster.lifecycle import ListState
from resume.roster.models import BadRow, SubmittedPeriod, WorkerList
from resume.roster.queries import get_list


class ListNotOpen(Conflict):
    """The list was confirmed, submitted or dropped already."""

    code = "list_not_open"
    message = _("这份名单已不能再确认或作废")
    advice = _("请从“人员名单”进入，查看最新的一份；如需修改请重新上传")


class NoGoodRow(Unprocessable):
    """Not one row of the list can be accepted."""

    code = "no_good_row"
    message = _("名单中没有一行可以受理")
    advice = _("请按列出的原因修改后重新上传")


def confirm(list_id: UUID, *, firm_id: int, at: datetime) -> WorkerList:  # noqa: ARG001 - a step is told
    """Make a preview the firm's list. Lists confirmed before are dropped; submitted ones stay as history.

    The cells of rows that were not corrected go; what was wrong with them stays.
    Raises NotFound for another firm's list, ListNotOpen for one that is no preview, NoGoodRow.
    """
    found = get_list(list_id, firm_id=firm_id)
    if found.state != ListState.PREVIEW:
        raise ListNotOpen
    if not found.good_count:
        raise NoGoodRow
    drop_confirmed(firm_id)
    joined().execute(delete(BadRow).where(BadRow.list_id == list_id))
    found.state = ListState.CONFIRMED.value
    joined().flush()
    return found


def drop_confirmed(firm_id: int) -> None:
    """The firm's confirmed lists are replaced by another; submitted ones stay as history."""
    joined().execute(
        update(WorkerList)
        .where(WorkerList.firm_id == firm_id, WorkerList.state == ListState.CONFIRMED.value)
        .values(state=ListState.DROPPED.value)
    )


def begin_submitted(list_id: UUID, *, at: datetime) -> None:
    """From `at` on the list is a submitted one; a list that already is stays one since it began."""
    period = SubmittedPeriod
    is_open = select(period.id).where(period.list_id == list_id, period.until.is_(None)).exists()
    row = select(literal(list_id, Uuid()), literal(at, UtcTime())).where(~is_open)
    joined().execute(insert(period).from_select(["list_id", "since"], row))


def end_submitted(*lists: ColumnElement[bool], at: datetime) -> None:
    """From `at` on the lists that meet all these conditions are submitted no more."""
    chosen = select(WorkerList.id).where(*lists)
    joined().execute(
        update(SubmittedPeriod)
        .where(SubmittedPeriod.list_id.in_(chosen), SubmittedPeriod.until.is_(None))
        .values(until=at)
    )
