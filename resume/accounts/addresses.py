"""Where letters to an account go, and in which language."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from resume.accounts.emails import email_of
from resume.accounts.models import Account
from resume.db import reading
from resume.sets import within


@dataclass(frozen=True, slots=True)
class Address:
    """`email`: None where the account has none. `language`: `zh_Hans` or `en`."""

    email: str | None
    language: str


def addresses_of(account_ids: Collection[UUID]) -> dict[UUID, Address]:
    """The address of each account. One query; raises Unsealable for an altered one."""
    accounts = reading().scalars(select(Account).where(within(Account.id, account_ids)))
    return {account.id: Address(email_of(account), account.language) for account in accounts}
