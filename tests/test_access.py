"""Who may open which door: one table, compared with the URL map, every cell requested.

Foreign and missing records are 404 in the slices' own tests; here a missing one is asked for by everybody.
"""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask
from werkzeug.routing import Rule

from resume.db import transaction
from resume.firms.models import Firm
from resume.home import settle_home
from resume.places.models import Compound, Gate
from resume.roles import Role
from resume.web.access import roles_of
from tests.reading import reading_client

HR = {Role.HR}
REVIEWER = {Role.REVIEWER}
SIGN_OFF = {Role.SIGN_OFF}
REVIEWERS = REVIEWER | SIGN_OFF
STEWARD = {Role.STEWARD}
STREET = {Role.STREET}
GUARD = {Role.GUARD}
AUDITOR = {Role.AUDITOR}
ADMINISTRATOR = {Role.ADMINISTRATOR}
SIGNED_IN = set(Role)
WITH_FACTOR = SIGNED_IN - GUARD
EVERYBODY = {None, *Role}

#: The machine interface asks for no role but for a token with the endpoint's scope, so no role is turned away
#: as a role; and no session opens it: what is asked here is refused with 401, but for the OpenAPI document.
#: What tokens open is asked in tests/api/test_admission.py.
BY_TOKEN = {
    "api.openapi": None,
    "api.tests": "tests:write",
    "api.cases": "cases:write",
    "api.reviews": "reviews:write",
    "api.screenings": "screenings:write",
    "api.zones": "zones:write",
    "api.codes": "codes:write",
    "api.contacts": "contacts:write",
    "api.discharges": "discharges:write",
    "api.intake": "a scope of the intake's feed",
    "api.upload": "lists:write",
    "api.show": "lists:write",
    "api.check": "passes:check",
}

