"""A ZIP written while it is sent: memory for one file, whatever their number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from io import RawIOBase
from typing import Any
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from resume.clock import SHANGHAI


class _Outlet(RawIOBase):
    """A file that is only written to, and emptied after each entry."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.parts.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        taken, self.parts = b"".join(self.parts), []
        return taken


def stream_zip(files: Iterable[tuple[str, bytes]], *, at: datetime) -> Iterator[bytes]:
    """The parts of a ZIP of (name, content); not compressed, since PDFs are."""
    outlet = _Outlet()
    stamp = at.astimezone(SHANGHAI).timetuple()[:6]
    with ZipFile(outlet, "w", ZIP_STORED) as archive:
        for name, content in files:
            archive.writestr(ZipInfo(name, stamp), content)
            yield outlet.take()
    yield outlet.take()
