"""Links that are none are counted by address, so that nobody tries them out by the thousand."""

from __future__ import annotations

from datetime import datetime

from resume.accounts import throttle
from resume.db import transaction


def refuse_guessing(address: str, *, real_at: datetime) -> None:
    """Raise TooManyAttempts while too many links of this address were none."""
    throttle.refuse((throttle.LINK, address), at=real_at)


def count_bad_link(address: str, *, real_at: datetime) -> None:
    """Count a link that was none."""
    with transaction():
        throttle.count((throttle.LINK, address), at=real_at)
