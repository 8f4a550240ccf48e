"""The look into an XLSX package before a reader is let near it. Runs in the child process only.

What the reader then gets is a package made anew from the parts that were looked at, so it cannot read
anything else than was checked, whatever two readers of ZIP make of an ambiguous archive; macros,
pictures and embedded files are not carried over.
"""

import io
import re
import zipfile

from resume.tables.model import Limits, column_letters
from resume.tables.refused import FileRefused

_RATIO_FROM = 1 << 20  # a small part may pack as well as it likes
# A reference as every writer writes it: the literal start keeps the search of a large sheet quick.
_COLUMN = re.compile(rb' r="([A-Z]+)')
_ROW = re.compile(rb' r="[A-Z]+([0-9]+)"')
# Cells that hold something: `<c r="XFD1" s="4"/>` is a format, not a value.
_FILLED = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,7})([0-9]{1,9})"(?:[^>]*[^>/])?>')
_FOREIGN = {
    "xl/workbook.bin": "XLSB",
    "content.xml": "ODS",
    "word/document.xml": "DOCX",
    "ppt/presentation.xml": "PPTX",
    "Index/Document.iwa": "Numbers",
}


def unpack(data: bytes, limits: Limits) -> dict[str, bytes]:
    """Name -> content of every XML part, each really unpacked within the limits.

    Sizes are those found while unpacking: zipfile stops at the declared size, and a part that is longer
    fails its checksum.

    Raises:
        FileRefused: damaged, encrypted, too_many_members, bomb, dtd, other_spreadsheet, not_a_table.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise FileRefused("damaged") from error
    members = archive.infolist()
    if len(members) > limits.max_members:
        raise FileRefused("too_many_members", count=len(members), limit=limits.max_members)
    names = {member.filename for member in members}
    if len(names) != len(members):
        raise FileRefused("damaged")
    _expect_workbook(names)
    parts: dict[str, bytes] = {}
    left = limits.max_unpacked
    for member in members:
        if not member.filename.endswith((".xml", ".rels")):
            continue
        _check_member(member, left, limits)
        parts[member.filename] = _content(archive, member)
        left -= member.file_size
    return parts


def _expect_workbook(names: set[str]) -> None:
    if "xl/workbook.xml" in names:
        return
    for name, actual in _FOREIGN.items():
        if name in names:
            raise FileRefused("other_spreadsheet", actual=actual)
    raise FileRefused("not_a_table")


def _check_member(member: zipfile.ZipInfo, left: int, limits: Limits) -> None:
    if member.flag_bits & 1:
        raise FileRefused("encrypted")
    if member.file_size > left:
        raise FileRefused("bomb")
    if member.file_size > _RATIO_FROM and member.file_size > limits.max_ratio * max(1, member.compress_size):
        raise FileRefused("bomb")


def _content(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    try:
        content = archive.read(member)
    except Exception as error:  # zipfile lets zlib.error, EOFError, struct.error, RuntimeError through
        raise FileRefused("damaged") from error
    # UTF-16 would hide a DTD from the search, and no writer uses it.
    if content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in content[:64]:
        raise FileRefused("damaged")
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise FileRefused("dtd")
    return content


def check_extent(parts: dict[str, bytes], limits: Limits) -> None:
    """Refuse a sheet with a value far out: the reader makes room for the rectangle of all values.

    The declared ``<dimension>`` is not believed. A reference written so that this search does not see it
    costs the child process its memory limit, and nobody else anything.

    Raises:
        FileRefused: too_many_rows, too_many_columns; ``place`` is the row or the cell.
    """
    for content in parts.values():
        if b"sheetData" not in content or not _is_wide(content, limits):
            continue
        for letters, digits in _FILLED.findall(content):
            column, row = _column(letters), int(digits)
            if row > limits.max_rows + 1:
                raise FileRefused("too_many_rows", place=str(row), limit=limits.max_rows)
            if column > limits.max_columns:
                place = f"{column_letters(column - 1)}{row}"
                raise FileRefused("too_many_columns", place=place, limit=limits.max_columns)


def _is_wide(content: bytes, limits: Limits) -> bool:
    """Whether any reference, also of an empty cell, lies beyond the limits."""
    if max(map(_column, set(_COLUMN.findall(content))), default=0) > limits.max_columns:
        return True
    return max(map(int, set(_ROW.findall(content))), default=0) > limits.max_rows + 1


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def repack(parts: dict[str, bytes]) -> io.BytesIO:
    """The checked parts as a package of their own, stored without compression."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    packed.seek(0)
    return packed
