"""The steps of intake: good lines go to the ledger, conclusions are drawn, passes follow.

All of it in the caller's door, so that records, conclusions, status of passes and audit commit together.
Files, the machine interface and corrections by hand come in by the same steps. A big file comes in pieces:
`begin` and then `take_piece` for each, every piece in a door of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from resume import audit
from resume.bulk import insert_rows
from resume.db import joined
from resume.evidence.conclusions import raise_zones, reviewed_numbers, settle_reviews
from resume.evidence.conflicts import note_conflicts, persons_in_tubes
from resume.evidence.ledger import Appended, append
from resume.evidence.models import Intake
from resume.evidence.shapes import Entry
from resume.evidence.watermark import bump
from resume.intake.feeds import Feed
from resume.intake.models import RefusedLine
from resume.intake.reading import FeedFile, of_entries
from resume.intake.report import Refused, Report
from resume.notices.letters import send_letters
from resume.passes.reassess import Scope, reassess
from resume.passes.telling import Occasion
from resume.people.identify import store_new
from resume.places.register import Place, take_places
from resume.roles import Actor


@dataclass(frozen=True, slots=True)
class Taken:
    """The receipt of lines taken in, and the lines that changed nothing."""

    report: Report
    unchanged_lines: Sequence[int] = ()


@dataclass(slots=True)
class _Touched:
    """Whom and what the new and closed rows concern."""

    building_ids: set[int] = field(default_factory=set)
    person_keys: set[bytes] = field(default_factory=set)
    number_keys: set[bytes] = field(default_factory=set)
    raised_zones: int = 0

    def __bool__(self) -> bool:
        return bool(self.building_ids or self.person_keys or self.number_keys)


def take_lines(
    feed: Feed, file: FeedFile, file_name: str, *, by: Actor, at: datetime, origin: str = "file"
) -> Taken:
    """A step: one intake of these lines, from its receipt's row to its audit row; it acts.

    `origin`: file, api, or correction (by hand, with a reference and a second person).
    """
    intake = begin(feed, file_name, by=by, at=at, origin=origin)
    return take_piece(feed, intake, file, by=by, at=at)


def begin(
    feed: Feed,
    file_name: str,
    *,
    by: Actor,
    at: datetime,
    origin: str = "file",
    digest: bytes | None = None,
    total: int = 0,
) -> Intake:
    """A step: the row of an intake of which nothing is taken yet."""
    intake = Intake(
        feed=feed.name,
        file_name=file_name,
        received_at=at,
        taken_by=by.name,
        origin=origin,
        state="running",
        digest=digest,
        position=0,
        total=total,
        report=Report(feed.name).dumps(),
    )
    joined().add(intake)
    joined().flush()
    return intake


def intake_at(intake_id: int, position: int) -> Intake | None:
    """A step: the intake under way, where it stands at `position`; None where it has moved on."""
    intake = joined().get_one(Intake, intake_id, populate_existing=True)
    return intake if intake.state == "running" and intake.position == position else None


def take_piece(feed: Feed, intake: Intake, file: FeedFile, *, by: Actor, at: datetime) -> Taken:
    """A step: the next lines of an intake, and all that they set off; the receipt of these lines alone.

    With the last lines the intake is done, and audited as a whole.
    """
    taken, touched = _store(feed, file, intake_id=intake.id, at=at)
    occasion = Occasion.of_intake(intake.id, is_over=file.is_last)
    report = replace(_act(taken.report, touched, at=at, by=by, occasion=occasion), intake_id=intake.id)
    whole = replace(Report.loads(intake.report).plus(report), intake_id=intake.id)
    if not file.is_last or intake.position > 0:
        _record("intake.piece", report, by=by, at=at, position=intake.position + file.lines)
    intake.position, intake.acted_at = intake.position + file.lines, at
    intake.total = max(intake.total, intake.position)
    intake.report = whole.dumps()
    if file.is_last:
        if intake.position > file.lines:  # what earlier pieces told of is whole now
            send_letters([occasion.key])
        intake.state = "done"
        intake.total = intake.position  # blank lines counted until here
        _record("intake.taken", whole, by=by, at=at)
    joined().flush()
    return replace(taken, report=report)


def take_entries(
    feed: Feed, entries: Sequence[Entry], file_name: str, *, by: Actor, at: datetime, origin: str
) -> Taken:
    """A step: as `take_lines`, for entries about persons and buildings that are known already."""
    return take_lines(feed, of_entries(feed, entries, at=at), file_name, by=by, at=at, origin=origin)


def _store(feed: Feed, file: FeedFile, *, intake_id: int, at: datetime) -> tuple[Taken, _Touched]:
    """Write the good lines; the receipt so far, and what they touched."""
    unchanged_lines: Sequence[int] = ()
    refused = list(file.refused)
    if feed.shape is None:
        places = take_places([Place(**entry.values) for entry in file.entries], at=at)
        accepted, unchanged = places.accepted, places.unchanged
        touched = _Touched(building_ids=set(places.changed_buildings))
    else:
        appended = append(feed.shape, file.entries, intake_id=intake_id, at=at, written=file.written)
        store_new(file.persons.only(appended.touched_values("person_key")))
        touched = _conclude(feed, appended, intake_id=intake_id, at=at)
        accepted, unchanged = appended.accepted, appended.unchanged
        unchanged_lines = appended.unchanged_lines
        refused += [
            Refused(line.line, line.column, line.value, line.reason, line.reason_zh)
            for line in appended.rejected
        ]
    refused.sort(key=lambda line: line.line)
    _keep_refused(refused, intake_id=intake_id)
    report = Report(
        feed.name,
        accepted,
        unchanged,
        tuple(refused),
        refused_count=len(refused),
        unknown_columns=file.unknown_columns,
    )
    return Taken(report, unchanged_lines), touched


def _keep_refused(refused: Sequence[Refused], *, intake_id: int) -> None:
    insert_rows(
        RefusedLine,
        [
            {
                "intake_id": intake_id,
                "line": line.line,
                "column_name": line.column,
                "value": line.value,
                "reason": line.reason,
                "reason_zh": line.reason_zh,
            }
            for line in refused
        ],
    )


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
        note_conflicts(touched.person_keys, at=at)
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
    return set(persons_in_tubes(tubes)) if tubes else set()


def _act(report: Report, touched: _Touched, *, at: datetime, by: Actor, occasion: Occasion) -> Report:
    """Let passes follow; the receipt with what that set off."""
    if not touched:
        return report
    bump()
    scope = Scope(
        frozenset(touched.building_ids), frozenset(touched.person_keys), frozenset(touched.number_keys)
    )
    effects = reassess(scope=scope, at=at, by=by, occasion=occasion)
    return replace(
        report,
        suspended=effects.suspended,
        healed=effects.healed,
        observed=effects.observed,
        firm_ids=effects.firms,
        raised_zones=touched.raised_zones,
    )


def _record(action: str, report: Report, *, by: Actor, at: datetime, **more: int) -> None:
    audit.record(
        action,
        f"intake:{report.intake_id}",
        by=by,
        at=at,
        feed=report.feed,
        accepted=report.accepted,
        unchanged=report.unchanged,
        refused=report.refused_count,
        suspended=report.suspended,
        healed=report.healed,
        raised_zones=report.raised_zones,
        **more,
    )
