"""A worker list from a file -> typed rows and every bad cell. Pure: no register of places, no database.

A bad row loses no other: all problems of a row are reported, and every row without one is kept.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from resume.people.documents import Document, DocumentError, DocumentType, parse_document, parse_document_type
from resume.people.masking import mask_name, mask_number, mask_phone
from resume.people.names import parse_name
from resume.people.phones import parse_phone
from resume.people.problem import Problem
from resume.people.typed_text import tidy
from resume.places.districts import parse_district
from resume.roster.cells import EMPTY, as_typed, destroyed, fault_of, read_boolean, read_date, text_reader
from resume.roster.columns import BY_NAME, WORKER_LIST
from resume.roster.fonts import missing_glyphs
from resume.roster.kept_cells import kept_text
from resume.tables.headers import match_headers
from resume.tables.model import Cell, Row, Table, column_letters

#: Rows worked on together: so many are in memory at once, whatever the length of the list.
PIECE = 10_000


@dataclass(frozen=True, slots=True)
class WorkerRow:
    """One worker as listed. ``row`` is the sheet's row (headers are 1); absent optional texts are ""."""

    row: int
    name: str
    document: Document
    phone: str
    district: str
    street: str
    compound: str
    building: str
    unit: str
    room: str
    post: str
    key_post: bool
    shift: str
    site: str
    plate: str
    arrive_on: dt.date
    remarks: str


@dataclass(frozen=True, slots=True)
class CellError:
    """One bad cell: ``column`` is the Chinese header, ``value`` as typed, masked where it is personal."""

    row: int
    column: str
    code: str
    text: dict[str, str]
    value: str

    def as_json(self) -> dict[str, object]:
        """The form of ``errors`` in what ``resume roster check`` prints."""
        return {"column": self.column, "code": self.code, "text": self.text}


@dataclass(frozen=True, slots=True)
class BadCells:
    """A row that was not accepted: the texts of its cells by the columns' names, to be corrected."""

    row: int
    texts: dict[str, str]


@dataclass(frozen=True, slots=True)
class SheetRead:
    """All of a file: good rows in its order, errors by row, headers that no column is called; `bad`: every
    row that has an error, whole."""

    rows: list[WorkerRow] = field(default_factory=list)
    errors: list[CellError] = field(default_factory=list)
    unknown_columns: tuple[str, ...] = ()
    bad: list[BadCells] = field(default_factory=list)


def read_worker_list(table: Table, *, sites: Mapping[str, object] | None, today: dt.date | None) -> SheetRead:
    """Read every row. ``sites`` holds the names of the plan's sites, None where they are not asked.

    ``today`` (in Shanghai) refuses birth dates after it. A document that stands on an earlier good row is an
    error of the later one.

    Raises:
        FileRefused: a required column is missing, or one stands twice.
    """
    whole = SheetRead()
    for piece in read_pieces(table, sites=sites, today=today):
        whole.rows.extend(piece.rows)
        whole.errors.extend(piece.errors)
        whole.bad.extend(piece.bad)
    return SheetRead(whole.rows, whole.errors, piece.unknown_columns, whole.bad)


def read_pieces(
    table: Table, *, sites: Mapping[str, object] | None, today: dt.date | None, size: int = PIECE
) -> Iterator[SheetRead]:
    """As `read_worker_list`, some `size` rows of the file after another; at least one piece."""
    match = match_headers(table.headers, WORKER_LIST)
    reader = _RowReader(match.index, len(table.headers), sites, today)
    first_rows: dict[tuple[DocumentType, str], int] = {}
    while True:
        piece = SheetRead(unknown_columns=match.unknown)
        rows = list(islice(table.rows, size))
        for row in rows:
            worker = reader.read(row, piece.errors)
            if worker is None:
                piece.bad.append(_kept(row, match.index))
                continue
            key = (worker.document.type, worker.document.identity)
            first = first_rows.setdefault(key, row.number)
            if first == row.number:
                piece.rows.append(worker)
            else:
                piece.errors.append(duplicate_of(worker, first))
                piece.bad.append(_kept(row, match.index))
        yield piece
        if len(rows) < size:
            return


