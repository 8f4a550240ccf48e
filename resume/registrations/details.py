"""Who registers a firm: the contact's name, telephone and address, sealed with the registration."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from resume.registrations.models import Registration
from resume.sealing import sealer


@dataclass(frozen=True, slots=True)
class Contact:
    """The person to be asked back. `phone` is a mobile number, `email` an address."""

    name: str
    phone: str
    email: str


def seal_contact(row: Registration, contact: Contact) -> None:
    """Put the contact into a row that has its id."""
    row.sealed = sealer().seal(asdict(contact), place=_place(row))


def contact_of(row: Registration) -> Contact | None:
    """The contact, or None once it was given up."""
    return None if row.sealed is None else Contact(**sealer().open(row.sealed, place=_place(row)))


def _place(row: Registration) -> str:
    return f"registration:sealed:{row.id}"
