"""The steward's desk: what waits for a person, counted, and what the last feeds set off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _

from resume.board.desk import Task
from resume.corrections.queries import count_open_reviews, count_to_confirm
from resume.evidence.conflicts import count_conflicts
from resume.evidence.screenings import Within, list_running_out
from resume.intake.queries import Receipt, list_receipts

SHOWN = 8


@dataclass(frozen=True, slots=True)
class StewardDesk:
    """What waits, and the newest receipts."""

    tasks: tuple[Task, ...]
    receipts: Sequence[Receipt]


def steward_desk(account_id: UUID | None, *, at: datetime) -> StewardDesk:
    """The desk of one steward: what he proposed himself waits for somebody else. Six statements."""
    running_out = list_running_out(at=at, limit=0).counts[Within.DAY]
    tasks = (
        Task(count_conflicts(), _("项结果冲突待裁定"), url_for("corrections.conflicts"), "stop"),
        Task(count_to_confirm(account_id), _("项人工更正待您确认"), url_for("corrections.index"), "wait"),
        Task(count_open_reviews(), _("项待复核未结束"), url_for("corrections.reviews"), "wait"),
        Task(running_out, _("栋楼的筛查在 24 小时内失效"), url_for("evidence.screenings"), "wait"),
    )
    return StewardDesk(tuple(task for task in tasks if task.count), list_receipts(limit=SHOWN))
