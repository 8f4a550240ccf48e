"""The keys of this home: which are known, and the signers that use them.

Certificates and states are rows (SigningKey), so that a retired key stays known; private keys are files in
the keys folder. Every signature asks the rows which key signs: a rotation is noticed by every process without
a restart, and a key that was retired or distrusted signs nothing more. Files and certificates are read once
a process (docs/adr/0025-keys-in-their-time.md).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple, TypeVar

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import current_app
from flask_babel import lazy_gettext as _
from sqlalchemy import func, select

from resume.credential.cose import Signer
from resume.credential.keys import STATUS_PURPOSE, KeyEntry, KeySet, KeyState
from resume.db import joined, read_rows, reading
from resume.passes.authority import KEY_FILES, Authority, find_file, load_authority
from resume.passes.models import SigningKey
from resume.passes.sheet.sign import SheetSigner
from resume.refusals import Conflict, Unavailable
from resume.sealing import sealer

T = TypeVar("T")

ISSUER = "resume-demo"  # `iss`: short, because the QR is small
#: How long a new key is listed before it signs: no checker goes by a list that is older (credential.md).
NOTICE = timedelta(hours=24)
_SIGNERS, _KEY_SET = "resume-signers", "resume-key-set"


class NoSigningKey(Unavailable):
    """No key of this purpose is active, or the one that is has no file."""

    code = "no_signing_key"
    message = _("签发密钥不可用，没有签发任何内容")
    advice = _("请系统管理员检查密钥文件夹和密钥状态")


class NoKeyFile(NoSigningKey):
    """The key that should sign is known, but its file is not in the folder: no other takes its place."""

    code = "no_key_file"
    message = _("密钥文件夹中没有当前签发密钥的文件，没有签发任何内容")
    advice = _("请系统管理员恢复该文件，或在“密钥”页启用新密钥并选择立即签发")


class SignerMoved(Conflict):
    """A key was retired or distrusted while it was signing; what it signed is not stored."""

    code = "signer_moved"
    message = _("签发期间密钥已停用，没有签发任何内容")
    advice = _("请再次签发，系统会使用新的密钥")


@dataclass(frozen=True, slots=True)
class _Loaded:
    """A key file as read, so that it is read once a process."""

    authority: Authority
    signer: Signer


class _Mark(NamedTuple):
    """What of a key can change: compared at each reading, so that certificates are parsed once a process."""

    kid: str
    state: str
    since: datetime
    purpose: str


def register_keys(folder: Path, *, at: datetime) -> bool:
    """A step: a SigningKey row for each first certificate in `folder` without one; whether any was added."""
    session = joined()
    known = set(session.scalars(select(SigningKey.kid)))
    added = False
    for purpose in KEY_FILES:
        found = load_authority(folder, purpose=purpose)
        if found.kid.hex() not in known:
            add_key(found, purpose=purpose, at=at, signs_from=at)
            added = True
    session.flush()
    return added


def add_key(found: Authority, *, purpose: str, at: datetime, signs_from: datetime) -> None:
    """A step: a new active key, after all there are."""
    session = joined()
    row = SigningKey(
        kid=found.kid.hex(),
        purpose=purpose,
        certificate=found.certificate.public_bytes(Encoding.PEM).decode(),
        state=KeyState.ACTIVE.value,
        since=at,
        signs_from=signs_from,
        serial=(session.scalar(select(func.max(SigningKey.serial))) or 0) + 1,
    )
    session.add(row)
    session.flush()


_ALL_MARKS = select(SigningKey.kid, SigningKey.state, SigningKey.since, SigningKey.purpose).order_by(
    SigningKey.kid
)


def _marks() -> tuple[_Mark, ...]:
    """Kid, state, since and purpose of every key, in order of kid. One query."""
    return tuple(map(_Mark._make, read_rows(_ALL_MARKS)))


def key_set() -> KeySet:
    """Every key this home knows now, in order of kid. One query; certificates are parsed once a process."""
    marks = _marks()
    kept: tuple[tuple[_Mark, ...], KeySet] | None = current_app.extensions.get(_KEY_SET)
    if kept is not None and kept[0] == marks:
        return kept[1]
    rows = reading().execute(select(SigningKey.kid, SigningKey.certificate))
    certificates = {kid: _der(pem) for kid, pem in rows}
    entries = (
        KeyEntry(certificates[mark.kid], KeyState(mark.state), mark.since, mark.purpose) for mark in marks
    )
    found = KeySet(ISSUER, tuple(entries))
    current_app.extensions[_KEY_SET] = (marks, found)
    return found


def token_signer(profile: str, *, at: datetime) -> Signer:
    """The key that signs tokens of a profile at `at`. Raises NoSigningKey."""
    return _signing(profile, at).signer


def status_signer(*, at: datetime) -> Signer:
    """The key that signs the status lists and the key list at `at`. Raises NoSigningKey."""
    return _signing(STATUS_PURPOSE, at).signer


def list_anchor(*, at: datetime) -> bytes:
    """The public key (DER, SubjectPublicKeyInfo) that signs the key list at `at`: what a checker is given
    when it is set up. Raises NoSigningKey."""
    public = _signing(STATUS_PURPOSE, at).authority.certificate.public_key()
    return public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def list_authority() -> Authority:
    """The key that signs lists, for lists that are papers: their readers trust its root. NoSigningKey."""
    return _signing(STATUS_PURPOSE, None).authority


def sheet_signer(profile: str) -> SheetSigner:
    """The key that signs the sheets of a profile, with its root in the file. Raises NoSigningKey.

    The newest active one: readers of a sheet trust the root, and need no notice of a key.
    """
    found = _signing(profile, None).authority
    return _cached(
        f"sheet:{found.kid.hex()}",
        lambda: SheetSigner(found.private_key, found.certificate, (found.root,)),
    )


def confirm_signers(kids: Collection[str]) -> None:
    """A step: the keys that signed what is about to be stored are active now. SignerMoved. One query."""
    wanted = set(kids)
    if not wanted:
        return
    active = (SigningKey.kid.in_(sorted(wanted)), SigningKey.state == KeyState.ACTIVE.value)
    if joined().scalar(select(func.count()).select_from(SigningKey).where(*active)) != len(wanted):
        raise SignerMoved


def index_secret() -> bytes:
    """16 bytes, the same for the life of the home: under them serials become status indices."""
    return sealer().index("status-index", "permutation")


def signing_kid(purpose: str, at: datetime | None) -> str:
    """The key that signs for a purpose: of the active ones whose time has come at `at` (None: of all), the
    newest. Where none's has come, the one whose comes first: its notice is worth less than a gate that works.

    Raises NoSigningKey. One query.
    """
    query = select(SigningKey.signs_from, SigningKey.serial, SigningKey.kid)
    query = query.where(SigningKey.purpose == purpose, SigningKey.state == KeyState.ACTIVE.value)
    kid = choose([(signs_from, serial, kid) for signs_from, serial, kid in reading().execute(query)], at)
    if kid is None:
        raise NoSigningKey
    return kid


def choose(active: Iterable[tuple[datetime, int, str]], at: datetime | None) -> str | None:
    """Which of a purpose's active keys (`signs_from`, `serial`, kid) signs; None for none."""
    found = list(active)
    due = [row for row in found if at is None or row[0] <= at]
    return max(due)[2] if due else min(found)[2] if found else None


def _signing(purpose: str, at: datetime | None) -> _Loaded:
    kid = signing_kid(purpose, at)
    folder = Path(current_app.config["RESUME_KEYS_FOLDER"])
    return _cached(kid, lambda: _load(folder, purpose, kid))


def _load(folder: Path, purpose: str, kid: str) -> _Loaded:
    found = find_file(folder, purpose=purpose, kid=bytes.fromhex(kid))
    if found is None:
        raise NoKeyFile
    return _Loaded(found, Signer(found.kid, found.private_key))


def _cached(name: str, make: Callable[[], T]) -> T:
    kept = current_app.extensions.setdefault(_SIGNERS, {})
    if name not in kept:
        kept[name] = make()
    return kept[name]  # type: ignore[no-any-return]


def _der(pem: str) -> bytes:
    return x509.load_pem_x509_certificate(pem.encode()).public_bytes(Encoding.DER)
