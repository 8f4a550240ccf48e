"""Two firms in two districts, whose every text is an attack that also says whose it is."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select, update
from werkzeug.routing import Rule

from resume.accounts.operations.invitations import NewInvitation, add_invitation
from resume.applications.models import Application, ApplicationEvent, Batch, ReturnedPart
from resume.clock import real_now
from resume.db import reading, transaction
from resume.demo.firms import credit_code
from resume.devices.codes import codes_of
from resume.devices.operations import enrol, offer, rename
from resume.escalations.steps import open_escalation
from resume.evidence.models import Intake, ZoneRecord
from resume.firms.models import Firm, Site
from resume.firms.operations import NewFirm
from resume.gate.app_files import version
from resume.gate.operations.medical import medical_exit
from resume.gate.operations.scans import check_scan
from resume.intake.operations import take_in
from resume.intake.operations.uploads import keep
from resume.manifests.making import make_manifest
from resume.papers.reading import CheckedPaper
from resume.passes.models import Pass
from resume.places.models import Building, Compound, Gate
from resume.plans.attached import attach
from resume.plans.models import Attachment, PlanVersion
from resume.portraits.operations import give_portrait
from resume.registrations.details import Contact
from resume.registrations.operations import NewRegistration, content_key, sign_up
from resume.registrations.queries import find_waiting_same
from resume.review.operations import sign_off
from resume.roles import CLI, WORKER, Actor, Role
from resume.roster.columns import WORKER_LIST
from resume.roster.models import BadRow, RowError, Worker, WorkerList
from resume.roster.operations import upload
from resume.roster.receiving import receive
from tests.gate.conftest import guard_of
from tests.passes.city import SIGNER, City
from tests.passes.conftest import MakeCity, city_of
from tests.plans.complete import complete_sections
from tests.security.handwork import worked_on

__all__ = ["city_of"]

#: What a page must never hold as it is.
RAW = "<b onclick"
DISTRICTS = {"A": "310115", "B": "310101"}


def mark(letter: str) -> str:
    """Breaks out of an attribute and of a text; 16 characters, so that it fits every column."""
    return f"\"'><b onclick={letter}>"


@dataclass(frozen=True)
class Owned:
    """What belongs to one firm: the arguments of addresses, and the scope of each role near it."""

    letter: str
    values: dict[str, Any]
    scopes: dict[Role, dict[str, Any]]


@pytest.fixture
def owned(app: Flask, city_of: MakeCity, at: datetime) -> dict[str, Owned]:
    """The firms A and B, signed off, one pass of each scanned at its gate."""
    return {
        letter: _own(letter, city_of(workers=2, without_test=[1], firm=place), at)
        for place, letter in enumerate(DISTRICTS, 1)
    }


def _own(letter: str, city: City, at: datetime) -> Owned:
    district = DISTRICTS[letter]
    bad_row_id = _uploaded(letter, city, at)
    gate_id = _poison(letter, city)
    signer = replace(SIGNER, district_code=district)
    batch: Batch = sign_off(city.application_id, revision=2, by=signer, at=at)
    batch_id = batch.id
    found = reading().scalars(select(Pass).where(Pass.firm_id == city.firm_id)).one()
    nonce = UUID(int=ord(letter))
    guard = guard_of(gate_id, name=mark(letter))
    check_scan(found.number, nonce=nonce, by=guard, at=at)
    exit_id = UUID(int=1000 + ord(letter))
    medical_exit(exit_id, by=guard, at=at)
    with transaction():
        open_escalation(
            nonce, gate_id=gate_id, pass_id=found.id, reason=mark(letter), refused_at=at, by=guard, at=at
        )
    give_portrait(found.worker_id, _PICTURE, "a.png", firm_id=city.firm_id, by=CLI, at=at)
    quoted = mark(letter).replace('"', '""')
    feed = f'place_code,screened_on,complete\n"{quoted}",x,y\n'.encode()
    receipt = take_in("screenings", feed, f"{mark(letter)}.csv", by=WORKER, at=at)
    with transaction() as session:  # the one the city's evidence came with
        session.get_one(Intake, city.intake_id).report = session.get_one(Intake, receipt.intake_id).report
    case = reading().get_one(Application, city.application_id)
    values = {
        "firm_id": city.firm_id,
        "version_id": case.plan_version_id,
        "attachment_id": reading()
        .scalars(select(Attachment.id).where(Attachment.plan_id == city.plan_id))
        .one(),
        "list_id": city.list_id,
        "worker_id": city.worker_ids[0],
        "application_id": city.application_id,
        "batch_id": batch_id,
        "number": found.number,
        "kid": found.kid,
        "gate_id": gate_id,
        **_expected(city, at),
        **_phones(gate_id, letter, at),
        "nonce": nonce,
        "exit_id": exit_id,
        "intake_id": receipt.intake_id,
        "building_id": city.building_id,
        "list_upload_id": receive(city.firm_id, b"x\n", f"{mark(letter)}.csv", by=WORKER, at=at),
        "upload_id": keep("screenings", feed, f"{mark(letter)}.csv", by=WORKER, at=at),
        "key": "sites",
        "kind": "out",
        "part_id": _returned(letter, city, at),
        "bad_row_id": bad_row_id,
        **worked_on(letter, mark(letter), city, batch_id, at),
        "shard": 0,
        "account_id": SIGNER.account_id,
        **_invited(letter, city, district, at),
    }
    in_district = {"district_code": district}
    scopes: dict[Role, dict[str, Any]] = {
        Role.HR: {"firm_id": city.firm_id},
        Role.GUARD: {"gate_id": gate_id},
        Role.REVIEWER: in_district,
        Role.SIGN_OFF: in_district,
        Role.STREET: in_district | {"street": mark(letter)},
    }
    return Owned(letter, values, scopes)


def _picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), (120, 80, 60)).save(out, "PNG")
    return out.getvalue()


_PICTURE = _picture()


def _expected(city: City, at: datetime) -> dict[str, Any]:
    """A paper of whom the firm's compound expects."""
    compound = reading().get_one(Building, city.building_id).compound
    made = make_manifest(compound, date(2022, 4, 25), by=Actor("desk"), at=at)
    return {"manifest_id": made.id}


