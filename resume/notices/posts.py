"""Posts with how many of each: as a notice keeps them, key posts first. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

#: A list may name a post a row; a notice keeps the most frequent.
KEPT = 40


def counted(posts: Iterable[tuple[str, bool]]) -> dict[str, Any]:
    """`passes`: how many; `posts`: [post, is key, how many]; `others`: how many of posts not kept."""
    return _values(Counter(posts), others=0)


def added(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """What both together come to."""
    total: Counter[tuple[str, bool]] = Counter()
    for values in (old, new):
        total.update({(post, is_key): count for post, is_key, count in values["posts"]})
    return {**old, **new, **_values(total, others=old["others"] + new["others"])}


def _values(total: Counter[tuple[str, bool]], *, others: int) -> dict[str, Any]:
    found = [(post, is_key, count) for (post, is_key), count in total.items()]
    rows = sorted(found, key=lambda row: (not row[1], -row[2], row[0]))
    return {
        "passes": total.total() + others,
        "posts": [list(row) for row in rows[:KEPT]],
        "others": others + sum(row[2] for row in rows[KEPT:]),
    }
