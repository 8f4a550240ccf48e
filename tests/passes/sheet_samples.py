"""Facts of sheets for the tests: one of every day, and the extremes."""

import base64
import hashlib
from datetime import date, datetime
from pathlib import Path
from typing import Any

from resume.passes.sheet.facts import SHANGHAI, SheetFacts
from resume.passes.sheet.template import SheetFiles

ROOT = Path(__file__).resolve().parents[2]
VENDORED = ROOT / "static/vendor/fonts"
SYSTEM = Path("/usr/share/fonts/truetype")
FILES = SheetFiles(
    templates=ROOT / "templates",
    css=ROOT / "static/sheet.css",
    regular=VENDORED / "NotoSansSC-Regular.ttf",
    bold=VENDORED / "NotoSansSC-Bold.ttf",
    fallbacks=(
        SYSTEM / "hanazono/HanaMinA.ttf",
        SYSTEM / "hanazono/HanaMinB.ttf",
        SYSTEM / "babelstone/BabelStoneHan.ttf",
    ),
)
RARE = "".join(map(chr, (0x20BB7, 0x4DAE, 0x9FCF, 0x23C97, 0x2B5AE, 0x2CC56, 0x24B62)))


def qr_text(size: int = 310) -> str:
    """A token's text with `size` bytes of COSE, without meaning."""
    blob = b"".join(hashlib.sha256(bytes([at])).digest() for at in range(10))[:size]
    return "http://127.0.0.1:8000/v#" + base64.b32encode(blob).decode().rstrip("=")


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=SHANGHAI)  # type: ignore[misc,arg-type]


def facts(**changes: Any) -> SheetFacts:
    plain: dict[str, Any] = {
        "number": "310115000017K",
        "profile": "返岗通行 RTW",
        "name": "王小明",
        "document_type": "居民身份证",
        "document_masked": "319***********1234",
        "firm": "临江精密仪器制造有限公司",
        "origin": "临江市虚构区梧桐街道春晓苑 12 号楼",
        "destination": "虚构区启航路 88 号 临江精密一厂",
        "direction": "出小区 1 次 → 进厂 1 次",
        "exit_uses": 1,
        "entry_uses": 1,
        "pcr_sampled_at": at(2022, 4, 21, 19, 0),
        "building_clear_since": date(2022, 4, 15),
        "valid_from": at(2022, 4, 22, 10, 15, 7),
        "valid_to": at(2022, 4, 29, 10, 15, 7),
        "good_until": at(2022, 4, 23, 19, 0),
        "issuing_organ": "临江市虚构区复工专班",
        "issued_on": date(2022, 4, 22),
        "hotline": "021-0000 0000",
        "qr_text": qr_text(),
        "is_demo": True,
    }
    return SheetFacts(**(plain | changes))


def _han(start: int, count: int) -> str:
    return "".join(map(chr, range(start, start + count)))


EXTREMES = {
    "rare name of 50": facts(name=(RARE * 8)[:50]),
    "firm of 60": facts(firm=_han(0x5200, 60)),
    "latin name of 50": facts(name="MAXIMILIANO ALEXANDER VON HOHENSTEINBERGSON-WILLIS"),
    "one latin word of 50": facts(name="W" * 50),
    "uyghur name": facts(name="阿卜杜拉·买买提江·吐尔逊", building_clear_since=None),
    "everything": facts(
        name=(RARE * 8)[:50],
        firm=_han(0x5200, 60),
        origin=_han(0x6800, 60),
        destination=_han(0x7200, 60),
        exit_uses=6,
        entry_uses=6,
        good_until=at(2022, 12, 23, 23, 59, 59),
        issuing_organ="临江市虚构新区疫情防控工作领导小组复工复产办公室",
        is_specimen=True,
    ),
    "markup": facts(
        name="<b>&amp;'\"</b>", firm="</p><script>alert(1)</script>", issuing_organ="<i>机关</i>"
    ),
}
