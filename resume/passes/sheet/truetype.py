"""TrueType fonts for the fill: which characters they draw, and subsets cut by hand.

fontTools' subsetter needs tens of milliseconds on a 10 MB font; here glyph records are
taken one by one out of a mapped file, and kept: a subset is then a matter of joining bytes.
"""

import mmap
import struct
import sys
from array import array
from functools import cached_property
from pathlib import Path

from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph

# Units to the em of embedded fonts. At the sheet's largest text, 17 points, one unit is 0.04 mm,
# finer than a printer's dot; packed outlines weigh 30 % less than on the fonts' 1,000.
EM = 160


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
    def _metrics(self) -> "array[int]":
        return _big_endian("H", self._font.reader["hmtx"])

    @cached_property
    def _long_metrics(self) -> int:
        return int(self._font["hhea"].numberOfHMetrics)

    @cached_property
    def _offsets(self) -> "array[int]":
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
        """The glyph's outline, without hinting, on a grid of EM; empty for a blank."""
        kept = self._records.get(glyph_id)
        if kept is None:
            start = self._font.reader.tables["glyf"].offset
            raw = self._file[start + self._offsets[glyph_id] : start + self._offsets[glyph_id + 1]]
            kept = self._records[glyph_id] = self._on_grid(glyph_id, raw)
        return kept

    def _on_grid(self, glyph_id: int, raw: bytes) -> bytes:
        if not raw:
            return b""
        scale = EM / self.units_per_em
        if struct.unpack_from(">h", raw)[0] < 0:  # a composite: drawn as one outline
            pen = TTGlyphPen(None)
            glyphs = self._font.getGlyphSet()
            drawn = DecomposingRecordingPen(glyphs)
            glyphs[self._font.getGlyphName(glyph_id)].draw(drawn)
            drawn.replay(TransformPen(pen, (scale, 0, 0, scale, 0, 0)))
            glyph = pen.glyph()
        else:
            glyph = Glyph(raw)
            glyph.expand(None)
            glyph.removeHinting()
            glyph.coordinates.scale((scale, scale))
        glyph.coordinates.toInt()
        glyph.recalcBounds(None)
        return bytes(glyph.compile(None, recalcBBoxes=False))

    def subset(self, glyph_ids: list[int]) -> bytes:
        """A font of .notdef and these glyphs, numbered from 1 in their order."""
        order = [0, *glyph_ids]
        scale = EM / self.units_per_em
        advances = [round(self.advance(glyph_id) * scale) for glyph_id in order]
        head, hhea, maxp = self._heads
        box = struct.pack(">4h", *(round(edge * EM / 1000) for edge in self.box))
        line = struct.pack(">2h", *(round(edge * EM / 1000) for edge in self.ascent_descent))
        heads = (
            head[:8] + bytes(4) + head[12:18] + struct.pack(">H", EM) + head[20:36] + box + head[44:],
            hhea[:4] + line + hhea[8:],
            maxp,
        )
        return _assembled(heads, [self.record(glyph_id) for glyph_id in order], advances)


def _big_endian(kind: str, data: bytes) -> "array[int]":
    values = array(kind, data[: len(data) - len(data) % array(kind).itemsize])
    if sys.byteorder == "little":
        values.byteswap()
    return values


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
        b"head": head[:50] + b"\0\1" + head[52:54],
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
