"""Who signs in to the demo home, and whose hands did what before.

A dozen accounts have a password, random for each home and shown once, and those who need it a second factor,
whose secret is shown with it; the reviewers of the other districts are on record only: they are disabled and
have none.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _

from resume import audit
from resume.accounts import totp
from resume.accounts.lifecycle import REQUIRED
from resume.accounts.models import Account
from resume.accounts.operations import NewAccount, create_account, factor_steps
from resume.accounts.queries import list_accounts
from resume.clock import real_now
from resume.db import bulk_insert, new_id, transaction
from resume.demo.city import STORY_DISTRICT
from resume.demo.moments import BEGIN
from resume.home_clock import find_clock
from resume.places.districts import DISTRICTS
from resume.refusals import NotFound
from resume.roles import CLI, ROLE_NAMES, Actor, Role

#: No letter or digit that is taken for another one when it is read aloud.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_NO_PASSWORD = "!"  # noqa: S105 - no hash: nothing fits it
OTHER_DISTRICT = "310112"
#: Never delivered (RFC 2606); letters of a demo home are files in its folder.
MAIL_DOMAIN = "example.invalid"


@dataclass(frozen=True, slots=True)
class SignIn:
    """One account of the demo with its password, and the secret of its second factor; empty: it has none."""

    name: str
    password: str
    role: Role
    belongs_to: str
    secret: str = ""

    def __str__(self) -> str:
        factor = self.secret or "—"
        words = f"{self.name:<18}{self.password:<18}{factor:<34}{ROLE_NAMES[self.role]}　{self.belongs_to}"
        return f"  {words}".rstrip()

    @property
    def uri(self) -> str:
        return f"  {self.name:<18}{totp.enrolment_uri(self.secret, self.name)}"


class Accounts:
    """Makes the accounts and keeps what is to be printed. Steward and administrator act in the past too."""

    def __init__(self) -> None:
        self.sign_ins: list[SignIn] = []
        self.reviewers: dict[str, Actor] = {}
        self.signers: dict[str, Actor] = {}
        self.administrator = self.steward = CLI

    def open(
        self,
        name: str,
        role: Role,
        belongs_to: str,
        *,
        firm_id: int | None = None,
        district_code: str | None = None,
        gate_id: int | None = None,
        street: str | None = None,
    ) -> Actor:
        """An account that signs in, through the administrator's own door."""
        password = "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(3))
        email = None if role is Role.GUARD else f"{name}@{MAIL_DOMAIN}"
        new = NewAccount(name, belongs_to, password, role, firm_id, district_code, gate_id, street, email)
        account = create_account(new, by=CLI, at=BEGIN, real_at=real_now())
        secret = _set_factor_up(account) if role in REQUIRED else ""
        self.sign_ins.append(SignIn(name, password, role, belongs_to, secret))
        return Actor(name, role, account.id, firm_id, district_code, gate_id, street)

    @property
    def lines(self) -> list[str]:
        """The sign-ins as they are printed."""
        with_factor = [one for one in self.sign_ins if one.secret]
        return [
            "演示账号（每次载入重新生成）  sign-ins of this demo home: 账号 密码 动态验证码密钥 岗位",
            *map(str, self.sign_ins),
            "",
            "动态验证码：把密钥加入手机的验证器，或执行 resume demo codes 看现在的数字（每个只能用一次）",
            "second factors: add the key to an authenticator, or run resume demo codes for the present codes",
            *(one.uri for one in with_factor),
        ]

    def open_city(self) -> None:
        """Accounts of the city and its districts."""
        self.administrator = self.open("administrator", Role.ADMINISTRATOR, "全市")
        self.steward = self.open("steward", Role.STEWARD, "全市")
        self.open("steward-2", Role.STEWARD, "全市")
        self.open("auditor", Role.AUDITOR, "全市")
        for district, suffix in ((STORY_DISTRICT, ""), (OTHER_DISTRICT, "-minhang")):
            name = DISTRICTS[district]
            self.reviewers[district] = self.open(
                f"reviewer{suffix}", Role.REVIEWER, name, district_code=district
            )
            self.signers[district] = self.open(f"signer{suffix}", Role.SIGN_OFF, name, district_code=district)
        self._record_others()

    def _record_others(self) -> None:
        """Reviewers and signers of the other districts, who do not sign in."""
        rows = []
        for district in DISTRICTS.keys() - self.reviewers.keys():
            for role, hands in ((Role.REVIEWER, self.reviewers), (Role.SIGN_OFF, self.signers)):
                name = f"{'reviewer' if role is Role.REVIEWER else 'signer'}-{district}"
                actor = Actor(name, role, new_id(), district_code=district)
                hands[district] = actor
                rows.append(_closed_account(actor))
        with transaction():
            bulk_insert(Account, sorted(rows, key=lambda row: str(row["name"])))
            audit.record("accounts.recorded", "accounts", by=CLI, at=BEGIN, count=len(rows))


def _closed_account(actor: Actor) -> dict[str, Any]:
    assert actor.role is not None
    return {
        "id": actor.account_id,
        "name": actor.name,
        "display_name": f"{DISTRICTS[actor.district_code or '']}{ROLE_NAMES[actor.role]}",
        "password_hash": _NO_PASSWORD,
        "role": actor.role.value,
        "district_code": actor.district_code,
        "is_disabled": True,
        "created_at": real_now(),
    }


def _set_factor_up(account: Account) -> str:
    """A second factor in use, confirmed with the code before the present one, which so stays good."""
    with transaction():
        factor_steps.begin(account)
        secret = factor_steps.pending_secret(account)
        assert secret is not None
        real_at = real_now() - timedelta(seconds=totp.STEP)
        code = totp.code_at(secret, totp.step_at(real_at))
        assert factor_steps.confirm(account, code, real_at=real_at)
        factor_steps.new_recovery_codes(account)
        audit.record("account.factor_confirmed", f"account:{account.id}", by=CLI, at=BEGIN)
    return secret


class NoDemo(NotFound):
    """Codes are told in a home of the demo alone."""

    code = "no_demo"
    message = _("这里不是演示城市，不显示动态验证码")
    advice = _("动态验证码请看本人手机上的验证器")


def current_codes(*, at: datetime) -> list[str]:
    """The code of this moment of each account of the demo with a second factor. Raises NoDemo elsewhere."""
    if find_clock() is None:
        raise NoDemo
    step = totp.step_at(at)
    left = (step + 1) * totp.STEP - int(at.timestamp())
    found = []
    for account in list_accounts():
        secret = factor_steps.secret_of(account)
        if secret is not None:
            used = account.factor is not None and account.factor.last_step >= step
            note = f"{left} s，已用过，请等下一个（used, wait for the next）" if used else f"{left} s"
            found.append(f"  {account.name:<18}{totp.code_at(secret, step)}  {note}")
    return found