#: endpoint -> to whom it is open. What is not here is a mistake, on whichever side.
TABLE: dict[str, set[Role | None]] = {
    "static": EVERYBODY,
    "health.health": EVERYBODY,
    "language.switch": EVERYBODY,
    "board.desk": EVERYBODY,
    "accounts.sign_in": EVERYBODY,
    "accounts.signed_in": SIGNED_IN,
    "accounts.code": EVERYBODY,
    "accounts.enrol": EVERYBODY,
    "accounts.forgotten": EVERYBODY,
    "accounts.reset": EVERYBODY,
    "accounts.join": EVERYBODY,
    "accounts.confirm_email": EVERYBODY,
    "accounts.sign_out": SIGNED_IN,
    "accounts.own": SIGNED_IN,
    "accounts.set_language": SIGNED_IN,
    "accounts.email": SIGNED_IN,
    "accounts.end_others": SIGNED_IN,
    "accounts.factor": WITH_FACTOR,
    "accounts.confirm_factor": WITH_FACTOR,
    "accounts.begin_factor": WITH_FACTOR,
    "accounts.drop_factor": WITH_FACTOR,
    "accounts.renew_codes": WITH_FACTOR,
    "accounts.turn_off": WITH_FACTOR,
    "accounts.index": ADMINISTRATOR,
    "accounts.new": ADMINISTRATOR,
    "accounts.disable": ADMINISTRATOR,
    "accounts.detail": ADMINISTRATOR,
    "accounts.reset_factor": ADMINISTRATOR,
    "accounts.password_link": ADMINISTRATOR,
    "accounts.open_invitations": ADMINISTRATOR,
    "accounts.invite": ADMINISTRATOR,
    "accounts.colleagues": HR,
    "accounts.invite_colleague": HR,
    "accounts.disable_colleague": HR,
    "accounts.invite_again": ADMINISTRATOR | HR,
    "accounts.withdraw_invitation": ADMINISTRATOR | HR,
    "registrations.sign_up": EVERYBODY,
    "registrations.queue": REVIEWER | ADMINISTRATOR,
    "registrations.show": REVIEWER | ADMINISTRATOR,
    "registrations.confirm": REVIEWER | ADMINISTRATOR,
    "registrations.refuse": REVIEWER | ADMINISTRATOR,
    "devices.index": STREET,
    "devices.of_gate": STREET,
    "devices.offer": STREET | ADMINISTRATOR,
    "devices.enrolment": STREET | ADMINISTRATOR,
    "devices.withdraw": STREET | ADMINISTRATOR,
    "devices.show": STREET | ADMINISTRATOR,
    "devices.rename": STREET | ADMINISTRATOR,
    "devices.revoke": STREET | ADMINISTRATOR,
    "devices.enrol": EVERYBODY,
    "audit.index": AUDITOR,
    "audit.verification": AUDITOR,
    "notices.index": HR | REVIEWERS | STREET,
    "notices.read": HR | REVIEWERS | STREET,
    "notices.read_all": HR | REVIEWERS | STREET,
    "notices.choices": HR | REVIEWERS | STREET,
    "places.index": STEWARD,
    "places.compound": STEWARD,
    "places.drop_alias": STEWARD,
    "firms.index": ADMINISTRATOR,
    "firms.new": ADMINISTRATOR,
    "firms.detail": ADMINISTRATOR,
    "plans.tasks": HR,
    "plans.section": HR,
    "plans.answers": HR,
    "plans.version": HR,
    "plans.version_pdf": HR,
    "plans.attachment": HR,
    "roster.index": HR,
    "roster.upload": HR,
    "roster.progress": HR,
    "roster.show": HR,
    "roster.drop": HR,
    "roster.sampling": HR,
    "roster.worker": HR,
    "roster.template": HR,
    "roster.search": HR,
    "staffing.bad_row": HR,
    "staffing.correct": HR,
    "staffing.discard": HR,
    "staffing.error_report": HR,
    "staffing.new_worker": HR,
    "staffing.add": HR,
    "staffing.worker_form": HR,
    "staffing.change": HR,
    "staffing.leaving": HR,
    "staffing.remove": HR,
    "staffing.choose_building": HR,
    "staffing.changes": HR,
    "staffing.settled": HR,
    "applications.case": HR,
    "applications.show": HR,
    "applications.start": HR,
    "applications.submit": HR,
    "applications.save_section": HR,
    "applications.attach": HR,
    "applications.detach": HR,
    "applications.drop_kept_section": HR,
    "applications.answer_return": HR,
    "applications.confirm_list": HR,
    "passes.index": HR,
    "passes.changed": HR | REVIEWERS,
    "passes.sheet": HR,
    "passes.paper": HR,
    "passes.sheets_zip": HR,
    "passes.chosen_zip": HR,
    "passes.progress": HR,
    "passes.listed": HR,
    "passes.links": HR,
    "passes.search_links": HR,
    "passes.link": HR,
    "passes.releases": REVIEWER,
    "passes.release": REVIEWER,
    "passes.revocation": REVIEWER,
    "passes.keys": EVERYBODY,
    "passes.key_list": ADMINISTRATOR,
    "passes.key": ADMINISTRATOR,
    "passes.new_key": ADMINISTRATOR,
    "passes.retire_key": ADMINISTRATOR,
    "passes.distrust_key": ADMINISTRATOR,
    "passes.status_list": EVERYBODY,
    "passes.status_lists": EVERYBODY,
    "review.queue": REVIEWERS,
    "review.case": REVIEWERS,
    "review.plan_pdf": REVIEWERS,
    "review.attachment": REVIEWERS,
    "review.result": REVIEWERS,
    "review.decision": REVIEWERS,
    "review.recommend": REVIEWER,
    "review.send_back": REVIEWERS,
    "review.refuse": REVIEWERS,
    "review.sign_off": SIGN_OFF,
    "review.approve_withheld": SIGN_OFF,
    "intake.index": STEWARD,
    "intake.take": STEWARD,
    "intake.preview": STEWARD,
    "intake.confirm": STEWARD,
    "intake.drop": STEWARD,
    "intake.detail": STEWARD,
    "intake.refused": STEWARD,
    "corrections.index": STEWARD,
    "corrections.show": STEWARD,
    "corrections.confirm": STEWARD,
    "corrections.decline": STEWARD,
    "corrections.cases": STEWARD,
    "corrections.case": STEWARD,
    "corrections.move_case": STEWARD,
    "corrections.exclude_case": STEWARD,
    "corrections.conflicts": STEWARD,
    "corrections.conflict": STEWARD,
    "corrections.reviews": STEWARD,
    "corrections.close_review": STEWARD,
    "corrections.samples": STEWARD,
    "corrections.declare_zone": STEWARD,
    "evidence.building": STEWARD | REVIEWERS,
    "evidence.zones": STEWARD,
    "evidence.screenings": STEWARD,
    "disclosure.enter": EVERYBODY,
    "disclosure.record": EVERYBODY,
    "disclosure.unlock": EVERYBODY,
    "disclosure.leave": EVERYBODY,
    "disclosure.sheet": EVERYBODY,
    "disclosure.paper": EVERYBODY,
    "phone.show": EVERYBODY,
    "phone.put": EVERYBODY,
    "phone.state": EVERYBODY,
    "phone.worker": EVERYBODY,
    "disclosure.object_": EVERYBODY,
    "disclosure.insist": EVERYBODY,
    "disclosure.close": EVERYBODY,
    "disclosure.clear": REVIEWERS,
    "objections.index": REVIEWERS | STEWARD,
    "objections.show": REVIEWERS | STEWARD,
    "objections.answer": REVIEWERS,
    "objections.hand_over": REVIEWERS,
    "objections.report": STEWARD,
    "gate.check": GUARD,
    "gate.checked": GUARD,
    "gate.release": GUARD,
    "gate.refused": GUARD,
    "gate.medical": GUARD,
    "gate.package": GUARD,
    "gate.shell": EVERYBODY,
    "gate.worker_script": EVERYBODY,
    "gate.app_file": EVERYBODY,
    "gate.manifest": EVERYBODY,
    "gate.upload": GUARD,
    "gate.conflicts": STREET | REVIEWERS,
    "gate.close": STREET | REVIEWER,
    "gate.forced": STREET | REVIEWERS,
    "trips.index": HR | STREET | REVIEWERS,
    "gate.annulled": GUARD,
    "gate.document": GUARD,
    "gate.looked_up": GUARD,
    "gate.verify": EVERYBODY,
    "gate.photo": GUARD,
    "portraits.show": HR,
    "portraits.give": HR,
    "portraits.remove": HR,
    "portraits.image": HR,
    "manifests.index": STREET | GUARD,
    "manifests.compound": STREET | GUARD,
    "manifests.make": STREET | GUARD,
    "manifests.file": STREET | GUARD,
    "manifests.enter": STREET | GUARD,
    "gate.verify_sheet": EVERYBODY,
    "gate.verified_sheet": EVERYBODY,
    "gate.verified": EVERYBODY,
    "gate.index": ADMINISTRATOR,
    "gate.new": ADMINISTRATOR,
    "gate.detail": ADMINISTRATOR,
    "tokens.index": ADMINISTRATOR,
    "tokens.new": ADMINISTRATOR,
    "tokens.revoke": ADMINISTRATOR,
    "escalations.desk": STREET,
    "escalations.exits": STREET,
    "escalations.acknowledge": STREET,
    "escalations.gates": STREET | REVIEWERS,
    "escalations.index": STREET | REVIEWERS | HR,
    "escalations.show": STREET | REVIEWERS | HR,
    "escalations.answer": STREET | REVIEWER,
    "escalations.at_gate": GUARD,
    "escalations.withdraw": GUARD,
} | dict.fromkeys(BY_TOKEN, EVERYBODY)

