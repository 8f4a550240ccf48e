"""The demo's own certificate authority: a root, a certificate that signs passes, one that signs lists.

Not the national e-seal system; the subjects are fictional and say 演示. A real home
brings its own PKCS#12 files under the same names.
"""

import hashlib
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

ROOT_FILE = "pass-root.p12"
SIGNER_FILE = "pass-signer.p12"
STATUS_FILE = "status-signer.p12"
#: What a key is for (a profile of passes, or the lists) -> its file.
KEY_FILES = {"RTW": SIGNER_FILE, "status": STATUS_FILE}
_SUBJECTS = {"RTW": "演示复工通行证签发 Demo Pass Signer", "status": "演示状态清单签发 Demo List Signer"}
_ROOT_YEARS, _SIGNER_YEARS = 10, 3
_CITY = "演示城市（虚构）"


class KeysExist(Exception):
    """The folder holds keys already; they are never overwritten."""


@dataclass(frozen=True, slots=True)
class Authority:
    """The signing key with its certificate and the root that vouches for it."""

    private_key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    root: x509.Certificate

    @property
    def kid(self) -> bytes:
        return kid_of(self.certificate)


def kid_of(certificate: x509.Certificate) -> bytes:
    """First 8 bytes of SHA-256 over the certificate's DER (credential.md, Token)."""
    return hashlib.sha256(certificate.public_bytes(serialization.Encoding.DER)).digest()[:8]


def is_made(folder: Path) -> bool:
    """Whether the folder holds any key of an authority, ours or a home's own."""
    return any((folder / name).exists() for name in KEY_FILES.values())


def make_authority(folder: Path, *, at: datetime, password: bytes | None = None) -> Authority:
    """Make root and signers in `folder` (mode 0600, real time `at`, aware); the one that signs passes.

    Raises KeysExist.
    """
    for name in (ROOT_FILE, *KEY_FILES.values()):
        if (folder / name).exists():
            raise KeysExist(f"{name} is there already; move it away before making new keys")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    root_key = ec.generate_private_key(ec.SECP256R1())
    root = _root(root_key, _name("演示复工通行根证书 Demo Root"), at)
    _write(folder / ROOT_FILE, root_key, root, None, password)
    for purpose, name in KEY_FILES.items():
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = _signer(key.public_key(), _SUBJECTS[purpose], root_key, root, at)
        _write(folder / name, key, certificate, root, password)
    return load_authority(folder, password=password)


def load_authority(folder: Path, *, purpose: str = "RTW", password: bytes | None = None) -> Authority:
    """The key of one purpose (see KEY_FILES).

    Raises FileNotFoundError where there is none, ValueError for a wrong password or key.
    """
    name = KEY_FILES[purpose]
    key, certificate, chain = pkcs12.load_key_and_certificates((folder / name).read_bytes(), password)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or certificate is None or not chain:
        raise ValueError(f"{name} must hold a P-256 key, its certificate and the root")
    return Authority(key, certificate, chain[-1])


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, _CITY),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=not signs_certificates,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _builder(
    key: ec.EllipticCurvePublicKey, subject: x509.Name, issuer: x509.Name, at: datetime, years: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(minutes=5))  # clocks of readers differ a little
        .not_valid_after(at + timedelta(days=365 * years))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _root(key: ec.EllipticCurvePrivateKey, name: x509.Name, at: datetime) -> x509.Certificate:
    return (
        _builder(key.public_key(), name, name, at, _ROOT_YEARS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .sign(key, hashes.SHA256())
    )


def _signer(
    key: ec.EllipticCurvePublicKey,
    common: str,
    root_key: ec.EllipticCurvePrivateKey,
    root: x509.Certificate,
    at: datetime,
) -> x509.Certificate:
    return (
        _builder(key, _name(common), root.subject, at, _SIGNER_YEARS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False
        )
        .sign(root_key, hashes.SHA256())
    )


def _write(
    path: Path,
    key: ec.EllipticCurvePrivateKey,
    certificate: x509.Certificate,
    issuer: x509.Certificate | None,
    password: bytes | None,
) -> None:
    encryption: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if password is not None:
        encryption = serialization.BestAvailableEncryption(password)
    data = pkcs12.serialize_key_and_certificates(
        path.stem.encode(), key, certificate, [issuer] if issuer else None, encryption
    )
    # O_EXCL: a key that appeared meanwhile is not overwritten either.
    opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(opened, "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
