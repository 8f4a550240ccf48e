"""Who may act: the roles of those who sign in, and the actor that every door is told of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """What a person is signed in as. One account has one role, and the scope that belongs to it."""

    HR = "hr"
    REVIEWER = "reviewer"
    SIGN_OFF = "sign_off"
    STEWARD = "steward"
    STREET = "street"
    GUARD = "guard"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


def _n(text: str) -> str:
    """Marks a text for the message catalog, to be translated where it is shown."""
    return text


#: The Chinese names shown on pages; the English ones are in the message catalog.
ROLE_NAMES: dict[Role, str] = {
    Role.HR: _n("企业人事"),
    Role.REVIEWER: _n("审核员"),
    Role.SIGN_OFF: _n("签发人"),
    Role.STEWARD: _n("疫情数据专员"),
    Role.STREET: _n("街镇值班台"),
    Role.GUARD: _n("门岗"),
    Role.AUDITOR: _n("审计员"),
    Role.ADMINISTRATOR: _n("系统管理员"),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does a thing: an account with its role and scope, or one of the machine's own hands.

    `name` is what the audit shows: a sign-in name, `device:<number>`, `cli`, `worker` or `public`, never a
    person's name. A street's desk has its district and street; an enrolled device (`device_id`) is a guard.
    """

    name: str
    role: Role | None = None
    account_id: UUID | None = None
    firm_id: int | None = None
    district_code: str | None = None
    gate_id: int | None = None
    street: str | None = None
    device_id: UUID | None = None


CLI = Actor("cli")
WORKER = Actor("worker")
PUBLIC = Actor("public")
