"""The plan's plants in the register: what stands on them keeps its name until the new version is approved."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from resume.applications import operations
from resume.applications.lifecycle import State
from resume.applications.queries import find_current
from resume.applications.steps import move
from resume.db import reading, transaction
from resume.firms.models import Site
from resume.places.models import Gate
from resume.plans.models import PlanVersion
from resume.plans.queries import find_current_version
from resume.plans.site_register import SiteInUse, names_in, short_names
from resume.roles import Actor, Role
from tests.applications.conftest import MakeFirm, hr, submitted_case
from tests.conftest import SignIn


@pytest.fixture
def firm_id(make_firm: MakeFirm) -> int:
    return make_firm()


def save(firm_id: int, rows: list[dict[str, Any]], at: datetime) -> list[dict[str, Any]]:
    version = operations.save_section(
        "sites", {"rows": rows}, firm_id=firm_id, revision=99, by=hr(firm_id), at=at, is_agreed=True
    )
    assert version is not None
    reading().rollback()
    saved: list[dict[str, Any]] = version.sections["sites"]["rows"]
    return saved


def plant(name: str, site_id: int | None = None, **more: Any) -> dict[str, Any]:
    return {"site_id": site_id, "name": name, "district": "310115", "address": "虚构路 1 号"} | more


def registered(firm_id: int) -> dict[str, int]:
    reading().rollback()
    rows = reading().scalars(select(Site).where(Site.firm_id == firm_id).order_by(Site.id))
    return {site.name: site.id for site in rows.all()}


def drafted(firm_id: int) -> dict[str, int]:
    return names_in(find_current_version(firm_id=firm_id), firm_id=firm_id)


@pytest.fixture
def decide(sign_in: SignIn, firm_id: int, at: datetime) -> Any:
    """Recommend and approve the firm's case, submitted where it is not."""
    accounts = [sign_in(role, district_code="310115").account for role in (Role.REVIEWER, Role.SIGN_OFF)]  # type: ignore[attr-defined]

    def approve() -> None:
        reading().rollback()
        case = find_current(firm_id=firm_id)
        assert case is not None
        if State(case.state) is State.DRAFT:
            operations.submit(firm_id, revision=case.revision, by=hr(firm_id), at=at)
        for to, account in zip((State.RECOMMENDED, State.APPROVED), accounts, strict=True):
            with transaction():
                case = find_current(firm_id=firm_id)
                assert case is not None
                by = Actor(account.name, Role(account.role), account.id, district_code="310115")
                move(case, to=to, revision=case.revision, by=by, at=at)

    return approve


def test_a_plant_that_nothing_stands_on_is_renamed_at_once(firm_id: int, at: datetime, app: Flask) -> None:
    (saved,) = save(firm_id, [plant("东厂")], at)
    save(firm_id, [plant("东一厂", saved["site_id"])], at)
    assert registered(firm_id) == {"东一厂": saved["site_id"]}


def test_an_approved_plant_is_renamed_at_approval(firm_id: int, at: datetime, decide: Any) -> None:
    submitted_case(firm_id, at=at)
    decide()
    (site_id,) = registered(firm_id).values()
    save(firm_id, [plant("东一厂", site_id, district="310112", address="新路 1 号")], at)
    assert registered(firm_id) == {"一厂": site_id}
    assert drafted(firm_id) == {"东一厂": site_id, "一厂": site_id}  # a list may use either meanwhile
    case = find_current(firm_id=firm_id)
    assert case is not None
    assert short_names(case.plan_version_id, firm_id=firm_id) == {site_id: "东一厂"}
    decide()
    assert registered(firm_id) == {"东一厂": site_id}
    site = reading().get_one(Site, site_id, populate_existing=True)
    assert (site.district_code, site.address) == ("310112", "新路 1 号")


def test_a_refused_or_dropped_rename_never_happened(firm_id: int, at: datetime, decide: Any) -> None:
    submitted_case(firm_id, at=at)
    decide()
    (site_id,) = registered(firm_id).values()
    save(firm_id, [plant("东一厂", site_id)], at)
    save(firm_id, [plant("一厂", site_id)], at)
    assert registered(firm_id) == {"一厂": site_id}
    decide()
    assert registered(firm_id) == {"一厂": site_id}


def test_two_approved_plants_swap_their_names(firm_id: int, at: datetime, decide: Any) -> None:
    submitted_case(firm_id, at=at)
    (first,) = registered(firm_id).values()
    second = save(firm_id, [plant("一厂", first), plant("二厂")], at)[1]["site_id"]
    decide()
    save(firm_id, [plant("二厂", first), plant("一厂", second)], at)
    assert registered(firm_id) == {"一厂": first, "二厂": second}
    assert drafted(firm_id) == {"二厂": first, "一厂": second}
    decide()
    assert registered(firm_id) == {"二厂": first, "一厂": second}


def test_a_new_plant_cannot_have_the_name_of_an_approved_one_before_it_is_given_up(
    firm_id: int, at: datetime, decide: Any
) -> None:
    submitted_case(firm_id, at=at)
    decide()
    (site_id,) = registered(firm_id).values()
    saved = save(firm_id, [plant("一厂"), plant("东一厂", site_id)], at)
    assert [row["site_id"] for row in saved] == [None, site_id]
    assert drafted(firm_id) == {"东一厂": site_id}  # whom 一厂 means is not known
    decide()
    after = registered(firm_id)
    assert after["东一厂"] == site_id
    assert after["一厂"] != site_id


def test_an_approved_plant_that_is_left_out_stays_until_then(firm_id: int, at: datetime, decide: Any) -> None:
    submitted_case(firm_id, at=at)
    (first,) = registered(firm_id).values()
    save(firm_id, [plant("一厂", first), plant("二厂")], at)
    decide()
    save(firm_id, [plant("一厂", first)], at)
    assert set(registered(firm_id)) == {"一厂", "二厂"}
    assert drafted(firm_id) == {"一厂": first}  # but no list names it any more: it is no plant of the plan


def test_plants_that_an_older_version_names_without_ids_are_found_by_name(firm_id: int, at: datetime) -> None:
    (site_id,) = (row["site_id"] for row in save(firm_id, [plant("一厂")], at))
    version = PlanVersion(sections={"sites": {"rows": [{"name": "一厂", "district": "310115"}]}})
    assert names_in(version, firm_id=firm_id) == {"一厂": site_id}
    assert names_in(None, firm_id=firm_id) == {"一厂": site_id}


def test_a_plant_with_a_gate_is_not_left_out(firm_id: int, at: datetime, app: Flask) -> None:
    rows = save(firm_id, [plant("一厂"), plant("二厂")], at)
    with transaction() as session:
        session.add(Gate(name="东门", kind="plant", district_code="310115", site_id=rows[1]["site_id"]))
    with pytest.raises(SiteInUse, match="二厂"):
        save(firm_id, rows[:1], at)


def test_another_firms_plant_is_not_taken(make_firm: MakeFirm, firm_id: int, at: datetime) -> None:
    other = make_firm()
    (theirs,) = save(other, [plant("一厂")], at)
    (mine,) = save(firm_id, [plant("甲厂", theirs["site_id"])], at)
    assert mine["site_id"] != theirs["site_id"]
    assert registered(other) == {"一厂": theirs["site_id"]}
