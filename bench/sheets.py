"""Signed pass sheets a second on one core: ours, and the obvious way, in one run.

The obvious way lays out one WeasyPrint document a pass and signs it with one pyHanko call
(P-256 as ours, default settings otherwise). Its font is the first of fontconfig's Noto CJK
where that is installed, else the sheet's own TrueType files, which is kinder to it.
"""

import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from html import escape
from io import BytesIO
from pathlib import Path

import segno
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from weasyprint import HTML

from bench.measurement import Measurement
from resume.passes.authority import Authority, make_authority
from resume.passes.sheet.facts import SheetFacts, printed_fields
from resume.passes.sheet.render import SheetPress
from resume.passes.sheet.sign import SheetSigner
from tests.passes.sheet_samples import FILES, facts

SURNAMES, GIVEN = "王李张刘陈杨黄赵吴周", "小明芳伟娜秀英敏静丽强磊军洋勇艳杰娟涛超"


def passes(count: int) -> list[SheetFacts]:
    """Passes that differ in name, number and firm, as a batch's do."""
    return [
        facts(
            number=f"3101150{at:05d}K",
            name=SURNAMES[at % 10] + GIVEN[at % 20] + GIVEN[at * 7 % 20],
            firm=f"临江{GIVEN[at % 20]}{GIVEN[at * 3 % 20]}精密仪器制造有限公司",
        )
        for at in range(count)
    ]


def obvious(authority: Authority, folder: Path) -> Callable[[SheetFacts], bytes]:
    path = folder / "obvious.p12"
    path.write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"signer", authority.private_key, authority.certificate, None, BestAvailableEncryption(b"x")
        )
    )
    signer = signers.SimpleSigner.load_pkcs12(str(path), passphrase=b"x")
    meta = signers.PdfSignatureMetadata(
        field_name="Issuer",
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        subfilter=SigSeedSubFilter.PADES,
    )

    has_noto = (
        "Noto Sans CJK SC"
        in subprocess.run(["fc-list", ":", "family"], capture_output=True, text=True, check=False).stdout
    )

    def make(given: SheetFacts) -> bytes:
        code = segno.make(given.qr_text, error="m").svg_inline(scale=2)
        rows = "".join(f"<tr><th>{key}<td>{escape(text)}" for key, text in printed_fields(given).items())
        faces = "" if has_noto else f"@font-face{{font-family:Own;src:url({FILES.regular.as_uri()})}}"
        style = f"{faces}@page{{size:A5;margin:10mm}}body{{font-family:'Noto Sans CJK SC',Own;font-size:8pt}}"
        html = f"<style>{style}</style><h1>复工复产通行证</h1>{code}<table>{rows}</table>"
        pdf = HTML(string=html).write_pdf()
        out = signers.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), meta, signer=signer)
        return bytes(out.getvalue())

    return make


def measure(ours: int = 200, theirs: int = 20) -> Iterator[Measurement]:
    """P2: signed sheets a second of processor time on one core, and the weight of a sheet."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    at = datetime.now(UTC)
    with tempfile.TemporaryDirectory() as folder:
        authority = make_authority(Path(folder) / "keys", at=at)
        press, signer = SheetPress(FILES), SheetSigner(authority.private_key, authority.certificate)
        fast, weight = rate(lambda one: signer.sign(press.render(one), at=at), passes(ours))
        slow, _weight = rate(obvious(authority, Path(folder)), passes(theirs))
    yield Measurement("P2 signed sheets, one core", "sheets/s", fast, slow, 10)
    yield Measurement("P2 weight of a sheet", "kB", weight, None, 40, better="lower")


def rate(make: Callable[[SheetFacts], bytes], given: list[SheetFacts]) -> tuple[float, float]:
    """Sheets a second of processor time, and kilobytes a sheet; the first is made before."""
    make(given[0])
    start = time.process_time()
    sizes = [len(make(one)) for one in given]
    return len(given) / (time.process_time() - start), sum(sizes) / len(sizes) / 1000
