"""Which column is which: English or Chinese names, in any order."""

from collections.abc import Sequence
from dataclasses import dataclass

from resume.tables.model import column_letters
from resume.tables.refused import FileRefused


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a published format: both its names, and whether a file without it is refused."""

    name: str
    zh: str
    required: bool = True


@dataclass(frozen=True, slots=True)
class HeaderMatch:
    """``index``: name -> place in the row, from 0. ``unknown``: headers as typed, reported and ignored.
    ``missing``: names of optional columns that are not there."""

    index: dict[str, int]
    unknown: tuple[str, ...]
    missing: tuple[str, ...]


def match_headers(headers: Sequence[str], columns: Sequence[Column]) -> HeaderMatch:
    """Find the columns of a format among the headers of a file.

    Blanks, case and a mark of obligation (``姓名*``, ``姓名（必填）``) do not matter.

    Raises:
        FileRefused: duplicate_columns, missing_columns; ``place`` names them as they may be typed.
    """
    by_key = {_key(spelling): column for column in columns for spelling in (column.name, column.zh)}
    index: dict[str, int] = {}
    unknown: list[str] = []
    twice: list[str] = []
    for place, header in enumerate(headers):
        column = by_key.get(_key(header))
        if column is None:
            if header.strip():
                unknown.append(header.strip()[:60])
        elif column.name in index:
            twice.append(f"{column.zh} ({column_letters(index[column.name])}, {column_letters(place)})")
        else:
            index[column.name] = place
    if twice:
        raise FileRefused("duplicate_columns", place="、".join(twice))
    absent = [column for column in columns if column.name not in index]
    lost = [f"{column.zh} ({column.name})" for column in absent if column.required]
    if lost:
        raise FileRefused("missing_columns", place="、".join(lost))
    return HeaderMatch(index, tuple(unknown), tuple(column.name for column in absent))


def _key(header: str) -> str:
    key = "".join(header.replace("\ufeff", "").split()).lower()
    for mark in ("*", "＊", "(必填)", "（必填）", "(选填)", "（选填）"):
        key = key.removesuffix(mark)
    return key.replace("_", "")
