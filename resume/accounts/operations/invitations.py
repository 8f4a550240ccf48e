"""Doors of invitations: sent, sent again, withdrawn, accepted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from resume import audit
from resume.accounts import letters, links, sessions, throttle
from resume.accounts.emails import email_key, email_of, set_email
from resume.accounts.lifecycle import INVITATION
from resume.accounts.models import Account, Invitation
from resume.accounts.operations.accounts import NewAccount, add_account, prepare_account, require_scope
from resume.accounts.operations.sign_in import enter
from resume.accounts.queries import find_invitation, find_same_invitation, organisation_of_scope
from resume.db import joined, new_id, transaction
from resume.refusals import NotAllowed, NotFound
from resume.roles import ROLE_NAMES, Actor, Role


@dataclass(frozen=True, slots=True)
class NewInvitation:
    """Who is invited as what. Without an address the link is handed over by him who invites."""

    role: Role
    email: str | None
    language: str = "zh_Hans"
    firm_id: int | None = None
    district_code: str | None = None
    gate_id: int | None = None
    street: str | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """What an invited person filled in."""

    name: str
    display_name: str
    password: str


def invite(new: NewInvitation, *, by: Actor, at: datetime, real_at: datetime) -> tuple[Invitation, str]:
    """Invite somebody: the invitation, and the link's secret. HR invites colleagues of its own firm.

    The same address for the same role and scope again sends the link anew; the old one opens nothing.
    Raises BadAccount, NotAllowed, TooManyRequests.
    """
    require_scope(new)
    if by.role is Role.HR and (new.role is not Role.HR or new.firm_id != by.firm_id or new.email is None):
        raise NotAllowed
    counted = (throttle.INVITE, str(by.account_id))
    throttle.refuse(counted, at=real_at)
    with transaction():
        throttle.count(counted, at=real_at)
        return add_invitation(new, by=by, at=at, real_at=real_at)


def add_invitation(
    new: NewInvitation, *, by: Actor, at: datetime, real_at: datetime
) -> tuple[Invitation, str]:
    """As `invite`, as a step of whoever has decided that somebody may come."""
    key = None if new.email is None else email_key(new.email)
    invitation = None if key is None else find_same_invitation(new, key, at=real_at)
    if invitation is None:
        invitation = Invitation(
            id=new_id(),
            role=new.role.value,
            firm_id=new.firm_id,
            district_code=new.district_code,
            gate_id=new.gate_id,
            street=new.street,
            language=new.language,
        )
        set_email(invitation, new.email)
        joined().add(invitation)
    return invitation, _send(invitation, by=by, at=at, real_at=real_at)


def invite_again(
    invitation_id: UUID, *, by: Actor, at: datetime, real_at: datetime
) -> tuple[Invitation, str]:
    """Send an open invitation with a new link; also one whose time is over. Raises NotFound."""
    counted = (throttle.INVITE, str(by.account_id))
    throttle.refuse(counted, at=real_at)
    with transaction():
        invitation = _open_one(invitation_id, by)
        throttle.count(counted, at=real_at)
        return invitation, _send(invitation, by=by, at=at, real_at=real_at)


def withdraw(invitation_id: UUID, *, by: Actor, at: datetime, real_at: datetime) -> None:
    """Take an open invitation back. Raises NotFound."""
    with transaction():
        invitation = _open_one(invitation_id, by)
        invitation.withdrawn_at = real_at
        set_email(invitation, None)  # nobody needs it any more
        audit.record("invitation.withdrawn", f"invitation:{invitation.id}", by=by, at=at)


def accept(
    secret: str, answered: Answered, *, at: datetime, real_at: datetime, device: str = ""
) -> tuple[str, Account]:
    """Make the account that the link's owner was invited to, and sign him in as far as his role allows.

    The session's secret and the account, as `sign_in`. Raises BadLink, BadAccount, WeakPassword, NameTaken.
    """
    invitation = find_invitation(secret, at=real_at)
    new = NewAccount(
        name=answered.name,
        display_name=answered.display_name,
        password=answered.password,
        role=Role(invitation.role),
        firm_id=invitation.firm_id,
        district_code=invitation.district_code,
        gate_id=invitation.gate_id,
        street=invitation.street,
        email=email_of(invitation),
        language=invitation.language,
    )
    account = prepare_account(new, real_at=real_at)
    with transaction():
        invitation = find_invitation(secret, at=real_at)
        add_account(account, by=sessions.actor_of(account), at=at)
        invitation.accepted_at, invitation.account_id = real_at, account.id
        set_email(invitation, None)  # it is the account's now
        audit.record(
            "invitation.accepted", f"invitation:{invitation.id}", by=sessions.actor_of(account), at=at
        )
        return enter(account, device=device, at=at, real_at=real_at), account


def _open_one(invitation_id: UUID, by: Actor) -> Invitation:
    """HR sees the invitations of its own firm alone."""
    invitation = joined().get(Invitation, invitation_id)
    is_open = invitation is not None and invitation.accepted_at is None and invitation.withdrawn_at is None
    if invitation is None or not is_open:
        raise NotFound
    if by.role is Role.HR and (invitation.firm_id != by.firm_id or invitation.role != Role.HR):
        raise NotFound
    return invitation


def _send(invitation: Invitation, *, by: Actor, at: datetime, real_at: datetime) -> str:
    """Give the invitation a new link, and send it where there is an address."""
    secret = links.new_secret()
    invitation.secret_hash, invitation.invited_by = links.hash_of(secret), by.account_id
    invitation.invited_at, invitation.expires_at = real_at, real_at + INVITATION
    joined().flush()
    email = email_of(invitation)
    if email is not None:
        values = {
            "organisation": organisation_of_scope(invitation),
            "role": ROLE_NAMES[Role(invitation.role)],
            "secret": secret,
            "until": invitation.expires_at,
        }
        letters.send(letters.INVITATION, email, invitation.language, values, real_at=real_at)
    audit.record(
        "invitation.sent",
        f"invitation:{invitation.id}",
        by=by,
        at=at,
        role=invitation.role,
        by_mail=email is not None,
    )
    return secret
