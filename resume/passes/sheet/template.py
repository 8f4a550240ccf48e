"""The stamped template: WeasyPrint lays out what all sheets of one organ share, once."""

from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from fontTools.ttLib import TTFont
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import PdfFileWriter
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from resume.passes.sheet import layout
from resume.passes.sheet.seal import seal_svg


class ForeignFile(FatalURLFetchingError):  # type: ignore[misc]
    """The sheet asked for something that is not one of our own files."""


class OwnFiles(URLFetcher):  # type: ignore[misc]
    """Fetches the given files and nothing else: no network, no other path."""

    def __init__(self, *paths: Path) -> None:
        super().__init__(allowed_protocols=("file",), allow_redirects=False, fail_on_errors=True)
        self._paths = {path.resolve().as_uri(): path for path in paths}

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:  # noqa: ARG002
        path = self._paths.get(url)
        if path is None:
            raise ForeignFile(f"not one of the sheet's files: {url}")
        return URLFetcherResponse(url, path.read_bytes())


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

    `prefix` is the head of every file made from it, `offsets` object number -> place in it;
    `contents` and `resources` are what a page refers to.
    """

    prefix: bytes
    offsets: dict[int, int]
    contents: int
    resources: dict[str, str]


class TemplatePress:
    """Makes and keeps stamped templates, one per organ and kind of sheet."""

    def __init__(self, files: SheetFiles) -> None:
        self.files = files
        self._fonts = FontConfiguration()
        self._fetcher = OwnFiles(files.regular, files.bold)
        self._bold = TTFont(files.bold, lazy=True)
        self._jinja = Environment(
            loader=FileSystemLoader(files.templates),
            autoescape=select_autoescape(default=True),
            undefined=StrictUndefined,
        )
        self.stamped = lru_cache(maxsize=64)(self._stamped)

    def _stamped(self, organ: str, is_demo: bool, is_specimen: bool) -> StampedTemplate:
        seal = Markup(seal_svg(organ, self._bold, is_demo=is_demo))  # noqa: S704 - paths only, no text
        html = self._jinja.get_template("passes/sheet.html").render(
            layout=layout, seal=seal, is_demo=is_demo, is_specimen=is_specimen
        )
        return stamped(self.pdf(html))

    def pdf(self, html: str) -> bytes:
        """One page of PDF; raises ValueError for more, and ForeignFile for any outside address."""
        faces = "".join(
            f"@font-face{{font-family:Sheet;font-weight:{weight};src:url({path.resolve().as_uri()})}}"
            for weight, path in ((400, self.files.regular), (700, self.files.bold))
        )
        sheets = [
            CSS(string=faces, font_config=self._fonts, url_fetcher=self._fetcher),
            CSS(string=self.files.css.read_text(encoding="utf-8"), font_config=self._fonts),
        ]
        source = HTML(string=html, url_fetcher=self._fetcher)
        document = source.render(stylesheets=sheets, font_config=self._fonts)
        if len(document.pages) != 1:
            raise ValueError(f"the sheet's template has {len(document.pages)} pages, not 1")
        return bytes(document.write_pdf(pdf_identifier=b"sheet"))


def stamped(pdf: bytes) -> StampedTemplate:
    """The first page of `pdf` as written-out objects, whatever else the file holds left behind."""
    page = PdfFileReader(BytesIO(pdf)).root["/Pages"]["/Kids"][0]
    writer = PdfFileWriter()
    before = set(writer.objects)
    for key in set(page) - {"/Resources", "/Contents"}:
        del page[key]  # /Parent would bring the whole document along
    copy = writer.import_object(page)  # in one go: what both refer to is copied once
    out, offsets = BytesIO(b"%PDF-1.7\n%\xe5\xa4\x8d\xe5\xb7\xa5\n"), {}
    out.seek(0, 2)
    for key in sorted(set(writer.objects) - before, key=lambda pair: pair[1]):
        offsets[key[1]] = out.tell()
        out.write(b"%d 0 obj\n" % key[1])
        _plain(writer.objects[key]).write_to_stream(out, None)
        out.write(b"\nendobj\n")
    return StampedTemplate(
        prefix=out.getvalue(),
        offsets=offsets,
        contents=copy.raw_get("/Contents").idnum,
        resources={key[1:]: _written(copy["/Resources"].raw_get(key)) for key in copy["/Resources"]},
    )


def _plain(value: generic.PdfObject) -> generic.PdfObject:
    if isinstance(value, generic.StreamObject):
        value.compress()
    return value


def _written(value: generic.PdfObject) -> str:
    out = BytesIO()
    value.write_to_stream(out, None)
    return out.getvalue().decode("latin-1")