def _kept(row: Row, index: Mapping[str, int]) -> BadCells:
    cells = row.cells
    return BadCells(
        row.number,
        {name: kept_text(name, cells[place]) if place < len(cells) else "" for name, place in index.items()},
    )


def duplicate_of(worker: WorkerRow, first: int) -> CellError:
    """The error of a row whose document stands on the good row `first`."""
    return _error(worker.row, "document_number", _duplicate(first), worker.document.number)


def _duplicate(first: int) -> Problem:
    return Problem(
        "duplicate",
        f"与第 {first} 行是同一证件，请删除其中一行。",
        f"The same document as in row {first}. Delete one of the two.",
    )


_MASKS: dict[str, Callable[[str], str]] = {
    "name": mask_name,
    "document_number": mask_number,
    "phone": mask_phone,
    "room": lambda room: "*" * len(room),
}


def masked(name: str, value: str) -> str:
    """A cell of the column `name` as it is shown to those who need not see all of it; a name is shown."""
    return value if name == "name" else _MASKS.get(name, str)(value)


def _error(row: int, name: str, problem: Problem, value: str) -> CellError:
    mask = str if problem.code == "formula_error" else _MASKS.get(name, str)
    return CellError(row, BY_NAME[name].zh, problem.code, problem.text, mask(value.strip()[:60]))


_REMEMBERED = 20_000  # of each column; names and numbers hardly come twice and are not kept for ever


def _remembering(read: Callable[[Cell], Any]) -> Callable[[Cell], Any]:
    """The reader with its faults looked at first, and its answers to texts kept: a list of 10,000 workers
    names a few compounds and posts. Other cells are not kept, since 1.0 and True are one key."""
    known: dict[str, Any] = {}

    def remembered(cell: Cell) -> Any:
        if not isinstance(cell, str):
            return fault_of(cell) or read(cell)
        value = known.get(cell, known)  # the dictionary itself stands for "not yet"
        if value is known:
            if len(known) > _REMEMBERED:
                known.clear()
            value = known[cell] = fault_of(cell) or read(cell)
        return value

    return remembered


class _RowReader:
    """Knows the file's columns; turns one row into a worker or into errors."""

    def __init__(
        self, index: Mapping[str, int], width: int, sites: Mapping[str, object] | None, today: dt.date | None
    ) -> None:
        self._today = today
        self._width = width
        self._letters = column_letters(index["document_number"])
        site = text_reader(60, required=True) if sites is None else _site_reader(sites)
        readers = _READERS | {"site": site}
        # The document's two cells are judged together, after the others.
        self._plain = [
            (name, place, _remembering(readers[name])) for name, place in index.items() if name in readers
        ]
        self._absent = {name: "" for name in readers if name not in index}
        self._type, self._number = index["document_type"], index["document_number"]

    def read(self, row: Row, errors: list[CellError]) -> WorkerRow | None:
        """The worker, or None with every problem of the row added to ``errors``."""
        cells = row.cells
        if len(cells) < self._width:
            cells = cells + [""] * (self._width - len(cells))
        found = [_error(row.number, name, problem, value) for name, problem, value in self._overflow(cells)]
        values: dict[str, Any] = dict(self._absent)
        for name, place, read in self._plain:
            value = read(cells[place])
            if isinstance(value, Problem):
                found.append(_error(row.number, name, value, as_typed(cells[place])))
            else:
                values[name] = value
        document = self._document(row.number, cells[self._type], cells[self._number])
        if isinstance(document, Document) and not found:
            return WorkerRow(row=row.number, document=document, **values)
        if not isinstance(document, Document):
            found += document
        errors += sorted(found, key=lambda error: _ORDER[error.column])
        return None

    def _overflow(self, cells: list[Cell]) -> Iterator[tuple[str, Problem, str]]:
        """A value beyond the last header: an unquoted separator has moved the cells of a CSV row."""
        if any(as_typed(cell).strip() for cell in cells[self._width :]):
            yield (
                "remarks",
                Problem(
                    "too_many_cells",
                    f"该行的单元格多于表头（{self._width} 列），内容可能错位；含分隔符的内容请加双引号。",
                    f"The row has more cells than the header ({self._width}), so they may have moved. "
                    "Put quotes around values that hold the separator.",
                ),
                "",
            )

    def _document(self, row: int, type_cell: Cell, number_cell: Cell) -> Document | list[CellError]:
        typed, number = as_typed(type_cell), as_typed(number_cell)
        kind = parse_document_type(typed)
        bad_type = fault_of(type_cell) or (None if kind else _UNKNOWN_TYPE if typed.strip() else EMPTY)
        bad_number = fault_of(number_cell) or destroyed(number_cell, f"{self._letters}{row}")
        if bad_number is None and not number.strip():
            bad_number = EMPTY
        if kind is not None and bad_type is None and bad_number is None:
            document = parse_document(kind, number, today=self._today)
            if not isinstance(document, DocumentError):
                return document
            bad_number = document
        problems = [("document_type", bad_type, typed), ("document_number", bad_number, number)]
        return [_error(row, name, problem, value) for name, problem, value in problems if problem]


