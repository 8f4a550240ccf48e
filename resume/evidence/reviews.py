"""Reviews as each worker meets them: his own, one in his flat, one elsewhere in his building. One query."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, or_, select

from resume.db import read_rows
from resume.evidence.knowledge import Known, Mode, bound, counts, mode_of
from resume.evidence.models import ReviewRecord
from resume.policy import Review
from resume.policy.facts import Origin, ReviewOf
from resume.sets import dialect, packed, within_named


class ReviewRow(NamedTuple):
    """One row that counts of the reviews ledger."""

    review_id: str
    building_id: int
    number_key: bytes | None
    origin: Origin
    opened_at: datetime
    cleared_at: datetime | None
    outcome: str | None


@dataclass(frozen=True, slots=True)
class Reviews:
    """The reviews that count, by building and by person (number key)."""

    by_building: Mapping[int, Sequence[ReviewRow]]
    by_number: Mapping[bytes, Sequence[ReviewRow]]


def read_reviews(
    building_ids: Collection[int], number_keys: Collection[bytes], *, known: Known | None = None
) -> Reviews:
    """The reviews at these buildings or of these persons that count now, or were known."""
    name = dialect()
    asked = {"building_ids": packed(building_ids, name), "number_keys": packed(number_keys, name)}
    asked |= bound(known)
    by_building: dict[int, list[ReviewRow]] = defaultdict(list)
    by_number: dict[bytes, list[ReviewRow]] = defaultdict(list)
    for row in map(ReviewRow._make, read_rows(_reviews(name, mode_of(known)), asked)):
        by_building[row.building_id].append(row)
        if row.number_key is not None:
            by_number[row.number_key].append(row)
    return Reviews(by_building, by_number)


@cache
def _reviews(dialect: str, mode: Mode) -> Select[*tuple[Any, ...]]:
    here = or_(
        within_named(ReviewRecord.building_id, "building_ids", dialect),
        within_named(ReviewRecord.number_key, "number_keys", dialect),
    )
    columns = [getattr(ReviewRecord, name) for name in ReviewRow._fields]
    query = select(*columns).where(counts(ReviewRecord, mode), here)
    return query.order_by(ReviewRecord.opened_at, ReviewRecord.review_id)


def reviews_for(
    reviews: Reviews,
    *,
    number_key: bytes,
    building_id: int | None,
    flatmates: Collection[bytes],
    discharges: Iterable[datetime],
) -> list[Review]:
    """The reviews one worker meets. `flatmates`: the number keys of his flat; `discharges`: his own.

    A flatmate's review is met wherever its place is: where he was sampled need not be where he lives.
    """
    if not reviews.by_building:  # every review has its place: there is none at all
        return []
    own = [_own(row, discharges) for row in reviews.by_number.get(number_key, ())]
    others = set(flatmates) - {number_key}
    in_flat = (row for mate in others for row in reviews.by_number.get(mate, ()))
    here = reviews.by_building.get(building_id, ()) if building_id is not None else ()
    elsewhere = (row for row in here if row.number_key != number_key and row.number_key not in others)
    met = [_of_another(row, "co_resident") for row in sorted(in_flat, key=_order)]
    met += [_of_another(row, "building") for row in elsewhere]
    return own + [review for review in met if review is not None]


def _order(row: ReviewRow) -> tuple[datetime, str]:
    return row.opened_at, row.review_id


def _own(row: ReviewRow, discharges: Iterable[datetime]) -> Review:
    """`confirmed` "leaves it open for its person until he is discharged" (formats, Feeds)."""
    cleared_at = row.cleared_at
    if row.outcome == "confirmed":
        cleared_at = min((moment for moment in discharges if moment >= row.opened_at), default=None)
    return Review("self", row.origin, row.opened_at, cleared_at, f"review:{row.review_id}")


def _of_another(row: ReviewRow, of: ReviewOf) -> Review | None:
    """`confirmed` "ends it for others (the case takes over)": at its cleared_at; without one, altogether."""
    if row.outcome == "confirmed" and row.cleared_at is None:
        return None
    return Review(of, row.origin, row.opened_at, row.cleared_at, f"review:{row.review_id}")
