"""The feeds of the fortnight: what laboratories, CDC, committees and the code's operator would have sent.

Everything here is text for the door of intake; nothing is written past it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from random import Random

from resume.clock import iso
from resume.demo.city import City
from resume.demo.moments import Round, apr
from resume.demo.people import Condition, Person
from resume.places.register import Place

Line = dict[str, str]

#: Rounds (by name) that somebody in a condition attended; the others attended all of theirs.
_ATTENDED = {
    Condition.PCR_NONE: "",
    Condition.PCR_OLD: "abcd",
    Condition.PCR_PENDING: "abcd",
    Condition.POSITIVE: "abcd",
    Condition.RECOVERED: "cdef",
}
_LABS = ("演示一检", "演示二检", "演示三检")
_TUBE = 10


def as_csv(lines: Iterable[Line]) -> bytes:
    """Lines with the same keys as a CSV file."""
    rows = list(lines)
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(rows[0])
    writer.writerows(row.values() for row in rows)
    return text.getvalue().encode()


def place_lines(places: Iterable[Place]) -> Iterator[Line]:
    for place in places:
        yield {
            "place_code": place.place_code,
            "district_code": place.district_code,
            "street": place.street,
            "committee_code": place.committee_code,
            "compound": place.compound,
            "lane": place.lane,
            "number": place.number,
            "has_units": "true" if place.has_units else "false",
        }


def screening_lines(city: City, day: datetime) -> Iterator[Line]:
    """A round through every building; of the dark ones half were not finished and half not begun."""
    dark = {place.place_code: rank for rank, place in enumerate(city.dark)}
    for place in city.places:
        rank = dark.get(place.place_code)
        if rank is None or rank % 2:
            complete = "true" if rank is None else "false"
            yield {"place_code": place.place_code, "screened_on": f"{day:%Y-%m-%d}", "complete": complete}


def late_screening_lines(city: City) -> Iterator[Line]:
    """Some buildings that the rounds had left out, finished at last."""
    for place in city.dark[::4]:
        yield {"place_code": place.place_code, "screened_on": "2022-04-21", "complete": "true"}


def zone_lines(city: City, rng: Random) -> Iterator[Line]:
    """The first list of the three zones, of 11 April."""
    hot = {place.place_code for place in city.hot}
    for place in city.places:
        level = rng.choices(("sealed", "controlled", "precaution"), (3, 4, 5))[0]
        level = "sealed" if place.place_code in hot else level
        yield _zone(place, level, "declared", apr(11), "三区划分")


def uplift_lines(city: City, rng: Random) -> Iterator[Line]:
    """提级管理: precaution zones run as controlled ones, until the 25th."""
    for place in rng.sample(city.clean, max(3, len(city.clean) // 200)):
        yield _zone(place, "controlled", "uplift", apr(17, 8), "提级管理", until=apr(25))


def _zone(
    place: Place, level: str, kind: str, since: datetime, reason: str, until: datetime | None = None
) -> Line:
    return {
        "place_code": place.place_code,
        "level": level,
        "kind": kind,
        "since": iso(since),
        "until": iso(until) if until else "",
        "reason": reason,
    }


def green_lines(people: Iterable[Person]) -> Iterator[Line]:
    """The green code that everybody begins with, but for those of whom no code is known."""
    for person in people:
        if person.condition is not Condition.CODE_UNKNOWN:
            yield _code(person, "green", apr(1), "")


def code_lines(people: Iterable[Person], *, colour: str, changed_at: datetime) -> Iterator[Line]:
    """Codes that turned red or yellow."""
    condition = Condition.CODE_RED if colour == "red" else Condition.CODE_YELLOW
    reason = "混管阳性待排除" if colour == "red" else "应检未检"
    for person in people:
        if person.condition is condition:
            yield _code(person, colour, changed_at, reason)


def _code(person: Person, colour: str, changed_at: datetime, reason: str) -> Line:
    return {**_who(person), "colour": colour, "changed_at": iso(changed_at), "reason": reason}


def contact_lines(people: Iterable[Person]) -> Iterator[Line]:
    for person in people:
        if person.condition in (Condition.CLOSE_CONTACT, Condition.SECONDARY_CONTACT):
            kind = "close" if person.condition is Condition.CLOSE_CONTACT else "secondary"
            yield {**_who(person), "kind": kind, "since": iso(apr(20, 18)), "until": ""}


def discharge_lines(people: Iterable[Person]) -> Iterator[Line]:
    for person in people:
        if person.condition is Condition.RECOVERED:
            yield {**_who(person), "discharged_at": iso(apr(16, 10))}


def review_lines(people: Iterable[Person]) -> Iterator[Line]:
    """Open reviews after a positive antigen."""
    for person in people:
        if person.condition is Condition.UNDER_REVIEW:
            yield _review(person, apr(21, 18), None)


def former_review_lines(people: Sequence[Person], *, is_cleared: bool = False) -> Iterator[Line]:
    """Reviews of mixed tubes that ended well: as they were opened, and as they were cleared."""
    cleared_at = apr(11, 15) if is_cleared else None
    for person in people[:: max(1, len(people) // 40)]:
        if person.condition is Condition.WELL:
            yield _review(person, apr(10, 9), cleared_at, origin="mixed_tube")


def _review(
    person: Person, opened_at: datetime, cleared_at: datetime | None, *, origin: str = "antigen"
) -> Line:
    return {
        "review_id": f"FH{person.serial:06d}-{opened_at:%m%d}",
        "place_code": person.home.place_code,
        "document_number": person.number,
        "origin": origin,
        "opened_at": iso(opened_at),
        "cleared_at": iso(cleared_at) if cleared_at else "",
        "outcome": "cleared" if cleared_at else "",
    }


def test_lines(people: Iterable[Person], taken: Round) -> Iterator[Line]:
    """One round of sampling, ten to a tube, with the results that came in by its end."""
    for person in people:
        condition = person.condition
        if taken.name not in _ATTENDED.get(condition, "abcdef"):
            if condition is Condition.POSITIVE and taken.name == "e":
                yield _test(person, taken, method="single", result="positive", source="cdc")
            continue
        if taken.name == "a" and person.serial % 5:
            continue  # the first round reached one in five
        if taken.name == "f" and condition is Condition.TUBE_PENDING:
            yield _test(person, taken, result="pending_review", tube=f"TP{person.serial:06d}")
        else:
            yield _test(person, taken)
        if taken.name == "f" and condition is Condition.DISPUTED:
            yield _test(person, taken, result="positive", source="cdc", mark="-CDC")


test_lines.__test__ = False  # type: ignore[attr-defined]


def earlier_positive_lines(people: Iterable[Person], taken: Round) -> Iterator[Line]:
    """The positives of those who have recovered since."""
    for person in people:
        if person.condition is Condition.RECOVERED:
            yield _test(person, taken, method="single", result="positive", source="cdc", mark="-P")


def antigen_lines(people: Iterable[Person], taken: Round) -> Iterator[Line]:
    """The antigens at home behind the reviews."""
    for person in people:
        if person.condition is Condition.UNDER_REVIEW:
            line = _test(person, taken, method="", result="positive", source="self", mark="-AG")
            yield {**line, "kind": "antigen", "lab": "", "tube_code": ""}


def waiting_lines(people: Iterable[Person], sampled_at: datetime) -> Iterator[Line]:
    """Sampled this morning, the result not out."""
    for person in people:
        if person.condition is Condition.PCR_PENDING:
            moment = Round("g", sampled_at, sampled_at)
            yield {**_test(person, moment), "reported_at": "", "result": ""}


def _test(
    person: Person,
    taken: Round,
    *,
    method: str = "mixed",
    result: str = "negative",
    source: str = "lab",
    mark: str = "",
    tube: str = "",
) -> Line:
    serial = person.serial
    sampled_at = taken.begins_at + timedelta(minutes=serial * 7 % 180)
    return {
        "record_id": f"HS{taken.name.upper()}{serial:06d}{mark}",
        **_who(person),
        "kind": "pcr",
        "method": method,
        "sampled_at": iso(sampled_at),
        "reported_at": iso(taken.ends_at - timedelta(minutes=serial % 40)),
        "result": result,
        "source": source,
        "lab": _LABS[serial % len(_LABS)],
        "site_code": f"CY{person.home.committee_code}",
        "box_code": "",
        "tube_code": tube or (f"T{taken.name.upper()}{serial // _TUBE:05d}" if method == "mixed" else ""),
        "supersedes": "",
    }


def _who(person: Person) -> Line:
    return {"document_type": person.document_type.value, "document_number": person.number}
