"""A cut font as PDF objects: Type0 over CIDFontType2, with widths and ToUnicode."""

import hashlib
import zlib
from collections.abc import Sequence

from resume.passes.sheet.truetype import FontFile

OBJECTS_PER_FONT = 5  # font, descendant, descriptor, file, ToUnicode; the template's map is a sixth


def stream(data: bytes, entries: str = "", level: int = 6) -> bytes:
    """A deflated stream object's text."""
    packed = zlib.compress(data, level)
    return b"<</Filter/FlateDecode/Length %d%s>>stream\n%b\nendstream" % (
        len(packed),
        entries.encode(),
        packed,
    )


def font_objects(
    font: FontFile, glyphs: Sequence[tuple[int, str]], first: int, *, keep_ids: bool = False
) -> list[bytes]:
    """Objects numbered from `first` (the font itself); `glyphs` are (id, character).

    Codes in text are 1, 2, ... in the order of `glyphs`, or the glyph ids themselves with
    `keep_ids` (what WeasyPrint's text uses), which costs one object more.
    """
    ids = [glyph_id for glyph_id, _ in glyphs]
    codes = ids if keep_ids else list(range(1, len(ids) + 1))
    advances = ((code, font.advance_per_mille(gid)) for code, gid in zip(codes, ids, strict=True))
    widths = "".join(f"{code}[{width}]" for code, width in advances if width != 1000)
    tag = hashlib.sha256(repr(ids).encode()).digest()
    name = "".join(chr(65 + byte % 26) for byte in tag[:6]) + "+" + font.name
    ascent, descent = font.ascent_descent
    to_gid = f"{first + 5} 0 R" if keep_ids else "/Identity"
    packed = font.subset(ids)
    objects = [
        f"<</Type/Font/Subtype/Type0/BaseFont/{name}/Encoding/Identity-H"
        f"/DescendantFonts[{first + 1} 0 R]/ToUnicode {first + 4} 0 R>>".encode(),
        f"<</Type/Font/Subtype/CIDFontType2/BaseFont/{name}/CIDToGIDMap {to_gid}/DW 1000/W[{widths}]"
        f"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
        f"/FontDescriptor {first + 2} 0 R>>".encode(),
        f"<</Type/FontDescriptor/FontName/{name}/Flags 4/FontBBox[{' '.join(map(str, font.box))}]"
        f"/ItalicAngle 0/Ascent {ascent}/Descent {descent}/CapHeight 733/StemV 80"
        f"/FontFile2 {first + 3} 0 R>>".encode(),
        stream(packed, f"/Length1 {len(packed)}", level=9 if keep_ids else 6),
        stream(_to_unicode([(code, char) for code, (_, char) in zip(codes, glyphs, strict=True)])),
    ]
    if keep_ids:
        table = bytearray(2 * (max(ids) + 1))
        for at, gid in enumerate(ids, start=1):
            table[2 * gid : 2 * gid + 2] = at.to_bytes(2, "big")
        objects.append(stream(bytes(table), level=9))
    return objects


def _to_unicode(chars: Sequence[tuple[int, str]]) -> bytes:
    pairs = [f"<{code:04X}><{char.encode('utf-16-be').hex().upper()}>" for code, char in chars]
    # A block may hold 100 pairs (ISO 32000-1, 9.10.3 by way of Adobe's CMap specification).
    blocks = (pairs[at : at + 100] for at in range(0, len(pairs), 100))
    body = "\n".join(f"{len(block)} beginbfchar\n{chr(10).join(block)}\nendbfchar" for block in blocks)
    return (
        "/CIDInit/ProcSet findresource begin 12 dict begin begincmap\n"
        "/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def\n"
        "/CMapName/Adobe-Identity-UCS def/CMapType 2 def\n"
        f"1 begincodespacerange<0000><FFFF>endcodespacerange\n{body}\n"
        "endcmap CMapName currentdict/CMap defineresource pop end end"
    ).encode()
