"""A request is answered once: replays, reuse, many at once, thirty days."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from resume import audit
from resume.api.models import KeptAnswer
from resume.db import reading, transaction
from resume.evidence.models import Intake, TestRecord
from resume.intake import taking
from resume.roster.models import WorkerList
from tests.api.conftest import MakeParty, Party, is_problem
from tests.intake.feeding import sample_row

SUBMITS = 50


def count(model: type) -> int:
    reading().rollback()
    return reading().scalar(select(func.count()).select_from(model)) or 0


def test_the_same_request_gives_the_very_same_answer(lab: Party) -> None:
    rows = {"records": [sample_row("R1"), sample_row("R2", kind="x")]}
    first, again = lab.post("tests", rows, key="k-1"), lab.post("tests", rows, key="k-1")
    assert first.status_code == again.status_code == 200
    assert first.data == again.data
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert (count(Intake), count(TestRecord)) == (2, 1)  # the places, and this one


def test_the_key_is_bound_to_address_and_body(lab: Party) -> None:
    lab.records("tests", sample_row("R1"), key="k-1")
    is_problem(lab.post("tests", {"records": [sample_row("R2")]}, key="k-1"), 409, "idempotency_key_reused")
    is_problem(lab.post("codes", {"records": [sample_row("R1")]}, key="k-1"), 409, "idempotency_key_reused")
    assert count(TestRecord) == 1


def test_two_parties_may_use_one_key(lab: Party, party: MakeParty) -> None:
    lab.records("tests", sample_row("R1"), key="k-1")
    answer = party("tests:write").post("tests", {"records": [sample_row("R2")]}, key="k-1")
    assert "Idempotent-Replayed" not in answer.headers
    assert count(TestRecord) == 2


@pytest.mark.parametrize("key", [None, " ", "a b", "x" * 129, "钥匙".encode().decode("latin-1")])
def test_a_write_needs_a_usable_key(lab: Party, key: str | None) -> None:
    is_problem(lab.post("tests", {"records": [sample_row("R1")]}, key=key), 400, "idempotency_key_missing")
    assert count(TestRecord) == 0


def test_a_refused_request_leaves_its_key_free(lab: Party) -> None:
    is_problem(lab.post("tests", {"records": [{"kind": 1}]}, key="k-1"), 422, "bad_shape")
    assert lab.records("tests", sample_row("R1"), key="k-1")["accepted"] == 1


def test_an_answer_is_kept_with_its_effect_or_not_at_all(
    app: Flask, lab: Party, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def fail(*_args: object, **_named: object) -> None:
        raise RuntimeError("stopped")

    with monkeypatch.context() as broken:
        broken.setattr(taking.audit, "record", fail)
        assert lab.post("tests", {"records": [sample_row("R1")]}, key="k-1").status_code == 500
    assert (count(TestRecord), count(KeptAnswer)) == (0, 0)
    assert lab.records("tests", sample_row("R1"), key="k-1")["accepted"] == 1


def test_fifty_identical_submits_at_once_have_one_effect_and_fifty_equal_answers(
    app: Flask, lab: Party
) -> None:
    start = Barrier(SUBMITS)
    rows = {"records": [sample_row(f"R{place}", place) for place in range(20)]}

    def submit(_number: int) -> tuple[int, bytes]:
        sender = Party(app, lab.text, lab.token_id, lab.name)
        start.wait()
        answer = sender.post("tests", rows, key="k-1")
        return answer.status_code, answer.data

    before = count(Intake)
    with ThreadPoolExecutor(SUBMITS) as pool:
        answers = set(pool.map(submit, range(SUBMITS)))
    assert len(answers) == 1
    assert answers.pop()[0] == 200
    assert (count(Intake) - before, count(TestRecord), count(KeptAnswer)) == (1, 20, 1)
    taken = [
        e for e in audit.list_entries(before=None, action="intake.taken", limit=99) if e.actor[:4] == "api:"
    ]
    assert len(taken) == 1
    assert audit.verify().is_whole


def test_answers_are_forgotten_after_thirty_days_a_few_at_each_write(lab: Party) -> None:
    for place in range(3):
        lab.records("tests", sample_row(f"R{place}"), key=f"k-{place}")
    age(days=29)
    assert (
        lab.post("tests", {"records": [sample_row("R0")]}, key="k-0").headers["Idempotent-Replayed"] == "true"
    )
    age(days=2)
    again = lab.post("tests", {"records": [sample_row("R0")]}, key="k-0")
    assert "Idempotent-Replayed" not in again.headers
    assert again.get_json()["unchanged"] == 1
    assert count(KeptAnswer) == 1
    assert count(WorkerList) == 0


def age(*, days: int) -> None:
    with transaction() as session:
        for row in session.scalars(select(KeptAnswer)).all():
            session.execute(
                update(KeptAnswer)
                .where(KeptAnswer.id == row.id)
                .values(kept_at=row.kept_at - timedelta(days=days))
            )
