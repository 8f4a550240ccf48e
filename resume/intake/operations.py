"""The door of intake: a feed comes in and acts, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from resume import audit
from resume.db import joined, transaction
from resume.evidence.conclusions import raise_zones, reviewed_numbers, settle_reviews
from resume.evidence.ledger import Appended, append
from resume.evidence.models import Intake, TestRecord
from resume.evidence.sets import within
from resume.evidence.watermark import bump
from resume.intake.feeds import FEEDS, Feed
from resume.intake.reading import FeedFile, read_feed
from resume.intake.report import Refused, Report
from resume.passes.reassess import Scope, reassess
from resume.people.identify import remember
from resume.places.register import Place, take_places
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


@dataclass(slots=True)
class _Touched:
    """Whom and what the new and closed rows concern."""

    building_ids: set[int] = field(default_factory=set)
    person_keys: set[bytes] = field(default_factory=set)
    number_keys: set[bytes] = field(default_factory=set)
    raised_zones: int = 0

    def __bool__(self) -> bool:
        return bool(self.building_ids or self.person_keys or self.number_keys)


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
    with transaction() as session:
        intake = Intake(feed=feed.name, file_name=_shown(filename), received_at=at, taken_by=by.name)
        session.add(intake)
        session.flush()
        report, touched = _store(feed, file, intake_id=intake.id, at=at)
        report = _act(replace(report, intake_id=intake.id), touched, at=at, by=by)
        intake.report = report.dumps()
        _record(report, by=by, at=at)
    return report


def _store(feed: Feed, file: FeedFile, *, intake_id: int, at: datetime) -> tuple[Report, _Touched]:
    """Write the good lines; the receipt so far, and what they touched."""
    refused = list(file.refused)
    if feed.shape is None:
        places = take_places([Place(**entry.values) for entry in file.entries], at=at)
        accepted, unchanged = places.accepted, places.unchanged
        touched = _Touched(building_ids=set(places.changed_buildings))
    else:
        appended = append(feed.shape, file.entries, intake_id=intake_id, at=at)
        persons = appended.touched_values("person_key")
        remember(found for key, found in file.context.persons.items() if key in persons)
        touched = _conclude(feed, appended, intake_id=intake_id, at=at)
        accepted, unchanged = appended.accepted, appended.unchanged
        refused += [
            Refused(line.line, line.column, line.value, line.reason, line.reason_zh)
            for line in appended.rejected
        ]
    refused.sort(key=lambda line: line.line)
    return Report(
        feed.name, accepted, unchanged, tuple(refused), unknown_columns=file.unknown_columns
    ), touched


def _conclude(feed: Feed, appended: Appended, *, intake_id: int, at: datetime) -> _Touched:
    """Draw intake's own conclusions, and say whom the feed concerns."""
    touched = _Touched(
        appended.touched_values("building_id"),
        appended.touched_values("person_key"),
        appended.touched_values("number_key"),
    )
    if feed.name == "cases":
        touched.raised_zones = len(raise_zones(touched.building_ids, intake_id=intake_id, at=at))
    if feed.name == "tests":
        touched.person_keys |= _sharing_tubes(appended)
    if feed.name in ("tests", "reviews"):
        numbers = touched.number_keys or reviewed_numbers(touched.person_keys)
        changed = settle_reviews(numbers, intake_id=intake_id, at=at)
        touched.building_ids |= changed.building_ids
        touched.number_keys |= changed.number_keys
    return touched


def _sharing_tubes(appended: Appended) -> set[bytes]:
    """Everybody whose sample lies in a tube for which a pending or positive result came or went."""
    tubes = {
        row["tube_code"]
        for row in appended.touched
        if row["tube_code"] and row["result"] in ("positive", "pending_review")
    }
    query = select(TestRecord.person_key).where(within(TestRecord.tube_code, tubes))
    return set(joined().scalars(query.where(TestRecord.replaced_at.is_(None)))) if tubes else set()


def _act(report: Report, touched: _Touched, *, at: datetime, by: Actor) -> Report:
    """Let passes follow; the receipt with what that set off."""
    if not touched:
        return report
    bump()
    scope = Scope(
        frozenset(touched.building_ids), frozenset(touched.person_keys), frozenset(touched.number_keys)
    )
    effects = reassess(scope=scope, at=at, by=by)
    return replace(
        report,
        suspended=effects.suspended,
        healed=effects.healed,
        firms=len(effects.firms),
        raised_zones=touched.raised_zones,
    )


def _record(report: Report, *, by: Actor, at: datetime) -> None:
    audit.record(
        "intake.taken",
        f"intake:{report.intake_id}",
        by=by,
        at=at,
        feed=report.feed,
        accepted=report.accepted,
        unchanged=report.unchanged,
        refused=len(report.refused),
        suspended=report.suspended,
        healed=report.healed,
        raised_zones=report.raised_zones,
    )


def _shown(filename: str) -> str:
    """A file's name without folders and control characters."""
    name = filename.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(c for c in name if c.isprintable())[-120:]
