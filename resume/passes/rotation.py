"""Doors of keys: a new one, one that signs no more, one that nobody may trust any longer.

Retired is for a key whose time is over: what it signed until then stays good. Distrusted is for a key that
others may have: whatever it signed is refused from that second on, since nobody can tell which signatures are
ours. The file of a private key is written before its row: a crash between the two leaves a file that signs
nothing, and the next rotation takes it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from flask import current_app
from flask_babel import lazy_gettext as _
from sqlalchemy import func, select

from resume import audit
from resume.clock import real_now
from resume.credential.keys import KeyState
from resume.db import joined, reading, transaction
from resume.firms.models import Firm
from resume.passes.authority import SUBJECTS, files_of, load_file, make_signer
from resume.passes.keys import NOTICE, NoSigningKey, add_key, choose, signing_kid
from resume.passes.models import Pass, SigningKey
from resume.passes.status_list import note_key_change
from resume.refusals import Conflict, NotFound, Unavailable, Unprocessable
from resume.roles import Actor

#: What a key may be for: a profile of passes, or the lists.
PURPOSES = tuple(SUBJECTS)


class NoSuchKey(NotFound):
    """No key has this kid."""

    code = "unknown_key"
    message = _("没有这个编号的密钥")
    advice = _("请核对密钥编号：16 位十六进制字符")


class NoSuchPurpose(Unprocessable):
    """Keys are for a profile of passes, or for the lists."""

    code = "unknown_purpose"
    message = _("没有这种用途的密钥")
    advice = _("请从列出的用途中选择")


class NoRoot(Unavailable):
    """The root's private key is not in the folder, so that nothing vouches for a new key."""

    code = "no_root"
    message = _("密钥文件夹中没有根密钥，不能制作新密钥；没有任何改动")
    advice = _("请把新密钥的 PKCS#12 文件以 signer-用途-名称.p12 放进密钥文件夹，再启用一次")


class LastKey(Conflict):
    """No other key of the purpose signs yet: retiring this one would leave passes or lists unsigned."""

    code = "last_key"
    message = _("这是该用途目前唯一可以签发的密钥，没有停用")
    advice = _("请先启用新密钥，等它的公布期满后再停用这一把；密钥泄露的，请改为宣布不可信")


class KeyOver(Conflict):
    """A key goes forward only: active, retired, distrusted."""

    code = "key_over"
    message = _("这把密钥已经停用或不可信，没有改动")
    advice = _("请刷新页面，看最新状态")


@dataclass(frozen=True, slots=True)
class KeyView:
    """A key as the administrator sees it.

    `role`: announced (known, does not sign yet), signing, standby (good, a newer one signs), retired,
    distrusted, not_registered (a file without a row). `live`: how many passes in force it signed.
    """

    kid: str
    purpose: str
    role: str
    since: datetime | None
    signs_from: datetime | None
    has_file: bool
    live: int

    @property
    def is_active(self) -> bool:
        return self.role in ("announced", "signing", "standby")


def list_keys(*, at: datetime) -> list[KeyView]:
    """Every key, by purpose and newest first, then files that no row knows. Two queries."""
    found = _views(at)
    found.sort(key=lambda key: (PURPOSES.index(key.purpose), -_moment(key).timestamp(), key.kid))
    known = {key.kid for key in found}
    lost = [(purpose, kid) for purpose in PURPOSES for kid, _path in _files(purpose) if kid not in known]
    return found + [KeyView(kid, purpose, "not_registered", None, None, True, 0) for purpose, kid in lost]


def get_key(kid: str, *, at: datetime) -> KeyView:
    """One key. Raises NoSuchKey."""
    for key in _views(at):
        if key.kid == kid:
            return key
    raise NoSuchKey


def live_by_firm(kid: str, *, at: datetime) -> Sequence[tuple[str, int]]:
    """Firms whose passes in force this key signed, and how many: whose workers need new ones. One query."""
    query = select(Firm.name, func.count(Pass.id)).join(Pass, Pass.firm_id == Firm.id)
    query = query.where(Pass.kid == kid, Pass.is_live.is_(True), Pass.expires_at > at)
    query = query.group_by(Firm.id, Firm.name)
    return [
        (name, count) for name, count in reading().execute(query.order_by(func.count().desc(), Firm.name))
    ]


def rotate(purpose: str, *, reason: str, at_once: bool = False, by: Actor, at: datetime) -> KeyView:
    """A new key of a purpose, valid from now. It signs when it was listed for NOTICE, so that no gate meets a
    pass whose key it cannot know; at once where asked, or where no other key signs.

    A key file that has no row yet is taken. Raises NoSuchPurpose, NoRoot.
    """
    if purpose not in PURPOSES:
        raise NoSuchPurpose
    path = _new_file(purpose)
    with transaction():
        kid = _register(path, purpose, at_once=at_once, at=at)
        _note("key.rotated", kid, purpose, reason, by=by, at=at, at_once=at_once)
    return get_key(kid, at=at)


