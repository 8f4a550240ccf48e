"""Plan and list become one case: what is missing, what is claimed, what an edit takes back."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from resume.applications import operations
from resume.applications.claims import ClaimedElsewhere
from resume.applications.lifecycle import State
from resume.applications.models import Application
from resume.applications.queries import find_current, find_in_force, list_events, view_current_case
from resume.applications.steps import AnotherWasFaster, move
from resume.db import reading, transaction
from resume.firms.models import Site
from resume.plans.models import PlanVersion
from resume.plans.queries import find_current_version
from resume.plans.steps import SectionChanged
from resume.refusals import NotFound
from resume.roles import Actor, Role
from resume.roster.models import Claim, Worker, WorkerList
from tests.applications.conftest import MakeFirm, add_list, fill_plan, hr, person, submitted_case
from tests.conftest import SignIn
from tests.plans.complete import complete_sections


def _case(firm_id: int) -> Application:
    reading().rollback()
    found = find_current(firm_id=firm_id)
    assert found is not None
    return found


def _official(sign_in: SignIn, role: Role) -> Actor:
    account = sign_in(role, district_code="310115").account  # type: ignore[attr-defined]
    return Actor(account.name, role, account.id, district_code="310115")


def _step(firm_id: int, to: State, revision: int, by: Actor, at: datetime, note: str = "") -> None:
    with transaction():
        case = find_current(firm_id=firm_id)
        assert case is not None
        move(case, to=to, revision=revision, by=by, at=at, note=note)


def _approve(firm_id: int, sign_in: SignIn, at: datetime, *, revision: int = 1) -> None:
    _step(firm_id, State.RECOMMENDED, revision, _official(sign_in, Role.REVIEWER), at)
    _step(firm_id, State.APPROVED, revision + 1, _official(sign_in, Role.SIGN_OFF), at)


def _save(
    firm_id: int, at: datetime, key: str = "lodging", revision: int = 16, **changes: object
) -> PlanVersion:
    values = complete_sections()[key] | changes
    saved = operations.save_section(
        key, values, firm_id=firm_id, revision=revision, by=hr(firm_id), at=at, is_agreed=True
    )
    assert saved is not None
    return saved


def test_nothing_begun_cannot_be_submitted(app: Flask, at: datetime, make_firm: MakeFirm) -> None:
    firm_id = make_firm()
    with pytest.raises(operations.NothingToSubmit):
        operations.submit(firm_id, revision=0, by=hr(firm_id), at=at)


def test_what_is_missing_is_all_said_at_once(app: Flask, at: datetime, make_firm: MakeFirm) -> None:
    firm_id = make_firm()
    _save(firm_id, at, beds=100, revision=0)
    with pytest.raises(operations.Incomplete) as refused:
        operations.submit(firm_id, revision=0, by=hr(firm_id), at=at)
    said = str(refused.value.message)
    assert "企业基本信息" in said
    assert "承诺书" in said
    assert "花名册" in said
    assert _case(firm_id).state == "draft"


def test_a_check_that_must_hold_stops_the_submission(app: Flask, at: datetime, make_firm: MakeFirm) -> None:
    firm_id = make_firm()
    fill_plan(firm_id, at=at)
    add_list(firm_id, [person(1)], at=at)
    _save(firm_id, at, beds=479)
    with pytest.raises(operations.Incomplete, match="床位 479 < 人数 460"):
        operations.submit(firm_id, revision=0, by=hr(firm_id), at=at)


def test_a_submission_fixes_the_version_and_claims_the_persons(
    app: Flask, at: datetime, make_firm: MakeFirm
) -> None:
    firm_id = make_firm()
    case = submitted_case(firm_id, at=at)
    assert (case.state, case.revision, case.worker_count, case.number) == ("submitted", 1, 3, 1)
    version = reading().get_one(PlanVersion, case.plan_version_id)
    assert version.submitted_at == at + timedelta(minutes=5)
    assert reading().get_one(WorkerList, case.list_id).state == "submitted"
    claims = reading().execute(select(Claim.firm_id, Claim.list_id)).all()
    assert [tuple(row) for row in claims] == [(firm_id, case.list_id)] * 3


def test_persons_of_another_firm_are_refused_by_row_and_the_firm_is_not_named(
    app: Flask, at: datetime, make_firm: MakeFirm
) -> None:
    first, second = make_firm(), make_firm()
    submitted_case(first, at=at)
    fill_plan(second, at=at)
    shared = person(first * 1000 + 1)
    add_list(second, [person(7), shared, person(8)], at=at)
    with pytest.raises(ClaimedElsewhere) as refused:
        operations.submit(second, revision=0, by=hr(second), at=at)
    assert refused.value.rows == (3,)
    assert "虚构" not in f"{refused.value.message}{refused.value.advice}"
    assert _case(second).state == "draft"
    assert reading().scalar(select(func.count()).select_from(Claim).where(Claim.firm_id == second)) == 0


def test_submitting_twice_is_a_conflict(app: Flask, at: datetime, make_firm: MakeFirm) -> None:
    firm_id = make_firm()
    submitted_case(firm_id, at=at)
    for revision in (0, 1):
        with pytest.raises(AnotherWasFaster, match="企业提交"):
            operations.submit(firm_id, revision=revision, by=hr(firm_id), at=at)


def test_an_edit_under_review_takes_the_case_back_and_voids_the_recommendation(
    app: Flask, at: datetime, make_firm: MakeFirm, sign_in: SignIn
) -> None:
    firm_id = make_firm()
    submitted_case(firm_id, at=at)
    _step(firm_id, State.RECOMMENDED, 1, _official(sign_in, Role.REVIEWER), at)
    fixed = _case(firm_id).plan_version_id
    draft = _save(firm_id, at, beds=490)
    case = _case(firm_id)
    assert (case.state, case.revision, case.recommended_by, case.plan_version_id) == (
        "draft",
        3,
        None,
        draft.id,
    )
    assert (draft.number, draft.id != fixed) == (2, True)
    assert reading().get_one(PlanVersion, fixed).sections["lodging"]["beds"] == 480
    assert list_events(case.id)[-1].action == "reopened"
    again = operations.submit(firm_id, revision=3, by=hr(firm_id), at=at)
    assert (again.number, again.state) == (1, "submitted")


def test_after_approval_an_edit_begins_a_new_case_and_the_approved_one_stays(
    app: Flask, at: datetime, make_firm: MakeFirm, sign_in: SignIn
) -> None:
    firm_id = make_firm()
    approved = submitted_case(firm_id, at=at)
    _approve(firm_id, sign_in, at)
    _save(firm_id, at, beds=490)
    case = _case(firm_id)
    assert (case.number, case.state, case.list_id) == (2, "draft", approved.list_id)
    in_force = find_in_force(firm_id=firm_id)
    assert in_force is not None
    assert in_force.id == approved.id
    assert operations.submit(firm_id, revision=0, by=hr(firm_id), at=at).state == "submitted"
    assert reading().scalar(select(func.count()).select_from(Claim)) == 3


def test_a_new_list_drops_the_old_one_and_its_claims_unless_it_is_approved(
    app: Flask, at: datetime, make_firm: MakeFirm, sign_in: SignIn
) -> None:
    firm_id = make_firm()
    old = submitted_case(firm_id, at=at).list_id
    new = add_list(firm_id, [person(firm_id * 1000), person(50)], at=at)
    operations.submit(firm_id, revision=2, by=hr(firm_id), at=at)
    assert reading().get_one(WorkerList, old).state == "dropped"
    claimed = reading().scalars(select(Claim.person_key).order_by(Claim.person_key)).all()
    assert claimed == sorted([person(firm_id * 1000), person(50)])
    _approve(firm_id, sign_in, at, revision=3)
    add_list(firm_id, [person(51)], at=at)
    operations.submit(firm_id, revision=0, by=hr(firm_id), at=at)
    assert reading().get_one(WorkerList, new).state == "submitted"
    assert len(reading().scalars(select(Claim.person_key)).all()) == 3


def test_a_refusal_lets_the_persons_go(
    app: Flask, at: datetime, make_firm: MakeFirm, sign_in: SignIn
) -> None:
    firm_id = make_firm()
    submitted_case(firm_id, at=at)
    _step(firm_id, State.REFUSED, 1, _official(sign_in, Role.REVIEWER), at, "安全生产不到位")
    assert reading().scalar(select(func.count()).select_from(Claim)) == 0
    view = view_current_case(firm_id=firm_id, at=at)
    assert view.returned_for is not None
    assert view.returned_for.note == "安全生产不到位"
    _save(firm_id, at, beds=490)
    assert _case(firm_id).number == 2


def test_start_gives_the_open_case_and_begins_one_after_a_decision(
    app: Flask, at: datetime, make_firm: MakeFirm, sign_in: SignIn
) -> None:
    firm_id = make_firm()
    first = operations.start(firm_id, by=hr(firm_id), at=at)
    assert operations.start(firm_id, by=hr(firm_id), at=at).id == first.id
    fill_plan(firm_id, at=at)
    add_list(firm_id, [person(1)], at=at)
    operations.submit(firm_id, revision=0, by=hr(firm_id), at=at)
    assert operations.start(firm_id, by=hr(firm_id), at=at).state == "submitted"
    _approve(firm_id, sign_in, at)
    assert operations.start(firm_id, by=hr(firm_id), at=at).number == 2


def test_two_who_edit_one_section_and_two_who_edit_different_ones(
    app: Flask, at: datetime, make_firm: MakeFirm
) -> None:
    firm_id = make_firm()
    _save(firm_id, at, revision=0)
    _save(firm_id, at, key="testing", revision=0)
    with pytest.raises(SectionChanged, match=r"hr.*保存了“住宿”"):
        _save(firm_id, at, revision=0, beds=1)
    version = find_current_version(firm_id=firm_id)
    assert version is not None
    assert (version.revision, version.sections["lodging"]["beds"]) == (2, 480)


def test_sites_are_written_renamed_and_removed_with_the_section(
    app: Flask, at: datetime, make_firm: MakeFirm
) -> None:
    firm_id, other = make_firm(), make_firm()
    _save(other, at, key="sites", revision=0)
    foreign = reading().scalars(select(Site.id).where(Site.firm_id == other)).one()
    rows = [
        {"site_id": foreign, "name": "东厂", "district": "310115", "address": "甲路"},
        {"site_id": None, "name": "西厂", "district": "310115", "address": None},
        {"site_id": None, "name": "未填区", "district": None, "address": None},
    ]
    saved = _save(firm_id, at, key="sites", revision=0, rows=rows).sections["sites"]["rows"]
    mine = reading().scalars(select(Site).where(Site.firm_id == firm_id).order_by(Site.id)).all()
    assert [site.name for site in mine] == ["东厂", "西厂"]
    assert [row["site_id"] for row in saved] == [mine[0].id, mine[1].id, None]
    assert reading().get_one(Site, foreign).name == "一厂"
    renamed = [{**saved[0], "name": "东一厂"}]
    _save(firm_id, at, key="sites", revision=1, rows=renamed)
    reading().rollback()
    assert reading().scalars(select(Site.name).where(Site.firm_id == firm_id)).all() == ["东一厂"]


def test_claiming_takes_a_fixed_number_of_statements(
    app: Flask, at: datetime, make_firm: MakeFirm, statements: list[str]
) -> None:
    counts = []
    for size in (2, 200):
        firm_id = make_firm()
        fill_plan(firm_id, at=at)
        add_list(firm_id, [person(firm_id * 10_000 + number) for number in range(size)], at=at)
        statements.clear()
        operations.submit(firm_id, revision=0, by=hr(firm_id), at=at)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 28
    assert reading().scalar(select(func.count()).select_from(Claim)) == 202
    assert reading().scalar(select(func.count()).select_from(Worker)) == 202


def test_another_firms_case_is_not_found(app: Flask, at: datetime, make_firm: MakeFirm) -> None:
    from resume.applications.queries import get_of_firm

    first, second = make_firm(), make_firm()
    case = operations.start(first, by=hr(first), at=at)
    with pytest.raises(NotFound):
        get_of_firm(case.id, firm_id=second)
