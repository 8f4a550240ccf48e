"""The door of intake: a feed comes in and acts, in one transaction."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from flask_babel import lazy_gettext as _

from resume.db import transaction
from resume.intake.feeds import FEEDS
from resume.intake.reading import read_feed
from resume.intake.report import Report
from resume.intake.taking import take_lines
from resume.refusals import Unprocessable
from resume.roles import Actor
from resume.tables.refused import FileRefused


class UnknownFeed(Unprocessable):
    """There is no feed of that name."""

    code = "unknown_feed"
    message = _("没有这种数据")
    advice = _("请选择 places、tests、cases、reviews、screenings、zones、codes、contacts 或 discharges")


class FileNotTaken(Unprocessable):
    """The file as a whole was refused: nothing of it was taken in. The message says why, and what to do."""

    advice = _("请按提示修改文件后重新提交；文件中的任何一行都没有收下")


def take_in(feed_name: str, source: bytes | Path, filename: str, *, by: Actor, at: datetime) -> Report:
    """Take a feed in and let it act: records, conclusions, status of passes, audit, all or nothing.

    `source` is the CSV itself or its path. Good lines are taken whatever the bad ones say.
    Raises UnknownFeed, FileNotTaken.
    """
    feed = FEEDS.get(feed_name)
    if feed is None:
        raise UnknownFeed
    try:
        file = read_feed(feed, source, at=at)
    except FileRefused as refused:
        raise FileNotTaken(refused.zh, code=refused.code) from refused
    with transaction():
        return take_lines(feed, file, _shown(filename), by=by, at=at).report


def _shown(filename: str) -> str:
    """A file's name without folders and control characters."""
    name = filename.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(c for c in name if c.isprintable())[-120:]