#: What is open to guards and not to a phone of their gate: the pages of one's own account. All else that a
#: phone may open lies below /gate, or is open to everybody.
#: What an enrolled phone may not open although it acts as a guard: accounts' own pages, and lists of people.
OF_ACCOUNTS = {
    endpoint for endpoint, roles in TABLE.items() if roles == SIGNED_IN or endpoint.startswith("manifests.")
}

#: Roles asked for each cell: nobody, and every role with its scope.
READERS: list[Role | None] = [None, *Role]


def rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def address(app: Flask, rule: Rule) -> str:
    """An address of the rule, naming records that do not exist."""
    samples = {"UUIDConverter": UUID(int=1), "IntegerConverter": 999_999, "UnicodeConverter": "none"}
    values = {
        name: samples.get(type(converter).__name__, "none") for name, converter in rule._converters.items()
    }
    with app.test_request_context():
        built = rule.build(values, append_unknown=False)
    assert built is not None
    return built[1]


@pytest.fixture
def scopes(app: Flask, at) -> dict[Role, dict[str, object]]:
    """What belongs to each role: a firm, a district, a gate; and the home's keys."""
    settle_home([], at=at)
    with transaction() as session:
        firm = Firm(
            credit_code="91310115MA10001800",
            name="虚构电驱动有限公司",
            short_name="虚构电驱",
            district_code="310115",
            created_at=at,
        )
        compound = Compound(
            district_code="310115", street="虚构街道", committee_code="310115001001", name="虚构新村"
        )
        session.add_all([firm, compound])
        session.flush()
        gate = Gate(name="虚构新村南门", kind="compound", district_code="310115", compound_id=compound.id)
        session.add(gate)
        session.flush()
        ids = firm.id, gate.id
    district = {"district_code": "310115"}
    return {
        Role.HR: {"firm_id": ids[0]},
        Role.GUARD: {"gate_id": ids[1]},
        Role.REVIEWER: district,
        Role.SIGN_OFF: district,
        Role.STREET: district | {"street": "演示街道"},
    }


