"""From a document to the person behind it: two blind indexes, and the sealed number beside them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import Table, select
from sqlalchemy.dialects import postgresql, sqlite

from resume.db import in_chunks, joined
from resume.people.documents import Document
from resume.people.models import Person
from resume.people.queries import number_place
from resume.people.typed_text import compact
from resume.sealing import sealer

# The part of a bare number that stays with the person, whatever its type turns out to be: the first 9 of a
# Hong Kong or Macao permit, the first 8 of a Taiwan permit.
_LASTING = re.compile(r"([HM][0-9]{8})(?:[0-9]{2})?|([0-9]{8})(?:[0-9]{2}|\([0-9]{2}\))?(?:[A-Z]|\([A-Z]\))?")


class PersonKeys(NamedTuple):
    """Blind indexes of 16 bytes: `key` over document type and identity, `number_key` over the bare number."""

    key: bytes
    number_key: bytes


def keys_of(document: Document) -> PersonKeys:
    """The indexes by which a person is known; equal for a renewed permit that keeps its lasting part."""
    key = sealer().index("person", f"{document.type}:{document.identity}")
    return PersonKeys(key, number_key_of(document.number))


def number_key_of(number: str) -> bytes:
    """The index of a number given without its type, as the reviews feed does.

    Type is not asked, so a document and a bare number always meet; two documents of different types with the
    same number meet too, and then both wait for the review.
    """
    return sealer().index("number", _lasting(compact(number)))


def remember(documents: Iterable[tuple[PersonKeys, Document]]) -> None:
    """A step: store persons not known yet, their number sealed; known ones stay as they are.

    One query and one insert for every 5,000 persons.
    """
    found = {keys.key: (keys, document) for keys, document in documents}
    for keys in in_chunks(sorted(found)):
        known = set(joined().scalars(select(Person.key).where(Person.key.in_(keys))))
        rows = [_row(*found[key]) for key in keys if key not in known]
        if rows:
            joined().execute(_insert_new(), rows)


def _lasting(number: str) -> str:
    match = _LASTING.fullmatch(number)
    return number if match is None else match[1] or match[2]


def _row(keys: PersonKeys, document: Document) -> dict[str, object]:
    place = number_place(keys.key)
    return {
        "key": keys.key,
        "number_key": keys.number_key,
        "document_type": document.type.value,
        "sealed_number": sealer().seal(document.number, place=place),
    }


def _insert_new() -> postgresql.Insert | sqlite.Insert:
    table = Person.__table__
    assert isinstance(table, Table)
    if joined().get_bind().dialect.name == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing(index_elements=["key"])
    return postgresql.insert(table).on_conflict_do_nothing(index_elements=["key"])
