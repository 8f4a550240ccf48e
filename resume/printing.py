"""Printing our own HTML as PDF: the declared fonts, and a fetcher of our own files and nothing else."""

from __future__ import annotations

import threading
from pathlib import Path

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from resume.settings import ROOT

REGULAR = ROOT / "static/vendor/fonts/NotoSansSC-Regular.ttf"
BOLD = ROOT / "static/vendor/fonts/NotoSansSC-Bold.ttf"
#: For characters that the declared font lacks, where they are installed; by their names in a style sheet.
_RARE = ("hanazono/HanaMinA.ttf", "hanazono/HanaMinB.ttf", "babelstone/BabelStoneHan.ttf")
_SYSTEM = Path("/usr/share/fonts/truetype")
_local = threading.local()


class ForeignFile(FatalURLFetchingError):  # type: ignore[misc]
    """A paper asked for something that is not one of our own files."""


class OwnFiles(URLFetcher):  # type: ignore[misc]
    """Fetches the given files and nothing else: no network, no other path."""

    def __init__(self, *paths: Path) -> None:
        super().__init__(allowed_protocols=("file",), allow_redirects=False, fail_on_errors=True)
        self._paths = {path.resolve().as_uri(): path for path in paths}

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:  # noqa: ARG002
        path = self._paths.get(url)
        if path is None:
            raise ForeignFile(f"not one of our own files: {url}")
        return URLFetcherResponse(url, path.read_bytes())


def rare_fonts() -> tuple[Path, ...]:
    """The fonts for rare characters that are installed."""
    return tuple(path for name in _RARE if (path := _SYSTEM / name).exists())


def font_faces(regular: Path, bold: Path) -> str:
    """The style sheet that names the two weights of the family `Sheet`."""
    return "".join(
        f"@font-face{{font-family:Sheet;font-weight:{weight};src:url({path.resolve().as_uri()})}}"
        for weight, path in ((400, regular), (700, bold))
    )


class Printer:
    """Prints in the declared fonts with one style sheet; made once a thread, not shared between threads."""

    def __init__(self, css: Path) -> None:
        self._fonts = FontConfiguration()
        self._fetcher = OwnFiles(REGULAR, BOLD)
        faces = CSS(string=font_faces(REGULAR, BOLD), font_config=self._fonts, url_fetcher=self._fetcher)
        self._sheets = [faces, CSS(string=css.read_text(encoding="utf-8"), font_config=self._fonts)]

    def pdf(self, html: str, *, identifier: bytes) -> bytes:
        """The PDF of `html`; the same page and identifier give the same bytes. Raises ForeignFile."""
        document = HTML(string=html, url_fetcher=self._fetcher).render(
            stylesheets=self._sheets, font_config=self._fonts
        )
        return bytes(document.write_pdf(pdf_identifier=identifier))


def printer(css: Path) -> Printer:
    """This thread's printer for a style sheet."""
    kept: dict[Path, Printer] = _local.__dict__.setdefault("printers", {})
    if css not in kept:
        kept[css] = Printer(css)
    return kept[css]
