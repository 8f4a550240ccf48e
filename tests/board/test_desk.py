"""The firm's desk, and where everybody else is sent from the first page."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask

from resume.applications import operations
from resume.applications.lifecycle import State
from resume.applications.models import Application, Batch, Decision
from resume.applications.queries import find_current
from resume.applications.steps import move
from resume.board.queries import LostCover, lost_cover
from resume.db import new_id, reading, transaction
from resume.firms.models import Site
from resume.passes.models import Pass, Suspension
from resume.places.models import Building, Compound
from resume.roles import Actor, Role
from resume.roster.models import RowError
from resume.roster.queries import workers_of
from resume.web.access import roles_of
from tests.applications.conftest import MakeFirm, hr, submitted_case
from tests.conftest import SignIn


def _building() -> int:
    with transaction() as session:
        compound = Compound(
            district_code="310115", street="曹路镇", committee_code="3101", name=f"虚构苑{new_id()}"[:30]
        )
        session.add(compound)
        session.flush()
        building = Building(
            place_code=f"P{compound.id}", compound_id=compound.id, lane="1", number="1", has_units=False
        )
        session.add(building)
        session.flush()
        return building.id


def issue(case: Application, *, at: datetime) -> list[UUID]:
    """One pass for each worker of the case, as issued at `at`."""
    building, serial = _building(), iter(range(1, 10_000))
    with transaction() as session:
        batch = Batch(
            application_id=case.id, at=at, decided_by="s", policy_version="SH-2022-04", approved=0, withheld=0
        )
        session.add(batch)
        site = session.query(Site).filter_by(firm_id=case.firm_id).one()
        session.flush()
        made = []
        for worker in workers_of(case.list_id):  # type: ignore[arg-type]
            decision = Decision(
                batch_id=batch.id, worker_id=worker.id, at=at, is_approved=True, code="OK", sealed=b"-"
            )
            session.add(decision)
            session.flush()
            number = case.firm_id * 10_000 + next(serial)
            one = Pass(
                id=new_id(), number=f"{number:013}", profile="RTW", person_key=worker.person_key,
                worker_id=worker.id, firm_id=case.firm_id, application_id=case.id, decision_id=decision.id,
                building_id=building, site_id=site.id, issued_at=at, expires_at=at + timedelta(hours=168),
                good_until=at + timedelta(hours=30), pcr_sampled_at=at - timedelta(hours=18), kid="0" * 16,
                shard=0, status_index=number, sealed_token=b"-",
            )  # fmt: skip
            session.add(one)
            session.flush()
            made.append(one.id)
        return made


def suspend(pass_id: UUID, *, at: datetime) -> None:
    with transaction() as session:
        session.add(Suspension(pass_id=pass_id, code="BLDG_POS_7D", cause="case:1", since=at))
        session.get_one(Pass, pass_id).is_suspended = True


def _approved(firm_id: int, sign_in: SignIn, at: datetime, persons: int) -> Application:
    submitted_case(firm_id, at=at, persons=persons)
    for to, role, revision in ((State.RECOMMENDED, Role.REVIEWER, 1), (State.APPROVED, Role.SIGN_OFF, 2)):
        account = sign_in(role, district_code="310115").account  # type: ignore[attr-defined]
        with transaction():
            case = find_current(firm_id=firm_id)
            assert case is not None
            move(case, to=to, revision=revision, by=Actor(account.name, role, account.id), at=at)
    return case


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.HR, Role.STEWARD}))
def test_other_roles_are_sent_to_a_page_that_is_theirs(app: Flask, sign_in: SignIn, role: Role) -> None:
    answer = sign_in(role).get("/")
    assert answer.status_code == 303
    endpoint, _ = app.url_map.bind("").match(answer.location)
    assert role in roles_of(app, endpoint)


def test_a_visitor_is_sent_to_sign_in(app: Flask, client: object) -> None:
    answer = client.get("/")  # type: ignore[attr-defined]
    assert (answer.status_code, answer.location) == (303, "/sign-in")


def test_a_new_firms_desk_says_what_to_do(sign_in: SignIn, make_firm: MakeFirm) -> None:
    said = sign_in(Role.HR, firm_id=make_firm()).get("/").get_data(as_text=True)
    assert "轮到本企业" in said
    assert "项方案内容未完成" in said
    assert ">16<" in said


def test_the_desk_counts_errors_unknowns_and_passes(
    sign_in: SignIn,
    make_firm: MakeFirm,
    at: datetime,
) -> None:
    firm_id = make_firm()
    case = _approved(firm_id, sign_in, at, persons=3)
    with transaction() as session:
        for row in (7, 7, 8):
            session.add(
                RowError(
                    list_id=case.list_id, row=row, column="姓名", code="empty", value="", text={"zh": "空"}
                )
            )
    issue(case, at=at)
    said = sign_in(Role.HR, firm_id=firm_id).get("/").get_data(as_text=True)
    for count, words in ((2, "行花名册有错误"), (3, "人待查，缺少证据")):
        assert f'rs-figure__number">{count}</span>' in said
        assert words in said
    assert "缺人的岗位" not in said


def test_lost_cover_names_the_post_what_is_left_and_nobody_elses(
    sign_in: SignIn,
    make_firm: MakeFirm,
    at: datetime,
    statements: list[str],
) -> None:
    mine, other = make_firm(), make_firm()
    passes = issue(_approved(mine, sign_in, at, persons=3), at=at)
    strange = issue(_approved(other, sign_in, at, persons=2), at=at)
    suspend(strange[0], at=at)
    assert lost_cover(firm_id=mine, at=at) == []
    suspend(passes[0], at=at + timedelta(hours=1))
    later = at + timedelta(hours=2)
    assert lost_cover(firm_id=mine, at=at) == []  # not yet, then
    assert list(lost_cover(firm_id=mine, at=later)) == [LostCover("装配工", True, "一厂", 1, 2)]
    for one in passes[1:]:
        suspend(one, at=at)
    statements.clear()
    (row,) = lost_cover(firm_id=mine, at=later)
    assert len([one for one in statements if one.lstrip().startswith("SELECT")]) == 1
    assert (row.suspended, row.active, row.is_uncovered) == (3, 0, True)


def test_the_desk_shows_lost_cover_without_saying_why(
    sign_in: SignIn,
    make_firm: MakeFirm,
    at: datetime,
) -> None:
    firm_id = make_firm()
    for one in issue(_approved(firm_id, sign_in, at, persons=2), at=at):
        suspend(one, at=at)
    said = sign_in(Role.HR, firm_id=firm_id).get("/").get_data(as_text=True)
    assert "缺人的岗位" in said
    assert "个关键岗位无人可用" in said
    assert "装配工" in said
    assert "阳性" not in said


def test_a_returned_case_shows_its_reasons(
    sign_in: SignIn,
    make_firm: MakeFirm,
    at: datetime,
) -> None:
    firm_id = make_firm()
    submitted_case(firm_id, at=at)
    account = sign_in(Role.REVIEWER, district_code="310115").account  # type: ignore[attr-defined]
    with transaction():
        case = find_current(firm_id=firm_id)
        assert case is not None
        by = Actor(account.name, Role.REVIEWER, account.id)
        move(case, to=State.RETURNED, revision=1, by=by, at=at, note="隔离间与宿舍同层<b>")
    reader = sign_in(Role.HR, firm_id=firm_id)
    for path in ("/", "/case"):
        said = reader.get(path).get_data(as_text=True)
        assert "隔离间与宿舍同层&lt;b&gt;" in said
        assert "按退回理由修改" in said
    operations.submit(firm_id, revision=2, by=hr(firm_id), at=at)
    assert "隔离间" not in reader.get("/").get_data(as_text=True)


def test_the_desk_takes_a_fixed_number_of_statements(
    sign_in: SignIn,
    make_firm: MakeFirm,
    at: datetime,
    statements: list[str],
) -> None:
    counts = []
    for persons in (2, 60):
        firm_id = make_firm()
        passes = issue(_approved(firm_id, sign_in, at, persons=persons), at=at)
        suspend(passes[0], at=at)
        reader = sign_in(Role.HR, firm_id=firm_id)
        reader.get("/")
        reading().rollback()
        statements.clear()
        reader.get("/")
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 40
