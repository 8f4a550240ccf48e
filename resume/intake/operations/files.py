"""The door of intake: a feed comes in and acts, in one transaction; a big one piece by piece.

Each piece of a big file is a door of its own, with which lines, persons, conclusions, passes, audit, the
receipt and the position in the file move together. So a process that is killed loses nothing: the same file
offered again goes on where its intake stands (docs/adr/0010-big-feeds-in-chunks.md).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from flask_babel import lazy_gettext as _

from resume.db import on_another_thread, transaction
from resume.evidence.models import Intake
from resume.intake.feeds import FEEDS, Feed
from resume.intake.queries import Unfinished, find_unfinished, get_receipt, list_refused
from resume.intake.reading import FeedFile, OpenFeed, open_feed
from resume.intake.report import HELD, Report
from resume.intake.taking import begin, intake_at, take_lines, take_piece
from resume.refusals import Conflict, Unprocessable
from resume.roles import Actor
from resume.tables.refused import FileRefused

#: Lines of one door: about half a second of the writers' lock.
CHUNK = 10_000


class UnknownFeed(Unprocessable):
    """There is no feed of that name."""

    code = "unknown_feed"
    message = _("没有这种数据")
    advice = _("请选择 places、tests、cases、reviews、screenings、zones、codes、contacts 或 discharges")


class FileNotTaken(Unprocessable):
    """The file as a whole was refused: nothing of it was taken in. The message says why, and what to do."""

    advice = _("请按提示修改文件后重新提交；文件中的任何一行都没有收下")


class AlreadyUnderWay(Conflict):
    """Another process is taking the same file in: its intake moved on meanwhile."""

    code = "already_under_way"
    message = _("同一文件正在由另一处接收")
    advice = _("请等那次接收完成后查看回执；若它已中断，请重新提交同一文件，将从中断处继续")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an intake is: lines taken, of about so many (blank lines among them); where this run began."""

    done: int
    total: int
    began_at: int


OnProgress = Callable[[Progress], None]


def take_in(
    feed_name: str,
    source: bytes | Path,
    filename: str,
    *,
    by: Actor,
    at: datetime,
    on_progress: OnProgress | None = None,
) -> Report:
    """Take a feed in and let it act: records, conclusions, status of passes, audit, all or nothing.

    `source` is the CSV itself or its path. Good lines are taken whatever the bad ones say. A file of more
    than CHUNK lines is all or nothing for each piece, and goes on where it was interrupted.
    Raises UnknownFeed, FileNotTaken, AlreadyUnderWay.
    """
    feed = known_feed(feed_name)
    with opened(feed, source) as file:
        unfinished = find_unfinished(feed, file.digest)
        if unfinished is not None:
            file.skip(unfinished.position)
        first = file.read(CHUNK, at=at)
        if first.is_last and unfinished is None:
            with transaction():
                return take_lines(feed, first, shown_name(filename), by=by, at=at).report
        intake_id = _take_pieces(
            file, first, unfinished, shown_name(filename), by=by, at=at, on_progress=on_progress
        )
    return replace(get_receipt(intake_id).report, refused=tuple(list_refused(intake_id, limit=HELD)))


def _take_pieces(
    file: OpenFeed,
    piece: FeedFile,
    unfinished: Unfinished | None,
    file_name: str,
    *,
    by: Actor,
    at: datetime,
    on_progress: OnProgress | None,
) -> int:
    """Take a file in from `piece` on; the intake's id. While the database takes one, the next is read."""
    intake_id, position = (unfinished.id, unfinished.position) if unfinished else (None, 0)
    began_at = position
    read = on_another_thread(lambda: file.read(CHUNK, at=at))
    with ThreadPoolExecutor(max_workers=1) as pool, _short_turns():
        while True:
            ahead = None if piece.is_last else pool.submit(read)
            with transaction():
                if intake_id is None:
                    intake = _begin(file, file_name, by=by, at=at)
                else:
                    intake = _standing(intake_id, position)
                take_piece(file.feed, intake, piece, by=by, at=at)
            intake_id, position = intake.id, position + piece.lines
            if on_progress is not None:
                on_progress(Progress(position, file.total, began_at))
            if ahead is None:
                return intake_id
            piece = ahead.result()


@contextmanager
def _short_turns() -> Iterator[None]:
    """Between sending two blocks the door would wait for the reading thread's whole turn of 5 ms."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(0.0005)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def _begin(file: OpenFeed, file_name: str, *, by: Actor, at: datetime) -> Intake:
    if find_unfinished(file.feed, file.digest) is not None:
        raise AlreadyUnderWay
    return begin(file.feed, file_name, by=by, at=at, digest=file.digest, total=file.total)


def _standing(intake_id: int, position: int) -> Intake:
    intake = intake_at(intake_id, position)
    if intake is None:
        raise AlreadyUnderWay
    return intake


def known_feed(name: str) -> Feed:
    """The feed of that name, or UnknownFeed."""
    feed = FEEDS.get(name)
    if feed is None:
        raise UnknownFeed
    return feed


@contextmanager
def opened(feed: Feed, source: bytes | Path) -> Iterator[OpenFeed]:
    """The file, checked to its end. Raises FileNotTaken."""
    try:
        with open_feed(feed, source) as file:
            yield file
    except FileRefused as refused:
        raise FileNotTaken(refused.zh, code=refused.code) from refused


def shown_name(filename: str) -> str:
    """A file's name without folders and control characters."""
    name = filename.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(c for c in name if c.isprintable())[-120:]
