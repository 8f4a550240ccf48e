"""A firm's HR system sends its worker list; HR sees the preview as it would its own upload."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from resume import audit
from resume.db import reading
from resume.people.masking import mask_number
from resume.roster.columns import WORKER_LIST
from resume.roster.models import Worker, WorkerList
from resume.roster.queries import find_preview, list_errors, list_workers
from tests.api.conftest import MakeParty, Party, is_problem
from tests.roster import city
from tests.roster.conftest import Firm, buildings, evidence, firm, make_firm

__all__ = ["buildings", "evidence", "firm", "make_firm"]

CODE_B = "91310115MA10002803"


def row(sequence: int, **cells: Any) -> dict[str, Any]:
    """A good row by the columns' English names."""
    typed = city.worker(sequence, **cells)
    return {column.name: typed[column.zh] for column in WORKER_LIST}


@pytest.fixture
def system(firm: Firm, party: MakeParty) -> Party:
    """The firm's HR system."""
    return party("lists:write", firm_id=firm.id)


def sent(system: Party, *rows: dict[str, Any], **more: Any) -> dict[str, Any]:
    answer = system.post("lists", {"rows": list(rows), **more})
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def test_rows_become_the_preview_that_hr_confirms(firm: Firm, system: Party, evidence: city.Evidence) -> None:
    evidence.clean([1, 2]).screened(firm.buildings.values()).store()
    answer = sent(system, row(1), row(2, key_post=True, unit=None), row(3), name="四月名单")
    assert [each["outcome"] for each in answer["rows"]] == ["eligible", "eligible", "not_known"]
    assert (answer["state"], answer["good"], answer["invalid"]) == ("preview", 3, 0)
    preview = find_preview(firm_id=firm.id)
    assert (str(preview.id), preview.file_name) == (answer["list"], "四月名单")
    assert [worker.key_post for worker in list_workers(preview.id, firm_id=firm.id)] == [False, True, False]
    page = firm.client.get(f"/list/{preview.id}").text
    assert "待确认" in page
    head = system.get(f"lists/{answer['list']}").get_json()
    assert head == {key: value for key, value in answer.items() if key != "rows"}
    entry = audit.list_entries(before=None, action="list.uploaded", limit=1)[0]
    assert entry.actor == f"api:{system.name}"


def test_a_bad_row_says_everything_wrong_with_it_and_loses_no_good_one(firm: Firm, system: Party) -> None:
    answer = sent(system, row(1), row(2, phone="1", arrive_on="soon"), row(1), {})
    assert [each["outcome"] for each in answer["rows"]] == ["not_known", "invalid", "invalid", "invalid"]
    assert [error["column"] for error in answer["rows"][1]["errors"]] == ["手机号码", "计划到岗日期"]
    assert answer["rows"][2]["errors"][0]["code"] == "duplicate"
    assert len(answer["rows"][3]["errors"]) == sum(column.required for column in WORKER_LIST)
    preview = find_preview(firm_id=firm.id)
    assert {error.row for error in list_errors(preview.id)} == {2, 3, 4}
    assert (preview.row_count, preview.good_count) == (4, 1)


def test_health_evidence_is_one_finding(firm: Firm, system: Party, evidence: city.Evidence, at) -> None:
    evidence.clean([1, 2]).screened(firm.buildings.values())
    evidence.code(1, "red")
    evidence.test(2, sampled=at.replace(hour=1), result="positive")
    evidence.store()
    answer = sent(system, row(1), row(2))
    for each in answer["rows"]:
        assert each["outcome"] == "not_eligible"
        assert [finding["code"] for finding in each["findings"]] == ["HEALTH"]
    assert "POSITIVE" not in str(answer)
    assert "CODE_NOT_GREEN" not in str(answer)


def test_nothing_of_a_person_comes_back(system: Party) -> None:
    text = system.post(
        "lists", {"rows": [row(1), row(2, document_number="31999919700101001X", name="钱多多")]}
    ).text
    for personal in (city.resident(1), "王小明", "钱多多", "13812345678", "31999919700101001X"):
        assert personal not in text
    assert mask_number(city.resident(1)) not in text


def test_a_firm_reaches_its_own_lists_alone(firm: Firm, system: Party, make_firm, party: MakeParty) -> None:
    other = party("lists:write", firm_id=make_firm(CODE_B).id)
    answer = sent(system, row(1))
    is_problem(other.get(f"lists/{answer['list']}"), 404, "not_found")
    is_problem(system.get("lists/00000000-0000-0000-0000-000000000001"), 404, "not_found")
    sent(other, row(1))
    assert find_preview(firm_id=firm.id) is not None


def test_a_later_list_throws_the_earlier_preview_away_and_a_replay_does_not(
    firm: Firm, system: Party
) -> None:
    first = system.post("lists", {"rows": [row(1)]}, key="k-1").get_json()
    second = sent(system, row(2))
    again = system.post("lists", {"rows": [row(1)]}, key="k-1")
    assert (again.get_json(), again.headers["Idempotent-Replayed"]) == (first, "true")
    assert str(find_preview(firm_id=firm.id).id) == second["list"]
    assert system.get(f"lists/{first['list']}").get_json()["state"] == "dropped"
    assert reading().scalar(select(func.count()).select_from(Worker)) == 1


def test_a_firm_without_plants_is_told_so(app: Flask, firm: Firm, party: MakeParty, at) -> None:
    from resume.db import transaction
    from resume.firms.models import Firm as FirmRow

    with transaction() as session:
        bare = FirmRow(
            credit_code=CODE_B, name="虚构无厂企业", short_name="无厂", district_code="310115", created_at=at
        )
        session.add(bare)
        session.flush()
        firm_id = bare.id
    is_problem(party("lists:write", firm_id=firm_id).post("lists", {"rows": [row(1)]}), 422, "no_sites")
    assert reading().scalar(select(func.count()).select_from(WorkerList)) == 0


def test_unknown_names_are_reported_and_wrong_types_refused(firm: Firm, system: Party) -> None:
    assert sent(system, row(1) | {"Name": "x", "salary": 3})["unknown_columns"] == ["Name", "salary"]
    assert find_preview(firm_id=firm.id).unknown_columns == ["Name", "salary"]
    problem = is_problem(system.post("lists", {"rows": [row(1), {"phone": 138}]}), 422, "bad_shape")
    assert [place["path"] for place in problem["errors"]] == ["rows[1].phone"]


def test_a_list_of_a_thousand_costs_no_more_statements_than_one_of_ten(system: Party, statements) -> None:
    def count(many: int) -> int:
        rows = [row(sequence) for sequence in range(many)]
        statements.clear()
        sent(system, *rows)
        return len([sent for sent in statements if not sent.startswith("COPY")])

    few = max(count(10), count(10))
    assert count(1_000) <= few + 1  # persons who are new are one insert
