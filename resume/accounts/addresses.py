"""Where letters to an account go, and in which language."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from resume.accounts.models import Account
from resume.db import reading
from resume.sealing import sealer
from resume.sets import within


@dataclass(frozen=True, slots=True)
class Address:
    """`email`: None where the account has none. `language`: `zh_Hans` or `en`."""

    email: str | None
    language: str


def addresses_of(account_ids: Collection[UUID]) -> dict[UUID, Address]:
    """The address of each account. One query; raises Unsealable for an altered one."""
    query = select(Account.id, Account.sealed_email, Account.language)
    rows = reading().execute(query.where(within(Account.id, account_ids)))
    return {row.id: Address(_opened(row.id, row.sealed_email), row.language) for row in rows}


def sealed_email(account_id: UUID, email: str) -> bytes:
    """An address as the account's row keeps it."""
    return sealer().seal(email, place=_place(account_id))


def _opened(account_id: UUID, sealed: bytes | None) -> str | None:
    return None if sealed is None else str(sealer().open(sealed, place=_place(account_id)))


def _place(account_id: UUID) -> str:
    return f"account:sealed_email:{account_id}"
