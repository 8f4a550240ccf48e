"""Feeds drawn at random about three persons in three buildings, and the facts that come of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import delete

from resume.db import transaction
from resume.evidence.facts import Subject, facts_for
from resume.evidence.knowledge import Known
from resume.evidence.models import LEDGER, Intake, SampleConflict
from resume.intake.models import RefusedLine
from resume.people.documents import Document, DocumentType, parse_document
from resume.people.identify import keys_of
from resume.places.models import PlaceState
from resume.places.register import building_ids_of
from resume.policy import Facts, Verdict, decide
from tests.intake.feeding import AT, case_row, good, number, person, place_row, review_row, sample_row

Row = dict[str, str]
Feed = tuple[str, Row]
FLAT = b"f" * 16
BEFORE = AT - timedelta(days=30)
#: The moments that facts are asked for: now, and two days ago.
ASKED = (AT, AT - timedelta(days=2))
PLACES = (place_row("P1"), place_row("P2"), place_row("P3", has_units="是"))

SERIALS = st.sampled_from([1, 2, 3])
PLACE_CODES = st.sampled_from(["P1", "P2", "P3"])
UNITS = st.sampled_from(["", "1", "2"])
HOURS = st.sampled_from([1, 5, 20, 30, 60, 100])


def ago(hours: int) -> str:
    return (AT - timedelta(hours=hours)).isoformat()


def keys(serial: int) -> tuple[bytes, bytes]:
    document = parse_document(DocumentType.RESIDENT_ID, number(serial))
    assert isinstance(document, Document)
    return keys_of(document)


def start_again() -> None:
    """An empty ledger, and the register as it was a month ago."""
    with transaction() as session:
        for model in (*LEDGER, SampleConflict, RefusedLine, PlaceState, Intake):
            session.execute(delete(model))
    good("places", *PLACES, at=BEFORE)


def subjects() -> list[Subject]:
    """1 and 2 share a flat of P1, 3 lives in unit 1 of P3."""
    ids = building_ids_of(["P1", "P2", "P3"])
    return [
        Subject(*keys(1), ids["P1"], "", FLAT),
        Subject(*keys(2), ids["P1"], "2", FLAT),
        Subject(*keys(3), ids["P3"], "1", None),
    ]


def facts(known: Known | None = None) -> list[Facts]:
    """The facts of each subject at each of ASKED, by what counts now or was known."""
    asked = subjects()

    def flatmates_of(flats: Collection[bytes]) -> Mapping[bytes, set[bytes]]:
        return {flat: {who.number_key for who in asked if who.flat_key == flat} for flat in flats}

    return [
        one
        for at in ASKED
        for one in facts_for(asked, at=at, plan="approved", flatmates_of=flatmates_of, known=known)
    ]


def verdicts(found: Sequence[Facts]) -> list[Verdict]:
    """The verdicts on what `facts` gave."""
    size = len(found) // len(ASKED)
    return [decide(one, profile="RTW", at=ASKED[place // size]) for place, one in enumerate(found)]


def said(found: Sequence[Facts]) -> list[Any]:
    """What the verdicts say, without the names of the records behind them."""
    return [
        (v.outcome, v.good_until, v.eligible_from, [(f.code, f.clears_at) for f in v.findings])
        for v in verdicts(found)
    ]


@st.composite
def samples(draw: st.DrawFn, record_id: str = "", earlier: Sequence[str] = ()) -> Feed:
    """A test, waiting or with a result; it may correct one of `earlier`."""
    hours = draw(HOURS)
    kind, method = draw(st.sampled_from([("pcr", "single"), ("pcr", "mixed"), ("antigen", "")]))
    is_waiting = draw(st.booleans()) and kind == "pcr"
    row = sample_row(
        record_id or f"R{draw(st.integers(0, 5))}",
        draw(SERIALS),
        kind=kind,
        method=method,
        sampled_at=ago(hours),
        reported_at="" if is_waiting else ago(max(hours - draw(st.sampled_from([0, 4])), 0)),
        result=""
        if is_waiting
        else draw(st.sampled_from(["negative", "positive", "pending_review", "invalid"])),
        source=draw(st.sampled_from(["cdc", "lab"] if kind == "pcr" else ["cdc", "lab", "self"])),
        tube_code=draw(st.sampled_from(["", "T1"])) if method == "mixed" else "",
        supersedes=draw(st.sampled_from(["", *earlier])),
    )
    return "tests", row


@st.composite
def cases(draw: st.DrawFn, case_id: str = "", earlier: Sequence[str] = ()) -> Feed:
    """A case; it may correct one of `earlier`."""
    hours = draw(HOURS)
    row = case_row(
        case_id or f"C{draw(st.integers(0, 3))}",
        draw(PLACE_CODES),
        unit=draw(UNITS),
        reported_at=ago(hours),
        transferred_at=draw(st.sampled_from(["", ago(0)])),
        excluded=draw(st.sampled_from(["", "", "corrected", "re_positive"])),
        supersedes=draw(st.sampled_from(["", *earlier])),
    )
    return "cases", row


@st.composite
def reviews(draw: st.DrawFn, review_id: str = "") -> Feed:
    """A state of a review."""
    outcome = draw(st.sampled_from(["", "", "cleared", "confirmed"]))
    row = review_row(
        review_id or f"V{draw(st.integers(0, 2))}",
        draw(PLACE_CODES),
        document_number=draw(st.sampled_from(["", number(1), number(2), number(3)])),
        opened_at=ago(draw(HOURS) + 3),
        cleared_at=ago(2) if outcome else "",
        outcome=outcome,
    )
    return "reviews", row


@st.composite
def marks(draw: st.DrawFn) -> Feed:
    """A state under a natural key: code, contact, discharge, screening, zone."""
    name = draw(st.sampled_from(["codes", "contacts", "discharges", "screenings", "zones"]))
    who, since = person(draw(SERIALS)), ago(draw(HOURS))
    if name == "codes":
        colour = draw(st.sampled_from(["green", "yellow", "red"]))
        return name, {**who, "colour": colour, "changed_at": since, "reason": ""}
    if name == "contacts":
        kind = draw(st.sampled_from(["close", "secondary"]))
        return name, {
            **who,
            "kind": kind,
            "since": since,
            "until": draw(st.sampled_from(["", since, ago(0)])),
        }
    if name == "discharges":
        return name, {**who, "discharged_at": since}
    place = {"place_code": draw(PLACE_CODES)}
    if name == "screenings":
        day = (AT - timedelta(days=draw(st.integers(0, 9)))).date().isoformat()
        return name, {**place, "screened_on": day, "complete": draw(st.sampled_from(["1", "0"]))}
    level = draw(st.sampled_from(["sealed", "controlled", "precaution"]))
    kind = draw(st.sampled_from(["declared", "uplift", "raised"]))
    until = draw(st.sampled_from(["", ago(0)]))
    return name, {**place, "level": level, "kind": kind, "since": since, "until": until, "reason": ""}


def units() -> st.SearchStrategy[Feed]:
    """The register says that a building has separate units, or has none."""
    return st.sampled_from(["P1", "P3"]).flatmap(
        lambda code: st.sampled_from(["是", "否"]).map(
            lambda word: ("places", place_row(code, has_units=word))
        )
    )


#: Any feed, whatever was there before: ids come again, with other content too.
ANY = st.one_of(
    samples(earlier=["R0", "R1", "R2"]), samples(), cases(earlier=["C0", "C1"]), cases(), reviews(), marks()
)


@st.composite
def distinct(draw: st.DrawFn) -> list[Feed]:
    """Feeds of one line each, no id and no key twice; what corrects names an id before its own."""
    found: list[Feed] = []
    for place in range(draw(st.integers(0, 4))):
        found.append(draw(samples(f"R{place}", [f"R{former}" for former in range(place)])))
    for place in range(draw(st.integers(0, 3))):
        found.append(draw(cases(f"C{place}", [f"C{former}" for former in range(place)])))
    found += [draw(reviews(f"V{place}")) for place in range(draw(st.integers(0, 2)))]
    named = draw(st.lists(marks(), max_size=5, unique_by=key_of))
    return found + named


def key_of(feed: Feed) -> tuple[str, ...]:
    """What names the record of a feed with a natural key."""
    name, row = feed
    names = {
        "codes": ("document_number", "changed_at"),
        "contacts": ("document_number", "kind", "since"),
        "discharges": ("document_number", "discharged_at"),
        "screenings": ("place_code", "screened_on"),
        "zones": ("place_code", "kind", "since"),
    }
    return name, *(row[column] for column in names[name])


def at_second(place: int) -> datetime:
    """When the feed of that place in a history came in."""
    return AT + timedelta(seconds=place)
