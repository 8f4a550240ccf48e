"""Draw the icons of the gate's page: a barrier between two posts and a tick. `python scripts/gate_icons.py`.

One list of shapes for the SVG and for the PNG files that phones want; all stay within the inner 80 %, which
is what a phone leaves of an icon that it cuts to its own shape. Nothing here is anybody's emblem.
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw

FOLDER = Path(__file__).resolve().parent.parent / "static/gate/icons"
GROUND, WHITE, GO = "#10141a", "#ffffff", "#2fbf71"
SIZES = (180, 192, 512)
#: Of 100 x 100: colour, width of the line (0: filled), points.
SHAPES = (
    (WHITE, 0, ((18, 30), (27, 30), (27, 80), (18, 80))),
    (WHITE, 0, ((73, 30), (82, 30), (82, 80), (73, 80))),
    (WHITE, 0, ((14, 22), (86, 22), (86, 31), (14, 31))),
    (GO, 9, ((34, 56), (46, 68), (67, 43))),
)
_FINER = 4  # drawn larger and scaled down: smooth edges


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "gate.svg").write_text(svg(), encoding="utf-8")
    for size in SIZES:
        png(size).save(FOLDER / f"gate-{size}.png", optimize=True)


def svg() -> str:
    shapes = "".join(_svg_shape(*shape) for shape in SHAPES)
    ground = f'<rect width="100" height="100" fill="{GROUND}"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">{ground}{shapes}</svg>\n'


def _svg_shape(colour: str, width: int, points: tuple[tuple[int, int], ...]) -> str:
    path = "M" + "L".join(f"{x} {y}" for x, y in points)
    if not width:
        return f'<path fill="{colour}" d="{path}z"/>'
    return f'<path fill="none" stroke="{colour}" stroke-width="{width}" stroke-linejoin="round" d="{path}"/>'


def png(size: int) -> Image.Image:
    scale = size * _FINER / 100
    image = Image.new("RGB", (size * _FINER, size * _FINER), GROUND)
    draw = ImageDraw.Draw(image)
    for colour, width, points in SHAPES:
        placed = [(x * scale, y * scale) for x, y in points]
        if width:
            draw.line(placed, fill=colour, width=round(width * scale), joint="curve")
        else:
            draw.polygon(placed, fill=colour)
    return image.resize((size, size), Image.Resampling.LANCZOS)


if __name__ == "__main__":
    main()
