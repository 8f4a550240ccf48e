"""Persons as the ledger knows them: a blind index, and the sealed document behind it."""

from __future__ import annotations

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from resume.db import Model


class Person(Model):
    """A person known by a document. Evidence and workers name him by `key`, never by his number.

    `key` indexes document type and identity number; `number_key` the bare number, because a review's feed
    names no document type.
    """

    __tablename__ = "person"

    key: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    number_key: Mapped[bytes] = mapped_column(LargeBinary(16), index=True)
    document_type: Mapped[str] = mapped_column(String(20))
    sealed_number: Mapped[bytes] = mapped_column(LargeBinary)
