"""Sets of any kind and size, whatever stands in them, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from flask import Flask
from sqlalchemy import Integer, String, column, literal, select

from resume.bulk import insert_missing
from resume.db import reading, transaction
from resume.firms.models import Firm
from resume.intake.models import Upload
from resume.people.models import Person
from resume.sets import within

AWKWARD = ['a"b', "a\\b", "a,b", "{a}", "NULL", "", " a ", "a'b", "上海", "%(a)s"]
AT = datetime(2022, 4, 22, tzinfo=UTC)


def test_texts_come_through_as_they_are(app: Flask) -> None:
    for text in AWKWARD:
        for asked, found in (([text, "z"], True), ([other for other in AWKWARD if other != text], False)):
            assert bool(reading().scalar(select(within(literal(text, String), asked)))) is found


def test_numbers_bytes_ids_and_nothing(app: Flask) -> None:
    assert reading().scalar(select(within(literal(3, Integer), {1, 3}))) in (True, 1)
    ids = [UUID(int=1), UUID(int=2)]
    with transaction() as session:
        session.add_all(
            Upload(
                id=row_id, feed="tests", file_name="", kept_at=AT, kept_by="", sealed_file=b"", preview="{}"
            )
            for row_id in ids
        )
        session.add(Person(key=b'\x00"\\,', number_key=b"", document_type="", sealed_number=b""))
    assert reading().scalars(select(Upload.id).where(within(Upload.id, ids[:1]))).all() == ids[:1]
    assert reading().scalars(select(Person.key).where(within(Person.key, [b'\x00"\\,', b"b"]))).all()
    assert reading().scalars(select(Firm.id).where(within(Firm.id, []))).all() == []


def test_rows_that_are_there_stay_as_they_are(app: Flask) -> None:
    names = ("key", "number_key", "document_type", "sealed_number")
    for rows in ([(b"1", b"n", 'a"b\\', b"first")], [(b"1", b"n", "b", b"second"), (b"2", b"m", "", b",")]):
        with transaction():
            insert_missing(Person, names, rows, key="key")
    found = reading().execute(select(*(column(name) for name in names)).select_from(Person).order_by("key"))
    assert [tuple(map(_plain, row)) for row in found] == [
        (b"1", b"n", 'a"b\\', b"first"),
        (b"2", b"m", "", b","),
    ]


def _plain(value: object) -> object:
    return bytes(value) if isinstance(value, memoryview) else value
