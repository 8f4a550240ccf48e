"""A fake camera for Chromium: grey pictures as a .y4m film, which it plays in a loop instead of a camera.

    film = tmp_path / "camera.y4m"
    write_film(film, [picture_of_sheet(pdf)])
    playwright.chromium.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, *fake_camera(film)])
    browser.new_context(permissions=["camera"])

Chromium opens the file when the camera is opened: another film may be put in its place between two pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pypdfium2 as pdfium
import segno

from resume.passes.sheet.layout import QR

WIDTH, HEIGHT = 1280, 720
WHITE, DARK = 235, 16  # of the luma range that video uses
NEUTRAL = b"\x80"  # both chroma planes of a grey picture


@dataclass(frozen=True)
class Picture:
    """Grey pixels, one byte each, rows from the top; width and height are even."""

    width: int
    height: int
    pixels: bytes


def fake_camera(film: Path) -> list[str]:
    """The switches that make Chromium use a film as its camera, without asking anybody."""
    return [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ]


def picture_of_text(text: str, *, module: int = 6) -> Picture:
    """A QR code of a text, as a phone's screen held before the camera; `module` pixels a module."""
    rows = [
        bytes(DARK if dark else WHITE for dark in row for _ in range(module))
        for row in segno.make(text, error="m", micro=False).matrix_iter(border=4)
        for _ in range(module)
    ]
    return _in_the_middle(rows)


def picture_of_sheet(pdf: bytes, *, dpi: int = 150) -> Picture:
    """A pass sheet as a guard holds it: rendered, its QR in the middle of what the camera sees."""
    document = pdfium.PdfDocument(pdf)
    try:
        image = document[0].render(scale=dpi / 72, grayscale=True).to_pil()
    finally:
        document.close()
    width, height = image.size
    across, down = (
        round(millimetres * dpi / 25.4) for millimetres in (QR.x + QR.width / 2, QR.y + QR.height / 2)
    )
    above, beside = HEIGHT // 2 - down, WIDTH // 2 - across
    white, pixels = bytes([WHITE]), image.tobytes()
    lines = []
    for line in range(HEIGHT):
        row = pixels[(line - above) * width :][:width] if 0 <= line - above < height else b""
        row = row[max(0, -beside) :]
        lines.append((white * max(0, beside) + row + white * WIDTH)[:WIDTH])
    return Picture(WIDTH, HEIGHT, b"".join(lines))


def blank() -> Picture:
    """A camera that sees a white wall."""
    return _in_the_middle([])


def write_film(path: Path, pictures: Sequence[Picture], *, frames_each: int = 10, rate: int = 10) -> None:
    """A film of the pictures one after another, YUV 4:2:0, `rate` frames a second."""
    first = pictures[0]
    chroma = NEUTRAL * (first.width * first.height // 2)
    with path.open("wb") as film:
        film.write(f"YUV4MPEG2 W{first.width} H{first.height} F{rate}:1 Ip A1:1 C420jpeg\n".encode())
        for picture in pictures:
            if (picture.width, picture.height) != (first.width, first.height):
                raise ValueError("the pictures of a film have one size")
            for _ in range(frames_each):
                film.write(b"FRAME\n" + picture.pixels + chroma)


def _in_the_middle(rows: Sequence[bytes]) -> Picture:
    """Rows put in the middle of a white frame; what is larger is cut around its middle."""
    top = (HEIGHT - len(rows)) // 2
    shown = rows[max(0, -top) :][:HEIGHT]
    white = bytes([WHITE]) * WIDTH
    lines = [white] * max(0, top) + [_fitted(row) for row in shown]
    lines += [white] * (HEIGHT - len(lines))
    return Picture(WIDTH, HEIGHT, b"".join(lines))


def _fitted(row: bytes) -> bytes:
    spare = WIDTH - len(row)
    if spare <= 0:
        return row[-spare // 2 :][:WIDTH]
    left = spare // 2
    return bytes([WHITE]) * left + row + bytes([WHITE]) * (spare - left)
