"""``read_table``: a file of a person or an agency -> headers and rows, or the reason why not.

What a file is, its content says; the name only tells a renamed file from an honest one.
"""

from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from resume.tables.delimited import read_delimited
from resume.tables.model import LIST_LIMITS, Limits, Table
from resume.tables.refused import FileRefused
from resume.tables.workbook import read_workbook

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHERS = {
    b"%PDF": "PDF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7z",
    b"\x1f\x8b": "gzip",
    b"PK\x05\x06": "ZIP",
    b"{\\rtf": "RTF",
    b"MZ": "EXE",
    b"\x7fELF": "ELF",
}
_SPREADSHEET_NAMES = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".et")


def read_table(source: Path | bytes, filename: str, limits: Limits = LIST_LIMITS) -> Table:
    """The table of an XLSX or CSV file.

    ``filename`` is the name it was given; it is only compared with the content.

    Rows come out once, blank ones left out, numbered as a spreadsheet does. A CSV given as a path is read
    as the rows are walked and stays open until they are; an XLSX is read whole, in a child process.

    Raises:
        FileRefused: the file as a whole is not read; never because of a single row's values.
    """
    _check_size(len(source) if isinstance(source, bytes) else source.stat().st_size, limits)
    file: BinaryIO = BytesIO(source) if isinstance(source, bytes) else source.open("rb")
    try:
        return _read(file, filename, limits)
    except BaseException:
        file.close()
        raise


def check_outside(data: bytes, filename: str, limits: Limits = LIST_LIMITS) -> None:
    """What size, name and first bytes say of a file; nothing of it is unpacked or read as text.

    Raises:
        FileRefused: too_large, renamed, encrypted, old_excel, not_a_table.
    """
    _check_size(len(data), limits)
    _is_workbook(BytesIO(data), filename)


def _check_size(size: int, limits: Limits) -> None:
    if size > limits.max_bytes:
        raise FileRefused("too_large", limit=limits.max_bytes // 2**20)


def _read(file: BinaryIO, filename: str, limits: Limits) -> Table:
    if not _is_workbook(file, filename):
        return read_delimited(file, limits)
    with file:
        return read_workbook(file.read(), limits)


def _is_workbook(file: BinaryIO, filename: str) -> bool:
    """True for an XLSX, False for text; the file is at its beginning again. Raises FileRefused."""
    start = file.read(512)
    suffix = Path(filename.lower()).suffix
    if start.startswith(_ZIP) and suffix in {".csv", ".txt", ".tsv"}:
        raise FileRefused("renamed", name=_shown(filename), actual="ZIP/XLSX")
    if start.startswith(_OLE):
        encrypted = "EncryptedPackage".encode("utf-16-le") in start + file.read()
        raise FileRefused("encrypted" if encrypted else "old_excel")
    file.seek(0)
    if start.startswith(_ZIP):
        return True
    actual = _other(start)
    if suffix in _SPREADSHEET_NAMES:
        raise FileRefused("renamed", name=_shown(filename), actual=actual or "text")
    if actual:
        raise FileRefused("not_a_table")
    return False


def _other(start: bytes) -> str:
    for magic, name in _OTHERS.items():
        if start.startswith(magic):
            return name
    head = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return "HTML/XML" if head.startswith((b"<!doctype", b"<html", b"<?xml", b"<table")) else ""


def _shown(filename: str) -> str:
    """A name that may be printed: no folders, no control characters, not endless."""
    name = filename.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(c for c in name if c.isprintable())[-60:]
