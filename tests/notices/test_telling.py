"""Notices are made with their cause: once, all of a firm's, nobody else's, whatever is retried."""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import update

from resume.applications.models import Application
from resume.applications.telling import tell_hr
from resume.db import db, reading, transaction
from resume.intake.operations import files, take_in
from resume.notices.kinds import Channel
from resume.notices.operations import choose, mark_read
from resume.passes.models import Pass, Suspension
from resume.passes.operations import release
from resume.review.operations import recommend, refuse, send_back, sign_off
from resume.review.overdue import look_for_overdue
from resume.review.standing import PlanNotStanding, suspend_plan
from resume.roles import WORKER, Role
from tests.intake.feeding import STEWARD, as_csv, case_row
from tests.notices.conftest import OpenAccount, ReadLetters, kinds_of, notices_of
from tests.passes.city import DISTRICT, REVIEWER, SIGNER, City
from tests.passes.conftest import MakeCity

HOUR = timedelta(hours=1)


def feed_case(place: str, case_id: str, *, at: datetime, **changes: str) -> None:
    row = case_row(case_id, place, reported_at=at.isoformat(), **changes)
    take_in("cases", as_csv([row]), "c.csv", by=STEWARD, at=at)


@pytest.fixture
def issued(city_of: MakeCity, at: datetime) -> City:
    """A firm with three passes."""
    city = city_of(workers=3)
    sign_off(city.application_id, revision=2, by=SIGNER, at=at)
    return city


def test_the_course_of_a_case_is_told_to_those_whom_it_concerns(
    city_of: MakeCity, open_account: OpenAccount, at: datetime
) -> None:
    city, other = city_of(workers=4, without_test=[0], firm=1), city_of(workers=1, firm=2)
    hr, colleague = (open_account(Role.HR, firm_id=city.firm_id) for _ in range(2))
    strange = open_account(Role.HR, firm_id=other.firm_id)
    gone = open_account(Role.HR, firm_id=city.firm_id, disabled=True)
    guard = open_account(Role.GUARD)
    batch = sign_off(city.application_id, revision=2, by=SIGNER, at=at)
    (told,) = notices_of(hr)
    assert (told.kind, told.key, told.values) == (
        "approved",
        str(batch.id),
        {"approved": 3, "withheld": 1, "is_later": False},
    )
    assert (told.reference, told.link) == (
        f"application:{city.application_id}",
        f"/case/{city.application_id}",
    )
    assert kinds_of(colleague) == ["approved"]
    assert kinds_of(strange) == kinds_of(gone) == kinds_of(guard) == []


def test_a_return_says_how_many_parts_and_a_refusal_no_reason(
    city_of: MakeCity, open_account: OpenAccount, at: datetime
) -> None:
    city, second = city_of(firm=1), city_of(firm=2)
    hr, other = open_account(Role.HR, firm_id=city.firm_id), open_account(Role.HR, firm_id=second.firm_id)
    send_back(
        city.application_id,
        revision=2,
        reasons={"lodging": "王五的床\n位", "空": " ", "supplies": "改"},
        by=REVIEWER,
        at=at,
    )
    refuse(second.application_id, revision=2, reason="王五不合适", by=SIGNER, at=at)
    (returned,), (refused,) = notices_of(hr), notices_of(other)
    assert (returned.kind, returned.values) == ("returned", {"sections": 2})
    assert (refused.kind, refused.values) == ("refused", {})


def test_a_recommendation_is_told_to_the_signers_of_the_district(
    city_of: MakeCity, open_account: OpenAccount, at: datetime
) -> None:
    city = city_of(state="submitted")
    with transaction() as session:
        session.get_one(Application, city.application_id).revision = 1
    signer = open_account(Role.SIGN_OFF, district_code=DISTRICT)
    elsewhere = open_account(Role.SIGN_OFF, district_code="310112")
    reviewer = open_account(Role.REVIEWER, district_code=DISTRICT)
    recommend(city.application_id, revision=1, by=REVIEWER, at=at)
    (told,) = notices_of(signer)
    assert (told.kind, told.values["firm"]) == ("to_sign", "临江精密")
    assert (told.link, told.read_at) == (f"/review/{city.application_id}", None)
    assert kinds_of(elsewhere) == kinds_of(reviewer) == []
    send_back(city.application_id, revision=2, reasons={"lodging": "改"}, by=REVIEWER, at=at + HOUR)
    assert notices_of(signer)[0].read_at == at + HOUR  # it waits for him no longer


