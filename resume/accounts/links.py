"""Links that open once: 256 random bits, of which the database keeps the hash.

The secret stands behind `#` of the address, so no server, log or Referer ever sees it; the page posts it in
the body, and where there is no JavaScript the reader pastes it.
"""

from __future__ import annotations

import hashlib
import secrets

from flask_babel import lazy_gettext as _

from resume.refusals import Unprocessable


class BadLink(Unprocessable):
    """The link was used, withdrawn, replaced or is too old; or it never was one. Which, is not said."""

    code = "bad_link"
    message = _("链接无效、已用过或已过期")
    advice = _("链接只能用一次；请核对是否完整，或请发出的人重新发送")


def new_secret() -> str:
    """The secret of a link."""
    return secrets.token_urlsafe(32)


def hash_of(secret: str) -> str:
    """What is kept of a secret of 256 bits: nothing is gained by a slow hash."""
    return hashlib.sha256(secret.strip().encode()).hexdigest()


def secret_in(pasted: str) -> str:
    """The secret in what was pasted: it alone, or the whole link."""
    return pasted.strip().rpartition("#")[2]