def retire(kid: str, *, reason: str, by: Actor, at: datetime) -> KeyView:
    """End a key's time: it signs no more, what it signed stays good. NoSuchKey, KeyOver, LastKey."""
    with transaction() as session:
        row = _get(kid)
        if row.state != KeyState.ACTIVE:
            raise KeyOver
        others = select(SigningKey.kid).where(SigningKey.purpose == row.purpose, SigningKey.kid != kid)
        others = others.where(SigningKey.state == KeyState.ACTIVE.value, SigningKey.signs_from <= at)
        if row.signs_from <= at and session.scalar(others.limit(1)) is None:
            raise LastKey
        # A pass that got in before us may say a second later than ours: it was signed in the key's time.
        signed = session.scalar(select(func.max(Pass.issued_at)).where(Pass.kid == kid))
        row.state, row.since = KeyState.RETIRED.value, at if signed is None else max(at, signed)
        _note("key.retired", kid, row.purpose, reason, by=by, at=at)
    return get_key(kid, at=at)


def distrust(kid: str, *, reason: str, by: Actor, at: datetime) -> KeyView:
    """Trust nothing that this key signed, from this second on. Where no active key of its purpose is left, a
    new one takes its place at once, if the root can vouch for it.

    Raises NoSuchKey, KeyOver where it is distrusted already.
    """
    purpose = _get(kid).purpose
    path = None if _others(purpose, kid) else _spare_file(purpose)
    with transaction():
        row = _get(kid)
        if row.state == KeyState.DISTRUSTED:
            raise KeyOver
        live = _live_by_kid(at).get(kid, 0)
        row.state, row.since = KeyState.DISTRUSTED.value, at
        _note("key.distrusted", kid, purpose, reason, by=by, at=at, live_passes=live)
        if path is not None:
            successor = _register(path, purpose, at_once=True, at=at)
            _note("key.rotated", successor, purpose, reason, by=by, at=at, at_once=True)
    return get_key(kid, at=at)


def _others(purpose: str, kid: str) -> bool:
    """Whether another key of the purpose is active."""
    query = select(SigningKey.kid).where(SigningKey.purpose == purpose, SigningKey.kid != kid)
    return reading().scalar(query.where(SigningKey.state == KeyState.ACTIVE.value).limit(1)) is not None


def _note(
    action: str, kid: str, purpose: str, reason: str, *, by: Actor, at: datetime, **detail: object
) -> None:
    joined().flush()
    note_key_change()
    audit.record(action, f"key:{kid}", by=by, at=at, purpose=purpose, reason=reason, **detail)


def _register(path: Path, purpose: str, *, at_once: bool, at: datetime) -> str:
    """The kid of the file's key, now a row; another administrator may have been first with the same file."""
    found = load_file(path)
    kid = found.kid.hex()
    if joined().get(SigningKey, kid) is not None:
        raise Conflict
    try:
        signing_kid(purpose, at)
    except NoSigningKey:
        at_once = True
    add_key(found, purpose=purpose, at=at, signs_from=at if at_once else at + NOTICE)
    return kid


def _spare_file(purpose: str) -> Path | None:
    """A file for a key that must come at once; None where there is no root: distrust does not wait for it."""
    try:
        return _new_file(purpose)
    except NoRoot:
        return None


def _new_file(purpose: str) -> Path:
    """A file that no row knows, or a new one; certificates live in real time."""
    known = set(reading().scalars(select(SigningKey.kid)))
    for kid, path in _files(purpose):
        if kid not in known:
            return path
    try:
        return make_signer(_folder(), purpose=purpose, at=real_now())
    except (FileNotFoundError, ValueError) as error:
        raise NoRoot from error


def _files(purpose: str) -> Iterator[tuple[str, Path]]:
    """Kid and file of every key of a purpose that can be read."""
    for path in files_of(_folder(), purpose=purpose):
        state = path.stat()
        kid = _kid_in(path, state.st_mtime_ns, state.st_size)
        if kid is not None:
            yield kid, path


@lru_cache(maxsize=256)
def _kid_in(path: Path, _changed_ns: int, _size: int) -> str | None:
    """The kid of a file's key, or None where it holds none that can be read. Opening one takes long."""
    try:
        return load_file(path).kid.hex()
    except ValueError:
        return None


def _folder() -> Path:
    return Path(current_app.config["RESUME_KEYS_FOLDER"])


def _get(kid: str) -> SigningKey:
    row = reading().get(SigningKey, kid, populate_existing=True)
    if row is None:
        raise NoSuchKey
    return row


def _views(at: datetime) -> list[KeyView]:
    rows = reading().scalars(select(SigningKey).execution_options(populate_existing=True)).all()
    active = [row for row in rows if row.state == KeyState.ACTIVE]
    signing = {
        choose([(row.signs_from, row.serial, row.kid) for row in active if row.purpose == purpose], at)
        for purpose in {row.purpose for row in active}
    }
    live, files = _live_by_kid(at), {kid for purpose in PURPOSES for kid, _path in _files(purpose)}

    def view(row: SigningKey) -> KeyView:
        role = row.state
        if row.state == KeyState.ACTIVE:
            idle = "announced" if row.signs_from > at else "standby"
            role = "signing" if row.kid in signing else idle
        has_file = row.kid in files
        return KeyView(row.kid, row.purpose, role, row.since, row.signs_from, has_file, live.get(row.kid, 0))

    return [view(row) for row in rows]


def _live_by_kid(at: datetime) -> dict[str, int]:
    """How many passes in force each key signed. One query."""
    query = select(Pass.kid, func.count()).where(Pass.is_live.is_(True), Pass.expires_at > at)
    return dict(iter(reading().execute(query.group_by(Pass.kid))))


def _moment(key: KeyView) -> datetime:
    assert key.signs_from is not None
    return key.signs_from
