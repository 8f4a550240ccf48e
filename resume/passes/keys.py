"""The keys of this home: which are known, and the signers that use them.

Certificates and states are rows (SigningKey), so that a retired key stays known; private keys are files in
the keys folder. A signer uses the file of its purpose, and only while its row says active.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from flask import current_app
from flask_babel import lazy_gettext as _
from sqlalchemy import select

from resume.credential.cose import Signer
from resume.credential.keys import STATUS_PURPOSE, KeyEntry, KeySet, KeyState
from resume.db import joined, reading
from resume.passes.authority import KEY_FILES, Authority, load_authority
from resume.passes.models import SigningKey
from resume.passes.sheet.sign import SheetSigner
from resume.refusals import Unavailable
from resume.sealing import sealer

T = TypeVar("T")

ISSUER = "resume-demo"  # `iss`: short, because the QR is small


class NoSigningKey(Unavailable):
    """The key of this purpose is missing, or no longer active."""

    code = "no_signing_key"
    message = _("签发密钥不可用，没有签发任何内容")
    advice = _("请系统管理员检查密钥文件夹和密钥状态")


@dataclass(frozen=True, slots=True)
class _Loaded:
    """A key file as read, so that it is read once a process."""

    authority: Authority
    signer: Signer


def register_keys(folder: Path, *, at: datetime) -> bool:
    """A step: a SigningKey row for each certificate in `folder` that has none; whether any was added."""
    session = joined()
    known = set(session.scalars(select(SigningKey.kid)))
    added = False
    for purpose in KEY_FILES:
        found = load_authority(folder, purpose=purpose)
        kid = found.kid.hex()
        if kid in known:
            continue
        pem = found.certificate.public_bytes(Encoding.PEM).decode()
        session.add(
            SigningKey(kid=kid, purpose=purpose, certificate=pem, state=KeyState.ACTIVE.value, since=at)
        )
        added = True
    session.flush()
    return added


def key_set() -> KeySet:
    """Every key this home knows, in order of kid. One query."""
    rows = reading().scalars(select(SigningKey).order_by(SigningKey.kid))
    entries = tuple(
        KeyEntry(_der(row.certificate), KeyState(row.state), row.since, row.purpose) for row in rows
    )
    return KeySet(ISSUER, entries)


def token_signer(profile: str) -> Signer:
    """The key that signs tokens of a profile. Raises NoSigningKey."""
    return _active(profile).signer


def status_signer() -> Signer:
    """The key that signs the status lists and the key list. Raises NoSigningKey."""
    return _active(STATUS_PURPOSE).signer


def list_authority() -> Authority:
    """The key that signs lists, with its certificate, for lists that are papers. Raises NoSigningKey."""
    return _active(STATUS_PURPOSE).authority


def sheet_signer(profile: str) -> SheetSigner:
    """The key that signs the sheets of a profile, with its root in the file. Raises NoSigningKey."""
    found = _active(profile).authority
    return _cached(
        f"sheet:{found.kid.hex()}",
        lambda: SheetSigner(found.private_key, found.certificate, (found.root,)),
    )


def index_secret() -> bytes:
    """16 bytes, the same for the life of the home: under them serials become status indices."""
    return sealer().index("status-index", "permutation")


def _active(purpose: str) -> _Loaded:
    folder = Path(current_app.config["RESUME_KEYS_FOLDER"])
    try:
        loaded = _cached(purpose, lambda: _load(folder, purpose))
    except (FileNotFoundError, KeyError, ValueError) as error:
        raise NoSigningKey from error
    row = reading().get(SigningKey, loaded.signer.kid.hex())
    if row is None or row.state != KeyState.ACTIVE:
        raise NoSigningKey
    return loaded


def _load(folder: Path, purpose: str) -> _Loaded:
    found = load_authority(folder, purpose=purpose)
    return _Loaded(found, Signer(found.kid, found.private_key))


def _cached(name: str, make: Callable[[], T]) -> T:
    kept = current_app.extensions.setdefault("resume-signers", {})
    if name not in kept:
        kept[name] = make()
    return kept[name]  # type: ignore[no-any-return]


def _der(pem: str) -> bytes:
    return x509.load_pem_x509_certificate(pem.encode()).public_bytes(Encoding.DER)
