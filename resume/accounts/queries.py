"""Reading accounts."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from resume.accounts.models import Account
from resume.db import reading
from resume.refusals import NotFound


def find_by_name(name: str) -> Account | None:
    """The account that signs in as `name` (case does not matter), or None."""
    return reading().scalars(select(Account).where(Account.name == name.strip().casefold())).first()


def get_account(account_id: UUID) -> Account:
    """The account, or NotFound."""
    account = reading().get(Account, account_id)
    if account is None:
        raise NotFound
    return account


def list_accounts(*, firm_id: int | None = None, gate_id: int | None = None) -> Sequence[Account]:
    """Accounts by name; of one firm or one gate where given."""
    query = select(Account).order_by(Account.name, Account.id)
    if firm_id is not None:
        query = query.where(Account.firm_id == firm_id)
    if gate_id is not None:
        query = query.where(Account.gate_id == gate_id)
    return reading().scalars(query).all()


def names_of(account_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Display names by id, for those who decided something."""
    rows = reading().execute(select(Account.id, Account.display_name).where(Account.id.in_(account_ids)))
    return {row.id: row.display_name for row in rows}
