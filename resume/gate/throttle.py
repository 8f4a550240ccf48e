"""Slowing down the public check page: a sliding window for each address, in this process's memory.

Nothing is stored about who looked. A process that restarts forgets, and each process counts for itself: the
limit keeps one address from occupying a server or trying out tokens, it is not a secret's only guard.
"""

from __future__ import annotations

import ipaddress
import math
from collections import OrderedDict, deque
from threading import Lock

from flask_babel import lazy_gettext as _

from resume.refusals import TooMany

_IPV6_NETWORK = 64  # bits: one household or phone has all addresses below


class TooManyChecks(TooMany):
    """This address asked too often."""

    code = "too_many_checks"
    message = _("查验过于频繁，已暂停")
    advice = _("请在一分钟后再试")


class Window:
    """At most `limit` calls of one subject in any `seconds`; `most` subjects are remembered."""

    def __init__(self, *, limit: int, seconds: float, most: int = 10_000) -> None:
        self._limit, self._seconds, self._most = limit, seconds, most
        self._calls: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = Lock()

    def charge(self, address: str, calls: int, *, at: float) -> None:
        """Count so many calls more of an address, whatever its limit: a call that was served has failed."""
        with self._lock:
            self._calls.setdefault(subject_of(address), deque()).extend([at] * calls)

    def count(self, address: str, *, at: float) -> None:
        """Count one call at `at` (seconds of a steady clock). Raises TooManyChecks with the seconds to wait.

        A refused call is not counted: who waits as told is served.
        """
        subject = subject_of(address)
        with self._lock:
            calls = self._calls.setdefault(subject, deque())
            self._calls.move_to_end(subject)
            while calls and calls[0] <= at - self._seconds:
                calls.popleft()
            if len(calls) >= self._limit:
                # Charged beyond the limit, room is made by more than the oldest call.
                room = calls[len(calls) - self._limit]
                raise TooManyChecks(retry_after=math.ceil(room + self._seconds - at))
            calls.append(at)
            if len(self._calls) > self._most:
                self._calls.popitem(last=False)


def subject_of(address: str) -> str:
    """What is counted: an IPv4 address, the /64 of an IPv6 one, any other text as it is."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return str(parsed)
    return str(ipaddress.ip_network((parsed, _IPV6_NETWORK), strict=False))