_UNKNOWN_TYPE = Problem(
    "document_type",
    f"证件类型应为：{'、'.join(kind.zh for kind in DocumentType)}。",
    f"The document type is one of: {', '.join(DocumentType)}.",
)
_UNKNOWN_DISTRICT = Problem(
    "district",
    "不是上海市的区，请填写区名（如 浦东新区）或代码（如 310115）。",
    "This is no district of Shanghai. Give its name (浦东新区) or its code (310115).",
)


def _read_name(cell: Cell) -> str | Problem:
    name = parse_name(as_typed(cell))
    if isinstance(name, Problem):
        return name
    missing = missing_glyphs(name)
    if not missing:
        return name
    return Problem(
        "unprintable",
        f"通行证字库无法打印字符 {'、'.join(missing)}，请核对用字（可改用证件上的规范字）。",
        f"The fonts of the pass cannot print {', '.join(missing)}. Compare the name with the document.",
    )


def _read_district(cell: Cell) -> str | Problem:
    text = as_typed(cell)
    return (parse_district(text) or _UNKNOWN_DISTRICT) if text.strip() else EMPTY


def _site_reader(sites: Mapping[str, object]) -> Callable[[Cell], str | Problem]:
    names = {tidy(name).casefold(): name for name in sites}
    listed = "、".join(list(sites)[:5])
    unknown = Problem(
        "site",
        f"不是方案中的厂区，请填写：{listed}。",
        f"This is no site of the plan. Give one of: {listed}.",
    )

    def read(cell: Cell) -> str | Problem:
        text = tidy(as_typed(cell))
        return names.get(text.casefold(), unknown) if text else EMPTY

    return read


_READERS: dict[str, Callable[[Cell], Any]] = {
    "name": _read_name,
    "phone": lambda cell: parse_phone(as_typed(cell)),
    "district": _read_district,
    "street": text_reader(60, required=True),
    "compound": text_reader(60, required=True),
    "building": text_reader(30, required=True),
    "unit": text_reader(20, required=False),
    "room": text_reader(30, required=False),
    "post": text_reader(40, required=True),
    "key_post": read_boolean,
    "shift": text_reader(40, required=False),
    "plate": text_reader(20, required=False),
    "arrive_on": read_date,
    "remarks": text_reader(500, required=False),
}
_ORDER = {column.zh: place for place, column in enumerate(WORKER_LIST)}