def test_passes_suspended_and_healed_are_told_with_their_posts(
    issued: City, open_account: OpenAccount, at: datetime
) -> None:
    hr = open_account(Role.HR, firm_id=issued.firm_id)
    feed_case("B1-1", "C1", at=at + HOUR)
    (told,) = notices_of(hr)
    assert told.kind == "suspended"
    assert told.values["passes"] == 3
    assert sum(count for _post, _is_key, count in told.values["posts"]) == 3
    assert told.link == "/#lost-cover"
    mark_read(told.id, by=hr, at=at + HOUR)
    feed_case("B1-1", "C2", at=at + 2 * HOUR, supersedes="C1", excluded="corrected")
    assert kinds_of(hr) == ["suspended", "healed"]
    assert notices_of(hr)[0].read_at == at + HOUR  # another occasion leaves it read


def test_the_same_feed_again_tells_nobody(issued: City, open_account: OpenAccount, at: datetime) -> None:
    hr = open_account(Role.HR, firm_id=issued.firm_id)
    for minutes in range(3):
        row = case_row("C1", "B1-1", reported_at=at.isoformat())
        take_in("cases", as_csv([row]), "c.csv", by=STEWARD, at=at + timedelta(minutes=minutes))
    assert kinds_of(hr) == ["suspended"]


def test_what_is_rolled_back_tells_nobody(
    app: Flask, issued: City, open_account: OpenAccount, letters: ReadLetters, at: datetime
) -> None:
    hr = open_account(Role.HR, firm_id=issued.firm_id, email="hr@example.invalid")
    with pytest.raises(ZeroDivisionError), transaction() as session:
        tell_hr("refused", session.get_one(Application, issued.application_id), at=at)
        raise ZeroDivisionError
    assert (kinds_of(hr), letters()) == ([], [])


def test_a_notice_told_twice_is_one(issued: City, open_account: OpenAccount, at: datetime) -> None:
    hr = open_account(Role.HR, firm_id=issued.firm_id)
    for _again in range(2):
        with transaction() as session:
            case = session.get_one(Application, issued.application_id)
            tell_hr("returned", case, at=at, sections=2)
    assert kinds_of(hr) == ["returned"]


