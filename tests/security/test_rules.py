"""Rules that hold on a direct POST as well: the order of steps, whose record, how often, what is no field."""

from __future__ import annotations

import io
import re

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import func, select

from resume.accounts import throttle
from resume.applications.lifecycle import State
from resume.applications.models import Application
from resume.db import reading, transaction
from resume.firms.models import Firm, Site
from resume.passes.models import Pass
from resume.roles import Role
from tests.conftest import SignIn
from tests.passes.city import DISTRICT
from tests.passes.conftest import MakeCity, city_of

__all__ = ["city_of"]

#: Each step of the review by its address: who takes it, and from which states.
STEPS: dict[str, tuple[Role, frozenset[State]]] = {
    "recommendation": (Role.REVIEWER, frozenset({State.SUBMITTED})),
    "return": (Role.REVIEWER, frozenset({State.SUBMITTED, State.RECOMMENDED})),
    "refusal": (Role.REVIEWER, frozenset({State.SUBMITTED})),
    "signature": (Role.SIGN_OFF, frozenset({State.RECOMMENDED})),
    "batches": (Role.SIGN_OFF, frozenset({State.APPROVED})),
}
OUT_OF_ORDER = [
    (step, state) for step, (_role, origins) in STEPS.items() for state in State if state not in origins
]


def case_in(city_of: MakeCity, state: State) -> Application:
    city = city_of(workers=1, state=state.value)
    return reading().get_one(Application, city.application_id)


@pytest.mark.parametrize(("step", "state"), OUT_OF_ORDER, ids=[f"{a}-{b}" for a, b in OUT_OF_ORDER])
def test_a_step_out_of_its_order_changes_nothing(
    city_of: MakeCity, sign_in: SignIn, step: str, state: State
) -> None:
    case = case_in(city_of, state)
    client = sign_in(STEPS[step][0], district_code=DISTRICT)
    form = {"revision": str(case.revision), "reason": "理由", "reason-case": "理由", "note": ""}
    answer = client.post(f"/review/{case.id}/{step}", data=form)
    # A reviewer does not refuse what was recommended: that is another's step, whatever the page shows.
    assert answer.status_code == (403 if (step, state) == ("refusal", State.RECOMMENDED) else 409)
    reading().expire_all()
    again = reading().get_one(Application, case.id)
    assert (again.state, again.revision) == (state.value, 2)
    assert reading().scalar(select(func.count()).select_from(Pass)) == 0


@pytest.mark.parametrize("revision", ["1", "3", "-1", "x", ""])
def test_a_step_on_an_old_page_changes_nothing(city_of: MakeCity, sign_in: SignIn, revision: str) -> None:
    case = case_in(city_of, State.SUBMITTED)
    client = sign_in(Role.REVIEWER, district_code=DISTRICT)
    answer = client.post(f"/review/{case.id}/recommendation", data={"revision": revision})
    assert answer.status_code in (409, 422)
    reading().expire_all()
    assert reading().get_one(Application, case.id).state == State.SUBMITTED.value


def test_fields_that_no_form_has_are_not_taken(city_of: MakeCity, sign_in: SignIn) -> None:
    case = case_in(city_of, State.SUBMITTED)
    district = reading().get_one(Firm, case.firm_id).district_code
    extra = {"state": "approved", "recommended_by": "", "district_code": "310101", "firm_id": "9"}
    client = sign_in(Role.REVIEWER, district_code=DISTRICT)
    assert client.post(f"/review/{case.id}/recommendation", data={"revision": "2"} | extra).status_code == 303
    reading().expire_all()
    again = reading().get_one(Application, case.id)
    assert (again.state, again.district_code, again.firm_id) == ("recommended", district, case.firm_id)
    assert again.recommended_by is not None


def test_one_address_is_slowed_down_whatever_it_says_of_itself(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "ADDRESS", throttle.Limit("address", 4))
    for place in range(4):
        forged = {"X-Forwarded-For": f"10.0.0.{place}", "X-Real-IP": f"10.0.1.{place}"}
        form = {"name": f"nobody-{place}", "password": "wrong password"}
        assert client.post("/sign-in", data=form, headers=forged).status_code == 422
    form = {"name": "nobody-9", "password": "wrong password"}
    blocked = client.post("/sign-in", data=form, headers={"X-Forwarded-For": "10.9.9.9"})
    assert blocked.status_code == 429
    assert int(blocked.headers["Retry-After"]) > 0
    elsewhere = client.post("/sign-in", data=form, environ_overrides={"REMOTE_ADDR": "192.0.2.7"})
    assert elsewhere.status_code == 422


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", '"一"厂', "+1", "@SUM(1)"])
def test_a_plants_name_is_no_formula_in_the_template(city_of: MakeCity, sign_in: SignIn, name: str) -> None:
    city = city_of(workers=1)
    with transaction() as session:
        session.get_one(Site, city.site_id).name = name
    answer = sign_in(Role.HR, firm_id=city.firm_id).get("/list/template.xlsx")
    book = load_workbook(io.BytesIO(answer.data))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert name in {cell.value for cell in cells}
    rules = [rule for sheet in book for rule in sheet.data_validations.dataValidation]
    assert rules
    for rule in rules:  # a reference to the sheet of choices: no text of a person is part of a formula
        assert re.fullmatch(r"选项!\$[A-Z]\$\d+:\$[A-Z]\$\d+", rule.formula1), rule.formula1


@pytest.mark.parametrize("search", ["'", "%", "_", "\\", "'; DROP TABLE firm; --", "🙂" * 60])
def test_a_search_takes_any_text(city_of: MakeCity, sign_in: SignIn, search: str) -> None:
    case_in(city_of, State.SUBMITTED)
    reader = sign_in(Role.REVIEWER, district_code=DISTRICT)
    assert reader.get("/review", query_string={"q": search}).status_code == 200
    assert "临江精密" not in reader.get("/review", query_string={"q": search, "desk": "review"}).text
    administrator = sign_in(Role.ADMINISTRATOR)
    for path in ("/firms", "/gates", "/gates/new"):
        assert administrator.get(path, query_string={"q": search}).status_code == 200


@pytest.mark.parametrize("path", ["/review?q=a%00", "/sign-in?to=%00", "/list%00", "/nowhere?%00=1"])
def test_a_nul_is_refused_before_any_page_sees_it(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 400
    assert client.post("/sign-in", data={"name": "a\x00", "password": "b"}).status_code == 400
    assert client.post("/v", data={"token": "\x00"}).status_code == 400
