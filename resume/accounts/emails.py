"""The e-mail address of an account or an invitation: sealed in its row, found by a keyed index."""

from __future__ import annotations

from uuid import UUID

from resume.accounts.models import Account, AccountLink, Invitation
from resume.sealing import sealer

#: The blind index of addresses, in whatever table.
INDEX = "email"


def email_key(email: str) -> bytes:
    """The index of an address, whatever its case."""
    return sealer().index(INDEX, email.strip().casefold())


def set_email(row: Account | Invitation, email: str | None) -> None:
    """Put an address (or none) into a row that has its id."""
    row.email_key = None if email is None else email_key(email)
    row.sealed_email = None if email is None else sealer().seal(email, place=_place(row))


def email_of(row: Account | Invitation) -> str | None:
    """The address of a row, or None."""
    return None if row.sealed_email is None else str(sealer().open(row.sealed_email, place=_place(row)))


def seal_new_email(link: AccountLink, email: str) -> None:
    """Put the address that a link is to confirm into it."""
    link.sealed_email = sealer().seal(email, place=f"account_link:sealed_email:{link.secret_hash}")


def new_email_of(link: AccountLink) -> str:
    """The address that a link is to confirm."""
    assert link.sealed_email is not None
    return str(sealer().open(link.sealed_email, place=f"account_link:sealed_email:{link.secret_hash}"))


def _place(row: Account | Invitation) -> str:
    row_id: UUID = row.id
    return f"{row.__tablename__}:sealed_email:{row_id}"
