"""Sign a sheet: PAdES, certified with no changes permitted, in one pass over the file.

pyHanko gives the pattern of the CMS (cms.py); the file around it is written here, because
its writer parses and writes a document of 30 objects anew for each signature.
"""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12

from resume.passes.sheet.cms import CmsPattern
from resume.passes.sheet.render import UnsignedSheet, document_id

_RANGE = "/ByteRange[0 %010d %010d %010d]"


class SheetSigner:
    """Signs sheets with one P-256 key. `chain` (intermediates) is embedded.

    The root is not: a reader that trusts it has it."""

    def __init__(
        self,
        private_key: ec.EllipticCurvePrivateKey,
        certificate: x509.Certificate,
        chain: Sequence[x509.Certificate] = (),
    ) -> None:
        if private_key.public_key() != certificate.public_key():
            raise ValueError("the certificate is not of this key")
        self.certificate = certificate
        self._key = private_key
        self._cms = CmsPattern(certificate, chain)

    @classmethod
    def from_pkcs12(cls, path: Path, password: bytes | None) -> "SheetSigner":
        """Raises ValueError for a wrong password, or a file without a P-256 key and certificate."""
        key, certificate, chain = pkcs12.load_key_and_certificates(path.read_bytes(), password)
        if not isinstance(key, ec.EllipticCurvePrivateKey) or certificate is None:
            raise ValueError(f"{path.name} holds no elliptic curve key with its certificate")
        return cls(key, certificate, chain)

    def sign(self, sheet: UnsignedSheet, *, at: datetime) -> bytes:
        """The finished file. `at` (aware) is the time of signing that the file claims.

        The time stands in /M, inside the signed bytes; PAdES allows no signing-time attribute
        beside it. Raises ValueError for a time without zone.
        """
        if at.tzinfo is None:
            raise ValueError("the time of signing needs a zone")
        pdf, hole = _closed(sheet, at, self._cms.largest)
        start, end = hole
        digest = hashlib.sha256(pdf[:start])
        digest.update(pdf[end:])
        value = self._key.sign(self._cms.attributes(digest.digest()), ec.ECDSA(hashes.SHA256()))
        signature = self._cms.filled(digest.digest(), value).hex().encode()
        pdf[start + 1 : start + 1 + len(signature)] = signature
        return bytes(pdf)


def _closed(sheet: UnsignedSheet, at: datetime, reserved: int) -> tuple[bytearray, tuple[int, int]]:
    """The whole file with an empty signature, and where its `<000...>` begins and ends."""
    pdf, offsets = bytearray(sheet.body), dict(sheet.offsets)
    offsets[sheet.signature_field] = len(pdf)
    pdf += (
        f"{sheet.signature_field} 0 obj\n<</Type/Annot/Subtype/Widget/FT/Sig/T(Issuer)/F 132/Rect[0 0 0 0]"
        f"/P {sheet.page} 0 R/V {sheet.signature_value} 0 R>>\nendobj\n"
    ).encode()
    offsets[sheet.signature_value] = len(pdf)
    pdf += (
        f"{sheet.signature_value} 0 obj\n<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached"
        f"/M(D:{at.astimezone(UTC):%Y%m%d%H%M%S}+00'00')"
        f"/Reference[<</Type/SigRef/TransformMethod/DocMDP"
        f"/TransformParams<</Type/TransformParams/V/1.2/P 1>>>>]"
    ).encode()
    range_at = len(pdf)
    pdf += (_RANGE % (0, 0, 0)).encode() + b"/Contents"
    start = len(pdf)
    pdf += b"<" + b"00" * reserved + b">"
    end = len(pdf)
    pdf += b">>\nendobj\n"
    pdf += _table(sheet, offsets, len(pdf))
    filled = (_RANGE % (start, end, len(pdf) - end)).encode()
    pdf[range_at : range_at + len(filled)] = filled
    return pdf, (start, end)


def _table(sheet: UnsignedSheet, offsets: dict[int, int], start: int) -> bytes:
    count = max(offsets) + 1
    entries = ["0000000000 65535 f \n"]
    entries += [
        f"{offsets[number]:010d} 00000 n \n" if number in offsets else "0000000000 65535 f \n"
        for number in range(1, count)
    ]
    identity = document_id(sheet)
    return (
        f"xref\n0 {count}\n{''.join(entries)}trailer\n<</Size {count}/Root {sheet.catalogue} 0 R"
        f"/Info {sheet.information} 0 R/ID[<{identity}><{identity}>]>>\nstartxref\n{start}\n%%EOF\n"
    ).encode()
