"""The CMS of a sheet's signature: pyHanko makes it once, each signature fills it in.

Everything but digest and signature value is the same for all sheets of one key; building
it anew through asn1crypto costs 17 ms, filling it in 0.1 ms.
"""

import asyncio
from collections.abc import Sequence

from asn1crypto import x509 as asn1_x509  # type: ignore[import-untyped]
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.sign.signers.pdf_cms import Signer
from pyhanko_certvalidator.registry import SimpleCertificateStore

_PLACE = bytes(range(0xA0, 0xC0))  # a digest that stands for the one to come
_LONGEST_VALUE = 72  # of an ECDSA signature on P-256
_SEQUENCE, _SET, _OCTETS, _TAGGED_0 = 0x30, 0x31, 0x04, 0xA0


class _Keyless(Signer):
    """pyHanko's signer without a key: a pattern's signature value is a blank."""

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:  # noqa: ARG002
        return bytes(_LONGEST_VALUE)


class CmsPattern:
    """A detached PAdES CMS (RFC 5652, ETSI EN 319 142-1 B-B) of one certificate, to be filled in.

    The reader fills it in too: a CMS that is not this one to the byte is not ours, wherever
    it was changed (a CMS has bytes that no signature covers).
    """

    def __init__(self, certificate: x509.Certificate, chain: Sequence[x509.Certificate]) -> None:
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        store.register_multiple([_asn1(one) for one in chain])
        signer = _Keyless(signing_cert=_asn1(certificate), cert_registry=store, embed_roots=False)
        pattern = asyncio.run(signer.async_sign(_PLACE, "sha256", use_pades=True))
        data = pattern["content"]
        info = data["signer_infos"][0]
        attributes = info["signed_attrs"].untag().dump()
        if attributes.count(_PLACE) != 1 or len(data["signer_infos"]) != 1:
            raise ValueError("pyHanko's CMS has not the expected form")
        self.largest = len(pattern.dump()) + 8  # so that no CMS fills its place to the end
        # DER sorts a SET by encoding; the digest's attribute differs from the others before
        # its digest begins, so that filling it in leaves the order as it is.
        self._before, self._after = attributes.split(_PLACE)
        self._type = pattern["content_type"].dump()
        self._head = b"".join(
            data[key].dump() for key in ("version", "digest_algorithms", "encap_content_info", "certificates")
        )
        self._signer = b"".join(info[key].dump() for key in ("version", "sid", "digest_algorithm"))
        self._algorithm = info["signature_algorithm"].dump()

    def attributes(self, digest: bytes) -> bytes:
        """What is signed, for a file whose signed bytes have this SHA-256."""
        return bytes(self._before + digest + self._after)

    def filled(self, digest: bytes, value: bytes) -> bytes:
        """The CMS in DER with the signature `value` over `attributes(digest)`."""
        tagged = bytes([_TAGGED_0]) + self.attributes(digest)[1:]  # signed as SET OF, sent as [0] IMPLICIT
        signer = _der(_SEQUENCE, self._signer + tagged + self._algorithm + _der(_OCTETS, value))
        data = _der(_SEQUENCE, self._head + _der(_SET, signer))
        return _der(_SEQUENCE, self._type + _der(_TAGGED_0, data))


def _der(tag: int, content: bytes) -> bytes:
    length = len(content)
    if length < 0x80:
        return bytes([tag, length]) + content
    size = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)]) + size + content


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
