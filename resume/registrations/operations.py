"""Doors of registrations: received from anybody, confirmed or refused by those who may."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import lazy_gettext as _

from resume import audit
from resume.accounts import throttle
from resume.accounts.letters import send
from resume.accounts.operations.invitations import NewInvitation, add_invitation
from resume.db import new_id, transaction
from resume.firms.models import Firm
from resume.firms.operations import NewFirm, add_firm
from resume.refusals import Conflict
from resume.registrations import letters
from resume.registrations.details import Contact, contact_of, seal_contact
from resume.registrations.lifecycle import CLOCK, State
from resume.registrations.models import Registration
from resume.registrations.queries import find_waiting_same, get_registration
from resume.roles import PUBLIC, Actor, Role
from resume.sealing import sealer


class AlreadyDecided(Conflict):
    """Somebody has decided this registration."""

    code = "registration_decided"
    message = _("这份注册已有人办理")


@dataclass(frozen=True, slots=True)
class NewRegistration:
    """What a firm fills in; its credit code, the phone and the address have passed their checks."""

    firm: NewFirm
    contact: Contact
    language: str


def sign_up(new: NewRegistration, *, address: str, at: datetime, real_at: datetime) -> None:
    """Receive a registration. The same form again is the same registration and tells nobody anything new.

    Nothing here says whether the firm is registered already: the reviewer sees it, the contact is told by
    mail. Raises TooManyRequests.
    """
    counted = (throttle.SIGN_UP_FROM, address)
    throttle.refuse(counted, at=real_at)
    key = content_key(new)
    with transaction() as session:
        throttle.count(counted, at=real_at)
        if find_waiting_same(key) is not None:
            return
        row = Registration(
            id=new_id(),
            credit_code=new.firm.credit_code,
            name=new.firm.name,
            short_name=new.firm.short_name,
            district_code=new.firm.district_code,
            content_key=key,
            language=new.language,
            state=State.WAITING.value,
            received_at=at,
        )
        seal_contact(row, new.contact)
        session.add(row)
        session.flush()
        values = {
            "firm": row.name,
            "code": row.credit_code,
            "district": row.district_code,
            "due": at + CLOCK,
        }
        send(letters.RECEIVED, new.contact.email, new.language, values, real_at=real_at)
        audit.record("registration.received", _subject(row), by=PUBLIC, at=at)


def confirm(registration_id: UUID, *, by: Actor, at: datetime, real_at: datetime) -> Firm:
    """Register the firm, and invite the contact to be its first HR. One transaction.

    Raises NotFound, AlreadyDecided, FirmExists.
    """
    with transaction() as session:
        row = _undecided(registration_id, by)
        contact = contact_of(row)
        assert contact is not None
        new = NewFirm(row.credit_code, row.name, row.short_name, row.district_code)
        firm = add_firm(new, by=by, at=at)
        invited = NewInvitation(Role.HR, contact.email, row.language, firm_id=firm.id)
        add_invitation(invited, by=by, at=at, real_at=real_at)
        _decide(row, State.CONFIRMED, by, at)
        row.firm_id = firm.id
        session.flush()
        audit.record("registration.confirmed", _subject(row), by=by, at=at, firm=firm.id)
    return firm


def refuse(registration_id: UUID, reason: str, *, by: Actor, at: datetime, real_at: datetime) -> None:
    """Refuse with a reason, which the contact gets by mail. His data is given up. AlreadyDecided."""
    with transaction():
        row = _undecided(registration_id, by)
        contact = contact_of(row)
        assert contact is not None
        values = {"firm": row.name, "reason": reason}
        send(letters.REFUSED, contact.email, row.language, values, real_at=real_at)
        _decide(row, State.REFUSED, by, at)
        row.reason, row.sealed = reason, None
        audit.record("registration.refused", _subject(row), by=by, at=at)


def _undecided(registration_id: UUID, by: Actor) -> Registration:
    row = get_registration(registration_id, by=by)
    if row.state != State.WAITING:
        raise AlreadyDecided
    return row


def _decide(row: Registration, state: State, by: Actor, at: datetime) -> None:
    row.state, row.decided_at, row.decided_by = state.value, at, by.account_id


def content_key(new: NewRegistration) -> bytes:
    """All that was typed, as one index: who has the database alone cannot try contacts out."""
    firm, contact = new.firm, new.contact
    typed = [firm.credit_code, firm.name, firm.short_name, firm.district_code]
    typed += [contact.name, contact.phone, contact.email]
    return sealer().index("registration", json.dumps(typed, ensure_ascii=False))


def _subject(row: Registration) -> str:
    return f"registration:{row.id}"
