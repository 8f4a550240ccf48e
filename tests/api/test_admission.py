"""Who comes in: tokens, scopes, throttling; and what neither a token nor a session may do."""

from __future__ import annotations

import pytest
from flask import Flask

from resume.api.operations.tokens import revoke_token
from resume.api.queries import find_token
from resume.clock import real_now
from resume.db import db
from resume.roles import Role
from tests.api.conftest import ADMIN, MakeParty, Party, is_problem
from tests.intake.feeding import case_row, sample_row
from tests.reading import reading_client


@pytest.mark.parametrize(
    "given",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer rsm_" + "0" * 32 + "_" + "A" * 43,
        "Bearer rsm_x",
        "Basic YTpi",
        "Token abc",
        "Bearer ｔｏｋｅｎ",
    ],
)
def test_without_a_live_token_nothing_opens(app: Flask, given: str | None) -> None:
    headers = {} if given is None else {"Authorization": given.encode().decode("latin-1")}
    answer = reading_client(app).post("/api/v1/tests", json={"records": []}, headers=headers)
    is_problem(answer, 401, "no_token")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_changed_secret_or_another_tokens_id_opens_nothing(lab: Party, party: MakeParty) -> None:
    other = party("tests:write")
    head, _id, secret = other.text.split("_", 2)
    last = "A" if other.text[-1] != "A" else "E"
    for text in (other.text[:-1] + last, f"{head}_{lab.text.split('_')[1]}_{secret}", other.text + "A"):
        forged = Party(lab.client.application, text, None, "")
        is_problem(forged.get("intakes/1"), 401, "no_token")


def test_a_revoked_token_opens_nothing(lab: Party, at) -> None:
    lab.records("tests", sample_row("R1"))
    revoke_token(lab.token_id, by=ADMIN, at=at, real_at=real_now())
    is_problem(lab.post("tests", {"records": [sample_row("R2")]}), 401, "no_token")


def test_a_scope_opens_its_own_endpoint_alone(places: Flask, party: MakeParty) -> None:
    only_tests = party("tests:write")
    assert only_tests.post("tests", {"records": [sample_row("R1")]}).status_code == 200
    for path in ("cases", "reviews", "screenings", "zones", "codes", "contacts", "discharges", "lists"):
        is_problem(only_tests.post(path, {"records": [{}]}), 403, "out_of_scope")
    is_problem(only_tests.post("passes/check", {"number": "1"}), 403, "out_of_scope")
    is_problem(party("passes:check").get("intakes/1"), 403, "out_of_scope")


def test_a_receipt_is_its_senders_alone(lab: Party, party: MakeParty) -> None:
    intake = lab.records("tests", sample_row("R1"))["intake"]
    assert lab.get(f"intakes/{intake}").status_code == 200
    for missing in (f"intakes/{intake + 1}", "intakes/0", f"intakes/{2**31}", f"intakes/{10**30}"):
        is_problem(lab.get(missing), 404, "not_found")
    is_problem(party("tests:write").get(f"intakes/{intake}"), 404, "not_found")


def test_a_token_made_anew_under_its_name_sees_the_partys_receipts(places: Flask, party, at) -> None:
    old = party("tests:write", name="实验室甲")
    intake = old.records("tests", sample_row("R1"))["intake"]
    revoke_token(old.token_id, by=ADMIN, at=at, real_at=real_now())
    assert party("tests:write", name="实验室甲").get(f"intakes/{intake}").status_code == 200
    is_problem(party("cases:write", name="实验室乙").get(f"intakes/{intake}"), 404, "not_found")


def test_a_session_opens_no_endpoint_and_a_token_no_page(places: Flask, party: MakeParty, sign_in) -> None:
    steward = sign_in(Role.STEWARD)
    answer = steward.post(
        "/api/v1/tests", json={"records": [sample_row("R1")]}, headers={"Idempotency-Key": "k"}
    )
    is_problem(answer, 401, "no_token")
    mighty = party("tests:write", "cases:write", "passes:check")
    for page in ("/intake", "/api-tokens", "/account", "/gate"):
        answer = mighty.client.get(page, headers={"Authorization": f"Bearer {mighty.text}"})
        assert (answer.status_code, answer.location.split("?")[0]) == (303, "/sign-in")


def test_no_csrf_token_is_asked_and_no_cookie_is_set(app: Flask, lab: Party) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    answer = lab.post("tests", {"records": [sample_row("R1")]})
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_document_is_open_and_holds_no_data(app: Flask) -> None:
    answer = reading_client(app).get("/api/v1/openapi.json")
    document = answer.get_json()
    assert document["openapi"] == "3.1.0"
    assert {path.split("/")[3] for path in document["paths"]} == {
        "tests", "cases", "reviews", "screenings", "zones", "codes", "contacts", "discharges",
        "intakes", "lists", "passes",
    }  # fmt: skip
    for operations in document["paths"].values():
        for operation in operations.values():
            assert operation["security"] == [{"token": []}]


def test_an_endpoint_of_which_nothing_is_said_is_closed(app: Flask, party: MakeParty) -> None:
    from resume.web.access import open_to_everybody

    app.view_functions["api.tests"] = open_to_everybody(lambda: "open")
    is_problem(party("tests:write").post("tests", {}), 403, "out_of_scope")


def test_a_token_that_asks_too_often_waits(app: Flask, party: MakeParty) -> None:
    app.config["API_REQUESTS_A_MINUTE"] = 2
    busy, calm = party("tests:write"), party("tests:write")
    for _ in range(2):
        assert busy.get("intakes/1").status_code == 404
    answer = busy.get("intakes/1")
    is_problem(answer, 429, "too_many_requests")
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    assert calm.get("intakes/1").status_code == 404


def test_the_day_of_use_is_noted_once(lab: Party, statements: list[str]) -> None:
    lab.get("intakes/1")
    db.session.rollback()
    assert find_token(lab.token_id).used_on is not None
    statements.clear()
    lab.get("intakes/1")
    assert [sent for sent in statements if sent.startswith("UPDATE")] == []


def test_a_district_narrows_what_places_may_be_reported(places: Flask, party: MakeParty) -> None:
    district = party("cases:write", district_code="310115")
    answer = district.records(
        "cases", case_row("C1"), case_row("C2", place_code="Q1"), case_row("C3", place_code="X")
    )
    assert [record["status"] for record in answer["records"]] == ["accepted", "refused", "refused"]
    assert answer["records"][1]["reason"] == "the place is in another district than this token's"
    assert answer["records"][2]["reason"] == "place_code is not registered"
