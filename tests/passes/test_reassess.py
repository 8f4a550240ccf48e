"""Suspending and healing: every cause, how each ends, and what it costs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from resume.audit import AuditEntry
from resume.db import joined, reading, transaction
from resume.evidence.models import CaseRecord, CodeRecord, ContactRecord, ReviewRecord, TestRecord
from resume.evidence.watermark import bump
from resume.passes.models import Pass, Suspension
from resume.passes.operations import release, revoke
from resume.passes.queries import status_of
from resume.passes.reassess import Effects, Scope, reassess
from resume.passes.status_list import changes, status_values
from resume.plans.models import Plan
from resume.review.operations import sign_off
from resume.roles import CLI
from tests.passes.city import (
    DISTRICT,
    REVIEWER,
    SIGNER,
    City,
    add_case,
    add_contact,
    add_negative,
    add_review,
)
from tests.passes.conftest import MakeCity

assert DISTRICT


def approved(city_of: MakeCity, at: datetime, **options: Any) -> City:
    city = city_of(**options)
    sign_off(city.application_id, revision=2, by=SIGNER, at=at)
    return city


def act(city: City, at: datetime, change: Callable[[], None] = lambda: None) -> Effects:
    """What intake does: take facts in and let them act, in one door."""
    with transaction():
        change()
        return reassess(
            scope=Scope(building_ids=frozenset(city.building_ids), person_keys=frozenset(city.person_keys)),
            at=at,
            by=CLI,
        )


def close(model: Any, at: datetime, **values: Any) -> None:
    """Close the counting row(s) of a record, and add the next state where values are given."""
    joined().execute(update(model).where(model.replaced_at.is_(None)).values(replaced_at=at))
    bump()


def the_pass() -> Pass:
    return reading().scalars(select(Pass).order_by(Pass.number)).first()  # type: ignore[return-value]


def open_codes() -> list[str]:
    return list(reading().scalars(select(Suspension.code).where(Suspension.ended_at.is_(None))))


def test_a_positive_in_the_building_suspends_in_the_same_transaction(city_of: MakeCity, at: datetime) -> None:
    city = approved(city_of, at, workers=3)
    before, later = changes(), at + timedelta(hours=1)
    effects = act(city, later, lambda: add_case(city, at=later))
    assert effects == Effects(3, 0, frozenset([city.firm_id]))
    assert status_of(the_pass(), at=later) == "suspended"
    assert status_of(the_pass(), at=at) == "active"
    assert set(status_values(0, at=later).values()) == {2}
    assert status_values(0, at=at) == {}
    assert changes() == before + 1
    last = reading().scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
    assert last is not None
    assert (last.action, last.actor) == ("passes.reassessed", "cli")
    assert '"suspended":3' in last.detail
    assert act(city, later) == Effects()  # a second look changes nothing


def test_a_rollback_takes_everything_back(city_of: MakeCity, at: datetime) -> None:
    city = approved(city_of, at)
    before = changes()
    with pytest.raises(ZeroDivisionError), transaction():
        add_case(city, at=at)
        assert reassess(scope=Scope(building_ids=frozenset(city.building_ids)), at=at, by=CLI).suspended == 3
        raise ZeroDivisionError
    assert changes() == before
    assert open_codes() == []
    assert not the_pass().is_suspended


def test_a_corrected_case_heals(city_of: MakeCity, at: datetime) -> None:
    city = approved(city_of, at)
    later = at + timedelta(hours=1)
    act(city, later, lambda: add_case(city, at=later))
    effects = act(city, later + timedelta(hours=1), lambda: close(CaseRecord, later))
    assert (effects.suspended, effects.healed) == (0, 3)
    assert status_of(the_pass(), at=later + timedelta(hours=1)) == "active"
    assert status_of(the_pass(), at=later) == "suspended"


def test_a_case_that_only_aged_waits_for_a_reviewer(city_of: MakeCity, at: datetime) -> None:
    city = approved(city_of, at)
    start = at - timedelta(days=6, hours=20)  # reported long ago, received only now: clear tomorrow
    act(city, at, lambda: add_case(city, at=start))
    assert open_codes() == ["BLDG_POS_7D"] * 3
    tomorrow = at + timedelta(hours=24)
    assert act(city, tomorrow) == Effects()
    assert status_of(the_pass(), at=tomorrow) == "suspended"
    found = the_pass()
    too_early = release([found.id], by=REVIEWER, at=at)
    assert too_early.released == ()
    assert too_early.kept == ((found.number, ("BLDG_POS_7D",)),)
    number = found.number
    done = release([found.id], by=REVIEWER, at=tomorrow)
    assert done.released == (number,)
    assert status_of(the_pass(), at=tomorrow) == "active"


def test_a_contact_period_over_waits_and_a_withdrawn_one_heals(city_of: MakeCity, at: datetime) -> None:
    city = approved(city_of, at)
    until = at + timedelta(hours=3)
    assert act(city, at, lambda: add_contact(city, 0, at=at, until=until)).suspended == 1
    assert act(city, until) == Effects()
    assert open_codes() == ["CONTACT"]
    assert act(city, until, lambda: close(ContactRecord, until)).healed == 1


def test_a_cleared_review_heals(city_of: MakeCity, at: datetime) -> None:
    city = approved(city_of, at)
    assert act(city, at, lambda: add_review(city, at=at)).suspended == 3
    assert open_codes() == ["BLDG_HOLD"] * 3
    assert act(city, at, lambda: close(ReviewRecord, at)).healed == 3


def test_a_red_code_suspends_and_green_heals(city_of: MakeCity, at: datetime) -> None:
    city = approved(city_of, at, workers=1)

    def turn(colour: str, moment: datetime) -> None:
        joined().add(
            CodeRecord(
                person_key=city.person_keys[0],
                colour=colour,
                changed_at=moment,
                received_at=moment,
                intake_id=1,
            )
        )
        joined().flush()
        bump()

    red, green = at + timedelta(hours=1), at + timedelta(hours=2)
    assert act(city, red, lambda: turn("red", red)).suspended == 1
    assert act(city, green, lambda: turn("green", green)).healed == 1


def test_withdrawn_evidence_suspends_and_its_return_heals(city_of: MakeCity, at: datetime) -> None:
    city = approved(city_of, at, workers=1)
    assert act(city, at, lambda: close(TestRecord, at)).suspended == 1
    assert open_codes() == ["PCR_NONE"]
    after_promise = at + timedelta(hours=40)
    assert act(city, after_promise) == Effects()  # still missing
    moment = at + timedelta(hours=30)
    assert act(city, after_promise, lambda: add_negative(city, 0, sampled_at=moment)).healed == 1


def test_evidence_that_merely_ages_does_not_suspend(city_of: MakeCity, at: datetime) -> None:
    city = approved(city_of, at)
    assert act(city, at + timedelta(hours=47)) == Effects()
    assert status_of(the_pass(), at=at + timedelta(hours=47)) == "active"


def test_a_suspended_plan_suspends_and_heals(city_of: MakeCity, at: datetime) -> None:
    city = approved(city_of, at, workers=2)
    for state, expected in (("suspended", (2, 0)), ("approved", (0, 2))):
        with transaction() as session:
            session.get_one(Plan, city.plan_id).state = state
            session.flush()
            effects = reassess(scope=Scope(firm_ids=frozenset([city.firm_id])), at=at, by=CLI)
        assert (effects.suspended, effects.healed) == expected


def test_two_causes_both_must_end(city_of: MakeCity, at: datetime) -> None:
    city = approved(city_of, at, workers=1)
    act(city, at, lambda: add_case(city, at=at))
    assert act(city, at, lambda: add_review(city, at=at)) == Effects(0, 0, frozenset())
    assert sorted(open_codes()) == ["BLDG_HOLD", "BLDG_POS_7D"]
    assert act(city, at, lambda: close(ReviewRecord, at)).healed == 0
    assert the_pass().is_suspended
    assert act(city, at, lambda: close(CaseRecord, at)).healed == 1
    assert not the_pass().is_suspended


def test_a_review_reaches_the_house_of_its_person(city_of: MakeCity, at: datetime) -> None:
    city = approved(city_of, at)
    with transaction():
        add_review(city, at=at)
        effects = reassess(scope=Scope(number_keys=frozenset(city.number_keys[:1])), at=at, by=CLI)
    assert effects.suspended == 3


def test_a_completed_trip_is_never_suspended(city_of: MakeCity, at: datetime) -> None:
    city = approved(city_of, at, workers=2)
    with transaction() as session:
        found = session.get_one(Pass, the_pass().id)
        found.out_at = found.in_at = at
    later = at + timedelta(hours=1)
    assert act(city, later, lambda: add_case(city, at=later)).suspended == 1
    assert status_of(the_pass(), at=later) == "used"


def test_another_district_releases_and_revokes_nothing(city_of: MakeCity, at: datetime) -> None:
    from dataclasses import replace

    from resume.refusals import NotFound

    city = approved(city_of, at, workers=1)
    act(city, at, lambda: add_contact(city, 0, at=at, until=at + timedelta(hours=1)))
    stranger = replace(REVIEWER, district_code="310104")
    nothing = release([the_pass().id], by=stranger, at=at + timedelta(hours=2))
    assert (nothing.released, nothing.kept) == ((), ())
    with pytest.raises(NotFound):
        revoke(the_pass().id, reason="test", by=stranger, at=at)


def test_a_revoked_pass_is_final(city_of: MakeCity, at: datetime) -> None:
    from resume.passes.operations import AlreadyFinal

    city = approved(city_of, at, workers=1)
    act(city, at, lambda: add_case(city, at=at))
    revoke(the_pass().id, reason="冒用", by=REVIEWER, at=at)
    assert status_of(the_pass(), at=at) == "revoked"
    assert set(status_values(0, at=at).values()) == {1}
    assert open_codes() == []
    with pytest.raises(AlreadyFinal):
        revoke(the_pass().id, reason="冒用", by=REVIEWER, at=at)
    assert act(city, at, lambda: close(CaseRecord, at)) == Effects()


@pytest.mark.parametrize("workers", [3, 200])
def test_a_positive_costs_a_fixed_number_of_statements(
    city_of: MakeCity, statements: list[str], at: datetime, workers: int
) -> None:
    city = approved(city_of, at, workers=workers)
    with transaction():
        add_case(city, at=at)
        statements.clear()
        reassess(scope=Scope(building_ids=frozenset(city.building_ids)), at=at, by=CLI)
        sent = len(statements)
    assert sent <= 18, "\n".join(statements)
