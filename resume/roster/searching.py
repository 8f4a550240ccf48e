"""Finding a worker of one's own list by what one knows of him: name, number, phone, post, shift."""

from __future__ import annotations

import re
from collections.abc import Callable

from resume.people.identify import number_key_of
from resume.people.typed_text import compact
from resume.roster.details import open_sealed
from resume.roster.queries import Texts

_SHORTEST = 4  # digits of a number by which one is looked for
_PART = re.compile(r"[0-9A-Z()]+")


def finder(search: str) -> Callable[[Texts], bool]:
    """Whether a worker is one of those looked for: a part of name, post or shift, or at least four characters
    of document number or phone. A whole number is found by its blind index, the rest by opening each row."""
    folded, number = search.casefold(), compact(search).upper()
    is_number = len(number) >= _SHORTEST and _PART.fullmatch(number) is not None
    key = number_key_of(number) if is_number else None

    def holds(worker: Texts) -> bool:
        if worker.number_key == key or folded in worker.post.casefold() or folded in worker.shift.casefold():
            return True
        details = open_sealed(worker.id, worker.sealed)
        if folded in details.name.casefold():
            return True
        return is_number and (number in details.document_number or number in details.phone)

    return holds
