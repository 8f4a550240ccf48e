"""Read a sheet back: each layer by itself, so that the caller can say which one disagrees."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from cryptography import x509

from resume.passes.sheet.reading import is_plain, page_of
from resume.passes.sheet.signature import Answer, SignatureReading, read_signature


@dataclass(frozen=True, slots=True)
class SheetReading:
    """What a file says. `fields` are printed texts by slot key (see facts.printed_fields).

    `signature` good, broken, missing or untrusted, `reason` why; `hash_matches` None where no
    hash was given; `qr_text` None where no single QR code was read; `is_sheet` False for what
    is no plain one-page PDF, of which nothing is read.
    """

    is_sheet: bool
    signature: Answer
    reason: str
    sha256: str
    hash_matches: bool | None
    qr_text: str | None
    fields: Mapping[str, str]
    signed_at: datetime | None = None
    certificate: x509.Certificate | None = None

    def layers(self, *, qr_text: str | None, fields: Mapping[str, str]) -> dict[str, str]:
        """The layers against what was issued: signature, qr (good, differs, missing), text (likewise).

        `qr_text` None: whatever was read is taken as good (its own signature tells). `fields`
        may be some of the keys; white space does not count.
        """
        qr: Literal["good", "differs", "missing"] = "good"
        if self.qr_text is None:
            qr = "missing"
        elif qr_text is not None and self.qr_text != qr_text:
            qr = "differs"
        text = "good" if not differing(fields, self.fields) else "differs"
        if not any(self.fields.values()):
            text = "missing"
        return {"signature": self.signature, "qr": qr, "text": text}


def differing(expected: Mapping[str, str], printed: Mapping[str, str]) -> tuple[str, ...]:
    """Keys whose printed text is not the expected one, white space aside."""
    return tuple(
        key
        for key, text in expected.items()
        if "".join(text.split()) != "".join(printed.get(key, "").split())
    )


def read_back(
    pdf_bytes: bytes, *, trust_roots: Sequence[x509.Certificate], expected_sha256: str | None = None
) -> SheetReading:
    """Read any bytes at all; never raises for what they are. `expected_sha256` is hex."""
    digest = hashlib.sha256(pdf_bytes).hexdigest()
    matches = None if expected_sha256 is None else hmac.compare_digest(digest, expected_sha256.lower())
    if not is_plain(pdf_bytes):
        has_one = b"/ByteRange" in pdf_bytes
        answer: Answer = "broken" if has_one else "missing"
        return SheetReading(False, answer, "not a sheet of this service", digest, matches, None, {})
    found: SignatureReading = read_signature(pdf_bytes, trust_roots)
    qr_text, fields = page_of(pdf_bytes)
    return SheetReading(
        is_sheet=bool(fields),
        signature=found.answer,
        reason=found.reason,
        sha256=digest,
        hash_matches=matches,
        qr_text=qr_text,
        fields=fields,
        signed_at=found.signed_at,
        certificate=found.certificate,
    )
