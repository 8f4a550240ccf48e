"""Every decision of the demo replays: from its stored inputs, and from the ledger as it was known to it."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from resume.applications.models import Application, Batch, Decision
from resume.applications.replay import replay_known, replay_stored
from resume.cli import cli
from resume.db import reading
from resume.demo.moments import NOW
from resume.demo.story import CASES_FILE
from resume.evidence.models import Intake
from resume.intake.operations import take_in
from resume.passes.models import Pass
from resume.roles import Actor, Role
from tests.demo.conftest import Loaded


def decided_cases() -> Sequence[Application]:
    query = select(Application).where(Application.id.in_(select(Batch.application_id)))
    return reading().scalars(query.order_by(Application.id)).all()


def count(model: type[Decision] | type[Intake]) -> int:
    return reading().scalar(select(func.count()).select_from(model)) or 0


def test_every_decision_replays_from_its_stored_inputs(loaded: Loaded) -> None:
    found = [replay_stored(case) for case in decided_cases()]
    assert [each.differing for each in found] == [[] for _ in found]
    assert sum(each.same for each in found) == count(Decision) > 100


def test_every_decision_replays_from_what_was_known_to_it(loaded: Loaded) -> None:
    batches = reading().scalars(select(Batch)).all()
    assert all(batch.intake_id is not None for batch in batches)
    assert any(
        (batch.intake_id or 0) < count(Intake) for batch in batches
    )  # feeds that came later do not count
    found = [replay_known(case) for case in decided_cases()]
    assert [each.differing for each in found] == [[] for _ in found]
    assert sum(each.same for each in found) == count(Decision)


def test_what_comes_in_later_changes_no_past_decision(loaded: Loaded) -> None:
    """Last of this module: a positive in C's busiest building, received in the second the clock stands at."""
    steward = Actor("steward", Role.STEWARD)
    taken = take_in("cases", loaded.home / "demo" / CASES_FILE, CASES_FILE, by=steward, at=NOW)
    assert taken.suspended
    for case in decided_cases():
        assert replay_known(case).differing == []


@pytest.fixture
def replayed(loaded: Loaded, monkeypatch: pytest.MonkeyPatch) -> object:
    """`replayed(case, *options)`: the command in a process's own application."""
    monkeypatch.setenv("RESUME_HOME", str(loaded.home))
    monkeypatch.setenv("RESUME_DATABASE_URL", loaded.app.config["SQLALCHEMY_DATABASE_URI"])

    def run(case: str, *options: str) -> Result:
        reading().rollback()
        return CliRunner().invoke(cli, ["policy", "replay", case, *options], standalone_mode=False)

    return run


def test_the_command_takes_a_case_or_a_pass(loaded: Loaded, replayed: object) -> None:
    issued = reading().scalars(select(Pass).order_by(Pass.number)).first()
    assert issued is not None
    case_id, number = str(issued.application_id), issued.number
    for name in (case_id, number):
        result = replayed(name, "--known")  # type: ignore[operator]
        assert result.return_value == 0
        printed = json.loads(result.stdout)
        assert (printed["case"], printed["differing"]) == (case_id, [])
        assert printed["decisions"] == printed["same"] == printed["known"]["same"] > 0
