"""From a document to the person behind it: two blind indexes, and the sealed number beside them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import select

from resume.bulk import csv_of, insert_missing
from resume.db import reading
from resume.people.documents import Document
from resume.people.models import Person
from resume.people.queries import number_place
from resume.people.typed_text import compact
from resume.sealing import sealer
from resume.sets import dialect, within

_COLUMNS = ("key", "number_key", "document_type", "sealed_number")

# The part of a bare number that stays with the person, whatever its type turns out to be: the first 9 of a
# Hong Kong or Macao permit, the first 8 of a Taiwan permit.
_LASTING = re.compile(r"([HM][0-9]{8})(?:[0-9]{2})?|([0-9]{8})(?:[0-9]{2}|\([0-9]{2}\))?(?:[A-Z]|\([A-Z]\))?")


Index = Callable[[str, str], bytes]


class PersonKeys(NamedTuple):
    """Blind indexes of 16 bytes: `key` over document type and identity, `number_key` over the bare number."""

    key: bytes
    number_key: bytes


def keys_of(document: Document, index: Index | None = None) -> PersonKeys:
    """The indexes by which a person is known; equal for a renewed permit that keeps its lasting part.

    `index`: the sealer's, where many are asked for one after another.
    """
    index = index or sealer().index
    key = index("person", f"{document.type}:{document.identity}")
    return PersonKeys(key, index("number", _lasting(document.number)))


def number_key_of(number: str) -> bytes:
    """The index of a number given without its type, as the reviews feed does.

    Type is not asked, so a document and a bare number always meet; two documents of different types with the
    same number meet too, and then both wait for the review.
    """
    return sealer().index("number", _lasting(compact(number)))


@dataclass(frozen=True, slots=True)
class NewPersons:
    """Persons not known when they were sealed, as rows of the table by their key.

    `written`: all of them as COPY reads them, on PostgreSQL.
    """

    rows: Mapping[bytes, tuple[Any, ...]]
    written: bytes | None = None

    def only(self, keys: Set[bytes]) -> NewPersons:
        """Those of them whose key is among `keys`."""
        if all(key in keys for key in self.rows):
            return self
        return NewPersons({key: row for key, row in self.rows.items() if key in keys})


def seal_new(documents: Iterable[tuple[PersonKeys, Document]]) -> NewPersons:
    """Seal the numbers of those who are not known yet. One query; may run before the door."""
    found = {keys.key: (keys, document) for keys, document in documents}
    known = set(reading().scalars(select(Person.key).where(within(Person.key, found.keys()))))
    seal = sealer().seal
    rows = {key: _row(seal, *found[key]) for key in sorted(found.keys() - known)}
    return NewPersons(rows, csv_of(rows.values()) if rows and dialect() == "postgresql" else None)


def store_new(persons: NewPersons) -> None:
    """A step: store persons; whoever became known meanwhile stays as he is. A fixed number of statements."""
    insert_missing(Person, _COLUMNS, persons.rows.values(), key="key", written=persons.written)


def remember(documents: Iterable[tuple[PersonKeys, Document]]) -> None:
    """A step: store persons not known yet, their number sealed; known ones stay as they are."""
    store_new(seal_new(documents))


def _lasting(number: str) -> str:
    if len(number) == 18:  # longer than any permit, and so are nearly all
        return number
    match = _LASTING.fullmatch(number)
    return number if match is None else match[1] or match[2]


def _row(seal: Callable[..., bytes], keys: PersonKeys, document: Document) -> tuple[Any, ...]:
    place = number_place(keys.key)
    return keys.key, keys.number_key, document.type.value, seal(document.number, place=place)
