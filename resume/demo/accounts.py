"""Who signs in to the demo home, and whose hands did what before.

A dozen accounts have a password, random for each home and shown once; the reviewers of the other districts
are on record only: they are disabled and have none.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from resume import audit
from resume.accounts.models import Account
from resume.accounts.operations import NewAccount, create_account
from resume.clock import real_now
from resume.db import bulk_insert, new_id, transaction
from resume.demo.city import STORY_DISTRICT
from resume.demo.moments import BEGIN
from resume.places.districts import DISTRICTS
from resume.roles import CLI, ROLE_NAMES, Actor, Role

#: No letter or digit that is taken for another one when it is read aloud.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_NO_PASSWORD = "!"  # noqa: S105 - no hash: nothing fits it
OTHER_DISTRICT = "310112"


@dataclass(frozen=True, slots=True)
class SignIn:
    """One account of the demo with its password."""

    name: str
    password: str
    role: Role
    belongs_to: str

    def __str__(self) -> str:
        return f"  {self.name:<18}{self.password:<18}{ROLE_NAMES[self.role]}　{self.belongs_to}".rstrip()


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
    ) -> Actor:
        """An account that signs in, through the administrator's own door."""
        password = "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(3))
        new = NewAccount(name, belongs_to, password, role, firm_id, district_code, gate_id)
        account = create_account(new, by=CLI, at=BEGIN, real_at=real_now())
        self.sign_ins.append(SignIn(name, password, role, belongs_to))
        return Actor(name, role, account.id, firm_id, district_code, gate_id)

    @property
    def lines(self) -> list[str]:
        """The sign-ins as they are printed."""
        return ["演示账号（每次载入重新生成）  sign-ins of this demo home:", *map(str, self.sign_ins)]

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
