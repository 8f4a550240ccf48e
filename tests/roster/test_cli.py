"""`resume roster check`: what it prints, its exit codes, and that it stores nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import func, select

from resume.db import reading, transaction
from resume.evidence.models import CodeRecord
from resume.firms.queries import get_firm
from resume.people.models import Person
from resume.plans.models import Plan
from resume.roster.models import WorkerList
from resume.settings import Settings
from tests.roster import city
from tests.roster.conftest import Firm

Check = Callable[..., tuple[int, list[dict[str, Any]], str]]
AT = "2022-04-22T09:00:00+08:00"
WRONG = city.resident(2)[:-1] + ("1" if city.resident(2)[-1] == "0" else "0")


@pytest.fixture
def check(app: Flask, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Check:
    """`check(rows or bytes, *arguments)`: exit code, printed objects, standard error; a process' own app."""
    from resume.cli import cli

    monkeypatch.setenv("RESUME_HOME", str(settings.home))
    monkeypatch.setenv("RESUME_DATABASE_URL", settings.database_url)

    def run(content: list[Mapping[str, Any]] | bytes, *arguments: str, name: str = "list.xlsx") -> Any:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else city.workbook(content))
        reading().rollback()
        called = ["roster", "check", str(path), *arguments]
        if "--at" not in called:
            called += ["--at", AT]
        result = CliRunner().invoke(cli, called, standalone_mode=False)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            return 2, [], str(getattr(result.exception, "message", result.exception))
        code = result.return_value if isinstance(result.return_value, int) else result.exit_code
        return code, [json.loads(line) for line in result.stdout.splitlines()], result.stderr

    return run


def test_all_eligible_is_0(firm: Firm, evidence: city.Evidence, check: Check) -> None:
    evidence.clean([1, 2]).screened(firm.buildings.values()).store()
    code, lines, _ = check([city.worker(1), city.worker(2)])
    assert code == 0
    assert [line["row"] for line in lines] == [2, 3]
    assert set(lines[0]) == {"row", "outcome", "eligible_from", "good_until", "findings"}
    assert lines[0]["outcome"] == "eligible"
    assert lines[0]["eligible_from"] == AT
    assert lines[0]["good_until"] == "2022-04-23T13:00:00+08:00"
    assert [set(found) for found in lines[0]["findings"]] == [
        {"rule", "outcome", "code", "clears_at", "text"}
    ] * 8


def test_rows_keep_the_files_order_and_bad_ones_say_why(
    firm: Firm, evidence: city.Evidence, check: Check
) -> None:
    evidence.clean([1, 3]).screened(firm.buildings.values()).store()
    bad = city.worker(2, document_number=WRONG, name="")
    code, lines, _ = check([bad, city.worker(1), city.worker(3, building="99")])
    assert code == 1
    assert [(line["row"], line["outcome"]) for line in lines] == [
        (2, "invalid"),
        (3, "eligible"),
        (4, "not_known"),
    ]
    assert set(lines[0]) == {"row", "outcome", "errors"}
    assert [(error["column"], error["code"]) for error in lines[0]["errors"]] == [
        ("姓名", "empty"),
        ("证件号码", "check_digit"),
    ]
    assert set(lines[0]["errors"][0]["text"]) == {"zh", "en"}


def test_without_a_firm_sites_and_plan_are_not_asked(
    firm: Firm, evidence: city.Evidence, check: Check
) -> None:
    evidence.clean([1]).screened(firm.buildings.values()).store()
    code, (line,), _ = check([city.worker(1, site="不知何处")])
    assert (code, line["outcome"]) == (0, "eligible")
    assert "plan_approved" not in [found["rule"] for found in line["findings"]]


def test_with_a_firm_its_sites_and_plan_count(firm: Firm, evidence: city.Evidence, check: Check) -> None:
    evidence.clean([1, 2]).screened(firm.buildings.values()).store()
    credit_code = get_firm(firm.id).credit_code
    code, lines, _ = check([city.worker(1), city.worker(2, site="不知何处")], "--firm", credit_code)
    assert code == 1
    assert lines[0]["findings"][0]["code"] == "PLAN_NOT_APPROVED"
    assert [error["code"] for error in lines[1]["errors"]] == ["site"]
    with transaction() as session:
        session.add(Plan(firm_id=firm.id, state="approved"))
    code, (line,), _ = check([city.worker(1)], "--firm", credit_code)
    assert (code, line["outcome"]) == (0, "eligible")


def test_the_rows_of_the_file_count_as_a_list(firm: Firm, evidence: city.Evidence, check: Check) -> None:
    evidence.clean([1, 2, 3]).screened(firm.buildings.values()).review(firm.buildings["B1"], 1)
    evidence.store()
    _, lines, _ = check([city.worker(1, room="301"), city.worker(2, room="301"), city.worker(3, room="")])
    found = [[one["code"] for one in line["findings"] if one["outcome"] != "met"] for line in lines]
    assert found == [["REVIEW_PENDING"], ["CORES_PENDING"], ["BLDG_HOLD"]]


def test_by_what_was_known_then(firm: Firm, evidence: city.Evidence, check: Check) -> None:
    """The same moment asked twice: by what is known now, and by what had been received an hour before."""
    evidence.clean([1]).screened(firm.buildings.values()).store()
    evidence.at += timedelta(hours=1)
    evidence.code(1, "red")
    evidence.rows[CodeRecord][0]["changed_at"] = evidence.at - timedelta(hours=2)
    evidence.store()
    codes = []
    for options in ([], ["--known-at", AT], ["--known-at", "2022-04-22T08:59:59+08:00"]):
        _, (line,), _ = check([city.worker(1)], *options)
        codes.append({found["code"] for found in line["findings"]})
    assert "CODE_NOT_GREEN" in codes[0]
    assert codes[1] == {"OK"}
    assert codes[2] >= {"CODE_UNKNOWN", "PCR_NONE", "BLDG_UNKNOWN"}


def test_nothing_is_stored(firm: Firm, check: Check) -> None:
    check([city.worker(1), city.worker(2)])
    for model in (WorkerList, Person):
        assert reading().scalar(select(func.count()).select_from(model)) == 0


def test_a_csv_in_gb18030(firm: Firm, evidence: city.Evidence, check: Check) -> None:
    evidence.clean([1]).screened(firm.buildings.values()).store()
    row = city.worker(1)
    content = (",".join(row) + "\n" + ",".join(row.values()) + "\n").encode("gb18030")
    assert check(content, name="list.csv")[0] == 0


@pytest.mark.parametrize(
    ("content", "arguments", "said"),
    [
        ([], ["--firm", "91310115MA1K0000XX"], "no firm"),
        (b"%PDF-1.7", [], "renamed"),
        (b"", [], "renamed"),
        ([], ["--at", "2022-04-22T09:00:00"], "time without offset"),
        ([], ["--at", "2022-03-31T09:00:00+08:00"], "2022"),
    ],
)
def test_what_cannot_be_used_is_2(
    firm: Firm, check: Check, content: Any, arguments: list[str], said: str
) -> None:
    content = content if isinstance(content, bytes) else [city.worker(1)]
    code, lines, error = check(content, *arguments)
    assert (code, lines) == (2, [])
    assert said in error
