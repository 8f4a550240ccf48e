"""Passwords: argon2id hashes, and the few rules that help (NIST SP 800-63B: length, no common ones)."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_babel import lazy_gettext as _

from resume.refusals import Text, Unprocessable

MIN_LENGTH, MAX_LENGTH = 10, 128
COMMON = ("password", "12345678", "qwertyuiop", "abcdefgh", "shanghai", "admin", "letmein", "iloveyou")

_hasher = PasswordHasher()


class WeakPassword(Unprocessable):
    """The new password would be guessed."""

    code = "weak_password"
    message = _("密码太弱")
    advice = _("至少 10 个字符，不含账号名，也不用常见密码")


def weakness(password: str, *, name: str) -> Text | None:
    """Why this password will not do for the account `name`, or None."""
    lowered = password.casefold()
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        return _("密码应为 10 到 128 个字符")
    if name and name.casefold() in lowered:
        return _("密码不能包含账号名")
    if any(common in lowered for common in COMMON) or len(set(password)) < 5:
        return _("这个密码太常见，请换一个")
    return None


def hashed(password: str) -> str:
    """An argon2id hash with its parameters."""
    return _hasher.hash(password)


@cache
def _nobody() -> str:
    """Verified where no such account exists, so that the time of an answer does not tell which names do."""
    return _hasher.hash("nobody has this password")


def is_right(password: str, password_hash: str | None) -> bool:
    """Whether the password belongs to the hash; takes as long where there is no account (None)."""
    try:
        return _hasher.verify(password_hash or _nobody(), password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False
