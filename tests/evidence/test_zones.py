"""Which level holds and why; whose level may be lowered; why a building is not clear; what runs out."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import permutations

import pytest
from flask import Flask

from resume.clock import SHANGHAI
from resume.evidence.building_view import view_building
from resume.evidence.buildings import zone_of
from resume.evidence.explain import notes_on, why_building, why_buildings, why_of
from resume.evidence.proposals import Stage, list_proposals, proposal_of
from resume.evidence.screenings import Within, list_running_out
from resume.evidence.zones import ZoneState, base_of, status_of, zone_status
from resume.places.queries import get_building
from resume.places.register import building_ids_of
from resume.policy import Answer, Building, Case, Facts, Review, decide
from resume.refusals import NotFound
from tests.intake.feeding import AT, case_row, good, place_row, review_row


def on(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2022, month, day, hour, minute, tzinfo=SHANGHAI)


def zone(level: str, kind: str, since: datetime, until: datetime | None = None, place: str = "P1") -> None:
    row = {
        "place_code": place,
        "kind": kind,
        "level": level,
        "since": since.isoformat(),
        "reason": "三区划分",
    }
    good("zones", row | {"until": until.isoformat() if until else ""}, at=max(since, AT))


def screened(day: date, place: str = "P1", complete: str = "是") -> None:
    good("screenings", {"place_code": place, "screened_on": day.isoformat(), "complete": complete}, at=LATE)


LATE = on(6, 30)


def id_of(place: str) -> int:
    return building_ids_of([place])[place]


def said(place: str, at: datetime) -> list[str]:
    return [reason.text["zh"] for reason in zone_status([id_of(place)], at=at)[id_of(place)].reasons]


def test_every_record_that_holds_is_said_and_whether_it_stands(places: Flask) -> None:
    zone("precaution", "declared", on(4, 11, 9))
    zone("controlled", "uplift", on(4, 17, 8), on(4, 27))
    assert said("P1", on(4, 18)) == [
        "4月17日08:00起由区提级管理为管控区，至4月27日00:00结束。",
        "4月11日09:00起公布为防范区；另有更高等级，现按更高等级管理。",
    ]
    good("cases", case_row("C1"))
    assert said("P1", AT) == [
        "4月20日10:00报告阳性，上升为封控区。",
        "4月17日08:00起由区提级管理为管控区，至4月27日00:00结束；另有更高等级，现按更高等级管理。",
        "4月11日09:00起公布为防范区；已由4月20日10:00起的记录代替。",
    ]
    assert "C1" not in "".join(said("P1", AT))
    assert said("P2", AT) == []
    status = zone_status([id_of("P1"), id_of("P2")], at=on(4, 27))
    assert (status[id_of("P1")].level, status[id_of("P2")].level) == ("sealed", None)
    english = zone_status([id_of("P1")], at=on(4, 18))[id_of("P1")].reasons[0].text["en"]
    assert english == "Lifted to controlled by the district since 17 April 08:00, ending at 27 April 00:00."


def test_a_record_holds_from_since_to_before_until(places: Flask) -> None:
    zone("sealed", "declared", on(4, 11, 9), on(4, 20, 9))
    second = timedelta(seconds=1)
    moments = [on(4, 11, 9) - second, on(4, 11, 9), on(4, 20, 9) - second, on(4, 20, 9)]
    levels = [zone_status([id_of("P1")], at=at)[id_of("P1")].level for at in moments]
    assert levels == [None, "sealed", "sealed", None]


def test_the_status_asks_one_query_for_any_number(places: Flask, statements: list[str]) -> None:
    zone("sealed", "declared", on(4, 11))
    ids = list(building_ids_of(["P1", "P2", "P3"]).values())
    for asked in ([], ids[:1], ids):
        statements.clear()
        zone_status(asked, at=AT)
        assert len(statements) == 1


def state(level: str, kind: str, since: datetime, until: datetime | None = None) -> ZoneState:
    return ZoneState(1, level, kind, since, until, "", None)  # type: ignore[arg-type]


def test_the_order_of_the_rows_does_not_matter() -> None:
    rows = [
        state("precaution", "declared", on(4, 11)),
        state("sealed", "raised", on(4, 16)),
        state("sealed", "raised", on(4, 18)),
        state("controlled", "uplift", on(4, 12)),
    ]
    for order in permutations(rows):
        found = status_of(order, at=AT)
        assert found.level == zone_of(order) == "sealed"
        assert found.reasons[0].row == rows[2]
        assert [reason.row for reason in found.reasons if reason.stands] == [rows[2], rows[3]]


def test_a_level_confirmed_goes_on_and_one_given_back_begins_anew() -> None:
    def base(*rows: ZoneState, at: datetime = AT) -> tuple[str, datetime, str | None] | None:
        found = base_of(rows, at=at)
        return found and (found.level, found.since, found.before)

    declared, raised = state("sealed", "declared", on(4, 11)), state("sealed", "raised", on(4, 16))
    assert base(declared, raised) == ("sealed", on(4, 11), None)
    low = state("precaution", "declared", on(4, 11))
    assert base(low, raised) == ("sealed", on(4, 16), "precaution")
    lowered = state("controlled", "declared", on(4, 21))
    assert base(low, raised, lowered) == ("controlled", on(4, 21), "sealed")
    gap = state("sealed", "declared", on(4, 11), on(4, 15))
    assert base(gap, raised) == ("sealed", on(4, 16), None)
    seamless = state("sealed", "declared", on(4, 11), on(4, 16))
    assert base(seamless, raised) == ("sealed", on(4, 11), None)
    for_a_while = state("controlled", "declared", on(4, 18), on(4, 21))
    assert base(declared, for_a_while) == ("sealed", on(4, 21), "controlled")
    assert base(state("sealed", "uplift", on(4, 11))) is None
    assert base() is None


def stage_of(at: datetime, stage: Stage = Stage.DUE, **options: object) -> list[str]:
    page = list_proposals(at=at, stage=stage, **options)  # type: ignore[arg-type]
    return [one.building.place_code for one in page.items]


def test_a_proposal_when_the_days_are_over_and_nothing_is_lowered_by_itself(places: Flask) -> None:
    zone("sealed", "declared", on(4, 11, 9))
    over, second = on(4, 26), timedelta(seconds=1)
    assert stage_of(over - second, Stage.COUNTING) == ["P1"]
    assert stage_of(over, Stage.LACKING) == ["P1"]
    screened(date(2022, 4, 24), complete="否")
    assert stage_of(over, Stage.LACKING) == ["P1"]
    screened(date(2022, 4, 24))
    assert (stage_of(over - second), stage_of(over)) == ([], ["P1"])
    assert zone_status([id_of("P1")], at=over)[id_of("P1")].level == "sealed"
    zone("precaution", "declared", on(4, 26, 10))
    assert [stage_of(on(4, 26, 10), stage) for stage in Stage] == [[], [], []]


def test_a_new_positive_begins_the_days_anew_and_one_that_counts_no_longer_does_not(places: Flask) -> None:
    zone("sealed", "declared", on(4, 11, 9))
    screened(date(2022, 4, 24))
    done = {"transferred_at": "2022-04-20T15:00:00+08:00"}
    good("cases", case_row("C1", **done))
    proposal = proposal_of(id_of("P1"), at=on(4, 26))
    assert proposal is not None
    assert (proposal.from_when, proposal.is_due(on(4, 26))) == (on(5, 5), False)
    good("cases", case_row("C2", excluded="corrected", supersedes="C1", **done))
    proposal = proposal_of(id_of("P1"), at=on(4, 26))
    assert proposal is not None
    assert proposal.is_due(on(4, 26))


def test_what_is_under_review_or_not_transferred_is_in_the_way(places: Flask) -> None:
    zone("controlled", "declared", on(4, 11, 9))
    zone("controlled", "declared", on(4, 11, 9), place="P2")
    for place in ("P1", "P2"):
        screened(date(2022, 4, 17), place)
    assert stage_of(AT) == ["P1", "P2"]
    good("reviews", review_row("V1"))
    assert (stage_of(AT), stage_of(AT, Stage.LACKING)) == (["P2"], ["P1"])
    good("reviews", review_row("V1", cleared_at="2022-04-22T08:00:00+08:00", outcome="cleared"))
    good("cases", case_row("C1", "P2", reported_at="2022-04-01T10:00:00+08:00"))
    zone("controlled", "declared", on(4, 11, 10), place="P2")
    assert (stage_of(AT), stage_of(AT, Stage.LACKING)) == (["P1"], ["P2"])


def test_after_sealed_three_days_by_the_version_of_may(places: Flask) -> None:
    zone("sealed", "declared", on(5, 14, 9))
    proposal = proposal_of(id_of("P1"), at=on(5, 22))
    assert proposal is not None
    assert (proposal.level_to, proposal.is_due(on(5, 22))) == ("controlled", True)
    zone("controlled", "declared", on(5, 22, 9))
    proposal = proposal_of(id_of("P1"), at=on(5, 23))
    assert proposal is not None
    assert (proposal.level_to, proposal.from_when) == ("precaution", on(5, 26))


def test_an_uplift_is_not_lowered_by_days(places: Flask) -> None:
    zone("precaution", "declared", on(4, 11))
    zone("sealed", "uplift", on(4, 1))
    assert proposal_of(id_of("P1"), at=AT) is None
    assert [stage_of(AT, stage) for stage in Stage] == [[], [], []]
    page = list_proposals(at=AT)
    assert page.levels == {"sealed": 1, "controlled": 0, "precaution": 0, None: 2}


def test_the_levels_are_counted_as_they_are_found(places: Flask) -> None:
    zone("precaution", "declared", on(4, 11))
    zone("sealed", "declared", on(4, 11), place="P2")
    zone("precaution", "declared", on(4, 21), place="P2")
    zone("sealed", "declared", on(4, 23), place="P3")  # not yet
    assert list_proposals(at=AT).levels == {"sealed": 0, "controlled": 0, "precaution": 2, None: 1}
    assert list_proposals(at=on(4, 23)).levels == {"sealed": 1, "controlled": 0, "precaution": 2, None: 0}
    assert list_proposals(at=AT, district_code="310104").levels[None] == 0


def test_proposals_by_district_in_pages_with_the_same_queries(places: Flask, statements: list[str]) -> None:
    good("places", *(place_row(f"P{n}", district_code="310104", compound="康平苑") for n in range(4, 24)))
    for n in range(1, 24):
        zone("controlled", "declared", on(4, 11, 1 + n % 3), place=f"P{n}")
        screened(date(2022, 4, 17), f"P{n}")
    assert len(stage_of(AT)) == 23
    assert len(stage_of(AT, district_code="310104")) == 20
    pages = [stage_of(AT, limit=10, offset=offset) for offset in (0, 10, 20)]
    assert [len(page) for page in pages] == [10, 10, 3]
    assert len({code for page in pages for code in page}) == 23
    sent = []
    for limit in (1, 23):
        statements.clear()
        list_proposals(at=AT, limit=limit)
        sent.append(len(statements))
    assert sent == [7, 7]


# --- why a building is not clear ---------------------------------------------------------------------------


UNTIL = on(4, 24, 23, 59)


def building(*cases: Case, until: datetime | None = UNTIL) -> Building:
    return Building(until is not None, cases, until)


def case(reported: datetime, transferred: datetime | None) -> Case:
    return Case(reported, transferred, None, ref="case:C1")


def open_review() -> Review:
    return Review("building", "antigen", on(4, 21, 10), None, "review:V1")


def test_why_with_dates() -> None:
    why = why_building(building(case(on(4, 19, 10), on(4, 19, 15)), until=on(4, 28, 23, 59)), [], at=AT)
    assert (why.state, why.clears_at) == ("not_clear", on(4, 27))
    assert [line["zh"] for line in why.lines] == [
        "楼内4月19日报告有阳性，当日不计；没有新增的，4月27日0时起满7日。",
        "筛查记录到4月28日23:59失效。",
    ]
    assert why.next_step is not None
    assert "其他人员" in why.next_step["zh"]


def test_why_without_a_date_before_the_case_has_left() -> None:
    why = why_building(building(case(on(4, 19, 10), None)), [], at=AT)
    assert (why.state, why.clears_at) == ("not_clear", None)
    assert why.lines[0]["zh"] == "楼内4月19日报告的阳性尚未转运，登记之后才能算出日期。"


def test_the_days_alone_do_not_clear_what_will_not_be_known() -> None:
    why = why_building(building(case(on(4, 19, 10), on(4, 19, 15))), [], at=AT)
    assert why.clears_at is None
    assert "届时还须有新的完整筛查记录。" in [line["zh"] for line in why.lines]
    unknown = why_building(building(case(on(4, 19, 10), on(4, 19, 15)), until=None), [], at=AT)
    assert unknown.clears_at is None
    assert "届时还须有新的完整筛查记录。" in [line["zh"] for line in unknown.lines]


def test_a_review_holds_and_nothing_known_is_not_clear() -> None:
    why = why_building(building(), [open_review()], at=AT)
    assert (why.state, why.clears_at) == ("not_known", None)
    assert "楼内4月21日起有结果待复核，结果出来前暂不放行。" in [line["zh"] for line in why.lines]
    nothing = why_building(building(until=None), [], at=AT)
    assert (nothing.state, nothing.lines[0]["zh"]) == (
        "not_known",
        "没有7日内的完整筛查记录：情况待查，不按无阳性处理。",
    )
    past = why_building(building(), [], at=on(4, 25))
    assert past.lines[0]["zh"].startswith("筛查记录已于4月24日23:59失效")
    clear = why_building(building(), [], at=AT)
    assert (clear.state, clear.next_step, clear.lines[-1]["zh"]) == (
        "clear",
        None,
        "筛查记录到4月24日23:59失效。",
    )


@pytest.mark.parametrize("transferred", [on(4, 19, 15), None])
@pytest.mark.parametrize("reviews", [(), (open_review(),)])
@pytest.mark.parametrize("until", [None, on(4, 24, 23, 59), on(4, 28, 23, 59)])
@pytest.mark.parametrize("reported", [on(4, 10), on(4, 19)])
def test_why_is_what_the_verdict_says(
    reported: datetime, until: datetime | None, reviews: tuple[Review, ...], transferred: datetime | None
) -> None:
    place = building(case(reported, transferred), until=until)
    verdict = decide(Facts((), None, None, reviews, place, None, None), profile="RTW", at=AT)
    found = {one.rule: one for one in verdict.findings}
    why = why_building(place, reviews, at=AT)
    assert why == why_of(verdict.findings, at=AT)
    outcomes = {found[rule].outcome for rule in ("building_clear", "building_review")}
    assert (why.state == "clear") == (outcomes == {"met"})
    assert (why.state == "not_clear") == ("not_met" in outcomes)
    if why.clears_at is not None:
        later = {
            one.rule: one.outcome
            for one in decide(
                Facts((), None, None, reviews, place, None, None), profile="RTW", at=why.clears_at
            ).findings
        }
        assert (later["building_clear"], later["building_review"]) == ("met", "met")
    assert verdict.outcome is not Answer.ELIGIBLE
    words = "".join(line["zh"] + line["en"] for line in why.lines)
    assert "C1" not in words
    assert "V1" not in words


def test_why_of_the_buildings_of_the_ledger(places: Flask, statements: list[str]) -> None:
    screened(date(2022, 4, 20), "P1")
    screened(date(2022, 4, 20), "P3")
    good("cases", case_row("C1", "P3", unit="2单元", transferred_at="2022-04-20T15:00:00+08:00"))
    wanted = {id_of("P1"): [""], id_of("P2"): [""], id_of("P3"): ["", "1单元", "二单元"]}
    statements.clear()
    found = why_buildings(wanted, at=AT)
    assert len(statements) == 2
    states = {place: {u: w.state for u, w in found[id_of(place)][1].items()} for place in ("P1", "P2", "P3")}
    assert states == {
        "P1": {"": "clear"},
        "P2": {"": "not_known"},
        "P3": {"": "not_clear", "1单元": "clear", "二单元": "not_clear"},
    }
    good("reviews", review_row("V1", outcome="confirmed"))
    assert why_buildings({id_of("P1"): [""]}, at=AT)[id_of("P1")][1][""].state == "clear"
    good("reviews", review_row("V2"))
    assert why_buildings({id_of("P1"): [""]}, at=AT)[id_of("P1")][1][""].state == "not_known"


def test_notes_for_nobody_cost_nothing_more(places: Flask, statements: list[str]) -> None:
    zone("sealed", "declared", on(4, 11))
    place = id_of("P1")
    statements.clear()
    first, second = notes_on([(None, []), (place, [])], at=AT)
    assert len(statements) == 1
    assert first is None
    assert second is not None
    assert (second.why, second.zone.level) == (None, "sealed")


def test_the_view_counts_cases_by_day_and_says_the_closing(places: Flask, statements: list[str]) -> None:
    zone("sealed", "declared", on(4, 11, 9))
    good(
        "cases",
        case_row("C1", reported_at="2022-04-16T10:00:00+08:00", transferred_at="2022-04-16T15:00:00+08:00"),
        case_row("C2", reported_at="2022-04-16T11:00:00+08:00"),
        case_row("C3", reported_at="2022-04-15T11:00:00+08:00", excluded="复阳"),
    )
    place = get_building(id_of("P1"))
    statements.clear()
    view = view_building(place, unit="9单元", at=AT)
    assert len(statements) <= 10
    assert [(day.on.day, day.counted, day.staying, day.uncounted) for day in view.case_days] == [
        (16, 2, 1, 0),
        (15, 0, 0, 1),
    ]
    assert view.closed_until == on(4, 26)
    assert view.unit == ""  # the building has no separate units
    with pytest.raises(NotFound):
        get_building(place.id, district_code="310104")


# --- screenings that run out -------------------------------------------------------------------------------


def test_what_runs_out_by_the_second(places: Flask) -> None:
    for place, day in (("P1", 15), ("P2", 16), ("P3", 17)):
        screened(date(2022, 4, day), place)

    def codes(within: Within, at: datetime) -> list[str]:
        return [one.building.place_code for one in list_running_out(at=at, within=within).items]

    assert [codes(within, AT) for within in Within] == [["P1"], ["P1", "P2"], ["P1", "P2", "P3"], []]
    (first,) = list_running_out(at=AT).items
    assert first.known_until == on(4, 23) - timedelta(seconds=1)
    last = on(4, 22, 23, 59) + timedelta(seconds=59)
    assert codes(Within.DAY, last - timedelta(seconds=1)) == ["P1"]
    assert codes(Within.DAY, last) == ["P1", "P2"]  # P2 ends exactly 24 hours later
    assert (codes(Within.DAY, on(4, 23)), codes(Within.PAST, on(4, 23))) == (["P2"], ["P1"])
    assert codes(Within.PAST, on(4, 24, 12)) == ["P2", "P1"]
    assert codes(Within.PAST, on(4, 25)) == ["P3", "P2"]


def test_only_the_latest_complete_screening_runs_out(places: Flask) -> None:
    screened(date(2022, 4, 15))
    screened(date(2022, 4, 20), complete="否")
    assert list_running_out(at=AT).counts[Within.DAY] == 1
    screened(date(2022, 4, 30))  # later than AT: not known then
    assert list_running_out(at=AT).counts[Within.DAY] == 1
    screened(date(2022, 4, 20))
    assert list_running_out(at=AT).counts == dict.fromkeys(Within, 0)


def test_running_out_by_district_in_pages_with_the_same_queries(places: Flask, statements: list[str]) -> None:
    good("places", *(place_row(f"P{n}", district_code="310104", compound="康平苑") for n in range(4, 14)))
    for n in range(1, 14):
        screened(date(2022, 4, 15), f"P{n}")
    id_of("P1")  # a transaction for reading is open
    statements.clear()
    found = list_running_out(at=AT, limit=5, offset=10)
    assert (len(statements), len(found.items), found.counts[Within.DAY]) == (2, 3, 13)
    assert list_running_out(at=AT, district_code="310104").counts[Within.THREE_DAYS] == 10
