"""The whole table of states and moves, and who takes them."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import product

import pytest
from flask import Flask
from sqlalchemy import select

from resume.applications.lifecycle import ACTION_NAMES, STATE_NAMES, State, find_move
from resume.applications.models import Application
from resume.applications.queries import list_events
from resume.applications.steps import AnotherWasFaster, SameHands, move
from resume.audit import AuditEntry
from resume.db import reading, transaction
from resume.plans.models import Plan, PlanVersion
from resume.refusals import NotAllowed
from resume.roles import Actor, Role
from tests.applications.conftest import MakeFirm, hr, submitted_case
from tests.conftest import SignIn

TABLE: dict[tuple[str, str], tuple[str, set[str]]] = {
    ("draft", "submitted"): ("submitted", {"hr"}),
    ("returned", "submitted"): ("submitted", {"hr"}),
    ("submitted", "recommended"): ("recommended", {"reviewer"}),
    ("submitted", "returned"): ("returned", {"reviewer"}),
    ("submitted", "refused"): ("refused", {"reviewer"}),
    ("recommended", "approved"): ("approved", {"sign_off"}),
    ("recommended", "returned"): ("returned", {"sign_off", "reviewer"}),
    ("recommended", "refused"): ("refused", {"sign_off"}),
    ("submitted", "draft"): ("reopened", {"hr"}),
    ("recommended", "draft"): ("reopened", {"hr"}),
    ("returned", "draft"): ("reopened", {"hr"}),
}


@pytest.mark.parametrize(("origin", "to"), list(product(State, State)))
def test_the_table_of_moves(origin: State, to: State) -> None:
    expected = TABLE.get((origin.value, to.value))
    found = find_move(origin, to)
    assert (found is None) is (expected is None)
    if found is not None and expected is not None:
        assert (found.action, {role.value for role in found.roles}) == expected
        assert found.action in ACTION_NAMES


def test_every_state_has_a_name_and_closed_cases_lead_nowhere() -> None:
    assert set(STATE_NAMES) == set(State)
    assert not [to for to in State if find_move(State.APPROVED, to) or find_move(State.REFUSED, to)]


def _officials(sign_in: SignIn) -> tuple[Actor, Actor]:
    accounts = [sign_in(role, district_code="310115").account for role in (Role.REVIEWER, Role.SIGN_OFF)]  # type: ignore[attr-defined]
    reviewer, signer = accounts
    return (
        Actor(reviewer.name, Role.REVIEWER, reviewer.id, district_code="310115"),
        Actor(signer.name, Role.SIGN_OFF, signer.id, district_code="310115"),
    )


def _again(case: Application) -> Application:
    return reading().get_one(Application, case.id, populate_existing=True)


def test_from_submission_to_approval_every_step_is_written(
    app: Flask, at: datetime, make_firm: MakeFirm, sign_in: SignIn
) -> None:
    case = submitted_case(make_firm(), at=at)
    reviewer, signer = _officials(sign_in)
    with transaction():
        case = move(_again(case), to=State.RECOMMENDED, revision=1, by=reviewer, at=at, note="材料齐备")
    assert (case.recommended_by, case.recommended_at) == (reviewer.account_id, at)
    with transaction():
        case = move(_again(case), to=State.APPROVED, revision=2, by=signer, at=at + timedelta(hours=1))
    assert (case.state, case.revision, case.decided_by) == ("approved", 3, signer.account_id)
    assert [event.action for event in list_events(case.id)] == [
        "started",
        "submitted",
        "recommended",
        "approved",
    ]
    query = (
        select(AuditEntry.action)
        .where(AuditEntry.subject == f"application:{case.id}")
        .order_by(AuditEntry.seq)
    )
    assert reading().scalars(query).all() == [
        "application.started", "application.submitted", "application.recommended", "application.approved",
    ]  # fmt: skip
    version = reading().get_one(PlanVersion, case.plan_version_id)
    assert version.approved_at == at + timedelta(hours=1)
    assert reading().scalars(select(Plan.state)).all() == ["approved"]


def test_of_two_the_second_is_told_what_happened(
    app: Flask, at: datetime, make_firm: MakeFirm, sign_in: SignIn
) -> None:
    case = submitted_case(make_firm(), at=at)
    reviewer, _ = _officials(sign_in)
    with transaction():
        move(_again(case), to=State.RETURNED, revision=1, by=reviewer, at=at, note="床位不足")
    with pytest.raises(AnotherWasFaster, match=f"{reviewer.name}.*退回修改"), transaction():
        move(_again(case), to=State.RECOMMENDED, revision=1, by=reviewer, at=at)
    assert _again(case).state == "returned"


def test_a_role_that_does_not_take_a_step_is_refused(
    app: Flask, at: datetime, make_firm: MakeFirm, sign_in: SignIn
) -> None:
    firm_id = make_firm()
    case = submitted_case(firm_id, at=at)
    _, signer = _officials(sign_in)
    for by in (hr(firm_id), signer, Actor("cli")):
        with pytest.raises(NotAllowed), transaction():
            move(_again(case), to=State.RECOMMENDED, revision=1, by=by, at=at)


def test_the_recommender_never_signs_off(
    app: Flask, at: datetime, make_firm: MakeFirm, sign_in: SignIn
) -> None:
    case = submitted_case(make_firm(), at=at)
    reviewer, _ = _officials(sign_in)
    both = Actor(reviewer.name, Role.SIGN_OFF, reviewer.account_id, district_code="310115")
    with transaction():
        move(_again(case), to=State.RECOMMENDED, revision=1, by=reviewer, at=at)
    for to in (State.APPROVED, State.REFUSED):
        with pytest.raises(SameHands), transaction():
            move(_again(case), to=to, revision=2, by=both, at=at)
    assert _again(case).state == "recommended"
