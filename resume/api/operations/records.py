"""The door of records: a batch of one feed comes in and acts, with an answer for each record."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from resume.api.operations.keeping import Once, act_once, answered_before
from resume.api.queries import Kept, buildings_within
from resume.api.scopes import Caller
from resume.intake.feeds import FEEDS, Feed
from resume.intake.reading import FeedFile, read_records
from resume.intake.report import Refused, Report
from resume.intake.taking import Taken, take_lines

ELSEWHERE = "the place is in another district than this token's"
ELSEWHERE_ZH = "场所不在此令牌所属的区"


@dataclass(frozen=True, slots=True)
class Batch:
    """Records of one feed as texts by column name, and the names that no column has."""

    feed_name: str
    records: Sequence[Mapping[str, str]]
    unknown_columns: tuple[str, ...] = ()


def take_records(batch: Batch, *, once: Once, by: Caller, at: datetime, real_at: datetime) -> Kept:
    """Take a batch in and let it act: records, conclusions, passes, audit and answer, all or nothing.

    A bad record is refused in the answer and loses no good one. Raises KeyReused.
    """
    kept = answered_before(once, by=by, real_at=real_at)
    if kept is not None:
        return kept
    feed = FEEDS[batch.feed_name]
    file = replace(read_records(feed, batch.records, at=at), unknown_columns=batch.unknown_columns)
    if by.district_code is not None and feed.names_places:
        file = _within_district(file, batch, by.district_code)

    def act() -> bytes:
        taken = take_lines(feed, file, f"api/v1/{feed.name}", by=by.actor, at=at, origin="api")
        return _dumped(answer_to(taken, feed, len(batch.records)))

    return act_once(once, act, by=by, real_at=real_at)


def answer_to(taken: Taken, feed: Feed, count: int) -> dict[str, Any]:
    """The receipt with the status of every record, in the batch's order."""
    unchanged = set(taken.unchanged_lines)
    refused = {line.line: line for line in taken.report.refused}
    records = []
    for line in range(1, count + 1):
        if line in refused:
            records.append(refusal_of(refused[line]))
        else:
            records.append({"index": line - 1, "status": "unchanged" if line in unchanged else "accepted"})
    return receipt_head(taken.report, feed) | {"records": records}


def receipt_head(report: Report, feed: Feed) -> dict[str, Any]:
    """What a receipt says of the batch as a whole."""
    printed = report.to_json()
    return {
        "intake": report.intake_id,
        "feed": feed.name,
        "accepted": report.accepted,
        "unchanged": report.unchanged,
        "refused": len(report.refused),
        "effects": printed["effects"],
        "unknown_columns": list(report.unknown_columns),
    }


def refusal_of(line: Refused) -> dict[str, Any]:
    """A refused record: where and why. What stood there is the sender's to look up, not ours to send back."""
    return {
        "index": line.line - 1,
        "status": "refused",
        "column": line.column,
        "reason": line.reason,
        "reason_zh": line.reason_zh,
    }


def _within_district(file: FeedFile, batch: Batch, district_code: str) -> FeedFile:
    """Refuse what happened at places of other districts: not this party's to report."""
    ids = {entry.values["building_id"] for entry in file.entries}
    own = buildings_within(ids, district_code=district_code) if ids else set()
    strays = [entry.line for entry in file.entries if entry.values["building_id"] not in own]
    refused = [
        Refused(line, "place_code", batch.records[line - 1]["place_code"][:80], ELSEWHERE, ELSEWHERE_ZH)
        for line in strays
    ]
    entries = [entry for entry in file.entries if entry.values["building_id"] in own]
    return replace(file, entries=entries, refused=[*file.refused, *refused])


def _dumped(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
