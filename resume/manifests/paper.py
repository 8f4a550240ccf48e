"""The manifest as a signed paper: our HTML printed, then PAdES by the key that signs lists.

It is a few pages of its own, so pyHanko writes the signature; sheets, of which there are thousands, have
their own writer (docs/adr/0008-the-sheet-is-stamped.md).
"""

from __future__ import annotations

import io

from asn1crypto import keys as asn1_keys  # type: ignore[import-untyped]
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from flask import render_template
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, SimpleSigner, sign_pdf
from pyhanko_certvalidator.registry import SimpleCertificateStore

from resume.manifests.queries import GREEN, LIFE, Expected, shown_digest
from resume.passes.authority import Authority
from resume.passes.press import HOTLINE
from resume.printing import printer
from resume.settings import ROOT

_CSS = ROOT / "static/manifest.css"


def print_manifest(expected: Expected, number: int, authority: Authority) -> bytes:
    """The signed PDF of a list, certified with no changes permitted; `number` counts the day's papers."""
    html = render_template(
        "manifests/paper.html",
        expected=expected,
        number=number,
        digest=shown_digest(expected.digest),
        green_until=expected.at + GREEN,
        void_from=expected.at + LIFE,
        hotline=HOTLINE,
    )
    plain = printer(_CSS).pdf(html, identifier=bytes.fromhex(expected.digest)[:16])
    return _signed(plain, authority)


def _signed(pdf: bytes, authority: Authority) -> bytes:
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register(_asn1(authority.root))
    private = authority.private_key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    signer = SimpleSigner(
        signing_cert=_asn1(authority.certificate),
        signing_key=asn1_keys.PrivateKeyInfo.load(private),
        cert_registry=store,
        embed_roots=False,
    )
    about = PdfSignatureMetadata(
        field_name="Issuer",
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )
    signed = sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), about, signer=signer)
    return bytes(signed.getbuffer())


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))
