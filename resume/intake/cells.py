"""The cells of one line of a feed, read by name: each a typed value, or a BadCell that says what is wrong."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import MAXYEAR, date, datetime, timedelta
from functools import lru_cache
from typing import cast

from resume.clock import parse_time, shanghai_date
from resume.people.documents import (
    Document,
    DocumentError,
    parse_document,
    parse_document_type,
    plausible_types,
)
from resume.people.identify import Index, PersonKeys, keys_of, number_key_of
from resume.people.masking import mask_number
from resume.people.typed_text import compact, tidy, unprintable
from resume.sealing import sealer
from resume.tables.model import Cell

SKEW = timedelta(minutes=5)
PERSONAL = frozenset({"document_number"})
SHOWN = 80
_FLAGS = {"true": True, "是": True, "1": True, "false": False, "否": False, "0": False}
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class BadCell(Exception):
    """One cell that makes its line unusable. `value` is as it was typed, masked where personal."""

    def __init__(self, column: str, value: str, reason: str, reason_zh: str) -> None:
        self.column = column
        self.value = (mask_number(value) if column in PERSONAL else value)[:SHOWN]
        self.reason = reason
        self.reason_zh = reason_zh
        super().__init__(f"{column}: {reason}")


@dataclass(slots=True)
class Context:
    """What lines read together share: the application's moment, the registered places, persons met."""

    at: datetime
    buildings: Mapping[str, int]
    persons: dict[bytes, tuple[PersonKeys, Document]] = field(default_factory=dict)
    today: date = field(init=False)
    latest: datetime = field(init=False)
    _known: dict[tuple[str, str], PersonKeys] = field(default_factory=dict)
    _index: Index = field(init=False)

    def __post_init__(self) -> None:
        self.today = shanghai_date(self.at)
        self.latest = self.at + SKEW
        self._index = sealer().index

    def known(self, typed_type: str, typed_number: str) -> PersonKeys | None:
        """The keys of a person whom an earlier line named in the same words."""
        return self._known.get((typed_type, typed_number))

    def meet(self, document: Document, typed_type: str, typed_number: str) -> PersonKeys:
        """The person's keys; he is remembered for the step that stores new ones."""
        keys = self._known[typed_type, typed_number] = keys_of(document, self._index)
        self.persons[keys.key] = (keys, document)
        return keys


