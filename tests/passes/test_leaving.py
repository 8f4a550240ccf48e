"""Passes follow the list: gone with its approval, at once where somebody left, never green on old facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from resume import audit
from resume.applications.models import Application
from resume.db import new_id, reading, transaction
from resume.passes.leaving import leave
from resume.passes.lifecycle import Status
from resume.passes.models import Pass
from resume.passes.queries import status_of
from resume.people.models import Person
from resume.refusals import Conflict
from resume.review import operations
from resume.review.operations import approve_withheld, sign_off
from resume.roles import Actor, Role
from resume.roster.details import open_details, seal_details
from resume.roster.models import Claim, Worker, WorkerList
from resume.roster.own_key import own_keys
from resume.roster.queries import find_bearer
from resume.staffing.operations import remove_worker
from tests.conftest import SignIn
from tests.passes.city import REVIEWER, SIGNER, City, add_case, add_negative
from tests.passes.conftest import MakeCity


def next_case(city: City, at: datetime, changes: dict[int, dict[str, Any]]) -> UUID:
    """A second case of the firm, recommended, with a list of the workers in `changes` (place -> what differs;
    `named`: another name)."""
    with transaction() as session:
        first = session.get_one(Application, city.application_id)
        made = WorkerList(
            id=new_id(), firm_id=city.firm_id, state="submitted", file_name="新.xlsx", uploaded_at=at,
            row_count=len(changes), good_count=len(changes),
        )  # fmt: skip
        session.add(made)
        session.flush()
        for place, differing in changes.items():
            old = session.get_one(Worker, city.worker_ids[place])
            details, worker_id = open_details(old), new_id()
            details = replace(details, name=differing.pop("named", details.name))
            values = {
                "person_key": old.person_key, "number_key": old.number_key, "row": old.row,
                "document_type": old.document_type, "building_id": old.building_id, "unit": old.unit,
                "flat_key": old.flat_key, "post": old.post, "key_post": old.key_post,
                "site_id": old.site_id, "arrive_on": old.arrive_on,
            }  # fmt: skip
            session.add(
                Worker(
                    id=worker_id,
                    list_id=made.id,
                    sealed=seal_details(worker_id, details),
                    **(values | differing),
                )
            )
        case = Application(
            firm_id=city.firm_id, number=first.number + 1, district_code=first.district_code,
            plan_version_id=first.plan_version_id, list_id=made.id, worker_count=len(changes),
            state="recommended", revision=2, created_at=at, submitted_at=at, recommended_at=at,
            recommended_by=REVIEWER.account_id,
        )  # fmt: skip
        session.add(case)
        session.flush()
        return case.id


def statuses(city: City, at: datetime) -> list[list[Status]]:
    """For each worker by place the statuses of his passes, oldest first."""
    reading().expire_all()
    found = []
    for key in city.person_keys:
        query = select(Pass).where(Pass.person_key == key).order_by(Pass.issued_at, Pass.number)
        found.append([status_of(row, at=at) for row in reading().scalars(query)])
    return found


def claimed(city: City) -> int:
    return reading().scalar(select(func.count()).select_from(Claim).where(Claim.firm_id == city.firm_id)) or 0


def test_who_is_missing_from_the_new_list_loses_pass_and_claim(
    app: Flask, city_of: MakeCity, at: datetime
) -> None:
    city = city_of(workers=3)
    sign_off(city.application_id, revision=2, by=SIGNER, at=at)
    later = at + timedelta(hours=1)
    case_id = next_case(city, later, {0: {}, 2: {}})
    assert claimed(city) == 3
    sign_off(case_id, revision=2, by=SIGNER, at=later)
    assert statuses(city, later) == [
        [Status.REPLACED, Status.ACTIVE], [Status.REVOKED], [Status.REPLACED, Status.ACTIVE],
    ]  # fmt: skip
    assert claimed(city) == 2
    entry = audit.list_entries(before=None, action="passes.followed_list", limit=1)[0]
    assert entry.detail == '{"changed":0,"gone":1,"released":1}'
    assert audit.verify().is_whole


def test_the_new_list_claims_whom_it_names(
    app: Flask, city_of: MakeCity, sign_in: SignIn, at: datetime
) -> None:
    city = city_of(workers=2, buildings=2)
    sign_off(city.application_id, revision=2, by=SIGNER, at=at)
    case_id = next_case(city, at, {0: {"building_id": city.building_ids[1], "flat_key": None}, 1: {}})
    bearer = find_bearer(city.worker_ids[0])
    assert bearer is not None
    assert bearer.worker.id == city.worker_ids[0]  # the list in force
    sign_off(case_id, revision=2, by=SIGNER, at=at)
    reading().expire_all()
    bearer = find_bearer(city.worker_ids[0])
    assert bearer is not None
    assert bearer.worker.building_id == city.building_ids[1]
    list_id = reading().get_one(Application, case_id).list_id
    assert set(reading().scalars(select(Claim.list_id))) == {list_id}
    # The page of passes links to the row that a pass was issued for, on whichever list.
    hr = sign_in(Role.HR, firm_id=city.firm_id)
    key = own_keys([bearer.worker.id])[0]
    for worker_id in (city.worker_ids[0], bearer.worker.id):
        assert key in hr.get(f"/passes/links/{worker_id}").text


def test_a_refusal_of_the_new_list_takes_nothing(app: Flask, city_of: MakeCity, at: datetime) -> None:
    from resume.review.operations import refuse

    city = city_of(workers=2)
    sign_off(city.application_id, revision=2, by=SIGNER, at=at)
    case_id = next_case(city, at, {0: {}})
    refuse(case_id, revision=2, reason="不齐", by=SIGNER, at=at)
    assert statuses(city, at) == [[Status.ACTIVE], [Status.ACTIVE]]


@pytest.mark.parametrize("what", ["building", "site", "name", "unit"])
def test_a_pass_does_not_stay_green_on_facts_that_are_no_longer_listed(
    app: Flask, city_of: MakeCity, at: datetime, what: str
) -> None:
    city = city_of(workers=2, buildings=2)
    sign_off(city.application_id, revision=2, by=SIGNER, at=at)
    later = at + timedelta(hours=50)  # the PCR is stale, so neither gets a new pass
    differing: dict[str, Any] = {
        "building": {"building_id": city.building_ids[1]},
        "site": {"site_id": None},
        "name": {"named": "王大明"},
        "unit": {"unit": "2单元"},
    }[what]
    sign_off(next_case(city, later, {0: differing, 1: {}}), revision=2, by=SIGNER, at=later)
    first, second = statuses(city, later)
    assert first == [Status.REVOKED]
    assert second == [Status.ACTIVE]  # listed as before: ageing evidence is the gate's to see


def test_a_changed_worker_who_is_eligible_gets_a_new_pass(
    app: Flask, city_of: MakeCity, at: datetime
) -> None:
    city = city_of(workers=1, buildings=2)
    sign_off(city.application_id, revision=2, by=SIGNER, at=at)
    case_id = next_case(city, at, {0: {"building_id": city.building_ids[1]}})
    later = at + timedelta(hours=1)
    sign_off(case_id, revision=2, by=SIGNER, at=later)
    assert statuses(city, later) == [[Status.REPLACED, Status.ACTIVE]]
    live = reading().scalars(select(Pass).where(Pass.is_live)).one()
    assert live.building_id == city.building_ids[1]


def test_until_the_approval_the_approved_record_is_judged(
    app: Flask, city_of: MakeCity, at: datetime
) -> None:
    """A case in the building of the approved list suspends, although the new list says another."""
    from resume.passes.reassess import Scope, reassess

    city = city_of(workers=1, buildings=2)
    sign_off(city.application_id, revision=2, by=SIGNER, at=at)
    next_case(city, at, {0: {"building_id": city.building_ids[1]}})
    later = at + timedelta(minutes=30)
    with transaction():
        add_case(city, at=later, building_id=city.building_ids[0])
        reassess(scope=Scope(building_ids=frozenset(city.building_ids)), at=later, by=SIGNER)
    assert statuses(city, later) == [[Status.SUSPENDED]]


def test_who_has_left_loses_his_pass_at_once_and_is_in_no_later_batch(
    app: Flask, city_of: MakeCity, at: datetime
) -> None:
    city = city_of(workers=3)
    with transaction() as session:
        for place, key in enumerate(city.person_keys):
            assert session.get(Person, key) is not None, place
    sign_off(city.application_id, revision=2, by=SIGNER, at=at)
    hr = Actor("hr", Role.HR, firm_id=city.firm_id)
    later = at + timedelta(hours=1)
    remove_worker(city.worker_ids[1], has_left=True, firm_id=city.firm_id, by=hr, at=later)
    assert statuses(city, later) == [[Status.ACTIVE], [Status.REVOKED], [Status.ACTIVE]]
    assert claimed(city) == 2
    with pytest.raises(Conflict):  # nobody is withheld: he is not coming back by the old list
        approve_withheld(city.application_id, by=SIGNER, at=later)
    entry = audit.list_entries(before=None, action="workers.left", limit=1)[0]
    assert entry.detail == '{"passes":1,"persons":1}'


def test_who_leaves_while_a_later_batch_is_made_is_not_in_it(
    app: Flask, city_of: MakeCity, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    city = city_of(workers=3, without_test=[1, 2])
    sign_off(city.application_id, revision=2, by=SIGNER, at=at)
    with transaction():
        for place in (1, 2):
            add_negative(city, place, sampled_at=at - timedelta(hours=5), record_id=f"N{place}")
    prepare = operations.prepare
    hr, later = Actor("hr", Role.HR, firm_id=city.firm_id), at + timedelta(hours=1)

    def meanwhile(*args: Any, **named: Any) -> Any:
        prepared = prepare(*args, **named)
        monkeypatch.setattr(operations, "prepare", prepare)
        with transaction():
            leave([city.person_keys[1]], firm_id=city.firm_id, by=hr, at=later)
        return prepared

    monkeypatch.setattr(operations, "prepare", meanwhile)
    approve_withheld(city.application_id, by=SIGNER, at=later)
    assert statuses(city, later) == [[Status.ACTIVE], [], [Status.ACTIVE]]


def test_who_is_only_removed_keeps_his_pass_until_the_approval(
    app: Flask, city_of: MakeCity, at: datetime
) -> None:
    city = city_of(workers=2)
    sign_off(city.application_id, revision=2, by=SIGNER, at=at)
    hr = Actor("hr", Role.HR, firm_id=city.firm_id)
    remove_worker(city.worker_ids[1], has_left=False, firm_id=city.firm_id, by=hr, at=at)
    assert statuses(city, at) == [[Status.ACTIVE], [Status.ACTIVE]]
    assert claimed(city) == 2


def test_another_firms_pass_of_the_same_person_is_left_alone(
    app: Flask, city_of: MakeCity, at: datetime
) -> None:
    city = city_of(workers=1)
    sign_off(city.application_id, revision=2, by=SIGNER, at=at)
    with transaction():
        assert leave(city.person_keys, firm_id=city.firm_id + 1, by=SIGNER, at=at) == 0
    assert statuses(city, at) == [[Status.ACTIVE]]
    assert claimed(city) == 1


def test_statements_of_an_approval_do_not_grow(
    app: Flask, city_of: MakeCity, at: datetime, statements: list[str]
) -> None:
    counts = []
    for firm, size in enumerate((4, 60), 1):
        city = city_of(workers=size, firm=firm)
        sign_off(city.application_id, revision=2, by=SIGNER, at=at)
        later = at + timedelta(hours=50)
        half = {place: {"unit": "2单元"} for place in range(size // 2)}
        case_id = next_case(city, later, half)
        statements.clear()
        sign_off(case_id, revision=2, by=SIGNER, at=later)
        counts.append(len(statements))
        assert {word for words in statuses(city, later) for word in words} == {Status.REVOKED}
    assert counts[0] == counts[1]
