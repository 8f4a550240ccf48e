"""Mutants of an honest worker list: bytes of the file, bytes of a part, parts moved about, lines of a CSV."""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
import zipfile
from collections.abc import Callable, Iterator
from functools import cache

from resume.people.documents import check_character
from resume.roster.columns import WORKER_LIST
from tests.tables.xlsx import written

HEADERS = [column.zh for column in WORKER_LIST]
#: What makes readers stumble, put where an ordinary text stood.
AWKWARD = [
    "", " ", "\x00", "\ufeff", "\u202e", "\u200b", "'", '"', '""', "=1+1", "@SUM(A1)", "-2+3", "%s%n",
    "{{7*7}}", "<script>alert(1)</script>", "' OR 1=1 --", "NaN", "1e309", "-0", "９９９", "٣", "𠮷",
    "e\u0301", "a" * 40_000,
    "\r\n", "\t", ",", ";", "|", "2022-02-30", "#N/A", "TRUE", "\ud7ff", "\uffff",
]  # fmt: skip
INSERTED = [b"\x00", b"<", b"&#0;", b"]]>", b"<!--", b"\xff", b"</row>", b'r="A1"', b"<c/>", b"999999999999"]


def person(sequence: int) -> list[str]:
    """A good row of an invented person."""
    body = f"31999919900101{sequence:03d}"
    return [
        "王小明", "居民身份证", body + check_character(body), "13812345678", "浦东新区", "虚构街道",
        "虚构新村", "12", "", "301", "操作工", "是", "甲班", "一号厂区", "沪A12345", "2022-04-25", "",
    ]  # fmt: skip


@cache
def honest_xlsx() -> bytes:
    """The list that mutants are made from: a dozen people, one of them with real dates and numbers."""
    rows: list[list[object]] = [list(HEADERS), *(list(person(n)) for n in range(1, 13))]
    rows[3][7], rows[3][15] = 12, dt.datetime(2022, 4, 25)  # noqa: DTZ001 - as Excel has it
    return written(rows, default_date_format="yyyy-mm-dd")


@cache
def honest_csv() -> str:
    target = io.StringIO(newline="")
    csv.writer(target).writerows([HEADERS, *(person(n) for n in range(1, 13))])
    return target.getvalue()


@cache
def _parts() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(honest_xlsx())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def xlsx_mutants(count: int, seed: int) -> Iterator[bytes]:
    """`count` files, the same for the same seed."""
    chance = random.Random(seed)
    ways = (_file_bytes, _part_bytes, _part_bytes, _awkward_text, _moved_parts)
    for _ in range(count):
        yield chance.choice(ways)(chance)


def csv_mutants(count: int, seed: int) -> Iterator[bytes]:
    """`count` files in one of the encodings that people send."""
    chance = random.Random(seed)
    for _ in range(count):
        text = honest_csv()
        for _ in range(chance.randrange(3)):
            text = _replaced(text, chance)
        data = text.encode(chance.choice(["utf-8", "utf-8-sig", "gb18030", "utf-16"]), "replace")
        yield _bytes_changed(data, chance) if chance.random() < 0.7 else data


def _file_bytes(chance: random.Random) -> bytes:
    return _bytes_changed(honest_xlsx(), chance)


def _part_bytes(chance: random.Random) -> bytes:
    parts = dict(_parts())
    name = chance.choice(list(parts))
    parts[name] = _bytes_changed(parts[name], chance)
    return _packed(parts)


def _awkward_text(chance: random.Random) -> bytes:
    """A text of a cell replaced within well-formed XML."""
    parts = dict(_parts())
    text = chance.choice(AWKWARD).translate({38: "&amp;", 60: "&lt;"}).encode("utf-8", "replace")
    victim = chance.choice([b"\xe7\x8e\x8b\xe5\xb0\x8f\xe6\x98\x8e", b"13812345678", b"301", b"2022-04-25"])
    parts["xl/sharedStrings.xml"] = parts["xl/sharedStrings.xml"].replace(victim, text)
    return _packed(parts)


def _moved_parts(chance: random.Random) -> bytes:
    """Parts lost, doubled under another name, or exchanged."""
    parts = dict(_parts())
    one, other = chance.sample(list(parts), 2)
    way = chance.randrange(3)
    if way == 0:
        del parts[one]
    elif way == 1:
        parts[one], parts[other] = parts[other], parts[one]
    else:
        parts[one.swapcase()] = parts[other]
    return _packed(parts)


def _bytes_changed(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.randrange(1, 9)):
        if not changed:
            break
        place, way = chance.randrange(len(changed)), chance.randrange(4)
        _CHANGES[way](changed, place, chance)
    return bytes(changed)


def _set(data: bytearray, place: int, chance: random.Random) -> None:
    data[place] = chance.randrange(256)


def _flip(data: bytearray, place: int, chance: random.Random) -> None:
    data[place] ^= 1 << chance.randrange(8)


def _insert(data: bytearray, place: int, chance: random.Random) -> None:
    data[place:place] = chance.choice(INSERTED)


def _cut(data: bytearray, place: int, chance: random.Random) -> None:
    del data[place : place + chance.choice([1, 4, 64, len(data)])]


_CHANGES: tuple[Callable[[bytearray, int, random.Random], None], ...] = (_set, _flip, _insert, _cut)


def _replaced(text: str, chance: random.Random) -> str:
    place = chance.randrange(len(text))
    return text[:place] + chance.choice(AWKWARD) + text[place + chance.randrange(4) :]


def _packed(parts: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()