def test_parallel_feeds_tell_each_suspension_once(
    app: Flask, city_of: MakeCity, open_account: OpenAccount, letters: ReadLetters, at: datetime
) -> None:
    city = city_of(workers=6, buildings=2)
    sign_off(city.application_id, revision=2, by=SIGNER, at=at)
    hr = open_account(Role.HR, firm_id=city.firm_id, email="hr@example.invalid")
    barrier = Barrier(6)

    def feed(place: int) -> None:
        with app.app_context():
            barrier.wait()
            feed_case(f"B1-{place % 2 + 1}", f"C{place % 2}", at=at + HOUR)
            db.session.remove()

    threads = [Thread(target=feed, args=[place]) for place in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told = notices_of(hr)
    assert sum(notice.values["passes"] for notice in told) == 6
    assert len(letters()) == len(told) == 2


def test_a_feed_in_pieces_is_one_notice_and_one_letter(
    app: Flask,
    city_of: MakeCity,
    open_account: OpenAccount,
    letters: ReadLetters,
    at: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    city = city_of(workers=12, buildings=4)
    sign_off(city.application_id, revision=2, by=SIGNER, at=at)
    hr = open_account(Role.HR, firm_id=city.firm_id, email="hr@example.invalid")
    monkeypatch.setattr(files, "CHUNK", 1)
    seen: list[int] = []
    rows = [case_row(f"C{place}", f"B1-{place}", reported_at=at.isoformat()) for place in (1, 2, 3, 4)]
    rows.append(case_row("C9", "NOWHERE", reported_at=at.isoformat()))  # the last piece suspends nothing
    take_in(
        "cases", as_csv(rows), "c.csv", by=STEWARD, at=at + HOUR,
        on_progress=lambda _done: seen.append(len(letters())),
    )  # fmt: skip
    (told,) = notices_of(hr)
    assert told.values["passes"] == 12
    assert seen == [0, 0, 0, 0, 1]
    (letter,) = letters()
    assert "12" in letter.get_content()


def test_a_released_pass_is_told(issued: City, open_account: OpenAccount, at: datetime) -> None:
    hr = open_account(Role.HR, firm_id=issued.firm_id)
    ids = [row.id for row in reading().query(Pass)]
    with transaction() as session:  # held by something that is there no longer
        session.add_all(Suspension(pass_id=one, code="CONTACT", cause="x", since=at) for one in ids[:2])
        session.execute(update(Pass).where(Pass.id.in_(ids[:2])).values(is_suspended=True))
    assert len(release(ids, by=REVIEWER, at=at + HOUR).released) == 2
    (told,) = notices_of(hr)
    assert (told.kind, told.values["passes"]) == ("healed", 2)


def test_a_suspended_plan_is_told_with_its_passes(
    issued: City, open_account: OpenAccount, at: datetime
) -> None:
    hr = open_account(Role.HR, firm_id=issued.firm_id)
    effects = suspend_plan(issued.firm_id, reason="停工", by=SIGNER, at=at + HOUR)
    assert effects.suspended == 3
    assert sorted(kinds_of(hr)) == ["plan_suspended", "suspended"]
    with pytest.raises(PlanNotStanding):
        suspend_plan(issued.firm_id, reason="停工", by=SIGNER, at=at + HOUR)


@pytest.mark.parametrize(("seconds", "is_told"), [(-1, False), (0, True), (3600, True)])
def test_a_case_is_overdue_at_24_hours_and_told_once(
    city_of: MakeCity, open_account: OpenAccount, at: datetime, seconds: int, is_told: bool
) -> None:
    city = city_of()
    signer = open_account(Role.SIGN_OFF, district_code=DISTRICT)
    reviewer = open_account(Role.REVIEWER, district_code=DISTRICT)
    with transaction() as session:
        session.get_one(Application, city.application_id).submitted_at = at
    moment = at + timedelta(hours=24, seconds=seconds)
    assert look_for_overdue(at=moment) == (2 if is_told else 0)  # SIGNER and this one
    assert look_for_overdue(at=moment) == 0
    assert kinds_of(signer) == (["overdue"] if is_told else [])
    assert kinds_of(reviewer) == []


def test_choices_are_respected(
    issued: City, open_account: OpenAccount, letters: ReadLetters, at: datetime
) -> None:
    quiet, loud = (
        open_account(Role.HR, firm_id=issued.firm_id, email=f"{name}@example.invalid") for name in ("q", "l")
    )
    choose({"healed": Channel.OFF, "suspended": Channel.INBOX}, by=quiet, at=at)
    choose({"healed": Channel.MAIL, "suspended": Channel.OFF, "new_case": Channel.MAIL}, by=loud, at=at)
    feed_case("B1-1", "C1", at=at + HOUR)
    feed_case("B1-1", "C2", at=at + 2 * HOUR, supersedes="C1", excluded="corrected")
    assert kinds_of(quiet) == ["suspended"]
    assert kinds_of(loud) == ["suspended", "healed"]  # a suspension cannot be switched off
    assert [letter["To"] for letter in letters()] == ["l@example.invalid", "l@example.invalid"]


def test_telling_costs_the_same_statements_for_few_and_many(
    app: Flask, city_of: MakeCity, open_account: OpenAccount, at: datetime, statements: list[str]
) -> None:
    few, many = city_of(workers=4, firm=1), city_of(workers=200, firm=2)
    sent = []
    for number, city in enumerate((few, many), 1):
        sign_off(city.application_id, revision=2, by=SIGNER, at=at)
        for account in range(1 if number == 1 else 5):
            open_account(Role.HR, firm_id=city.firm_id, email=f"hr{number}{account}@example.invalid")
    feed_case("B9", "C0", at=at + HOUR)
    for number in (1, 2):
        statements.clear()
        feed_case(f"B{number}-1", f"C{number}", at=at + HOUR)
        sent.append(len(statements))
    assert sent[0] == sent[1]


def test_one_feed_for_many_firms_is_one_telling(
    app: Flask, city_of: MakeCity, open_account: OpenAccount, letters: ReadLetters, at: datetime
) -> None:
    cities = [city_of(workers=2, firm=number) for number in (1, 2, 3)]
    told = []
    for number, city in enumerate(cities):
        sign_off(city.application_id, revision=2, by=SIGNER, at=at)
        told.append(open_account(Role.HR, firm_id=city.firm_id, email=f"hr{number}@example.invalid"))
    rows = [case_row(f"C{number}", f"B{number}-1", reported_at=at.isoformat()) for number in (1, 2)]
    take_in("cases", as_csv(rows), "c.csv", by=WORKER, at=at + HOUR)
    assert [kinds_of(actor) for actor in told] == [["suspended"], ["suspended"], []]
    assert [letter["To"] for letter in letters()] == ["hr0@example.invalid", "hr1@example.invalid"]
