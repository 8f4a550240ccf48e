"""Telling firms that passes were suspended or hold again: counts and posts, one notice a firm and occasion.

Which illness or which worker is behind it is not told; HR reads it on pages that show as much as it may see.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from resume.clock import iso
from resume.notices import posts
from resume.notices.telling import News, tell
from resume.roster.models import Worker

_LINKS = {"suspended": "/#lost-cover", "healed": "/passes/changes"}


@dataclass(frozen=True, slots=True)
class Occasion:
    """What set a change off. All pieces of one feed are one occasion, which is over with the last of them."""

    key: str
    is_over: bool = True

    @classmethod
    def of_moment(cls, at: datetime) -> Occasion:
        """Where nothing else names it."""
        return cls(f"at:{iso(at)}")

    @classmethod
    def of_intake(cls, intake_id: int, *, is_over: bool = True) -> Occasion:
        """A feed, whole or in pieces."""
        return cls(f"intake:{intake_id}", is_over)


class Affected(NamedTuple):
    """The post of a pass that changed."""

    firm_id: int
    post: str
    is_key: bool

    @classmethod
    def of(cls, firm_id: int, worker: Worker) -> Affected:
        return cls(firm_id, worker.post, worker.key_post)


def tell_changes(changed: Mapping[str, Iterable[Affected]], *, occasion: Occasion, at: datetime) -> None:
    """A step: `changed` maps a kind of notice (suspended, healed) to the passes; nothing for none."""
    news = [
        News(
            kind,
            occasion.key,
            occasion.key,
            _LINKS[kind],
            posts.counted(found),
            firm_id,
        )
        for kind, affected in changed.items()
        for firm_id, found in _by_firm(affected).items()
    ]
    if news:
        tell(news, at=at, is_more_coming=not occasion.is_over)


def _by_firm(affected: Iterable[Affected]) -> dict[int, list[tuple[str, bool]]]:
    found: defaultdict[int, list[tuple[str, bool]]] = defaultdict(list)
    for firm_id, post, is_key in affected:
        found[firm_id].append((post, is_key))
    return dict(sorted(found.items()))
