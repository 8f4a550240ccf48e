"""One pass into its stamped template: text in slots, QR, one-use boxes; a page to be signed."""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC

from resume.passes.sheet import layout
from resume.passes.sheet.embedding import OBJECTS_PER_FONT, font_objects, stream
from resume.passes.sheet.facts import SheetFacts, printed_fields, printed_number
from resume.passes.sheet.layout import PAGE_HEIGHT, PAGE_POINTS, POINTS_PER_MM, SLOTS
from resume.passes.sheet.qr import qr_rows
from resume.passes.sheet.template import SheetFiles, StampedTemplate, TemplatePress
from resume.passes.sheet.typesetting import Fonts, Line, set_text


@dataclass(frozen=True, slots=True)
class UnsignedSheet:
    """A whole page lacking its signature: `body` up to the place of the next object.

    The page and the catalogue already name `signature_field`, which the signer writes with
    its value at `signature_value`, then the cross-reference table.
    """

    body: bytes
    offsets: dict[int, int]
    catalogue: int
    information: int
    page: int
    signature_field: int
    signature_value: int


class SheetPress:
    """Renders sheets; made once a process and used for many. Not shared between threads."""

    def __init__(self, files: SheetFiles) -> None:
        self.fonts = Fonts(files.regular, files.bold, files.fallbacks)
        regular, bold = self.fonts.files[:2]
        self._templates = TemplatePress(files, (regular, bold))

    def missing_code_points(self, text: str) -> tuple[int, ...]:
        """What no declared font draws; ask at upload."""
        return self.fonts.missing(text)

    def render(self, facts: SheetFacts) -> UnsignedSheet:
        """The page of `facts`. Raises GlyphsMissing, TextTooLong or QrTooLarge (all SheetRefused)."""
        lines = self._lines(facts)
        template = self._templates.stamped(facts.issuing_organ, facts.is_demo, facts.is_specimen)
        fill = _Fill(self.fonts, template)
        for colour, line in lines:
            fill.show(line, colour)
        fill.boxes(facts)
        fill.qr(facts.qr_text)
        return _page(template, fill, facts)

    def _lines(self, facts: SheetFacts) -> list[tuple[tuple[int, int, int], Line]]:
        lines = []
        for key, text in printed_fields(facts).items():
            slot = SLOTS[key]
            glyphs = self.fonts.glyphs(text, is_bold=slot.is_bold)
            lines += [
                (slot.colour, line) for line in set_text(key, slot, glyphs, PAGE_HEIGHT * POINTS_PER_MM)
            ]
        return lines


@dataclass
class _Fill:
    """The drawing of one pass, and which glyphs it needs beyond its template's."""

    fonts: Fonts
    template: StampedTemplate
    drawing: list[str] = field(default_factory=list)
    codes: dict[int, dict[str, int]] = field(default_factory=dict)  # font -> character -> code
    glyphs: dict[int, list[tuple[int, str]]] = field(default_factory=dict)  # font -> (glyph id, character)
    mask: bytes = b""

    def show(self, line: Line, colour: tuple[int, int, int]) -> None:
        rgb = " ".join(f"{part / 255:.3f}" for part in colour)
        shown: list[str] = []
        current = ""
        for glyph in line.glyphs:
            # A space alone in its own font is lost to some readers: it stays with its word.
            stays = glyph.char == " " and current == f"F{glyph.font}"
            name, code = self._code(glyph.font, glyph.glyph_id, glyph.char, share=not stays)
            if name != current:
                shown.append(f"{'>Tj' if current else ''}/{name} {line.size:g} Tf<")
                current = name
            shown.append(f"{code:04X}")
        self.drawing.append(f"{rgb} rg BT {line.x} {line.y} Td{''.join(shown)}>Tj ET")

    def _code(self, font: int, glyph_id: int, char: str, *, share: bool) -> tuple[str, int]:
        # The same glyph may stand for two characters; what is read back must be the one given.
        if share and font < 2 and self.template.drawn[font].get(glyph_id) == char:
            return f"T{font}", glyph_id
        codes = self.codes.setdefault(font, {})
        if char not in codes:
            codes[char] = len(codes) + 1
            self.glyphs.setdefault(font, []).append((glyph_id, char))
        return f"F{font}", codes[char]

    def boxes(self, facts: SheetFacts) -> None:
        """One empty box a use."""
        side = layout.BOX_SIDE * POINTS_PER_MM
        for key, uses in (("exit", facts.exit_uses), ("entry", facts.entry_uses)):
            top = layout.STRIP_ROWS[key] + (layout.STRIP_HEIGHT - layout.BOX_SIDE) / 2
            y = (PAGE_HEIGHT - top - layout.BOX_SIDE) * POINTS_PER_MM
            for at in range(uses):
                x = (layout.BOX_X + at * layout.BOX_PITCH) * POINTS_PER_MM
                self.drawing.append(f".102 .122 .149 RG .9 w {x:.2f} {y:.2f} {side:.2f} {side:.2f} re S")

    def qr(self, text: str) -> None:
        side, rows = qr_rows(text)
        size = layout.QR.width * POINTS_PER_MM
        x, y = layout.QR.x * POINTS_PER_MM, (PAGE_HEIGHT - layout.QR.y) * POINTS_PER_MM - size
        self.drawing.append(f"q 0 g {size:.3f} 0 0 {size:.3f} {x:.3f} {y:.3f} cm/Q0 Do Q")
        # A mask paints where its bit is 0; Decode turns that, so that 1 is dark.
        entries = f"/Type/XObject/Subtype/Image/ImageMask true/Width {side}/Height {side}"
        entries += "/BitsPerComponent 1/Decode[1 0]"
        self.mask = stream(rows, entries)


