"""What a role needs, what a session opens, and how long links live."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Protocol

from resume.accounts.models import Account
from resume.roles import Role

#: The scope each role must have, and no other.
SCOPE_OF = {
    Role.HR: ("firm_id",),
    Role.REVIEWER: ("district_code",),
    Role.SIGN_OFF: ("district_code",),
    Role.STREET: ("district_code", "street"),
    Role.GUARD: ("gate_id",),
}
SCOPES = ("firm_id", "district_code", "street", "gate_id")


class Scoped(Protocol):
    """A role and what belongs to it."""

    @property
    def role(self) -> Role: ...
    @property
    def firm_id(self) -> int | None: ...
    @property
    def district_code(self) -> str | None: ...
    @property
    def street(self) -> str | None: ...
    @property
    def gate_id(self) -> int | None: ...


class Stage(StrEnum):
    """`code`: the password was right, a code is asked for. `enrol`: a second factor has to be set up first.
    Both open nothing but the page that ends them. `open`: signed in."""

    OPEN = "open"
    CODE = "code"
    ENROL = "enrol"


#: How long a sign-in may stay unfinished.
UNFINISHED = {Stage.CODE: timedelta(minutes=5), Stage.ENROL: timedelta(minutes=30)}

#: Those who decide about others, or about the record; without a second factor nothing opens to them.
REQUIRED = frozenset([Role.REVIEWER, Role.SIGN_OFF, Role.STEWARD, Role.ADMINISTRATOR])
OFFERED = frozenset([Role.HR, Role.AUDITOR, Role.STREET])

INVITATION = timedelta(hours=72)
RESET = timedelta(minutes=30)
EMAIL = timedelta(hours=24)
#: A link that an administrator hands over by hand, to somebody without an address.
BY_HAND = timedelta(hours=24)
RECOVERY_CODES = 10


def needs_second_factor(account: Account) -> bool:
    """Whether nothing opens to this account until it has set a second factor up."""
    return account.role in REQUIRED and not account.has_second_factor


def stage_after_password(account: Account) -> Stage:
    """What the right password leads to."""
    if account.has_second_factor:
        return Stage.CODE
    return Stage.ENROL if needs_second_factor(account) else Stage.OPEN
