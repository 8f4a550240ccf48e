"""TrueType fonts for the fill: which characters they draw, and subsets cut by hand.

fontTools' subsetter needs tens of milliseconds on a 10 MB font; here glyph records are
copied as they stand (less their hinting) out of a mapped file, well under a millisecond.
"""

import mmap
import struct
import sys
from array import array
from functools import cached_property
from pathlib import Path

from fontTools.ttLib import TTFont

_WORDS, _SCALE, _MORE, _XY_SCALE, _TWO_BY_TWO, _HINTS = 0x1, 0x8, 0x20, 0x40, 0x80, 0x100


class FontFile:
    """One static TrueType font (.ttf with `glyf`), opened at first use and then kept."""

    def __init__(self, name: str, path: Path) -> None:
        self.name = name
        self.path = path
        self._records: dict[int, bytes] = {}

    @cached_property
    def _font(self) -> TTFont:
        return TTFont(self.path, lazy=True)

    @cached_property
    def glyph_ids(self) -> dict[int, int]:
        """Code point -> glyph id."""
        return {cp: self._font.getGlyphID(name) for cp, name in self._font.getBestCmap().items()}

    @cached_property
    def units_per_em(self) -> int:
        return int(self._font["head"].unitsPerEm)

    @cached_property
    def ascent_descent(self) -> tuple[int, int]:
        """Of the font's line, in thousandths of the size (descent negative)."""
        hhea = self._font["hhea"]
        return self._per_mille(hhea.ascent), self._per_mille(hhea.descent)

    @cached_property
    def box(self) -> tuple[int, int, int, int]:
        head = self._font["head"]
        return (
            self._per_mille(head.xMin),
            self._per_mille(head.yMin),
            self._per_mille(head.xMax),
            self._per_mille(head.yMax),
        )

    @cached_property
    def _metrics(self) -> array[int]:
        return _big_endian("H", self._font.reader["hmtx"])

    @cached_property
    def _long_metrics(self) -> int:
        return int(self._font["hhea"].numberOfHMetrics)

    @cached_property
    def _offsets(self) -> array[int]:
        if self._font["head"].indexToLocFormat == 1:
            return _big_endian("I", self._font.reader["loca"])
        return array("I", (2 * half for half in _big_endian("H", self._font.reader["loca"])))

    @cached_property
    def _file(self) -> mmap.mmap:
        with self.path.open("rb") as opened:
            return mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)

    @cached_property
    def _heads(self) -> tuple[bytes, bytes, bytes]:
        reader = self._font.reader
        return reader["head"], reader["hhea"], reader["maxp"]

    def _per_mille(self, units: int) -> int:
        return round(units * 1000 / self.units_per_em)

    def advance(self, glyph_id: int) -> int:
        """Width of a glyph in font units."""
        return self._metrics[2 * min(glyph_id, self._long_metrics - 1)]

    def advance_per_mille(self, glyph_id: int) -> int:
        return self._per_mille(self.advance(glyph_id))

    def record(self, glyph_id: int) -> bytes:
        """The glyph's outline without hinting; empty for a blank."""
        kept = self._records.get(glyph_id)
        if kept is None:
            start = self._font.reader.tables["glyf"].offset
            raw = self._file[start + self._offsets[glyph_id] : start + self._offsets[glyph_id + 1]]
            kept = self._records[glyph_id] = _unhinted(raw)
        return kept

    def subset(self, glyph_ids: list[int]) -> bytes:
        """A font of .notdef and these glyphs, numbered from 1 in their order; parts follow behind."""
        order = [0, *glyph_ids]
        numbers = {glyph_id: at for at, glyph_id in enumerate(order)}
        records: list[bytes] = []
        for glyph_id in order:  # grows while composites name their parts
            records.append(_renumbered(self.record(glyph_id), order, numbers))
        return _assembled(self._heads, records, [self.advance(glyph_id) for glyph_id in order])


def _big_endian(kind: str, data: bytes) -> "array[int]":
    values = array(kind, data[: len(data) - len(data) % array(kind).itemsize])
    if sys.byteorder == "little":
        values.byteswap()
    return values


def _unhinted(raw: bytes) -> bytes:
    if not raw:
        return b""
    contours = struct.unpack_from(">h", raw)[0]
    if contours < 0:
        return raw
    at = 10 + 2 * contours
    length = struct.unpack_from(">H", raw, at)[0]
    return raw[:at] + b"\0\0" + raw[at + 2 + length :]


def _renumbered(record: bytes, order: list[int], numbers: dict[int, int]) -> bytes:
    """A composite with its parts' new numbers (and its own hinting cut off); others unchanged."""
    if not record or struct.unpack_from(">h", record)[0] >= 0:
        return record
    out, at, flags = bytearray(record), 10, _MORE
    while flags & _MORE:
        flags, part = struct.unpack_from(">HH", record, at)
        if part not in numbers:
            numbers[part] = len(order)
            order.append(part)
        struct.pack_into(">HH", out, at, flags & ~_HINTS, numbers[part])
        at += 8 if flags & _WORDS else 6
        at += 2 if flags & _SCALE else 4 if flags & _XY_SCALE else 8 if flags & _TWO_BY_TWO else 0
    return bytes(out[:at])


def _assembled(heads: tuple[bytes, bytes, bytes], records: list[bytes], advances: list[int]) -> bytes:
    head, hhea, maxp = heads
    outlines, offsets = bytearray(), [0]
    for record in records:
        outlines += record + bytes(-len(record) % 4)
        offsets.append(len(outlines))
    count = len(records)
    # Side bearings equal each outline's xMin, as the scalers assume.
    bearings = (struct.unpack_from(">h", record, 2)[0] if record else 0 for record in records)
    tables = {
        b"glyf": bytes(outlines),
        b"head": head[:8] + bytes(4) + head[12:50] + b"\0\1" + head[52:54],
        b"hhea": hhea[:34] + struct.pack(">H", count),
        b"hmtx": b"".join(struct.pack(">Hh", *pair) for pair in zip(advances, bearings, strict=True)),
        b"loca": struct.pack(f">{count + 1}I", *offsets),
        b"maxp": maxp[:4] + struct.pack(">H", count) + maxp[6:],
    }
    return _directory(tables)


def _directory(tables: dict[bytes, bytes]) -> bytes:
    count = len(tables)
    power = count.bit_length() - 1
    header = struct.pack(">IHHHH", 0x00010000, count, 16 << power, power, (count << 4) - (16 << power))
    entries, body, start = bytearray(), bytearray(), 12 + 16 * count
    for tag, data in tables.items():
        padded = data + bytes(-len(data) % 4)
        checksum = sum(_big_endian("I", padded)) & 0xFFFFFFFF
        entries += struct.pack(">4sIII", tag, checksum, start + len(body), len(data))
        body += padded
    return header + bytes(entries) + bytes(body)