def _page(template: StampedTemplate, fill: _Fill, facts: SheetFacts) -> UnsignedSheet:
    used = set(template.offsets)
    top = max(used)
    spare = [number for number in range(1, top) if number not in used]
    spare += range(top + 1, top + 9 - len(spare)) if len(spare) < 8 else []
    catalogue, pages, page, contents, mask, information, sig_field, sig_value = spare[:8]
    number = max(top, *spare[:8]) + 1
    names = {f"T{at}": reference for at, reference in enumerate(template.fonts)}
    bodies: dict[int, bytes] = {}
    for font, glyphs in fill.glyphs.items():
        names[f"F{font}"] = number
        bodies |= dict(enumerate(font_objects(fill.fonts.files[font], glyphs, number), start=number))
        number += OBJECTS_PER_FONT
    bodies[contents] = stream("\n".join(fill.drawing).encode())
    bodies[mask] = fill.mask
    bodies[page] = _page_object(template, names, pages, contents, mask, sig_field)
    bodies[pages] = f"<</Type/Pages/Kids[{page} 0 R]/Count 1>>".encode()
    bodies[catalogue] = (
        f"<</Type/Catalog/Pages {pages} 0 R/Lang(zh-Hans)/ViewerPreferences<</DisplayDocTitle true>>"
        f"/AcroForm<</Fields[{sig_field} 0 R]/SigFlags 3>>/Perms<</DocMDP {sig_value} 0 R>>>>"
    ).encode()
    title = f"复工复产通行证 {printed_number(facts.number)}".encode("utf-16-be").hex()
    bodies[information] = (
        f"<</Title<FEFF{title}>/Producer(resume)/CreationDate(D:{facts.valid_from.astimezone(UTC):%Y%m%d%H%M%SZ})>>"
    ).encode()
    body, offsets = bytearray(template.prefix), dict(template.offsets)
    for key, text in bodies.items():
        offsets[key] = len(body)
        body += b"%d 0 obj\n%b\nendobj\n" % (key, text)
    return UnsignedSheet(bytes(body), offsets, catalogue, information, page, sig_field, sig_value)


def _page_object(
    template: StampedTemplate, names: dict[str, int], pages: int, contents: int, mask: int, sig_field: int
) -> bytes:
    """The page: the template's drawing, and the fill after it."""
    fonts = "".join(f"/{name} {reference} 0 R" for name, reference in names.items())
    return (
        f"<</Type/Page/Parent {pages} 0 R/MediaBox[0 0 {PAGE_POINTS[0]} {PAGE_POINTS[1]}]"
        f"/Contents[{template.contents} 0 R {contents} 0 R]/Annots[{sig_field} 0 R]"
        f"/Resources<<{template.resources}/Font<<{template.font_names}{fonts}>>"
        f"/XObject<<{template.forms}/Q0 {mask} 0 R>>>>>>"
    ).encode()


def document_id(sheet: UnsignedSheet) -> str:
    """Sixteen bytes in hex: the same content has the same id."""
    return hashlib.sha256(sheet.body).hexdigest()[:32]
