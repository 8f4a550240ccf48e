"""The process that opens an attached file.

It reads the file from standard input and writes a JSON line, then the bytes to keep: a picture is written
anew; after a PDF comes nothing, it is kept as it is.

The line is ``{"media": ..., "pages": n}`` or ``{"refused": code}`` with a code of `resume.papers.refused`.
"""

import io
import json
import sys
from typing import Any

from resume.limited_child import limit_myself
from resume.papers.kinds import JPEG, PDF, PNG, Limits, type_of

_FORMATS = {JPEG: "JPEG", PNG: "PNG"}
_PASSWORD = 4  # FPDF_ERR_PASSWORD


class Refused(Exception):
    """The file is not taken; the argument is the code."""


def main(limits: Limits) -> None:
    """Read standard input, write what was found. Always exits 0 unless the system ends it."""
    limit_myself(limits)
    kept = b""
    try:
        said, kept = _opened(sys.stdin.buffer.read(), limits)
    except Refused as refused:
        said = {"refused": str(refused)}
    except MemoryError:
        said = {"refused": "gave_up"}
    except BaseException:  # whatever a reader of a stranger's file raises
        said = {"refused": "damaged"}
    sys.stdout.buffer.write(json.dumps(said).encode() + b"\n" + kept)
    sys.stdout.buffer.flush()


def _opened(data: bytes, limits: Limits) -> tuple[dict[str, Any], bytes]:
    media = type_of(data)
    if media == PDF:
        return {"media": PDF, "pages": _pages(data, limits)}, b""
    if media is None:
        raise Refused("type")
    return {"media": media, "pages": 1}, _written_anew(data, media, limits)


def _pages(data: bytes, limits: Limits) -> int:
    """How many pages a PDF has, each of which opens."""
    import pypdfium2 as pdfium
    import pypdfium2.raw as raw

    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        raise Refused("encrypted" if getattr(error, "err_code", None) == _PASSWORD else "damaged") from None
    count = len(document)
    if not 1 <= count <= limits.max_pages:
        raise Refused("pages" if count else "damaged")
    if raw.FPDFDoc_GetJavaScriptActionCount(document) > 0 or raw.FPDFDoc_GetAttachmentCount(document) > 0:
        raise Refused("active")
    for number in range(count):
        document[number].close()
    return count


def _written_anew(data: bytes, media: str, limits: Limits) -> bytes:
    """A picture decoded and encoded again: upright, without place, camera, thumbnail, anything."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = None  # the header's numbers are compared here, before anything is unpacked
    with Image.open(io.BytesIO(data), formats=(_FORMATS[media],)) as picture:
        width, height = picture.size
        if width * height > limits.max_pixels or max(width, height) > limits.max_side:
            raise Refused("pixels")
        picture.load()
        upright: Any = ImageOps.exif_transpose(picture)
        if media == JPEG and upright.mode not in ("L", "RGB"):
            upright = upright.convert("RGB")
        if limits.longest_side:
            upright.thumbnail((limits.longest_side, limits.longest_side))
        out = io.BytesIO()
        clean = Image.new(upright.mode, upright.size)
        clean.paste(upright)
        if upright.mode == "P" and upright.palette is not None:
            clean.putpalette(upright.palette)
        if media == JPEG:
            clean.save(out, "JPEG", quality=88)
        else:
            clean.save(out, "PNG")
    return out.getvalue()
