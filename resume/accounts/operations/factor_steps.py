"""Steps of the second factor: begun, confirmed, used, taken away. Each joins the door of its caller."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import delete, select

from resume.accounts import letters, totp
from resume.accounts.lifecycle import RECOVERY_CODES
from resume.accounts.models import Account, RecoveryCode, SecondFactor
from resume.accounts.queries import count_recovery_codes
from resume.db import bulk_insert, joined
from resume.people.typed_text import compact
from resume.sealing import sealer

#: No letter or digit that is taken for another one: ten of them are 49 bits.
_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
_LENGTH, _GROUP = 10, 5


def begin(account: Account) -> None:
    """Make a new secret that waits for its first code; one that waited before is gone."""
    factor = account.factor
    if factor is None:
        factor = account.factor = SecondFactor(account_id=account.id, last_step=0)
    factor.sealed_pending = sealer().seal(totp.new_secret(), place=_place(account, "sealed_pending"))


def pending_secret(account: Account) -> str | None:
    """The secret that waits for its first code, to be shown; None where none does."""
    factor = account.factor
    if factor is None or factor.sealed_pending is None:
        return None
    return str(sealer().open(factor.sealed_pending, place=_place(account, "sealed_pending")))


def secret_of(account: Account) -> str | None:
    """The secret in use."""
    factor = account.factor
    if factor is None or factor.sealed_secret is None:
        return None
    return str(sealer().open(factor.sealed_secret, place=_place(account, "sealed_secret")))


def confirm(account: Account, typed: str, *, real_at: datetime) -> bool:
    """Put the waiting secret into use if the code is one of its own; the code is used up by that."""
    factor, secret = account.factor, pending_secret(account)
    if factor is None or secret is None or not totp.is_code(typed):
        return False
    step = totp.matching_step(secret, typed, at=real_at, after=0)
    if step is None:
        return False
    factor.sealed_secret = sealer().seal(secret, place=_place(account, "sealed_secret"))
    factor.sealed_pending = None
    factor.last_step, factor.confirmed_at = step, real_at
    return True


def use(account: Account, typed: str, *, real_at: datetime) -> str | None:
    """Use a code (`totp`) or a recovery code (`recovery`) up; None where it is neither, or was used.

    Doors come one after another (docs/adr/0002-one-writer.md), so what is read here nobody else is using.
    """
    if not account.has_second_factor:
        return None
    return (
        _use_code(account, typed, real_at) if totp.is_code(typed) else _use_recovery(account, typed, real_at)
    )


def _use_code(account: Account, typed: str, real_at: datetime) -> str | None:
    factor, secret = account.factor, secret_of(account)
    if factor is None or secret is None:
        return None
    step = totp.matching_step(secret, typed, at=real_at, after=factor.last_step)
    if step is None:
        return None
    factor.last_step = step
    return "totp"


def _use_recovery(account: Account, typed: str, real_at: datetime) -> str | None:
    found = joined().scalars(
        select(RecoveryCode)
        .where(RecoveryCode.account_id == account.id, RecoveryCode.used_at.is_(None))
        .where(RecoveryCode.code_key == _code_key(account, typed))
    )
    code = found.first()
    if code is None:
        return None
    code.used_at = real_at
    joined().flush()
    left = count_recovery_codes(account.id)
    letters.tell_change(account, "recovery_used", real_at=real_at, left=left)
    return "recovery"


def new_recovery_codes(account: Account) -> list[str]:
    """Ten new codes in place of all old ones; they can be read this once."""
    joined().execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    codes = ["".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH)) for _ in range(RECOVERY_CODES)]
    rows = [{"account_id": account.id, "code_key": _code_key(account, code)} for code in codes]
    bulk_insert(RecoveryCode, rows)
    return [f"{code[:_GROUP]}-{code[_GROUP:]}" for code in codes]


def take_away(account: Account) -> None:
    """Remove second factor and recovery codes."""
    joined().execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    account.factor = None
    joined().flush()


def _code_key(account: Account, typed: str) -> bytes:
    return sealer().index("recovery", f"{account.id}:{compact(typed).replace('-', '')}")


def _place(account: Account, column: str) -> str:
    return f"second_factor:{column}:{account.id}"
