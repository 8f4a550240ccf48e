"""Reading accounts, invitations and links."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from resume.accounts.emails import email_key
from resume.accounts.lifecycle import Scoped
from resume.accounts.links import BadLink, hash_of
from resume.accounts.models import Account, AccountLink, Invitation, RecoveryCode
from resume.db import reading
from resume.firms.models import Firm
from resume.places.districts import district_name
from resume.places.models import Gate
from resume.refusals import NotFound
from resume.roles import Role

#: Accounts of one address that get a link: more than one is a rare person, more than these nobody.
_MOST_OF_ONE_ADDRESS = 5


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


def list_for_reset(typed: str) -> Sequence[Account]:
    """Accounts of this name or this e-mail address that can get a link by mail: enabled, with an address."""
    named = (
        Account.email_key == email_key(typed) if "@" in typed else Account.name == typed.strip().casefold()
    )
    return (
        reading()
        .scalars(
            select(Account)
            .where(named, Account.is_disabled.is_(False), Account.sealed_email.is_not(None))
            .order_by(Account.name)
            .limit(_MOST_OF_ONE_ADDRESS)
        )
        .all()
    )


def find_link(secret: str, purpose: str, *, at: datetime) -> AccountLink:
    """The link of this secret that still opens, of an account that does. Raises BadLink."""
    link = reading().get(AccountLink, hash_of(secret))
    if link is None or link.purpose != purpose or link.used_at is not None or link.expires_at <= at:
        raise BadLink
    if link.account.is_disabled:
        raise BadLink
    return link


def find_invitation(secret: str, *, at: datetime) -> Invitation:
    """The invitation of this secret that can still be accepted. Raises BadLink."""
    found = reading().scalars(select(Invitation).where(Invitation.secret_hash == hash_of(secret))).first()
    if found is None or found.expires_at <= at:
        raise BadLink
    if found.accepted_at is not None or found.withdrawn_at is not None:
        raise BadLink
    return found


def find_same_invitation(new: Scoped, key: bytes, *, at: datetime) -> Invitation | None:
    """The open invitation of the same address to the same role and scope, or None."""
    return (
        reading()
        .scalars(
            select(Invitation)
            .where(Invitation.email_key == key, Invitation.role == new.role.value)
            .where(Invitation.firm_id.is_not_distinct_from(new.firm_id))
            .where(Invitation.district_code.is_not_distinct_from(new.district_code))
            .where(Invitation.gate_id.is_not_distinct_from(new.gate_id))
            .where(Invitation.street.is_not_distinct_from(new.street))
            .where(Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))
            .where(Invitation.expires_at > at)
            .order_by(Invitation.id)
        )
        .first()
    )


def list_invitations(*, firm_id: int | None = None) -> Sequence[Invitation]:
    """Invitations neither accepted nor withdrawn, newest first; those to be HR of one firm where given."""
    query = (
        select(Invitation)
        .where(Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))
        .order_by(Invitation.invited_at.desc(), Invitation.id)
        .limit(200)
    )
    if firm_id is not None:
        query = query.where(Invitation.firm_id == firm_id, Invitation.role == Role.HR.value)
    return reading().scalars(query).all()


def count_recovery_codes(account_id: UUID) -> int:
    """How many recovery codes an account has left."""
    query = select(func.count()).where(RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
    return reading().scalar(query) or 0


def organisation_of_scope(row: Account | Invitation) -> str:
    """The firm, gate or district that an account belongs to; empty for the city's."""
    return organisations_of([row]).get(row.id, "")


def organisations_of(rows: Sequence[Account | Invitation]) -> dict[UUID, str]:
    """What each of many belongs to, by its id. At most two statements."""
    firm_ids = {row.firm_id for row in rows if row.firm_id is not None}
    gate_ids = {row.gate_id for row in rows if row.gate_id is not None}
    firms = _names(Firm, firm_ids)
    gates = _names(Gate, gate_ids)
    found = {}
    for row in rows:
        if row.firm_id is not None:
            found[row.id] = firms[row.firm_id]
        elif row.gate_id is not None:
            found[row.id] = gates[row.gate_id]
        else:
            found[row.id] = " ".join(filter(None, (district_name(row.district_code), row.street)))
    return found


def _names(model: type[Firm | Gate], ids: set[int]) -> dict[int, str]:
    if not ids:
        return {}
    rows = reading().execute(select(model.id, model.name).where(model.id.in_(ids)))
    return {row.id: row.name for row in rows}
