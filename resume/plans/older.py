"""A plan's answers as older versions of this system kept them, read as today's sections. Pure.

A version that was submitted is never rewritten; what it says is found where it is asked for now.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

#: (section, field) -> where it is asked for now. The quiet period was once part of the lodging.
MOVED: dict[tuple[str, str], tuple[str, str]] = {
    ("lodging", "quiet_days"): ("quiet", "days"),
    ("lodging", "quiet_rooms"): ("quiet", "rooms"),
    ("lodging", "quiet_place"): ("quiet", "place"),
    ("lodging", "quiet_meals"): ("quiet", "meals"),
}


def as_today(sections: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Section -> fields with every moved answer in its new place; an answer given there already stays."""
    found = {key: dict(values) for key, values in sections.items()}
    for (section, field), (target, name) in MOVED.items():
        if field in found.get(section, {}):
            value = found[section].pop(field)
            found.setdefault(target, {}).setdefault(name, value)
    return found


def saves_as_today(sections: Mapping[str, Any], saves: Mapping[str, Any]) -> dict[str, Any]:
    """Who saved what, with the new section's mark where its answers came from another one."""
    kept = dict(saves)
    for (section, field), (target, _name) in MOVED.items():
        if field in sections.get(section, {}) and section in saves:
            kept.setdefault(target, saves[section])
    return kept
