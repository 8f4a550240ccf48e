"""What a sheet shows to a reader's eye: QR text and printed fields, by pdfium.

pdfium is native code on a stranger's file: `is_plain` lets through only what a sheet is
made of, small and without anything that unfolds, before a page is opened.
"""

import ctypes
import re

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
import zxingcpp

from resume.passes.sheet.layout import PAGE_HEIGHT, PAGE_POINTS, POINTS_PER_MM, SLOTS

LARGEST_FILE = 256 * 1024  # a sheet has 40 to 80 kB
_LARGEST_IMAGE = 400  # pixels a side; the QR has at most 77
_QR_DPI = (200, 300, 120)
_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
_UPRIGHT = 0.02  # radians; the seal's characters are turned further
_REFUSED = re.compile(
    rb"/(?:Encrypt|ObjStm|XRef|JavaScript|JS|Launch|EmbeddedFile|LZWDecode|RunLengthDecode|JBIG2Decode|JPXDecode"
    rb"|DCTDecode|CCITTFaxDecode|ASCII85Decode|ASCIIHexDecode|Crypt|DecodeParms|Prev|XFA)\b|/Filter\s*\[|#"
)
_SIDES = re.compile(rb"/(?:Width|Height)\s+(\d+)")


def is_plain(pdf: bytes) -> bool:
    """Whether `pdf` is small and holds none of what can unfold, act or hide: safe to look at.

    Names may not be written with #: our writer never does, and it would hide the others.
    """
    if len(pdf) > LARGEST_FILE or not pdf.startswith(b"%PDF-1."):
        return False
    outside = _without_streams(pdf)
    if _REFUSED.search(outside):
        return False
    return all(len(side) < 6 and int(side) <= _LARGEST_IMAGE for side in _SIDES.findall(outside))


def _without_streams(pdf: bytes) -> bytes:
    return re.sub(rb"stream\r?\n.*?endstream", b"", pdf, flags=re.DOTALL)


def page_of(pdf: bytes) -> tuple[str | None, dict[str, str]]:
    """QR text (None: not read) and printed fields of a plain one-page A5 file; empty if it is not one."""
    try:
        document = pdfium.PdfDocument(pdf)
    except pdfium.PdfiumError:
        return None, {}
    try:
        if len(document) != 1:
            return None, {}
        page = document[0]
        if any(abs(a - b) > 1 for a, b in zip(page.get_size(), PAGE_POINTS, strict=True)):
            return None, {}
        return _qr_text(page), _fields(page)
    except pdfium.PdfiumError:
        return None, {}
    finally:
        document.close()


def _qr_text(page: pdfium.PdfPage) -> str | None:
    """The text of the one QR code on the page; None for none, and for several that differ."""
    for dpi in _QR_DPI:
        image = page.render(scale=dpi / 72, grayscale=True).to_pil()
        found = {code.text for code in zxingcpp.read_barcodes(image, formats=_QR)}
        if found:
            return found.pop() if len(found) == 1 else None
    return None


def _fields(page: pdfium.PdfPage) -> dict[str, str]:
    """Slot key -> the characters that stand in its place, in the order they were drawn."""
    text = page.get_textpage()
    units: dict[str, list[int]] = {key: [] for key in SLOTS}
    try:
        for at in range(text.count_chars()):
            key = _slot_of(text.raw, at)
            if key is not None:
                units[key].append(pdfium_c.FPDFText_GetUnicode(text.raw, at))
    finally:
        text.close()
    return {key: _joined(codes) for key, codes in units.items()}


def _slot_of(text: object, at: int) -> str | None:
    if pdfium_c.FPDFText_IsGenerated(text, at) == 1:
        return None
    x, y = ctypes.c_double(), ctypes.c_double()
    if not pdfium_c.FPDFText_GetCharOrigin(text, at, x, y):
        return None
    across, down = x.value / POINTS_PER_MM, PAGE_HEIGHT - y.value / POINTS_PER_MM
    for key, slot in SLOTS.items():
        if (
            slot.x - 0.5 <= across <= slot.x + slot.width + 0.5
            and slot.y <= down <= slot.y + slot.height + 0.5
        ):
            angle = pdfium_c.FPDFText_GetCharAngle(text, at)
            return key if min(angle, abs(angle - 6.283185)) < _UPRIGHT else None
    return None


def _joined(codes: list[int]) -> str:
    """Text of pdfium's UTF-16 units or code points."""
    data = b"".join(
        code.to_bytes(2, "little") if code < 0x10000 else chr(code).encode("utf-16-le") for code in codes
    )
    return data.decode("utf-16-le", errors="replace").strip()
