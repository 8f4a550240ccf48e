"""What the two checkers are shown: genuine passes of several kinds, and how they are asked about one."""

from __future__ import annotations

import random
import sys
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import Any

from resume.credential.phone import phone_text, sign_proof
from resume.credential.token import mint, qr_text
from tests.credential import make_vectors as given
from tests.credential.list_vectors import base64_of
from tests.credential.samples import (
    ACTIVE,
    CLAIMS,
    ISSUED,
    PHONE,
    PUBLIC_URL,
    RETIRED,
    claims_with,
    phone,
    signer,
)
from tests.gate.browser_checker import Question

NOON = int(given.NOON.timestamp())
END = ISSUED + given.HOUR * 24
NO_TRIP: dict[str, int | None] = {"out_at": None, "in_at": None, "covers_until": None}
PHONE_CLAIMS = claims_with(medium="phone")
PROOF = sign_proof(phone(PHONE), PHONE_CLAIMS.cti, given.NOON)


def asked(presented: str | bytes, **situation: Any) -> Question:
    """A check of this; a good moment at its own gate but for what is said."""
    text = {"token": presented} if isinstance(presented, str) else {"cose": base64_of(presented)}
    return (
        {
            "what": "check",
            "at": NOON,
            "gate": given.COMPOUND,
            "status": "active",
            "status_as_of": None,
            "evidence": given.ELIGIBLE,
            "trip": NO_TRIP,
            "antigen": None,
            "ask_phone": True,
        }
        | text
        | situation
    )


@cache
def genuine() -> dict[str, tuple[bytes, bytes | None]]:
    """Tokens of several kinds, and the proof beside those on a phone."""
    later = claims_with(iat=ISSUED + given.SECOND, nbf=ISSUED + given.SECOND)
    return {
        "paper": (mint(CLAIMS, signer(ACTIVE)), None),
        "phone": (mint(PHONE_CLAIMS, signer(ACTIVE)), PROOF),
        "specimen": (mint(claims_with(specimen=True, building_clear_from=None), signer(ACTIVE)), None),
        "retired": (mint(later, signer(RETIRED)), None),
        "longest": (
            mint(claims_with(name="𠮷" * 15, firm="精" * 30, origin_name="苑" * 9), signer(ACTIVE)),
            None,
        ),
    }


def shown(token: bytes, proof: bytes | None = None) -> str:
    return qr_text(PUBLIC_URL, token) if proof is None else phone_text(PUBLIC_URL, token, proof)


def some(total: int, count: int, seed: int) -> Iterable[int]:
    """All of `range(total)`, or a sample of `count`."""
    return range(total) if count >= total else random.Random(seed).sample(range(total), count)


def altered(octets: bytes, at: int, change: int) -> bytes:
    return octets[:at] + bytes([octets[at] ^ change]) + octets[at + 1 :]


@cache
def assigned() -> list[str]:
    """Characters that compose, decompose or change their order, and a few of all others that Python knows.

    What a later Unicode assigned is left out: an older table takes it as it is, a newer one may reorder it.
    """
    known = [
        chr(code) for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)) not in ("Cn", "Cs")
    ]
    moving = [c for c in known if unicodedata.combining(c) or unicodedata.decomposition(c)]
    return moving + known[::97] + list("ae王oAK\u1100\u1161\u11a8") * 200
