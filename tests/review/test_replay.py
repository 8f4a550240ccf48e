"""Past decisions judged again: exact to the feed within one second; what differs is told."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select, update

from resume.applications.inputs import open_inputs, seal_inputs
from resume.applications.models import Application, Batch, Decision
from resume.applications.replay import Replayed, replay_known, replay_stored
from resume.cli import cli
from resume.db import reading, transaction
from resume.passes.models import Pass
from resume.policy import decide, versions
from resume.review.operations import approve_withheld, sign_off
from resume.roster.eligibility import facts_of
from resume.roster.queries import flatmates_on_submitted_lists, workers_of
from resume.settings import Settings
from tests.intake.feeding import case_row, good, review_row
from tests.passes.city import SIGNER, City, document_number
from tests.passes.conftest import MakeCity


def case_of(city: City) -> Application:
    reading().rollback()
    reading().expire_all()
    return reading().get_one(Application, city.application_id)


def replays(city: City) -> tuple[Replayed, Replayed]:
    return replay_stored(case_of(city)), replay_known(case_of(city))


def test_feeds_in_the_very_second_of_the_decision(city_of: MakeCity, at: datetime) -> None:
    """One came in before the signature and one after it, all in one second: each batch knows its own."""
    city = city_of(workers=2, buildings=2)
    good("cases", case_row("C1", "B1-1", reported_at=at.isoformat()), at=at)
    first = sign_off(city.application_id, revision=2, by=SIGNER, at=at)
    good("cases", case_row("C2", "B1-2", reported_at=at.isoformat()), at=at)
    good("cases", case_row("C3", "B1-2", supersedes="C1", excluded="corrected"), at=at)
    second = approve_withheld(city.application_id, by=SIGNER, at=at)
    assert [(batch.approved, batch.withheld) for batch in (first, second)] == [(1, 1), (1, 0)]
    for found in replays(city):
        assert (found.decisions, found.same, found.differing) == (3, 3, [])
    # By the second alone the first batch would be judged with what came after it.
    with transaction() as session:
        session.execute(update(Batch).values(intake_id=None))
    stored, known = replays(city)
    assert (stored.same, known.same) == (3, 1)


def test_a_feed_received_later_that_was_judged_with(city_of: MakeCity, at: datetime) -> None:
    """The evaluation takes seconds: a feed that came in meanwhile has a later time, and was known."""
    city = city_of(workers=1)
    good("cases", case_row("C1", "B1-1", reported_at=at.isoformat()), at=at + timedelta(seconds=4))
    batch = sign_off(city.application_id, revision=2, by=SIGNER, at=at)
    assert batch.withheld == 1
    assert [found.same for found in replays(city)] == [1, 1]


def test_what_cannot_be_the_same_is_told(
    city_of: MakeCity, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    city = city_of(workers=3)
    sign_off(city.application_id, revision=2, by=SIGNER, at=at)
    rows: Sequence[Decision] = reading().scalars(select(Decision).order_by(Decision.id)).all()
    worker = workers_of(city.list_id)[0]
    tomorrow = at + timedelta(days=3)
    (facts,) = facts_of([worker], at=at, plan="approved")
    other = seal_inputs(rows[0].id, facts, decide(facts, profile="RTW", at=tomorrow))
    with transaction() as session:
        session.execute(update(Decision).where(Decision.id == rows[0].id).values(sealed=other))
        session.execute(update(Decision).where(Decision.id == rows[1].id).values(sealed=rows[2].sealed))
    found = replay_stored(case_of(city))
    assert (found.decisions, found.same) == (3, 1)
    otherwise = {one.decision_id: one for one in found.differing}
    said = otherwise[rows[0].id]
    assert said.stored is not None
    assert said.replayed is not None
    assert (said.stored["outcome"], said.replayed["outcome"]) == ("not_eligible", "eligible")
    assert otherwise[rows[1].id].error == "altered, or sealed for another row"
    monkeypatch.setattr(versions, "VERSIONS", versions.VERSIONS[2:])
    assert [one.error for one in replay_stored(case_of(city)).differing].count(
        "no policy version 'SH-2022-04'; there are SH-2022-08"
    ) == 2


def test_a_decision_is_judged_under_its_own_version(city_of: MakeCity, at: datetime) -> None:
    """By the name it was taken under, whatever is in force at that moment now."""
    city = city_of(workers=1, sampled=timedelta(hours=40))
    sign_off(city.application_id, revision=2, by=SIGNER, at=at)
    row = reading().scalars(select(Decision)).one()
    inputs = open_inputs(row.id, row.sealed)
    august = decide(inputs.facts, profile="RTW", at=at, policy=versions.SH_2022_08)
    with transaction() as session:
        sealed = seal_inputs(row.id, inputs.facts, august)
        session.execute(update(Decision).values(sealed=sealed))
    assert august.good_until != decide(inputs.facts, profile="RTW", at=at).good_until
    assert replay_stored(case_of(city)).same == 1


def test_an_approval_of_somebody_not_eligible_differs(city_of: MakeCity, at: datetime) -> None:
    city = city_of(workers=2, without_test=[0])
    sign_off(city.application_id, revision=2, by=SIGNER, at=at)
    assert replay_stored(case_of(city)).differing == []
    with transaction() as session:
        session.execute(update(Decision).values(is_approved=True))
    assert len(replay_stored(case_of(city)).differing) == 1


def test_flatmates_are_those_of_the_lists_submitted_then(city_of: MakeCity, at: datetime) -> None:
    """The list of another firm that was submitted later makes nobody a co-resident in the past."""
    from resume.roster.models import SubmittedPeriod, Worker

    city, neighbours = city_of(workers=1), city_of(workers=1, firm=2)
    with transaction() as session:
        session.execute(update(Worker).values(flat_key=b"f" * 16, building_id=city.building_id))
        session.add(SubmittedPeriod(list_id=city.list_id, since=at))
        session.add(SubmittedPeriod(list_id=neighbours.list_id, since=at + timedelta(hours=1)))
    number_key = neighbours.number_keys[0]
    assert number_key in flatmates_on_submitted_lists([b"f" * 16])[b"f" * 16]
    for hours, is_there in ((0, False), (1, True)):
        then = flatmates_on_submitted_lists([b"f" * 16], known_at=at + timedelta(hours=hours))
        assert (number_key in then[b"f" * 16]) is is_there


def test_the_command(
    city_of: MakeCity, settings: Settings, at: datetime, monkeypatch: pytest.MonkeyPatch, app: Flask
) -> None:
    city = city_of(workers=2, without_test=[0])
    sign_off(city.application_id, revision=2, by=SIGNER, at=at)
    number = reading().scalars(select(Pass.number)).one()
    good("reviews", review_row("V1", "B1-1", document_number=document_number(1)), at=at)
    reading().rollback()
    monkeypatch.setenv("RESUME_HOME", str(settings.home))
    monkeypatch.setenv("RESUME_DATABASE_URL", settings.database_url)

    def run(*arguments: str) -> tuple[object, dict[str, object]]:
        result = CliRunner().invoke(cli, ["policy", "replay", *arguments], standalone_mode=False)
        return result.return_value, json.loads(result.stdout) if result.stdout else {
            "": str(result.exception)
        }

    for name in (str(city.application_id), number):
        assert run(name) == (
            0, {"case": str(city.application_id), "decisions": 2, "same": 2, "differing": []},
        )  # fmt: skip
        assert run(name, "--known")[1]["known"] == {"decisions": 2, "same": 2, "differing": []}
    for unknown in ("00000000-0000-0000-0000-000000000001", "310115999999X", "nobody"):
        assert "没有这个申请" in str(run(unknown)[1])
    with transaction() as session:
        row = session.scalars(select(Decision)).first()
        assert row is not None
        row.at = at + timedelta(seconds=1)
    code, printed = run(str(city.application_id))
    assert code == 1
    assert printed["same"] == 1
