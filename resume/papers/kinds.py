"""What a file is by its first bytes, and whether its name may be kept. Pure."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath

PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
TAKEN: dict[str, bytes] = {PDF: b"%PDF-", JPEG: b"\xff\xd8\xff", PNG: b"\x89PNG\r\n\x1a\n"}
#: Names a file of that type may have, the first is the one it gets.
SUFFIXES: dict[str, tuple[str, ...]] = {PDF: (".pdf",), JPEG: (".jpg", ".jpeg"), PNG: (".png",)}
IMAGES = (JPEG, PNG)
MOST_NAME = 100
_OTHERS: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "ZIP/Office"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Office"),
    (b"GIF8", "GIF"),
    (b"RIFF", "WebP"),
    (b"BM", "BMP"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"{\\rtf", "RTF"),
    (b"MZ", "EXE"),
    (b"\x7fELF", "ELF"),
)
_HEIC = (b"heic", b"heix", b"mif1", b"msf1", b"hevc", b"avif")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost. Sizes in bytes, times in seconds.

    `longest_side`: a picture is made that small, in pixels; 0: it stays as it is.
    """

    max_bytes: int = 10 * 2**20
    max_pixels: int = 60_000_000
    max_side: int = 30_000
    max_pages: int = 300
    longest_side: int = 0
    memory: int = 2**30
    cpu_seconds: int = 20
    wall_seconds: float = 30.0


LIMITS = Limits()


def type_of(data: bytes) -> str | None:
    """The media type of what is taken, by content alone; None for anything else."""
    return next((media for media, magic in TAKEN.items() if data.startswith(magic)), None)


def name_of_other(data: bytes) -> str:
    """A word for a file that is not taken; "" where we do not know it."""
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC:
        return "HEIC"
    head = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<!doctype", b"<html", b"<?xml", b"<svg", b"<script")):
        return "HTML/XML"
    return next((name for magic, name in _OTHERS if data.startswith(magic)), "")


def is_path(name: str) -> bool:
    """Whether a name leads somewhere: a file's name has no folders in it."""
    return any(mark in name for mark in ("/", "\\", "\x00")) or name.strip() in (".", "..")


def fits(name: str, media: str) -> bool:
    """Whether the name's ending is one of that type's; of pictures, of any picture's."""
    suffix = PurePosixPath(name.lower()).suffix
    allowed = SUFFIXES[media] if media == PDF else (*SUFFIXES[JPEG], *SUFFIXES[PNG])
    return suffix in allowed


def kept_name(name: str, media: str) -> str:
    """The name as kept and shown: without controls and marks that turn text round, not endless, and with the
    ending of its content."""
    typed = unicodedata.normalize("NFC", name)
    shown = "".join(c if c.isprintable() else " " * c.isspace() for c in typed)
    path = PurePosixPath(shown.strip())
    suffix = path.suffix if path.suffix.lower() in SUFFIXES[media] else SUFFIXES[media][0]
    stem = path.stem.strip(" .") or "file"
    return stem[: MOST_NAME - len(suffix)] + suffix
