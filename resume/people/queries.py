"""Reading persons: never more of a document than those who look after evidence need."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select

from resume.db import in_chunks, reading
from resume.people.documents import DocumentType
from resume.people.masking import mask_number
from resume.people.models import Person
from resume.sealing import sealer


def persons_of_number(number_key: bytes) -> Sequence[bytes]:
    """The keys of those who have this bare number, under whichever type of document."""
    return reading().scalars(select(Person.key).where(Person.number_key == number_key)).all()


def masked_numbers(person_keys: Collection[bytes]) -> dict[bytes, str]:
    """Person -> document's name in the reader's language and masked number: 居民身份证 319***********0013."""
    found: dict[bytes, str] = {}
    for keys in in_chunks(sorted(person_keys)):
        for person in reading().scalars(select(Person).where(Person.key.in_(keys))):
            number = sealer().open(person.sealed_number, place=number_place(person.key))
            found[person.key] = f"{DocumentType(person.document_type).shown} {mask_number(number)}"
    return found


def number_place(person_key: bytes) -> str:
    """Where a person's number is sealed for."""
    return f"person:sealed_number:{person_key.hex()}"