def _phones(gate_id: int, letter: str, at: datetime) -> dict[str, Any]:
    """A phone of the gate, a code for one more; and one of the gate's own files."""
    real_at = real_now()
    codes = codes_of(offer(gate_id, by=CLI, at=at, real_at=real_at))
    assert codes is not None
    device, _token = enrol(codes.secret, address=letter, agent="Chrome · Android", at=at, real_at=real_at)
    rename(device.number, mark(letter), by=CLI, at=at)
    waiting = offer(gate_id, by=CLI, at=at, real_at=real_at)
    return {
        "device_number": device.number,
        "enrolment_id": waiting.id,
        "app_version": version(),
        "name": "gate.css",
    }


def _uploaded(letter: str, city: City, at: datetime) -> UUID:
    """The bad row of a list that waits to be looked through."""
    row = [mark(letter)] * len(WORKER_LIST)
    file = io.StringIO()
    csv.writer(file).writerows([[column.zh for column in WORKER_LIST], row])
    by = Actor("hr", Role.HR, firm_id=city.firm_id)
    made = upload(city.firm_id, file.getvalue().encode(), f"{mark(letter)}.csv", by=by, at=at)
    return reading().scalars(select(BadRow.id).where(BadRow.list_id == made.id)).one()


def _returned(letter: str, city: City, at: datetime) -> int:
    """A part of the firm's case that waits for its firm."""
    text = mark(letter)
    with transaction() as session:
        part = ReturnedPart(
            application_id=city.application_id, part="lodging", reason=text, asked_at=at, asked_by=text
        )
        session.add(part)
        session.flush()
        return part.id


