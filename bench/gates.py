"""A compound's gate to measure at: passes it lets out, and its guard signed in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from bench.acting import AT
from resume.accounts import sessions
from resume.accounts.models import Account
from resume.applications.models import Application
from resume.clock import real_now
from resume.db import reading, transaction
from resume.passes.models import Pass
from resume.passes.sheets import token_text
from resume.places.models import Building, Gate
from resume.review.operations import sign_off
from resume.roles import Role
from tests.passes.city import DISTRICT, REVIEWER, SIGNER, make_city


@dataclass(frozen=True)
class Manned:
    """The gate's id, the secrets of its guard's sessions, the texts of the passes by number."""

    gate_id: int
    secrets: list[str]
    texts: list[str]


def man_a_gate(app: Flask, *, workers: int, sign_ins: int = 1) -> Manned:
    """A city signed off for `workers`, and the gate of their compound. Within the application's context."""
    city = make_city(AT, keys_folder=Path(app.config["RESUME_KEYS_FOLDER"]), workers=workers)
    with transaction() as session:
        for actor in (REVIEWER, SIGNER):
            assert actor.role is not None
            session.add(_account(actor.name, actor.role, id=actor.account_id, district_code=DISTRICT))
        session.flush()
        session.get_one(Application, city.application_id).recommended_by = REVIEWER.account_id
        compound = session.get_one(Building, city.building_id).compound_id
        gate = Gate(name="北门", kind="compound", district_code=DISTRICT, compound_id=compound)
        session.add(gate)
        session.flush()
        gate_id = gate.id
        guard = _account("guard", Role.GUARD, gate_id=gate_id)
        session.add(guard)
        session.flush()
        secrets = [sessions.begin_session(guard, at=real_now()) for _sign_in in range(sign_ins)]
    sign_off(city.application_id, revision=2, by=SIGNER, at=AT)
    passes = reading().scalars(select(Pass).order_by(Pass.number))
    return Manned(gate_id, secrets, [token_text(found) for found in passes])


def _account(name: str, role: Role, **scope: object) -> Account:
    fields = {"display_name": name, "password_hash": "-", "created_at": real_now()}
    return Account(name=name, role=role.value, **fields, **scope)
