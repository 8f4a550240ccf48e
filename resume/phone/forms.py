"""What a phone posts, as typed data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import lazy_gettext as _

from resume.credential.phone import PhoneKey
from resume.refusals import Refusal

_MOST = 2000  # characters of any of them
_LONGEST_KEY = 160  # a ticket of the worker's own page; a key has 31


class BadRequest(Refusal):
    """Not what our page sends; no form of any site can send that."""

    status = 400
    code = "bad_request"
    message = _("请求不完整，没有受理")
    advice = _("请刷新页面后再试")


@dataclass(frozen=True, slots=True)
class Wish:
    """Key and last four as typed, and the public key that the phone made."""

    typed: str
    last_four: str
    phone_key: PhoneKey


def read_wish(body: object) -> Wish:
    """From JSON {key, last_four, x, y}; x and y are 32 bytes in hexadecimal. Raises BadRequest."""
    x, y = (_octets(_text(body, name)) for name in ("x", "y"))
    try:
        phone_key = PhoneKey(x, y)
    except ValueError:
        raise BadRequest from None
    return Wish(_text(body, "key")[:_LONGEST_KEY], _text(body, "last_four")[:20], phone_key)


def read_token(body: object) -> str:
    """From JSON {token}. Raises BadRequest."""
    return _text(body, "token")


def _text(body: object, name: str) -> str:
    value = body.get(name) if isinstance(body, Mapping) else None
    if not isinstance(value, str) or len(value) > _MOST:
        raise BadRequest
    return value.strip()


def _octets(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise BadRequest from None