def _invited(letter: str, city: City, district: str, at: datetime) -> dict[str, Any]:
    """An open invitation of the firm, and a registration that waits in its district."""
    hr = Actor(f"hr-{letter}", Role.HR, firm_id=city.firm_id)
    invited = NewInvitation(Role.HR, f"{letter}@example.invalid", firm_id=city.firm_id)
    with transaction():
        invitation, _secret = add_invitation(invited, by=hr, at=at, real_at=real_now())
    firm = NewFirm(credit_code(900 + ord(letter)), mark(letter), mark(letter), district)
    new = NewRegistration(firm, Contact(mark(letter), "16900000000", f"{letter}@example.invalid"), "zh_Hans")
    sign_up(new, address=letter, at=at, real_at=real_now())
    waiting = find_waiting_same(content_key(new))
    assert waiting is not None
    return {"invitation_id": invitation.id, "registration_id": waiting.id}


def _poison(letter: str, city: City) -> int:
    """Write the mark wherever somebody types text; the id of a gate of the firm's compound."""
    text, district = mark(letter), DISTRICTS[letter]
    with transaction() as session:
        case = session.get_one(Application, city.application_id)
        case.district_code = district
        compound_id = session.get_one(Building, city.building_id).compound_id
        gate = Gate(name=text, kind="compound", district_code=district, compound_id=compound_id)
        session.add(gate)
        session.execute(
            update(Firm)
            .where(Firm.id == city.firm_id)
            .values(name=text, short_name=text, district_code=district)
        )
        session.execute(update(Site).where(Site.id == city.site_id).values(name=text, address=text))
        session.execute(
            update(Compound)
            .where(Compound.id == compound_id)
            .values(name=text, street=text, district_code=district)
        )
        session.execute(
            update(Worker).where(Worker.list_id == city.list_id).values(post=text, shift=text, plate=text)
        )
        session.execute(
            update(WorkerList)
            .where(WorkerList.id == city.list_id)
            .values(file_name=text, unknown_columns=[text])
        )
        session.add(
            RowError(list_id=city.list_id, row=9, column=text, code="bad", value=text, text={"zh": text})
        )
        version = session.get_one(PlanVersion, case.plan_version_id)
        sections = {key: _poisoned(part, text) for key, part in complete_sections().items()}
        sections["sites"]["rows"][0]["site_id"] = city.site_id
        version.sections = sections
        paper = CheckedPaper(text, "application/pdf", b"%PDF-", "0" * 64)
        attach(version, "floor_plan", paper, by=replace(WORKER, name=text), at=city.at)
        version.saves = {"firm": {"revision": 1, "by": text, "at": city.at.isoformat()}}
        zone = {"level": "sealed", "kind": "declared", "since": city.at, "reason": text}
        ledger = {"received_at": city.at, "intake_id": city.intake_id}
        session.add(ZoneRecord(building_id=city.building_id, **zone, **ledger))
        session.add(
            ApplicationEvent(application_id=case.id, at=city.at, action="recommended", actor=text, note=text)
        )
        session.flush()
        return gate.id


def _poisoned(value: Any, text: str) -> Any:
    """The same answers, every sentence (not a code, not a date) replaced."""
    if isinstance(value, dict):
        return {key: _poisoned(part, text) for key, part in value.items()}
    if isinstance(value, list):
        return [_poisoned(part, text) for part in value]
    is_sentence = isinstance(value, str) and not value.isascii()
    return text if is_sentence else value


Address = Callable[[Rule, dict[str, Any]], str]


@pytest.fixture
def address(app: Flask) -> Address:
    """`address(rule, values)`: the rule's address for these records."""

    def build(rule: Rule, values: dict[str, Any]) -> str:
        with app.test_request_context():
            built = rule.build({name: values[name] for name in rule.arguments}, append_unknown=False)
        assert built is not None
        return built[1]

    return build


def rules_for(app: Flask, role: Role | None, method: str) -> Iterator[Rule]:
    """The rules of a method that are open to a role, by endpoint.

    Not those of the machine interface, which opens to tokens and to no role (tests/api).
    """
    from resume.web.access import roles_of

    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.endpoint, rule.rule)):
        is_open = role in roles_of(app, rule.endpoint)
        if rule.endpoint.startswith("api."):
            continue
        if is_open and rule.endpoint != "static" and method in (rule.methods or ()):
            yield rule
