"""Whoever is in the plant is observed there, not suspended; and the page that says what happened."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from resume.audit import AuditEntry
from resume.db import new_id, reading, transaction
from resume.evidence.models import CaseRecord
from resume.gate.models import Scan
from resume.gate.trips import settle
from resume.passes.changes import changes_of_district, changes_of_firm, count_observed, observed_of_firm
from resume.passes.models import Observation, Pass
from resume.passes.reassess import Scope, reassess
from resume.places.models import Gate
from resume.review.operations import sign_off
from resume.roles import CLI, Role
from tests.passes.city import DISTRICT, SIGNER, City, add_case, add_contact, add_negative
from tests.passes.conftest import MakeCity


@pytest.fixture
def city(city_of: MakeCity, at: datetime) -> City:
    """Two workers: the first left home at `at` and is in the plant an hour later."""
    made = city_of(workers=2)
    sign_off(made.application_id, revision=2, by=SIGNER, at=at)
    enter(made, at)
    return made


def enter(city: City, at: datetime) -> None:
    with transaction() as session:
        found = session.scalars(select(Pass).where(Pass.worker_id == city.worker_ids[0])).one()
        for kind, moment in (("compound", at), ("plant", at + timedelta(hours=1))):
            gate = Gate(name=kind, kind=kind, district_code=DISTRICT, site_id=city.site_id)
            session.add(gate)
            session.flush()
            session.add(let_through(found, gate, moment))
        settle([found.id], by=CLI, at=at + timedelta(hours=1))


def let_through(found: Pass, gate: Gate, at: datetime) -> Scan:
    lane = "out" if gate.kind == "compound" else "in"
    return Scan(
        nonce=new_id(),
        gate_id=gate.id,
        pass_id=found.id,
        digest=b"",
        at=at,
        answer="green",
        code="OK",
        advice="let_through",
        action="let_through",
        acted_at=at,
        guard="guard-1",
        lane=lane,
        received_at=at,
    )


def act(city: City, at: datetime):
    scope = Scope(frozenset(city.building_ids), frozenset(city.person_keys))
    return reassess(scope=scope, at=at, by=CLI)


def rows() -> list[tuple[str, str]]:
    found = reading().execute(select(Observation.code, Observation.ended_by).order_by(Observation.since))
    return [(code, ended_by) for code, ended_by in found]


def test_a_positive_at_home_observes_those_inside_and_suspends_the_others(city: City, at: datetime) -> None:
    later = at + timedelta(hours=3)
    with transaction():
        add_case(city, at=later)
        effects = act(city, later)
    assert (effects.suspended, effects.observed) == (1, 1)
    assert rows() == [("BLDG_POS_7D", "")]
    assert count_observed(firm_id=city.firm_id, at=later) == 1
    assert count_observed(firm_id=city.firm_id, at=at) == 0
    last = reading().scalars(select(AuditEntry).where(AuditEntry.action == "workers.observed")).one()
    assert '"BLDG_POS_7D":1' in last.detail


@pytest.mark.parametrize(("after", "observed"), [(timedelta(days=4), 1), (timedelta(days=4, seconds=1), 0)])
def test_what_is_reported_long_after_he_left_is_not_his(
    city: City, at: datetime, after: timedelta, observed: int
) -> None:
    with transaction():
        add_case(city, at=at + after)
        assert act(city, at + after).observed == observed


def test_a_single_negative_of_his_own_ends_it_for_good(city: City, at: datetime) -> None:
    later = at + timedelta(hours=3)
    with transaction():
        add_case(city, at=later)
        act(city, later)
    with transaction():
        add_negative(city, 0, sampled_at=later + timedelta(hours=2))
        act(city, later + timedelta(hours=3))
    assert rows() == [("BLDG_POS_7D", "negative")]
    with transaction():
        act(city, later + timedelta(hours=4))
    assert rows() == [("BLDG_POS_7D", "negative")], "the same record does not begin it again"


def test_a_corrected_case_ends_it_and_may_begin_again(city: City, at: datetime) -> None:
    later = at + timedelta(hours=3)
    with transaction():
        add_case(city, at=later)
        act(city, later)
    with transaction() as session:
        session.execute(update(CaseRecord).values(replaced_at=later))
        act(city, later)
    assert rows() == [("BLDG_POS_7D", "gone")]
    with transaction() as session:
        session.execute(update(CaseRecord).values(replaced_at=None))
        act(city, later)
    assert sorted(rows()) == [("BLDG_POS_7D", ""), ("BLDG_POS_7D", "gone")]


def test_who_arrives_with_a_held_pass_is_observed_at_once(city_of: MakeCity, at: datetime) -> None:
    city = city_of(workers=1)
    sign_off(city.application_id, revision=2, by=SIGNER, at=at)
    with transaction():
        add_case(city, at=at)
        assert act(city, at).suspended == 1
    enter(city, at)
    assert rows() == [("BLDG_POS_7D", "")]


def test_hr_reads_health_as_one_reason_and_the_district_its_codes(city: City, sign_in, at: datetime) -> None:
    later = at  # the moment at which the pages are asked
    with transaction():
        add_contact(city, 0, at=at, until=None)
        add_contact(city, 1, at=at, until=None)
        act(city, later)
    (worker,) = observed_of_firm(firm_id=city.firm_id, at=later)
    assert [one.code for one in worker.reasons] == ["HEALTH"]
    assert [(one.reason.code, one.count) for one in changes_of_firm(firm_id=city.firm_id, at=later)] == [
        ("HEALTH", 1)
    ]
    (seen,) = changes_of_district(district_code=DISTRICT, at=later)
    assert (seen.reason.code, seen.is_end) == ("CONTACT", False)
    assert changes_of_district(district_code="310101", at=later) == []
    page = sign_in(Role.REVIEWER, district_code=DISTRICT).get("/passes/changes").get_data(as_text=True)
    assert "王*明" in page
    assert "王小明" not in page
    hr = sign_in(Role.HR, firm_id=city.firm_id).get("/passes/changes").get_data(as_text=True)
    assert "密接" not in hr.split("<main")[1]


def test_the_cost_does_not_grow_with_those_inside(city_of: MakeCity, at: datetime, statements) -> None:
    spent = []
    for firm, workers in ((2, 2), (3, 40)):
        city = city_of(workers=workers, firm=firm)
        sign_off(city.application_id, revision=2, by=SIGNER, at=at)
        with transaction() as session:
            session.execute(
                update(Pass).where(Pass.firm_id == city.firm_id).values(out_at=at, in_at=at, is_live=False)
            )
        statements.clear()
        with transaction():
            add_case(city, at=at, case_id=f"C{firm}")
            assert act(city, at).observed == workers
        spent.append(len(statements))
    assert spent[0] == spent[1]
