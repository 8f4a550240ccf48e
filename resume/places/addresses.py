"""From an address in one line, as people write it, to what it says: pure, without the register.

One line can be read in several ways (安亭镇 may be the street or the beginning of a name; 12-301 a number or
a number and a room), so all of them are given and the register tells which one is so. No reading leaves out
anything of the line: what is not district, street, number, unit or room stays in `compound`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from resume.places.districts import DISTRICTS
from resume.places.keys import plain

MAX_TEXT = 120  # characters of a line that are read


class Reading(NamedTuple):
    """One way to read a line; what it does not say is "".

    `compound` is everything between street and number: name or lane, or both, in any order. `number`, `unit`
    and `room` are as typed, with their 号, 单元, 室.
    """

    district_code: str
    street: str
    compound: str
    number: str
    unit: str
    room: str


_DASHES = re.compile(r"\s*[‐-―−~]\s*|\s*-\s*")
_SIGNS = re.compile(r"[\s,.;:、。·_/\\]+")
_BRACKETS = re.compile(r"[()\[\]【】〔〕<>《》「」\"'“”]")
_APART = re.compile(r"(?<=\d) (?=[号栋幢楼座单室弄支组])")  # 12 号楼
_CITY = re.compile(r"(?:中国)?上海(市)? ?")
_STREET = re.compile(r"[^\d\W]{2,10}?(?:街道|镇|乡)")

_CHINESE = "零〇一二三四五六七八九十"
_BUILDING = "号楼|栋楼|幢楼|号|栋|幢|楼|座"
# A number begins where no digit or letter stands before it, and has to end before a unit, a room or nothing.
_NUMBER = re.compile(
    rf"(?<![A-Z\d{_CHINESE}甲乙丙丁])"
    rf"(?:(?:\d+(?:-\d+)*[A-Z甲乙丙丁]?|[A-Z甲乙丙丁]\d*)(?:(?:{_BUILDING})[甲乙丙丁]?)?"
    rf"|[{_CHINESE}]+(?:{_BUILDING}))"
)
_UNIT = rf"(?P<unit>(?:\d+|[A-Z甲乙丙丁]|[{_CHINESE}]+)(?:单元|门洞|门|梯|座)|\d{{1,2}}(?=-\d{{3}}))"
_FLOOR = rf"(?:(?:\d+|[{_CHINESE}]+)(?:层|楼))?"
_ROOM = r"(?P<room>[A-Z]?\d+[A-Z]?(?:号室|室|房间|房|户)|(?<!\d)[A-Z]?\d{3,5}[A-Z]?)"
_BEHIND = re.compile(rf"[ -]?{_UNIT}?[ -]?{_FLOOR}[ -]?{_ROOM}?")
# 12-301, 12-2-301: number, unit and room with nothing but dashes; a room has three digits or more.
_DASHED = re.compile(r"(?<!\d)(?P<number>\d+)-(?:(?P<unit>\d{1,2})-)?(?P<room>\d{3,5}(?:室|号室|房)?)$")
_INNER_LANE = re.compile(r"\d+(?:支弄|弄|组|队)$")
_ORDINAL = re.compile(r"(?:第|NO) ?$")


def parse_address(text: str) -> tuple[Reading, ...]:
    """Every way to read the line, the likeliest first; empty for an empty one.

    A district counts by its whole name (静安区), or by its short one with a space behind, which may as well
    begin a name.
    """
    found = [
        Reading(district_code, street, compound, number, unit, room)
        for district_code, rest in _districts(_tidy(text))
        for street, place in _streets(rest)
        for compound, number, unit, room in _numbers(place)
        if compound or number
    ]
    return tuple(dict.fromkeys(found))


def _tidy(text: str) -> str:
    """Half-width, in capitals, one space for signs and brackets, bare dashes."""
    folded = unicodedata.normalize("NFKC", text[:MAX_TEXT]).upper()
    folded = _SIGNS.sub(" ", _BRACKETS.sub(" ", _DASHES.sub("-", folded)))
    return _APART.sub("", " ".join(folded.split()))


def _districts(line: str) -> Iterator[tuple[str, str]]:
    city = _CITY.match(line)
    rest = line[city.end() :] if city else line
    district = _district_at(rest)
    if district is not None:
        district_code, end, is_whole = district
        yield district_code, rest[end:].lstrip()
        if is_whole:
            return
    # 上海花园 is a name; 上海市 is the city.
    yield "", rest if city and city[1] else line


def _district_at(rest: str) -> tuple[str, int, bool] | None:
    """The district `rest` begins with: code, where it ends, and whether its whole name is said."""
    for code, name in DISTRICTS.items():
        short = name.removesuffix("新区").removesuffix("区")
        for said in (name, f"{short}区", f"{short} "):
            if rest.startswith(said):
                return code, len(said), said != f"{short} "
    return None


def _streets(rest: str) -> Iterator[tuple[str, str]]:
    street = _STREET.match(rest)
    if street and street.end() < len(rest):
        yield street[0], rest[street.end() :].lstrip()
    yield "", rest


def _numbers(place: str) -> Iterator[tuple[str, str, str, str]]:
    """Compound, number, unit, room; without a number only where there is none to be found."""
    found = False
    for number in _NUMBER.finditer(place):
        if behind := _BEHIND.fullmatch(place, number.end()):
            found = True
            head, unit, room = place[: number.start()], behind["unit"] or "", behind["room"] or ""
            for typed in dict.fromkeys((number[0], _arabic(number[0]))):
                yield from _heads(head, typed, unit, room)
    if dashed := _DASHED.search(place):
        found = True
        yield from _heads(place[: dashed.start()], dashed["number"], dashed["unit"] or "", dashed["room"])
    if not found:
        yield plain(place), "", "", ""


def _arabic(number: str) -> str:
    """十二号楼 -> 12号楼; what is no Chinese number below a hundred stays as it is."""
    said = re.match(rf"(?:([{_CHINESE[2:11]}])?(十))?([{_CHINESE[:11]}])?(?=号|栋|幢|楼|座)", number)
    if not said or not said[0]:
        return number
    tens = (_CHINESE.index(said[1]) - 1 if said[1] else 1) if said[2] else 0
    ones = max(0, _CHINESE.index(said[3]) - 1) if said[3] else 0
    return f"{10 * tens + ones}{number[said.end() :]}"


def _heads(head: str, number: str, unit: str, room: str) -> Iterator[tuple[str, str, str, str]]:
    """The compound before a number; 5支弄3号 may be the number of a lane, or 3号 that of an inner lane."""
    head = _ORDINAL.sub("", head)
    yield plain(head), number, unit, room
    inner = _INNER_LANE.search(head)
    if inner and inner.start():
        yield plain(head[: inner.start()]), head[inner.start() :] + number, unit, room
