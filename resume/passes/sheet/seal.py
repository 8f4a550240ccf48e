"""The drawn seal: decoration over the issuing organ, never a real organ's seal.

Characters stand as outlines on a ring, without star or emblem, so that it is like no
seal in use; the signature of the file is what proves the sheet.
"""

from math import cos, pi, sin
from typing import Any

from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen

_BASELINE = 31.5  # radius on which the organ's characters stand; the drawing is -52..52 each way
_SPREAD = 1.45 * pi  # widest arc of the organ's name
_DEMO = "演示"
_INSIDE = ("复工通行", "验证专用")


def seal_svg(organ: str, bold: Any, *, is_demo: bool) -> str:
    """An SVG of a round red seal: the organ on the ring, and 演示 at its foot in demo mode.

    `bold` is a fontTools TTFont. A character it does not draw is left out of the drawing;
    the organ stands in full, as text, beside the seal.
    """
    paths = []
    size = min(11.5, 1.04 * _SPREAD * _BASELINE / max(1, len(organ)))
    step = min(_SPREAD / max(1, len(organ)), 1.3 * size / _BASELINE)
    for at, char in enumerate(organ):
        angle = (at - (len(organ) - 1) / 2) * step  # clockwise from the top
        paths.append(_outline(bold, char, size, angle, _BASELINE * sin(angle), -_BASELINE * cos(angle)))
    for at, char in enumerate(_DEMO if is_demo else ""):
        angle = (0.5 - at) * 0.30  # stands upright at the foot, read from left to right
        paths.append(_outline(bold, char, 9.5, -angle * -1, -40.5 * sin(angle), 40.5 * cos(angle)))
    for row, words in enumerate(_INSIDE):
        for at, char in enumerate(words):
            paths.append(_outline(bold, char, 8.6, 0.0, (at - 1.5) * 9.4, -1.6 + row * 10.4))
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-52 -52 104 104">'
        '<g fill="none" stroke="#8f1018"><circle r="49.5" stroke-width="2.2"/>'
        '<circle r="46.6" stroke-width=".5"/><circle r="26.5" stroke-width=".6"/></g>'
        f'<path fill="#8f1018" d="{" ".join(paths)}"/></svg>'
    )


def _outline(font: Any, char: str, size: float, angle: float, x: float, y: float) -> str:
    """Path of `char`, turned by `angle`, the middle of its foot at (x, y)."""
    name = font.getBestCmap().get(ord(char))
    if name is None:
        return ""
    glyphs = font.getGlyphSet()
    scale = size / font["head"].unitsPerEm
    half = glyphs[name].width * scale / 2
    turn = (scale * cos(angle), scale * sin(angle), scale * sin(angle), -scale * cos(angle))
    pen = SVGPathPen(glyphs, ntos=lambda value: f"{value:.2f}".rstrip("0").rstrip("."))
    glyphs[name].draw(TransformPen(pen, (*turn, x - half * cos(angle), y - half * sin(angle))))
    return str(pen.getCommands())
