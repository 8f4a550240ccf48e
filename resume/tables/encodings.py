"""Which encoding a text file is in: BOM, else strict UTF-8 over the whole file, else strict GB18030."""

import codecs
import re
from itertools import islice
from typing import BinaryIO

from resume.tables.refused import FileRefused

_CHUNK = 1 << 20
_UTF16_BOMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

# Python's gb18030 codec is the map of 2000: these 24 characters come out as private use. Their characters
# are those of GB 18030-2005 and -2022.
_STANDARD = {
    0xE78D: 0xFE10, 0xE78E: 0xFE12, 0xE78F: 0xFE11, 0xE790: 0xFE13, 0xE791: 0xFE14, 0xE792: 0xFE15,
    0xE793: 0xFE16, 0xE794: 0xFE17, 0xE795: 0xFE18, 0xE796: 0xFE19, 0xE7C7: 0x1E3F, 0xE816: 0x20087,
    0xE817: 0x20089, 0xE818: 0x200CC, 0xE81E: 0x9FB4, 0xE826: 0x9FB5, 0xE82B: 0x9FB6, 0xE82C: 0x9FB7,
    0xE831: 0x215D7, 0xE832: 0x9FB8, 0xE83B: 0x2298F, 0xE843: 0x9FB9, 0xE854: 0x9FBA, 0xE855: 0x241FE,
    0xE864: 0x9FBB,
}  # fmt: skip
_OLD_MAP = re.compile(f"[{''.join(map(chr, _STANDARD))}]")


def standard_gb18030(text: str) -> str:
    """Text decoded by Python's gb18030 -> the same with the 2005/2022 characters for its private-use ones."""
    return text.translate(_STANDARD) if _OLD_MAP.search(text) else text


def detect(file: BinaryIO) -> str:
    """``utf-8-sig``, ``utf-8`` or ``gb18030``, the one in which all of ``file`` decodes; leaves it at 0.

    A file that starts as UTF-8 with Chinese text and breaks later is damaged UTF-8, not GB18030: read as
    GB18030 it would often decode, into other names.

    Raises:
        FileRefused: utf16, nul, encoding; ``place`` is the line.
    """
    start = file.read(4)
    file.seek(0)
    if start.startswith(_UTF16_BOMS):
        raise FileRefused("utf16")
    bom = start.startswith(codecs.BOM_UTF8)
    line, multibyte = _strict(file, "utf-8")
    if line is None:
        return "utf-8-sig" if bom else "utf-8"
    if bom or multibyte >= 8:
        raise FileRefused("encoding", place=str(line))
    line, _ = _strict(file, "gb18030")
    if line is not None:
        raise FileRefused("encoding", place=str(line))
    return "gb18030"


def _strict(file: BinaryIO, encoding: str) -> tuple[int | None, int]:
    """(the first line that does not decode or None, Chinese characters decoded before it)."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    line, chinese = 1, 0
    file.seek(0)
    try:
        while True:
            chunk = file.read(_CHUNK)
            at_nul = chunk.find(0)
            if at_nul >= 0:
                raise FileRefused("nul", place=str(line + chunk.count(b"\n", 0, at_nul)))
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                before = error.object[: error.start]
                return line + before.count(b"\n"), chinese + _chinese(before.decode(encoding))
            if not chunk:
                return None, chinese
            chinese += _chinese(text) if chinese < 8 else 0
            line += chunk.count(b"\n")
    finally:
        file.seek(0)


_CHINESE = re.compile("[\u3400-\u9fff]")


def _chinese(text: str) -> int:
    """How many Chinese characters, counted no further than matters."""
    return sum(1 for _ in islice(_CHINESE.finditer(text), 8))
