"""What a new account belongs to: named in the address (a firm's or a gate's page leads here), or chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from resume.accounts.forms import AccountForm, InviteForm
from resume.accounts.operations import NewAccount
from resume.accounts.operations.invitations import NewInvitation
from resume.firms.queries import get_firm
from resume.places.queries import get_gate
from resume.roles import Actor, Role


@dataclass(frozen=True, slots=True)
class ScopeOfNew:
    """The firm or gate of a new account, with the name shown on the page; both empty: chosen in the form."""

    name: str = ""
    firm_id: int | None = None
    gate_id: int | None = None

    @property
    def is_settled(self) -> bool:
        return self.firm_id is not None or self.gate_id is not None

    def account(self, form: AccountForm) -> NewAccount:
        """The typed account with its role and scope."""
        if self.firm_id is not None:
            return form.scoped_account(Role.HR, firm_id=self.firm_id)
        if self.gate_id is not None:
            return form.scoped_account(Role.GUARD, gate_id=self.gate_id)
        return form.city_account()

    def invitation(self, form: InviteForm) -> NewInvitation:
        """The typed invitation with its role and scope."""
        if self.firm_id is not None:
            return form.scoped_invitation(Role.HR, firm_id=self.firm_id)
        if self.gate_id is not None:
            return form.scoped_invitation(Role.GUARD, gate_id=self.gate_id)
        return form.city_invitation()


def read_scope(arguments: Mapping[str, str]) -> ScopeOfNew:
    """The scope named by `firm` or `gate` in the address. NotFound where there is no such one."""
    if (firm := arguments.get("firm", "")).isdecimal():
        return ScopeOfNew(name=get_firm(int(firm)).name, firm_id=int(firm))
    if (gate := arguments.get("gate", "")).isdecimal():
        return ScopeOfNew(name=get_gate(int(gate)).name, gate_id=int(gate))
    return ScopeOfNew()


def organisation_of(actor: Actor) -> str:
    """What an actor belongs to, as the header says it."""
    from resume.places.districts import district_name

    if actor.firm_id is not None:
        return get_firm(actor.firm_id).name
    if actor.gate_id is not None:
        return get_gate(actor.gate_id).name
    return " ".join(filter(None, (district_name(actor.district_code), actor.street)))
