"""What enrols a phone: the secret of the QR and the short code, and how they are kept."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from resume.accounts.links import new_secret
from resume.devices.models import DeviceEnrolment
from resume.people.typed_text import compact
from resume.sealing import sealer

#: No letter or digit that is taken for another one: eight of them are 39 bits, for half an hour.
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
LENGTH, GROUP = 8, 4


@dataclass(frozen=True, slots=True)
class Codes:
    """The secret behind the QR's `#`, and the short code that says the same."""

    secret: str
    code: str

    @property
    def written(self) -> str:
        """The short code in groups: K7M4-9QX2."""
        return "-".join(self.code[place : place + GROUP] for place in range(0, LENGTH, GROUP))


def new_codes() -> Codes:
    """A fresh pair."""
    return Codes(new_secret(), "".join(secrets.choice(ALPHABET) for _ in range(LENGTH)))


def read_code(typed: str) -> str | None:
    """A short code as it was typed, with or without its hyphen; None where it is something else."""
    plain = compact(typed).replace("-", "")
    return plain if len(plain) == LENGTH and set(plain) <= set(ALPHABET) else None


def code_key(code: str) -> bytes:
    """The keyed index of a short code: who has the database alone cannot try codes out."""
    return sealer().index("device_enrolment", code)


def seal(enrolment: DeviceEnrolment, codes: Codes) -> None:
    """Keep both for the page that shows them."""
    enrolment.sealed = sealer().seal([codes.secret, codes.code], place=_place(enrolment))


def codes_of(enrolment: DeviceEnrolment) -> Codes | None:
    """What is shown while the enrolment waits; None when it is over."""
    if enrolment.sealed is None:
        return None
    secret, code = sealer().open(enrolment.sealed, place=_place(enrolment))
    return Codes(secret, code)


def _place(enrolment: DeviceEnrolment) -> str:
    return f"device_enrolment:sealed:{enrolment.id}"
