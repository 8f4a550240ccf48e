"""Files of every harmless and every hostile kind that people may attach, made here."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

from PIL import Image


def picture(
    kind: str = "JPEG", size: tuple[int, int] = (60, 40), mode: str = "RGB", **options: object
) -> bytes:
    """A picture of one colour."""
    out = BytesIO()
    Image.new(mode, size).save(out, kind, **options)
    return out.getvalue()


def pdf_of(objects: dict[int, bytes], trailer: bytes = b"") -> bytes:
    """A PDF written by hand from its objects; number 1 is the catalogue."""
    body, places = bytearray(b"%PDF-1.7\n"), {}
    for number, text in sorted(objects.items()):
        places[number] = len(body)
        body += b"%d 0 obj\n%b\nendobj\n" % (number, text)
    start, count = len(body), max(objects) + 1
    body += b"xref\n0 %d\n0000000000 65535 f \n" % count
    for number in range(1, count):
        body += b"%010d 00000 n \n" % places[number]
    body += b"trailer\n<</Size %d/Root 1 0 R%b>>\nstartxref\n%d\n%%%%EOF\n" % (count, trailer, start)
    return bytes(body)


def pdf(pages: int = 1) -> bytes:
    """A PDF of empty pages; always the same bytes."""
    kids = b" ".join(b"%d 0 R" % number for number in range(3, 3 + pages))
    tree = {1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Kids[%b]/Count %d>>" % (kids, pages)}
    return pdf_of(tree | dict.fromkeys(range(3, 3 + pages), _PAGE[3]))


_PAGE = {2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>", 3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]>>"}


def pdf_with_script() -> bytes:
    """A PDF that runs JavaScript when it is opened."""
    names = b"/Names<</JavaScript<</Names[(a) 4 0 R]>>>>"
    script = {4: b"<</S/JavaScript/JS(app.alert\\(1\\))>>"}
    return pdf_of({1: b"<</Type/Catalog/Pages 2 0 R%b>>" % names, **_PAGE, **script})


def pdf_with_file() -> bytes:
    """A PDF that carries another file."""
    names = b"/Names<</EmbeddedFiles<</Names[(a) 4 0 R]>>>>"
    inside = {
        4: b"<</Type/Filespec/F(a.exe)/EF<</F 5 0 R>>>>",
        5: b"<</Type/EmbeddedFile/Length 2>>stream\nMZ\nendstream",
    }
    return pdf_of({1: b"<</Type/Catalog/Pages 2 0 R%b>>" % names, **_PAGE, **inside})


def pdf_with_password() -> bytes:
    """A PDF that opens with a password only (RC4, revision 2; the keys fit no empty password)."""
    encrypt = b"<</Filter/Standard/V 1/R 2/P -4/O<%b>/U<%b>>>" % (b"ab" * 32, b"cd" * 32)
    identity = b"/Encrypt 4 0 R/ID[<%b><%b>]" % (b"12" * 16, b"12" * 16)
    return pdf_of({1: b"<</Type/Catalog/Pages 2 0 R>>", **_PAGE, 4: encrypt}, identity)


def png_bomb(width: int, height: int) -> bytes:
    """A few hundred bytes that say they unpack to width x height pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(200_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def jpeg_with_place() -> bytes:
    """A photograph that says where it was taken and lies on its side."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "CameraOfSecrets"
    exif.get_ifd(0x8825)[1] = "N"
    return picture("JPEG", (60, 40), exif=exif) + b"SECRET BEHIND THE PICTURE"
