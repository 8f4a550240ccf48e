"""The signature of a sheet, checked strictly: our form of file, then pyHanko's full check."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from io import BytesIO
from typing import Literal

from asn1crypto import x509 as asn1_x509  # type: ignore[import-untyped]
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from resume.passes.sheet.cms import CmsPattern

Answer = Literal["good", "broken", "missing", "untrusted"]

_RANGE = re.compile(rb"/ByteRange\[0 (\d{10}) (\d{10}) (\d{10})\]/Contents<")
_SIGNED_AT = re.compile(rb"/M\(D:(\d{14})\+00'00'\)")


@dataclass(frozen=True, slots=True)
class SignatureReading:
    """`answer`, and why in one line of English where it is not good; times and signer if known."""

    answer: Answer
    reason: str = ""
    signed_at: datetime | None = None
    certificate: x509.Certificate | None = None


def read_signature(pdf: bytes, trust_roots: Sequence[x509.Certificate]) -> SignatureReading:
    """Check the one signature of a plain file (see reading.is_plain).

    good: sound, whole file covered, nothing after it, padding zero, signer under a root, at
    the claimed time of signing (the signer alone can write that time). untrusted: sound, by
    somebody else. missing: no signature at all. broken: everything else.
    """
    if b"/ByteRange" not in pdf and b"/Type/Sig" not in pdf:
        return SignatureReading("missing", "the file holds no signature")
    fault = _form_fault(pdf)
    if fault:
        return SignatureReading("broken", fault)
    stated = _SIGNED_AT.findall(pdf)
    if len(stated) != 1:
        return SignatureReading("broken", "no single time of signing")
    try:
        signed_at = datetime.strptime(stated[0].decode(), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        return _checked(pdf, trust_roots, signed_at)
    except Exception as error:  # a stranger's bytes under a large parser: whatever it says, it is not good
        return SignatureReading("broken", f"{type(error).__name__}: {error}"[:200])


def _form_fault(pdf: bytes) -> str:
    """Why the file is not of the form we write; empty if it is. No parser sees it before."""
    if pdf.count(b"%%EOF") != 1 or pdf.count(b"startxref") != 1 or not pdf.endswith(b"%%EOF\n"):
        return "the file has more than one revision, or bytes after its end"
    ranges = list(_RANGE.finditer(pdf))
    if len(ranges) != 1 or pdf.count(b"/ByteRange") != 1:
        return "not exactly one signed range"
    start, after, rest = (int(part) for part in ranges[0].groups())
    if start != ranges[0].end() - 1 or after + rest != len(pdf) or not start < after <= len(pdf):
        return "the signed range does not cover the whole file"
    held = pdf[start:after]
    if not re.fullmatch(rb"<(?:[0-9a-f]{2})+>", held):
        return "the signature's place holds something else"
    cms = bytes.fromhex(held[1:-1].decode())
    length = _der_length(cms)
    if length is None or any(cms[length:]):
        return "the padding of the signature is not zero"
    return ""


def _der_length(data: bytes) -> int | None:
    """Length of the DER sequence at the start of `data`, header included."""
    if len(data) < 4 or data[0] != 0x30 or data[1] != 0x82:
        return None
    length = 4 + int.from_bytes(data[2:4], "big")
    return length if length <= len(data) else None


def _checked(pdf: bytes, trust_roots: Sequence[x509.Certificate], signed_at: datetime) -> SignatureReading:
    reader = PdfFileReader(BytesIO(pdf))
    signatures = reader.embedded_signatures
    if len(signatures) != 1:
        return SignatureReading("broken", "not exactly one signature")
    signature = signatures[0]
    context = ValidationContext(
        trust_roots=[asn1_x509.Certificate.load(root.public_bytes(Encoding.DER)) for root in trust_roots],
        allow_fetching=False,
        moment=signed_at,
        best_signature_time=signed_at,
    )
    status = validate_pdf_signature(signature, context)
    certificate = x509.load_der_x509_certificate(signature.signer_cert.dump())
    if not _is_ours_to_the_byte(pdf, signature):
        return SignatureReading("broken", "the signature's container was changed", signed_at, certificate)
    if not (status.intact and status.valid):
        return SignatureReading("broken", "the content is not what was signed", signed_at, certificate)
    if not status.trusted:
        return SignatureReading("untrusted", "the signer is under no trusted root", signed_at, certificate)
    if not status.bottom_line or status.coverage is not SignatureCoverageLevel.ENTIRE_FILE:
        return SignatureReading("broken", "changed after signing", signed_at, certificate)
    if signature.docmdp_level is not MDPPerm.NO_CHANGES:
        return SignatureReading("broken", "not certified against changes", signed_at, certificate)
    return SignatureReading("good", "", signed_at, certificate)


def _is_ours_to_the_byte(pdf: bytes, signature: EmbeddedPdfSignature) -> bool:
    """Whether the CMS is the one its signer's pattern gives; no signature covers all of its bytes."""
    held = _RANGE.search(pdf)
    if held is None:
        return False
    start, after, _ = (int(part) for part in held.groups())
    cms = bytes.fromhex(pdf[start + 1 : after - 1].decode())
    signer = x509.load_der_x509_certificate(signature.signer_cert.dump())
    others = tuple(x509.load_der_x509_certificate(one.dump()) for one in signature.other_embedded_certs)
    digest = hashlib.sha256(pdf[:start] + pdf[after:]).digest()
    expected = _pattern(signer, others).filled(digest, signature.signer_info["signature"].native)
    return cms[: len(expected)] == expected and not any(cms[len(expected) :])


@lru_cache(maxsize=16)
def _pattern(certificate: x509.Certificate, chain: tuple[x509.Certificate, ...]) -> CmsPattern:
    return CmsPattern(certificate, chain)
