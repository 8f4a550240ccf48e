"""The verdict of every worker of a list: units, co-residents, unknown buildings, and how much is asked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy import update

from resume.db import transaction
from resume.policy import Verdict, for_hr
from resume.roster.eligibility import in_the_way, summary, verdicts_of
from resume.roster.models import WorkerList
from resume.roster.queries import workers_of
from tests.roster import city
from tests.roster.conftest import Firm


def judged(firm: Firm, *rows: dict[str, Any], plan: str | None = None) -> list[Verdict]:
    return verdicts_of(workers_of(firm.upload(*rows).id), at=firm.at, plan=plan)


def codes(verdict: Verdict) -> list[str]:
    return [finding.code for finding in in_the_way(verdict)]


def submit(worker_list: WorkerList) -> None:
    with transaction() as session:
        session.execute(update(WorkerList).where(WorkerList.id == worker_list.id).values(state="submitted"))


def test_clean_evidence_makes_eligible(firm: Firm, evidence: city.Evidence) -> None:
    evidence.clean([1, 2]).screened([firm.buildings["B1"]]).store()
    verdicts = judged(firm, city.worker(1), city.worker(2), city.worker(3))
    assert [verdict.outcome for verdict in verdicts] == ["eligible", "eligible", "not_known"]
    assert codes(verdicts[2]) == ["PCR_NONE", "CODE_UNKNOWN"]


def test_the_plan_is_asked_when_given(firm: Firm, evidence: city.Evidence) -> None:
    evidence.clean([1]).screened([firm.buildings["B1"]]).store()
    assert codes(judged(firm, city.worker(1), plan="none")[0]) == ["PLAN_NOT_APPROVED"]
    assert codes(judged(firm, city.worker(1), plan="approved")[0]) == []


def test_an_unmatched_building_is_not_known(firm: Firm, evidence: city.Evidence) -> None:
    evidence.clean([1]).screened(firm.buildings.values()).store()
    (verdict,) = judged(firm, city.worker(1, building="9号"))
    assert (verdict.outcome, codes(verdict)) == ("not_known", ["BLDG_UNKNOWN"])


def test_a_case_counts_for_its_unit_where_units_are_separate(
    app: Flask, firm: Firm, evidence: city.Evidence, at: datetime
) -> None:
    ids = city.register(("U1", "锦绣苑", "锦绣路100弄", "8号"), at=at, has_units=True)
    evidence.clean(range(1, 5)).screened(ids.values()).case(ids["U1"], days_ago=2, unit="2单元")
    evidence.store()
    verdicts = judged(
        firm,
        city.worker(1, building="8号", unit="2"),
        city.worker(2, building="8号", unit="二单元"),
        city.worker(3, building="8号", unit="1单元"),
        city.worker(4, building="8号", unit=""),
    )
    assert [codes(verdict) for verdict in verdicts] == [
        ["BLDG_POS_7D"],
        ["BLDG_POS_7D"],
        [],
        ["BLDG_POS_7D"],
    ]


def test_those_of_one_flat_wait_with_the_one_under_review(firm: Firm, evidence: city.Evidence) -> None:
    evidence.clean(range(1, 6)).screened(firm.buildings.values()).review(firm.buildings["B1"], 1)
    evidence.store()
    verdicts = judged(
        firm,
        city.worker(1, room="301"),
        city.worker(2, room="３０１室"),
        city.worker(3, room="302"),
        city.worker(4, room=""),
        city.worker(5, room="301", building="2号"),
    )
    assert [codes(verdict) for verdict in verdicts] == [
        ["REVIEW_PENDING"],
        ["CORES_PENDING"],
        ["BLDG_HOLD"],
        ["BLDG_HOLD"],
        [],
    ]


def test_two_empty_rooms_are_no_flat(firm: Firm, evidence: city.Evidence) -> None:
    evidence.clean([1, 2]).screened(firm.buildings.values()).review(firm.buildings["B1"], 1)
    evidence.store()
    verdicts = judged(firm, city.worker(1, room=""), city.worker(2, room=""))
    assert codes(verdicts[1]) == ["BLDG_HOLD"]


def test_co_residents_are_found_on_other_firms_submitted_lists_only(
    firm: Firm, make_firm: Any, evidence: city.Evidence
) -> None:
    other = make_firm("91310115MA1K00002B")
    evidence.clean([1, 2]).screened(firm.buildings.values()).review(firm.buildings["B1"], 1)
    evidence.store()
    theirs = other.upload(city.worker(1, room="301"))
    assert codes(judged(firm, city.worker(2, room="301"))[0]) == ["BLDG_HOLD"]
    submit(theirs)
    assert codes(judged(firm, city.worker(2, room="301"))[0]) == ["CORES_PENDING"]


def test_a_review_of_somebody_of_another_building_is_no_co_residents(
    firm: Firm, evidence: city.Evidence
) -> None:
    """A flat is of one building: the same room elsewhere is another flat."""
    evidence.clean([1, 2]).screened(firm.buildings.values()).review(firm.buildings["B1"], 1)
    evidence.store()
    verdicts = judged(firm, city.worker(1, room="301", building="2号"), city.worker(2, room="301"))
    assert codes(verdicts[1]) == ["BLDG_HOLD"]


def test_hr_never_learns_which_health_finding_or_whose(firm: Firm, evidence: city.Evidence) -> None:
    evidence.clean(range(1, 6)).screened(firm.buildings.values()).review(firm.buildings["B2"], 5)
    evidence.test(1, sampled=firm.at.replace(hour=1), result="positive")
    evidence.code(2, "red")
    evidence.store()
    verdicts = judged(
        firm,
        city.worker(1),
        city.worker(2),
        city.worker(3, room="7", building="2号"),
        city.worker(5, room="7", building="2号"),
    )
    assert [codes(verdict) for verdict in verdicts] == [
        ["POSITIVE"],
        ["CODE_NOT_GREEN"],
        ["CORES_PENDING"],
        ["REVIEW_PENDING"],
    ]
    shown = [in_the_way(verdict, for_hr) for verdict in verdicts]
    assert [[one.code for one in found] for found in shown] == [["HEALTH"]] * 4
    assert len({found[0].text["zh"] for found in shown}) == 1
    assert not any(finding.refs for found in shown for finding in found)
    assert summary(verdicts, shown_as=for_hr).by_code == {"HEALTH": 4}


def test_statements_do_not_grow_with_the_list(
    firm: Firm, evidence: city.Evidence, statements: list[str]
) -> None:
    evidence.clean(range(300)).screened(firm.buildings.values()).review(firm.buildings["B1"], 1)
    evidence.case(firm.buildings["B2"], days_ago=3)
    evidence.store()
    asked = []
    for size in (3, 300):
        rows = [city.worker(i, building=f"{i % 3 + 1}号") for i in range(size)]
        workers = workers_of(firm.upload(*rows).id)
        statements.clear()
        assert len(verdicts_of(workers, at=firm.at, plan=None)) == size
        asked.append(len(statements))
    assert asked[0] == asked[1] <= 5