class Cells:
    """One line of texts. `names`: the column at each place, None for one that no column has.

    Columns that the file does not have read as empty.
    """

    __slots__ = ("_by_name", "_cells")

    def __init__(self, cells: Sequence[Cell], names: Sequence[str | None]) -> None:
        self._cells = cells
        # Nearly all cells are plain already; only the others cost the whole tidying.
        tidied = [
            cell if cell.isascii() and cell.isprintable() and " " not in cell else _tidied(cell)
            for cell in cast("Sequence[str]", cells)
        ]
        self._by_name = dict(zip(names, tidied, strict=False))

    @property
    def count(self) -> int:
        """How many cells the line has."""
        return len(self._cells)

    def typed(self, name: str) -> str:
        """What stands in the cell, in NFC and without blanks around it; "" for nothing."""
        return self._by_name.get(name, "")

    def bad(self, name: str, reason: str, reason_zh: str) -> BadCell:
        return BadCell(name, self.typed(name), reason, reason_zh)

    def text(self, name: str, longest: int, *, required: bool = False) -> str:
        """Printable text of at most `longest` characters."""
        text = self._by_name.get(name, "")
        if not text and required:
            raise self.bad(name, "required, but empty", "此项必填")
        if len(text) > longest:
            raise self.bad(name, f"longer than {longest} characters", f"超过 {longest} 个字符")
        if not text.isprintable() and unprintable(text):
            raise self.bad(name, "unprintable characters", "含有不可显示的字符")
        return text

    def name(self, name: str, longest: int = 64) -> str:
        """A required id or code."""
        return self.text(name, longest, required=True)

    def choice(self, name: str, choices: Mapping[str, str]) -> str:
        """The code of a word: `choices` maps every accepted spelling to its code."""
        found = self.choice_or_none(name, choices)
        if found is None:
            raise self.bad(name, "required, but empty", "此项必填")
        return found

    def choice_or_none(self, name: str, choices: Mapping[str, str]) -> str | None:
        """As `choice`; None for an empty cell."""
        typed = self._by_name.get(name, "")
        if not typed:
            return None
        found = choices.get(typed) or choices.get(typed.lower())
        if found is None:
            codes = ", ".join(dict.fromkeys(choices.values()))
            raise self.bad(name, f"not one of {codes}", f"只能是 {codes}")
        return found

    def flag(self, name: str) -> bool:
        """true/false, 是/否, 1/0."""
        typed = self.typed(name)
        if typed.lower() not in _FLAGS:
            raise self.bad(name, "neither true nor false", "请填写 是 或 否")
        return _FLAGS[typed.lower()]

    def day(self, name: str) -> date:
        """A date, 2022-04-20."""
        typed = self.typed(name)
        try:
            if not _DATE.fullmatch(typed):
                raise ValueError
            return date.fromisoformat(typed)
        except ValueError:
            raise self.bad(name, "not a date like 2022-04-20", "不是日期，请写成 2022-04-20") from None

    def moment(self, name: str) -> datetime:
        """An ISO 8601 time with an offset, in UTC to the second."""
        found = self.moment_or_none(name)
        if found is None:
            raise self.bad(name, "required, but empty", "此项必填")
        return found

    def moment_or_none(self, name: str) -> datetime | None:
        """As `moment`; None for an empty cell."""
        typed = self.typed(name)
        if not typed:
            return None
        try:
            return _moment(typed)
        except ValueError as error:
            reason = str(error) if str(error) in _TIME_ZH else "not an ISO 8601 time"
            raise self.bad(name, reason, _TIME_ZH[reason]) from None

    def past(self, name: str, moment: datetime, context: Context) -> datetime:
        """The moment, refused where it lies more than 5 minutes in the future."""
        if moment > context.latest:
            raise self.bad(name, "more than 5 minutes in the future", "晚于当前时间 5 分钟以上")
        return moment

    def document(self, context: Context) -> PersonKeys:
        """The person of document_type and document_number."""
        typed = self._by_name.get
        typed_type, typed_number = typed("document_type", ""), typed("document_number", "")
        known = context.known(typed_type, typed_number)
        if known is not None:
            return known
        kind = parse_document_type(typed_type)
        if kind is None:
            raise self.bad("document_type", "unknown document type", "证件类型无法识别")
        found = parse_document(kind, typed_number, today=context.today)
        if isinstance(found, DocumentError):
            raise self.bad("document_number", found.en, found.zh)
        return context.meet(found, typed_type, typed_number)

    def bare_number(self) -> bytes | None:
        """The number key of a document number without its type; None for an empty cell."""
        number = compact(self.typed("document_number"))
        if not number:
            return None
        if not plausible_types(number):
            raise self.bad("document_number", "no document has such a number", "不是任何证件的有效号码")
        return number_key_of(number)

    def building(self, context: Context) -> int:
        """The registered building of place_code."""
        code = self.name("place_code", 40)
        building_id = context.buildings.get(code)
        if building_id is None:
            raise self.bad("place_code", "place_code is not registered", "场所编码未登记，请先报送 places")
        return building_id

    def not_before(self, name: str, moment: datetime | None, start: datetime, start_name: str) -> None:
        """Refuse a moment that lies before the start of the same line."""
        if moment is not None and moment < start:
            raise self.bad(name, f"before {start_name}", f"早于 {start_name}")

    def overlong(self, headers: int) -> bool:
        """Whether there are filled cells beyond the headers."""
        return any(str(cell).strip() for cell in self._cells[headers:])


_TIME_ZH = {
    "time without offset": "时间没有时区偏移，请写成 2022-04-20T08:00:00+08:00",
    "time out of range": "时间超出范围",
    "not an ISO 8601 time": "时间格式不对，请写成 2022-04-20T08:00:00+08:00",
}


@lru_cache(maxsize=20_000)
def _tidied(cell: str) -> str:
    return tidy(cell)


@lru_cache(maxsize=100_000)
def _moment(text: str) -> datetime:
    moment = parse_time(text)
    if moment.year == MAXYEAR:  # it will be shown in Shanghai, which may be a year ahead
        raise ValueError("time out of range")
    return moment


def spelled(codes: Collection[str], **names: Collection[str]) -> dict[str, str]:
    """Spellings for `choice`: every code itself, and the Chinese names given for it."""
    return {code: code for code in codes} | {name: code for code, of in names.items() for name in of}
