"""Papers of the story's firms: a floor plan drawn from the plan's own areas, a photograph that is none."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from flask import render_template
from PIL import Image, ImageDraw, ImageFont

from resume.demo.firms import DemoFirm
from resume.papers.reading import CheckedPaper, check_paper
from resume.plans.loop import loop_of
from resume.printing import BOLD, printer
from resume.settings import ROOT


def demo_papers(firm: DemoFirm, sections: dict[str, dict[str, Any]]) -> Iterator[tuple[str, CheckedPaper]]:
    """Kind and file, checked as an upload is."""
    yield "floor_plan", check_paper(_floor_plan(firm, sections["zones"]["rows"]), "厂区平面图.pdf")
    yield "lodging_photos", check_paper(_photograph(), "宿舍照片.jpg")


def _floor_plan(firm: DemoFirm, rows: list[dict[str, Any]]) -> bytes:
    html = render_template("plans/floor_plan.html", loop=loop_of(rows), firm_name=firm.name)
    return printer(ROOT / "static/plan.css").pdf(html, identifier=firm.credit_code.encode()[:16])


def _photograph() -> bytes:
    """A drawn room with four beds; what it is stands on it."""
    picture = Image.new("RGB", (1280, 800), "#e9e4da")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 560, 1280, 800), fill="#b9a88c")
    draw.rectangle((520, 120, 760, 380), fill="#cfe3f1", outline="#7a6a52", width=8)
    for left in (60, 340, 820, 1040):
        draw.rectangle((left, 500, left + 190, 720), fill="#f7f7f5", outline="#5b4a33", width=6)
        draw.rectangle((left + 12, 510, left + 178, 570), fill="#8fb3d9")
    words = ImageFont.truetype(str(BOLD), 64)
    draw.text((640, 440), "演示图片 · 宿舍", font=words, fill="#8f1018", anchor="mm")
    out = BytesIO()
    picture.save(out, "JPEG", quality=85)
    return out.getvalue()
