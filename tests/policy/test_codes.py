"""Reason codes: all of them, each with its three texts in both languages; and what HR reads."""

import re

import pytest

from resume.policy import REASONS, decide, for_hr, parse_moment, reason
from tests.policy.vectors import facts_of, vectors

_NAMES = """
    PCR_EXPIRED PCR_NONE PCR_PENDING REVIEW_PENDING CORES_PENDING POSITIVE AG_EXPIRED AG_POSITIVE
    BLDG_POS_7D BLDG_HOLD BLDG_UNKNOWN CODE_NOT_GREEN ZONE_CONSENT PLAN_NOT_APPROVED PLAN_SUSPENDED
    NOT_LISTED DUP_EMPLOYER USED WRONG_GATE WRONG_PERSON REVOKED OFFLINE_STALE FORGED CODE_UNKNOWN
    CONTACT OK MALFORMED KEY_UNKNOWN KEY_RETIRED KEY_DISTRUSTED NOT_YET EXPIRED SUSPENDED
    SUSPENDED_EVIDENCE REPLACED SPECIMEN ALTERED AG_REQUIRED
"""
OF_THE_DOMAIN_PAGE = _NAMES.split()


def test_every_code_of_the_domain_page_and_three_of_our_own() -> None:
    """9.3, HEALTH and RULE_FAILED, and what a phone's pass needs."""
    assert set(REASONS) == {*OF_THE_DOMAIN_PAGE, "HEALTH", "RULE_FAILED", "PHONE_STALE"}
    with pytest.raises(KeyError):
        reason("HEALTHY")


@pytest.mark.parametrize("code", REASONS)
def test_texts_of_a_code(code: str) -> None:
    """Chinese is Chinese, English is not, and neither shouts."""
    entry = REASONS[code]
    assert entry.code == code
    for text in (entry.sentence, entry.guard, entry.hr):
        assert re.search(r"[\u4e00-\u9fff]", text["zh"])
        assert text["zh"].endswith("。")
        assert not re.search(r"[\u4e00-\u9fff]", text["en"])
        assert text["en"].endswith(".")
        assert not re.search("[!！]", text["zh"] + text["en"])


def test_rules_use_only_known_codes() -> None:
    """Every code in the tables of whole verdicts has its reason."""
    assert {code for case in vectors("rtw") for code in case["expect"]["codes"]} <= set(REASONS)


def test_hr_sees_building_and_pcr_as_they_are_and_health_as_one() -> None:
    """The case with everything in the way."""
    case = vectors("rtw")[-1]
    findings = decide(facts_of(case), profile="RTW", at=parse_moment(case["at"])).findings
    assert [f.code for f in for_hr(findings)] == [
        "PLAN_SUSPENDED",
        "BLDG_POS_7D",
        "BLDG_HOLD",
        "HEALTH",
        "PCR_EXPIRED",
    ]
    text = for_hr(findings)[3].text
    assert "本人查看" in text["zh"]
    assert "the worker can see his own reason" in text["en"]


def test_hr_sees_a_code_that_is_not_known() -> None:
    """It is no health evidence yet, and HR can ask the worker to refresh it."""
    findings = decide(
        facts_of({"with": {"code": None}}), profile="RTW", at=parse_moment("2022-04-24T09:00Z")
    ).findings
    assert [f.code for f in for_hr(findings)][-2:] == ["OK", "CODE_UNKNOWN"]
