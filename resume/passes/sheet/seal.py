"""The drawn seal: decoration under the issuing organ, never a real organ's seal.

A ring with the organ's name and, in demo mode, 演示; no star, no emblem: like no seal in
use. The signature of the file is what proves the sheet.
"""

from math import degrees, pi

from markupsafe import Markup, escape

_RADIUS = 38.0  # of the circle through the middle of the characters; the ring's own is 50
_SPREAD = 1.40 * pi  # widest arc of the organ's name
_SIZE, _DEMO_SIZE = 11.0, 9.0
_DEMO = "演示"


def seal_svg(organ: str, *, is_demo: bool) -> Markup:
    """An SVG of a round red seal; its characters are text in the sheet's bold font.

    Those that reach into the printed fields beside them are turned, so that read-back tells
    them apart; the upright one stands at the top, above them.
    """
    step = min(_SPREAD / max(1, len(organ)), 1.28 * _SIZE / _RADIUS)
    size = min(_SIZE, 0.95 * step * _RADIUS)
    marks = [
        _turned(char, size, degrees((at - (len(organ) - 1) / 2) * step), -_RADIUS)
        for at, char in enumerate(organ)
    ]
    if is_demo:
        marks += [_turned(char, _DEMO_SIZE, (0.5 - at) * 20, _RADIUS + 1) for at, char in enumerate(_DEMO)]
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-52 -52 104 104">'
        '<g fill="none" stroke="#8f1018"><circle r="49.3" stroke-width="2.4"/>'
        '<circle r="46.2" stroke-width=".6"/></g>'
        '<g fill="#8f1018" font-family="Sheet" font-weight="700">{}</g></svg>'
    ).format(Markup("").join(marks))


def _turned(char: str, size: float, angle: float, middle: float) -> Markup:
    """`char` with its middle `middle` below the seal's, then turned clockwise round it."""
    return Markup(
        '<text transform="rotate({:.2f})" x="{:.2f}" y="{:.2f}" font-size="{:.2f}">{}</text>'
    ).format(angle, -size / 2, middle + 0.38 * size, size, escape(char))
