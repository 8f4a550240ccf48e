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
#: Purpose -> the common name of its demo certificates. Every profile of passes has keys of its own.
SUBJECTS = {
    "RTW": "演示复工通行证签发 Demo Pass Signer",
    "MOVER": "演示流动人员通行证签发 Demo Mover Pass Signer",
    "LEAVE": "演示离沪通行证签发 Demo Leave Pass Signer",
    "MEDICAL": "演示就医通行证签发 Demo Medical Pass Signer",
    "status": "演示状态清单签发 Demo List Signer",
}
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
        certificate = _signer(key.public_key(), SUBJECTS[purpose], root_key, root, at)
        _write(folder / name, key, certificate, root, password)
    return load_authority(folder, password=password)


def load_authority(folder: Path, *, purpose: str = "RTW", password: bytes | None = None) -> Authority:
    """The key of one purpose (see KEY_FILES).

    Raises FileNotFoundError where there is none, ValueError for a wrong password or key.
    """
    return load_file(folder / KEY_FILES[purpose], password=password)


def load_file(path: Path, *, password: bytes | None = None) -> Authority:
    """The key of one file. Raises FileNotFoundError, ValueError for a wrong password or key."""
    key, certificate, chain = pkcs12.load_key_and_certificates(path.read_bytes(), password)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or certificate is None or not chain:
        raise ValueError(f"{path.name} must hold a P-256 key, its certificate and the root")
    return Authority(key, certificate, chain[-1])


def make_signer(folder: Path, *, purpose: str, at: datetime, password: bytes | None = None) -> Path:
    """The file of a new key of `purpose`, vouched for by the root in `folder` (real time `at`).

    The whole file appears at once: a crash leaves no half of one. Raises FileNotFoundError where the root's
    own key is not here, ValueError for a root that cannot sign or a wrong password.
    """
    root_key, root, _chain = pkcs12.load_key_and_certificates((folder / ROOT_FILE).read_bytes(), password)
    if not isinstance(root_key, ec.EllipticCurvePrivateKey) or root is None:
        raise ValueError(f"{ROOT_FILE} must hold the root's P-256 key and certificate")
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _signer(key.public_key(), SUBJECTS[purpose], root_key, root, at)
    path = folder / file_name(purpose, kid_of(certificate))
    half = path.with_suffix(".new")
    _write(half, key, certificate, root, password)
    half.rename(path)
    _settle(folder)
    return path


def file_name(purpose: str, kid: bytes) -> str:
    """The name of the file of a key that came after the first one of its purpose."""
    return f"signer-{purpose}-{kid.hex()}.p12"


def files_of(folder: Path, *, purpose: str) -> list[Path]:
    """The key files of a purpose: the first one under its own name, later ones by name."""
    first = [folder / KEY_FILES[purpose]] if purpose in KEY_FILES else []
    return [path for path in first if path.exists()] + sorted(folder.glob(f"signer-{purpose}-*.p12"))


def find_file(folder: Path, *, purpose: str, kid: bytes) -> Authority | None:
    """The key with this kid among the files of a purpose; None where it is in none that can be read."""
    named = folder / file_name(purpose, kid)
    for path in [named] if named.exists() else files_of(folder, purpose=purpose):
        try:
            found = load_file(path)
        except ValueError:
            continue
        if found.kid == kid:
            return found
    return None


def _settle(folder: Path) -> None:
    """Let the folder's new entry outlive a power cut."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


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
