"""The stamped template: WeasyPrint lays out what all sheets of one organ share, once."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from fontTools.ttLib import TTFont
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import PdfFileWriter
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from resume.passes.sheet import layout
from resume.passes.sheet.embedding import OBJECTS_PER_FONT, font_objects, stream
from resume.passes.sheet.seal import seal_svg
from resume.passes.sheet.truetype import FontFile
from resume.printing import OwnFiles, font_faces

_ALWAYS = " 0123456789*:年月日周一二三四五六（）"
_LOOKALIKES = range(0x2E80, 0x2FE0)  # CJK and Kangxi radicals


@dataclass(frozen=True, slots=True)
class SheetFiles:
    """Where the sheet's own files are, absolute."""

    templates: Path  # the folder that holds passes/sheet.html
    css: Path
    regular: Path
    bold: Path
    fallbacks: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class StampedTemplate:
    """The shared page as PDF objects already written out.

    `prefix` is the head of every file made from it, `offsets` object number -> place in it.
    `contents` is its drawing (balanced, so that a fill can follow); `resources`, `font_names` and
    `forms` are the entries of a page's resource dictionaries, written out; `fonts` gives for the
    family's fonts (0 regular, 1 bold) the object, and `drawn` their glyphs by id: a fill uses those again.
    """

    prefix: bytes
    offsets: dict[int, int]
    contents: int
    resources: str
    font_names: str
    forms: str
    fonts: tuple[int, int]
    drawn: tuple[dict[int, str], dict[int, str]]


class TemplatePress:
    """Makes and keeps stamped templates, one per organ and kind of sheet."""

    def __init__(self, files: SheetFiles, family: tuple[FontFile, FontFile]) -> None:
        self.files = files
        self._family = family
        self._fonts = FontConfiguration()
        self._fetcher = OwnFiles(files.regular, files.bold)
        self._jinja = Environment(
            loader=FileSystemLoader(files.templates),
            autoescape=select_autoescape(default=True),
            undefined=StrictUndefined,
        )
        self.stamped = lru_cache(maxsize=64)(self._stamped)

    def _stamped(self, organ: str, is_demo: bool, is_specimen: bool) -> StampedTemplate:
        seal = seal_svg(organ, is_demo=is_demo)
        html = self._jinja.get_template("passes/sheet.html").render(
            layout=layout, seal=seal, is_demo=is_demo, is_specimen=is_specimen
        )
        return stamped(self.pdf(html), self._family)

    def pdf(self, html: str) -> bytes:
        """One page of PDF; raises ValueError for more, and ForeignFile for any outside address."""
        sheets = [
            CSS(
                string=font_faces(self.files.regular, self.files.bold),
                font_config=self._fonts,
                url_fetcher=self._fetcher,
            ),
            CSS(string=self.files.css.read_text(encoding="utf-8"), font_config=self._fonts),
        ]
        source = HTML(string=html, url_fetcher=self._fetcher)
        document = source.render(stylesheets=sheets, font_config=self._fonts)
        if len(document.pages) != 1:
            raise ValueError(f"the sheet's template has {len(document.pages)} pages, not 1")
        return bytes(document.write_pdf(pdf_identifier=b"sheet"))


