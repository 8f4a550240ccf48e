"""Rows of a list as they are stored, whatever brings them: a file, the machine interface."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import delete, select, update

from resume.db import joined
from resume.plans.queries import find_current_version
from resume.plans.site_register import names_in
from resume.refusals import Conflict, Unprocessable
from resume.roster.lifecycle import ListState
from resume.roster.models import BadRow, ListJudgement, RowError, Worker, WorkerList
from resume.roster.sheet import CellError

LONGEST_FILE_NAME = 120
_UNSYNCED = {"synchronize_session": False}


class NoSites(Unprocessable):
    """The firm has no plant yet, so no row could name one."""

    code = "no_sites"
    message = _("还没有登记厂区，名单中的“工作厂区”无法核对")
    advice = _("请先在方案的“厂区”一节中登记，再上传名单")


class SitesChanged(Conflict):
    """A plant was added, renamed or removed while the file was read."""

    code = "sites_changed"
    message = _("读取文件期间，方案中的厂区有修改，名单没有保存")
    advice = _("请重新上传一次")


def sites_of(firm_id: int) -> dict[str, int]:
    """The firm's plants as its newest plan names them, since a list is submitted with it: name -> id."""
    return names_in(find_current_version(firm_id=firm_id), firm_id=firm_id)


def shown_file_name(filename: str) -> str:
    """The name without folders and control characters, its end kept where it is too long."""
    name = filename.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(character for character in name if character.isprintable())[-LONGEST_FILE_NAME:]


def error_rows(errors: Sequence[CellError], list_id: UUID) -> list[dict[str, Any]]:
    """The bad cells."""
    return [
        {
            "list_id": list_id,
            "row": error.row,
            "column": error.column,
            "code": error.code,
            "value": error.value,
            "text": error.text,
        }
        for error in errors
    ]


def throw_away_previews(firm_id: int) -> None:
    """A step: drop the firm's previews. Nothing refers to their rows, so what is personal goes at once."""
    session = joined()
    own = WorkerList.firm_id == firm_id
    is_preview = WorkerList.state == ListState.PREVIEW.value
    previews = select(WorkerList.id).where(own, is_preview)
    for model in (Worker, RowError, BadRow):
        session.execute(delete(model).where(model.list_id.in_(previews)), execution_options=_UNSYNCED)
    session.execute(
        update(WorkerList).where(own, is_preview).values(state=ListState.DROPPED.value),
        execution_options=_UNSYNCED,
    )
    dropped = select(WorkerList.id).where(own, WorkerList.state == ListState.DROPPED.value)
    session.execute(
        delete(ListJudgement).where(ListJudgement.list_id.in_(dropped)), execution_options=_UNSYNCED
    )
    session.expire_all()
