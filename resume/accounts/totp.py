"""Codes of the second factor: TOTP (RFC 6238: SHA-1, 6 digits, 30 seconds), known to every authenticator."""

from __future__ import annotations

import re
from datetime import datetime
from hmac import compare_digest

import pyotp
import segno
from markupsafe import Markup

from resume.people.typed_text import compact

ISSUER = "resume"
STEP = 30
#: Steps before and after the present one whose code is taken: clocks of telephones differ.
WINDOW = 1
_CODE = re.compile(r"[0-9]{6}")


def new_secret() -> str:
    """160 random bits, in base32."""
    return pyotp.random_base32()


def step_at(at: datetime) -> int:
    """The number of the step of 30 seconds that holds `at`."""
    return int(at.timestamp()) // STEP


def code_at(secret: str, step: int) -> str:
    """The six digits of a step."""
    return pyotp.TOTP(secret).generate_otp(step)


def is_code(typed: str) -> bool:
    """Whether this looks like a code; else it may be a recovery code."""
    return _CODE.fullmatch(compact(typed)) is not None


def matching_step(secret: str, typed: str, *, at: datetime, after: int) -> int | None:
    """The step whose code was typed: within the window around `at`, and later than the step `after`."""
    code, now = compact(typed), step_at(at)
    for step in range(now - WINDOW, now + WINDOW + 1):
        if step > after and compare_digest(code_at(secret, step).encode(), code.encode()):
            return step
    return None


def enrolment_uri(secret: str, name: str) -> str:
    """What an authenticator reads from the QR."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)


def qr_svg(uri: str, *, title: str) -> Markup:
    """The QR as an <svg> for the page itself: no address holds the secret."""
    drawn = segno.make(uri, error="m", micro=False)
    return Markup(drawn.svg_inline(scale=5, border=4, light="#fff", title=title))  # noqa: S704 - segno's own