def stamped(pdf: bytes, family: tuple[FontFile, FontFile]) -> StampedTemplate:
    """The first page of `pdf` as written-out objects, its fonts cut anew from `family`.

    WeasyPrint's subsets keep the tables of all 30,000 glyphs: half of their weight.
    """
    page: Any = PdfFileReader(BytesIO(pdf)).root["/Pages"]["/Kids"][0]
    for key in set(page) - {"/Resources", "/Contents"}:
        del page[key]  # /Parent would bring the whole document along
    writer: Any = PdfFileWriter()  # type: ignore[no-untyped-call]
    copy = writer.import_object(page)  # in one go: what both refer to is copied once
    resources = copy["/Resources"]
    named = resources["/Font"]
    is_bold = {key: "Bold" in named[key]["/BaseFont"] for key in named}
    drawn = [_everywhere(font) for font in family]
    for key in named:
        drawn[is_bold[key]] |= _embedded_glyphs(named[key], family[is_bold[key]])
    first = max(number for _, number in writer.objects) + 1
    fonts = (first, first + OBJECTS_PER_FONT + 1)
    for key in named:
        named[key] = generic.IndirectObject(fonts[is_bold[key]], 0, writer)  # type: ignore[no-untyped-call]
    contents = copy.raw_get("/Contents").idnum
    drawing = copy["/Contents"].data.replace(b">0<", b"")  # zero kerns between glyphs
    bodies = _reachable(copy, writer)
    bodies[contents] = stream(b"q\n%b\nQ\n" % drawing, level=9)
    for number, font, chars in zip(fonts, family, drawn, strict=True):
        bodies |= dict(
            enumerate(font_objects(font, list(chars.items()), number, keep_ids=True), start=number)
        )
    out, offsets = BytesIO(), {}
    out.write(b"%PDF-1.7\n%\xe5\xa4\x8d\xe5\xb7\xa5\n")
    for number in sorted(bodies):
        offsets[number] = out.tell()
        out.write(b"%d 0 obj\n%b\nendobj\n" % (number, bodies[number]))
    return StampedTemplate(
        prefix=out.getvalue(),
        offsets=offsets,
        contents=contents,
        resources=_entries(
            {key: resources.raw_get(key) for key in resources if key not in ("/Font", "/XObject")}
        ),
        font_names=_entries(resources["/Font"]),
        forms=_entries(resources.get("/XObject", {})),
        fonts=fonts,
        drawn=(drawn[0], drawn[1]),
    )


def _everywhere(font: FontFile) -> dict[int, str]:
    """Glyphs that every fill needs, so that they are cut and packed once."""
    return {font.glyph_ids[ord(char)]: char for char in _ALWAYS}


def _embedded_glyphs(type0: generic.DictionaryObject, font: FontFile) -> dict[int, str]:
    """Glyph id -> character of what WeasyPrint embedded (it keeps the font's glyph ids)."""
    data = type0["/DescendantFonts"][0]["/FontDescriptor"]["/FontFile2"].data
    offsets = TTFont(BytesIO(data), lazy=True)["loca"]
    # Several code points may share a glyph: a plain ideograph goes before a radical that looks like it.
    by_preference = sorted(font.glyph_ids.items(), key=lambda item: (item[0] in _LOOKALIKES, item[0]))
    chars = {gid: chr(cp) for cp, gid in reversed(by_preference)}
    used = (gid for gid in range(1, len(offsets) - 1) if offsets[gid] != offsets[gid + 1])
    return {gid: chars.get(gid, "\ufffd") for gid in used}


def _reachable(root: generic.PdfObject, writer: Any) -> dict[int, bytes]:
    """Number -> written text of every object `root` leads to."""
    bodies: dict[int, bytes] = {}
    waiting = [root]
    while waiting:
        value = waiting.pop()
        if isinstance(value, generic.IndirectObject):
            target = writer.objects.get((0, value.idnum))
            if target is not None and value.idnum not in bodies:
                if isinstance(target, generic.StreamObject):
                    target.compress()  # type: ignore[no-untyped-call]
                bodies[value.idnum] = _written(target)
                waiting.append(target)
        elif isinstance(value, generic.DictionaryObject):
            waiting.extend(value.raw_get(key) for key in value)
        elif isinstance(value, generic.ArrayObject):
            waiting.extend(value.raw_get(at) for at in range(len(value)))
    return bodies


def _entries(values: Mapping[str, Any]) -> str:
    raw = values.raw_get if isinstance(values, generic.DictionaryObject) else values.__getitem__
    return "".join(f"{key} {_written(raw(key)).decode()}" for key in values)


def _written(value: generic.PdfObject) -> bytes:
    out = BytesIO()
    value.write_to_stream(out, None)
    return out.getvalue()