def test_the_table_says_what_the_application_does(app: Flask) -> None:
    said = {endpoint: set(roles_of(app, endpoint)) for endpoint in app.view_functions}
    assert said == TABLE


def test_an_endpoint_of_which_nothing_is_said_is_closed_to_all(app: Flask, sign_in) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "open")
    assert reading_client(app).get("/forgotten").status_code == 403
    assert sign_in(Role.ADMINISTRATOR).get("/forgotten").status_code == 403


@pytest.mark.parametrize("role", READERS, ids=str)
def test_every_cell_is_as_the_table_says(app: Flask, role: Role | None, sign_in, scopes) -> None:
    wrong = []
    for rule in rules(app):
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            # Signed in anew for each request: some of them sign out.
            client = sign_in(role, **scopes.get(role, {})) if role else reading_client(app)
            response = client.open(address(app, rule), method=method)
            is_refused = response.status_code == 403 or _is_to_sign_in(response, role)
            if is_refused != (role not in TABLE[rule.endpoint]):
                wrong.append(f"{method} {rule.rule}: {response.status_code}")
            if rule.endpoint in BY_TOKEN:
                is_refused = response.status_code == 401
                if is_refused is (BY_TOKEN[rule.endpoint] is None):
                    wrong.append(f"{method} {rule.rule}: {response.status_code}")
            if response.status_code >= 500:
                wrong.append(f"{method} {rule.rule}: {response.status_code}")
    assert not wrong


def test_an_enrolled_phone_opens_its_gate_and_nothing_that_is_an_accounts(
    app: Flask, as_device, scopes
) -> None:
    phone, wrong = as_device(scopes[Role.GUARD]["gate_id"]), []
    for rule in rules(app):
        allowed = TABLE[rule.endpoint]
        is_open = None in allowed or (Role.GUARD in allowed and rule.endpoint not in OF_ACCOUNTS)
        if is_open and None not in allowed and not rule.rule.startswith("/gate"):
            wrong.append(f"{rule.rule}: open to phones, and not of the gate")
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            response = phone.open(address(app, rule), method=method)
            if (response.status_code == 403) == is_open or response.status_code >= 500:
                wrong.append(f"{method} {rule.rule}: {response.status_code}")
    assert not wrong


def _is_to_sign_in(response, role: Role | None) -> bool:
    """Sent away to sign in; signing out ends on the same page, and is no refusal; nor is a second step of a
    sign-in that was not begun."""
    is_sent = response.status_code == 303 and response.location.startswith("/sign-in")
    path = response.request.path
    is_second_step = path.startswith("/sign-in/")
    return is_sent and (role is None or path != "/sign-out") and path != "/" and not is_second_step


@pytest.mark.parametrize("role", [role for role in READERS if role], ids=str)
def test_a_post_without_its_token_changes_nothing(app: Flask, role: Role, sign_in, scopes) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    client = sign_in(role, **scopes.get(role, {}))
    for rule in rules(app):
        if "POST" in rule.methods and role in TABLE[rule.endpoint]:
            # No session opens the machine interface, so no other site can make a browser use it.
            refused = 401 if rule.endpoint in BY_TOKEN else 400
            assert client.post(address(app, rule)).status_code == refused, rule.rule


def test_each_endpoint_of_machines_has_the_scope_of_the_table(app: Flask) -> None:
    for endpoint, scope in BY_TOKEN.items():
        needed = app.view_functions[endpoint].needed_scopes
        if endpoint == "api.intake":
            assert needed == {name for name in BY_TOKEN.values() if name and name.endswith(":write")} - {
                "lists:write"
            }
        else:
            assert needed == (None if scope is None else {scope})
