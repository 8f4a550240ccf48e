"""What counts, and what was known: which rows of the ledger a question is put to.

*What is so at T* is asked of the rows that count now. *What did we know at K* is asked of the rows that
counted at K: received by then and not yet closed. Either way the records' own times say what is so at T.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, and_, bindparam, or_
from sqlalchemy.orm import InstrumentedAttribute

from resume.db import UtcTime
from resume.evidence.models import Record

Mode = Literal["now", "time", "feed"]


@dataclass(frozen=True, slots=True)
class Known:
    """A moment of our knowledge: all that was received by `at`, which includes that whole second.

    With `intake_id` it is exact: what came in up to and with that feed, and nothing after it. A decision
    stands on a feed and not on a second: others may come in in its own second, before it or after it, and one
    that came in while it was being made was judged with it. The register of places and the lists of firms
    name no feed; of them the time alone can be told.
    """

    at: datetime
    intake_id: int | None = None


def mode_of(known: Known | None) -> Mode:
    """How rows are chosen; statements made once are kept by it."""
    if known is None:
        return "now"
    return "time" if known.intake_id is None else "feed"


def bound(known: Known | None) -> dict[str, Any]:
    """The values that `counts` and `held_at` ask for by name."""
    return {} if known is None else {"known_at": known.at, "known_feed": known.intake_id}


def counts(model: type[Record], mode: Mode) -> ColumnElement[bool]:
    """The rows of a kind of record that count: now, or in what was known then (bound by `bound`).

    What was known is found without the indexes over the rows that count now: it is asked rarely, and by
    nobody who waits at a gate.
    """
    if mode == "now":
        return model.replaced_at.is_(None)
    if mode == "time":
        return held_at(model.received_at, model.replaced_at)
    # A row closed before feeds were noted at closings was closed before anything that is asked for by feed.
    feed = bindparam("known_feed", type_=model.replaced_in.type)
    return and_(model.intake_id <= feed, or_(model.replaced_at.is_(None), model.replaced_in > feed))


def held_at(
    since: InstrumentedAttribute[datetime], until: InstrumentedAttribute[datetime | None]
) -> ColumnElement[bool]:
    """Whether [since, until) holds at the moment bound as `known_at`; no end is open."""
    at = bindparam("known_at", type_=UtcTime)
    return and_(since <= at, or_(until.is_(None), until > at))
