"""Which of a firm's passes a page, an archive or a list is about."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from resume.passes.lifecycle import Status

SheetState = Literal["", "ready", "missing"]
_NOT_OF_A_NUMBER = re.compile(r"[^0-9A-Z]")


@dataclass(frozen=True, slots=True)
class Choice:
    """What is asked for; empty: everything. `number`: a part of a pass number, digits and letters only."""

    status: Status | None = None
    site_id: int | None = None
    batch_id: UUID | None = None
    sheet: SheetState = ""
    number: str = ""

    @classmethod
    def of(cls, args: Mapping[str, str]) -> Choice:
        """From a query string; what it does not know is ignored."""
        status, site, sheet = args.get("status", ""), args.get("site", ""), args.get("sheet", "")
        typed = unicodedata.normalize("NFKC", args.get("q", "")[:40]).upper()
        return cls(
            status=Status(status) if status in set(Status) else None,
            site_id=int(site) if site.isascii() and site.isdecimal() and len(site) < 10 else None,
            batch_id=_uuid(args.get("batch", "")),
            sheet="ready" if sheet == "ready" else "missing" if sheet == "missing" else "",
            number=_NOT_OF_A_NUMBER.sub("", typed)[:13],
        )

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the status is asked for."""
        return bool(self.site_id or self.batch_id or self.sheet or self.number)

    def query(self, **changed: object) -> dict[str, object]:
        """The query string's values, with what differs; empty ones are left out."""
        values: dict[str, object] = {
            "status": self.status or "",
            "site": self.site_id or "",
            "batch": self.batch_id or "",
            "sheet": self.sheet,
            "q": self.number,
        }
        return {name: value for name, value in (values | changed).items() if value}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
