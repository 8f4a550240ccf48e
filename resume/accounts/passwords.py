"""Passwords: argon2id hashes, and the few rules that help (NIST SP 800-63B: length, no common ones)."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_babel import lazy_gettext as _

from resume.refusals import Text, Unprocessable

MIN_LENGTH, MAX_LENGTH = 10, 128
#: Parts of what is guessed first: common words, walks over the keyboard, numbers that sound like words, and
#: the name of this service (ASVS 6.2.4, 6.2.11).
# fmt: off
COMMON = (
    "password", "passw0rd", "p@ssw0rd", "12345678", "87654321", "11223344", "147258369", "123123123",
    "123321123", "qwertyuiop", "1qaz2wsx", "zaq12wsx", "qazwsxedc", "asdfghjkl", "zxcvbnm", "q1w2e3r4",
    "1q2w3e4r", "qwer1234", "abcdefgh", "abcd1234", "a1b2c3d4", "aa123456", "woaini", "5201314", "1314520",
    "shanghai", "admin", "letmein", "iloveyou", "welcome1", "changeme", "football", "baseball", "sunshine",
    "princess", "superman", "starwars", "fugongtong",
)
# fmt: on

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


def require_strong(password: str, *, name: str) -> None:
    """Raise WeakPassword where the password will not do."""
    found = weakness(password, name=name)
    if found is not None:
        raise WeakPassword(found)


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
