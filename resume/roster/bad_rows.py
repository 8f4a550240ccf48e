"""The bad rows of a preview: their cells sealed as typed, and a page of them with their errors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from resume.db import new_id, reading
from resume.people.documents import Document, parse_document, parse_document_type
from resume.people.identify import keys_of
from resume.roster.models import BadRow, RowError
from resume.roster.queries import RowSettled
from resume.roster.sheet import BadCells
from resume.sealing import sealer


@dataclass(frozen=True, slots=True)
class BadLine:
    """A bad row with its errors; `id` None where its cells are kept no longer. `name`: whose, as typed."""

    row: int
    id: UUID | None
    name: str
    errors: Sequence[RowError]


def bad_row_values(bad: Iterable[BadCells], list_id: UUID) -> list[dict[str, Any]]:
    """The rows of the table for these, sealed each for its place."""
    return [_values(one, list_id) for one in bad]


def open_bad_row(found: BadRow) -> dict[str, str]:
    """The texts of its cells by the columns' names. Raises Unsealable where it was tampered with."""
    texts: dict[str, str] = sealer().open(found.sealed, place=_place(found.id))
    return texts


def bad_lines(list_id: UUID, *, page: int, size: int) -> tuple[list[BadLine], int]:
    """A page of the bad rows of a list (from 1, `size` on each), and how many there are. Three queries."""
    rows = select(RowError.row).where(RowError.list_id == list_id).distinct()
    count = reading().scalar(select(func.count()).select_from(rows.subquery())) or 0
    shown = reading().scalars(rows.order_by(RowError.row).limit(size).offset((page - 1) * size)).all()
    return lines_of_rows(list_id, shown), count


def lines_of_rows(list_id: UUID, rows: Sequence[int]) -> list[BadLine]:
    """These bad rows with their errors. Two queries."""
    if not rows:
        return []
    chosen = RowError.list_id == list_id, RowError.row.in_(rows)
    errors = reading().scalars(select(RowError).where(*chosen).order_by(RowError.row, RowError.id)).all()
    query = select(BadRow).where(BadRow.list_id == list_id, BadRow.row.in_(rows))
    kept = {found.row: found for found in reading().scalars(query)}
    return [_line(row, kept.get(row), list(found)) for row, found in groupby(errors, lambda each: each.row)]


def get_bad_row(bad_row_id: UUID) -> BadRow:
    """A bad row that waits to be corrected, or RowSettled. Whose list it is the caller asks."""
    found = reading().get(BadRow, bad_row_id, populate_existing=True)
    if found is None:
        raise RowSettled
    return found


def all_bad_rows(list_id: UUID) -> Sequence[BadRow]:
    """Every bad row of a list that is kept, by row."""
    query = select(BadRow).where(BadRow.list_id == list_id).order_by(BadRow.row, BadRow.id)
    return reading().scalars(query).all()


def rows_of_persons(list_id: UUID) -> dict[bytes, int]:
    """Person's key -> the bad row that names him, where his document could be read. One query."""
    query = select(BadRow.person_key, BadRow.row).where(BadRow.list_id == list_id)
    found = reading().execute(query.where(BadRow.person_key.is_not(None)))
    return {key: row for key, row in found if key is not None}


def _line(row: int, found: BadRow | None, errors: list[RowError]) -> BadLine:
    if found is None:
        return BadLine(row, None, "", errors)
    return BadLine(row, found.id, open_bad_row(found).get("name", "").strip()[:50], errors)


def _values(one: BadCells, list_id: UUID) -> dict[str, Any]:
    bad_row_id = new_id()
    document = _document(one.texts)
    return {
        "id": bad_row_id,
        "list_id": list_id,
        "row": one.row,
        "person_key": keys_of(document).key if document else None,
        "sealed": sealer().seal(one.texts, place=_place(bad_row_id)),
    }


def _document(texts: Mapping[str, str]) -> Document | None:
    kind = parse_document_type(texts.get("document_type", ""))
    read = parse_document(kind, texts.get("document_number", "")) if kind else None
    return read if isinstance(read, Document) else None


def _place(bad_row_id: UUID) -> str:
    return f"bad_row:sealed:{bad_row_id}"
