"""Objections: the clock, the answer, a second reader, whose eyes see what."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from resume import clock
from resume.audit import AuditEntry
from resume.db import reading, transaction
from resume.notices.models import Notice
from resume.objections import operations
from resume.objections.lifecycle import MOVES, Category, Key, Outcome, State, Step, after
from resume.objections.models import Objection, ObjectionTurn
from resume.objections.queries import count_overdue, list_of_person
from resume.policy import policy_at
from resume.refusals import NotAllowed, NotFound, Refusal
from resume.roles import PUBLIC, Actor, Role
from resume.roster.models import Worker
from tests.conftest import SignIn
from tests.disclosure.conftest import CODE, Open, key_of, last_four, open_page, signed
from tests.passes.city import DISTRICT, REVIEWER, SIGNER, City
from tests.passes.conftest import MakeCity, city_of

__all__ = ["city_of", "open_page", "signed"]

STEWARD = Actor("the-steward", Role.STEWARD, None)
WORDS = "阳性在 3 号楼，我住 1 号楼"


def raised(city: City, at: datetime, *, place: int = 0, category: Category = Category.BUILDING) -> Objection:
    worker = reading().get_one(Worker, city.worker_ids[place])
    return operations.raise_objection(
        worker, category, WORDS, "169 0000 0000", firm_id=city.firm_id, key=Key.OWN, by=PUBLIC, at=at
    )


def person(objection: Objection) -> dict[str, object]:
    return {"person_key": objection.person_key, "firm_id": objection.firm_id}


def test_an_objection_has_a_clock_of_the_policy(city_of: MakeCity, at: datetime) -> None:
    city = city_of(workers=1)
    objection = raised(city, at)
    hours = policy_at(at).duties.objection_hours
    assert (hours.value, hours.mark) == (24, "ASSUMED")
    assert objection.due_at == at + timedelta(hours=24)
    due = objection.due_at
    assert count_overdue(district_code=DISTRICT, at=due) == 0
    assert count_overdue(district_code=DISTRICT, at=due + timedelta(seconds=1)) == 1
    operations.answer(objection.id, Outcome.UPHELD, "已更正", by=REVIEWER, at=due)
    assert count_overdue(district_code=DISTRICT, at=due + timedelta(days=9)) == 0


def test_the_whole_course(signed: City, open_page: Open, sign_in: SignIn, at: datetime) -> None:
    """He objects, a reviewer hands over, the steward reports, it is answered; he insists; another answers."""
    browser = open_page(key_of(signed), last_four(), new_code=CODE)
    form = {"category": "building", "text": WORDS, "contact": "169 0000 0000"}
    assert browser.post("/w/objection", data=form).status_code == 303
    page = browser.get("/w/record").text
    assert "4月23日（周六）09:00前答复" in page
    objection = reading().scalars(select(Objection)).one()
    assert (objection.district_code, objection.key_kind) == (DISTRICT, "own")
    reviewer, signer = (sign_in(role, district_code=DISTRICT) for role in (Role.REVIEWER, Role.SIGN_OFF))
    steward = sign_in(Role.STEWARD)
    desk = f"/objections/{objection.id}"
    assert objection.reference in reviewer.get("/objections").text
    assert objection.reference not in steward.get("/objections").text
    assert steward.get(desk).status_code == 404
    shown = reviewer.get(desk).text
    assert WORDS in shown
    assert "169 0000 0000" in shown
    assert "王小明" not in shown
    assert reviewer.post(f"{desk}/handover", data={"text": "请核对归属"}).status_code == 303
    assert objection.reference in steward.get("/objections").text
    page = steward.get(desk).text
    assert "/cases?q=B1-1" in page
    assert steward.post(f"{desk}/report", data={"text": "已提出归属更正"}).status_code == 303
    answer = {"outcome": "not_upheld", "text": "核对后仍属 1 号楼"}
    assert reviewer.post(f"{desk}/answer", data={"outcome": "", "text": ""}).status_code == 422
    assert reviewer.post(f"{desk}/answer", data=answer).status_code == 303
    assert reviewer.post(f"{desk}/answer", data=answer).status_code == 409
    page = browser.get("/w/record").text
    assert all(text in page for text in ("核对后仍属 1 号楼", "已提出归属更正", "请核对归属", "异议不成立"))
    again = f"/w/objection/{objection.id}"
    assert browser.get(again).status_code == 200
    assert browser.post(again, data={"text": ""}).status_code == 422
    assert browser.post(again, data={"text": "请看居委会的证明"}).status_code == 303
    assert browser.post(again, data={"text": "再一次"}).status_code == 409
    assert "须由本区另一位审核员" in reviewer.get(desk).text
    assert reviewer.post(f"{desk}/answer", data=answer).status_code == 403
    upheld = {"outcome": "upheld", "text": "已更正为 3 号楼"}
    assert signer.post(f"{desk}/answer", data=upheld).status_code == 303
    page = browser.get("/w/record").text
    assert "异议成立" in page
    assert "已更正为 3 号楼" in page
    assert "不同意，再次提出</a>" not in page
    reading().expire_all()
    assert reading().get_one(Objection, objection.id).state == "closed"
    steps = [turn.step for turn in list_of_person(**person(objection))[0].turns]
    assert steps == ["objected", "handed", "reported", "answered", "insisted", "answered"]


def test_he_closes_what_he_agrees_with(signed: City, open_page: Open, at: datetime) -> None:
    browser = open_page(key_of(signed), last_four(), new_code=CODE)
    first, second = raised(signed, at), raised(signed, at, category=Category.DATA)
    operations.answer(first.id, Outcome.UPHELD, "已更正", by=REVIEWER, at=at)
    for each in (first, second):  # one answered, one taken back
        assert browser.post(f"/w/objection/{each.id}/closing").status_code == 303
        assert browser.post(f"/w/objection/{each.id}/closing").status_code == 409
    assert set(reading().scalars(select(Objection.state))) == {"closed"}


def test_nobody_elses_objection_is_found(
    signed: City, city_of: MakeCity, open_page: Open, sign_in: SignIn, at: datetime
) -> None:
    other = city_of(workers=1, firm=2)
    objection = raised(signed, at, place=1)
    mine = open_page(key_of(signed), last_four(), new_code=CODE)
    foreign = open_page(key_of(other), last_four(0, 2), new_code=CODE)
    elsewhere = sign_in(Role.REVIEWER, district_code="310101")
    for browser in (mine, foreign):
        assert browser.get(f"/w/objection/{objection.id}").status_code == 404
        assert browser.post(f"/w/objection/{objection.id}/closing").status_code == 404
        assert WORDS not in browser.get("/w/record").text
    assert elsewhere.get(f"/objections/{objection.id}").status_code == 404
    for step in ("answer", "handover"):
        form = {"outcome": "upheld", "text": "好的"}
        assert elsewhere.post(f"/objections/{objection.id}/{step}", data=form).status_code == 404
    assert objection.reference not in elsewhere.get("/objections").text


def test_hr_learns_nothing(signed: City, open_page: Open, sign_in: SignIn, at: datetime) -> None:
    """No page of the firm differs, and what HR's keys open shows no objection."""
    hr = sign_in(Role.HR, firm_id=signed.firm_id)
    paths = ("/", "/passes", "/passes/links", "/passes/changes", f"/list/{signed.list_id}", "/case")
    before = [body(hr, path) for path in paths]
    objection = raised(signed, at)
    operations.answer(objection.id, Outcome.PARTLY, "答复在此", by=REVIEWER, at=at)
    assert [body(hr, path) for path in paths] == before
    for path in ("/objections", f"/objections/{objection.id}"):
        assert hr.get(path).status_code == 403
    partial = open_page(key_of(signed), last_four())
    page = partial.get("/w/record").text
    assert not [text for text in (WORDS, "答复在此", objection.reference) if text in page]
    assert partial.get(f"/w/objection/{objection.id}").status_code == 404
    assert partial.post(f"/w/objection/{objection.id}/closing").status_code == 404


def body(client: FlaskClient, path: str) -> str:
    text = client.get(path).text.split("<main")[-1].split("</main>")[0]
    return text.split("csrf_token")[0]


def test_who_objects_by_number_is_known_as_such(signed: City, open_page: Open, sign_in: SignIn) -> None:
    from tests.disclosure.test_entry import number_of

    browser = open_page(number_of(signed), last_four())
    form = {"category": "suspended", "text": "已经解除", "contact": ""}
    answer = browser.post("/w/objection", data=form)
    assert answer.status_code == 303
    objection = reading().scalars(select(Objection)).one()
    page = browser.get("/w/record").text
    assert objection.reference in page  # said once, to whoever has just filed it
    assert objection.reference not in browser.get("/w/record").text
    desk = sign_in(Role.REVIEWER, district_code=DISTRICT).get(f"/objections/{objection.id}").text
    assert "仅凭通行证编号" in desk


def test_three_are_enough_at_a_time(city_of: MakeCity, at: datetime) -> None:
    city = city_of(workers=2)
    for _ in range(3):
        raised(city, at)
    with pytest.raises(operations.TooManyOpen):
        raised(city, at)
    assert raised(city, at, place=1)


def test_words_are_sealed_and_not_in_the_audit(city_of: MakeCity, at: datetime) -> None:
    city = city_of(workers=1)
    objection = raised(city, at)
    operations.hand_over(objection.id, "核对三号楼", by=REVIEWER, at=at)
    sealed = reading().scalars(select(ObjectionTurn.sealed)).all()
    audited = [*reading().scalars(select(AuditEntry.detail)), *reading().scalars(select(AuditEntry.action))]
    assert {"objection.objected", "objection.handed"} <= set(audited)
    for text in (WORDS, "169 0000 0000", "核对三号楼", "building"):
        assert not [each for each in sealed if text.encode() in each]
        assert not [each for each in audited if text in each]
    with transaction() as session:
        session.execute(update(ObjectionTurn).where(ObjectionTurn.number == 1).values(number=9))
    reading().expire_all()
    with pytest.raises(Exception, match="sealed"):
        list_of_person(**person(objection))


@pytest.mark.parametrize("text", ["", "  ", "\u3000"])
def test_nothing_said_is_refused(city_of: MakeCity, at: datetime, text: str) -> None:
    city = city_of(workers=1)
    worker = reading().get_one(Worker, city.worker_ids[0])
    with pytest.raises(operations.NothingSaid):
        operations.raise_objection(
            worker, Category.DATA, text, "", firm_id=city.firm_id, key=Key.OWN, by=PUBLIC, at=at
        )
    assert reading().scalars(select(Objection)).all() == []


def test_doors_ask_for_the_role_themselves(city_of: MakeCity, at: datetime) -> None:
    objection = raised(city_of(workers=1), at)
    for by in (STEWARD, PUBLIC, Actor("hr", Role.HR, firm_id=objection.firm_id)):
        with pytest.raises(NotAllowed):
            operations.answer(objection.id, Outcome.UPHELD, "好", by=by, at=at)
    with pytest.raises(NotFound):
        operations.report(objection.id, "好", by=STEWARD, at=at)  # it was not handed over


def test_the_districts_reviewers_are_told_once_a_round_and_the_firm_never(
    city_of: MakeCity, sign_in: SignIn, at: datetime
) -> None:
    city = city_of(workers=1)
    readers = (
        sign_in(Role.REVIEWER, district_code=DISTRICT),
        sign_in(Role.HR, firm_id=city.firm_id),
        sign_in(Role.REVIEWER, district_code="310101"),
    )
    told, hr, elsewhere = (reader.account.id for reader in readers)  # type: ignore[attr-defined]
    objection = raised(city, at)
    operations.answer(objection.id, Outcome.UPHELD, "好", by=SIGNER, at=at)
    operations.insist(objection.id, "不同意", **person(objection), by=PUBLIC, at=at)  # type: ignore[arg-type]
    assert not reading().scalars(select(Notice).where(Notice.account_id.in_([hr, elsewhere]))).all()
    notices = (
        reading()
        .scalars(
            select(Notice).where(Notice.account_id == told, Notice.kind == "objection").order_by(Notice.key)
        )
        .all()
    )
    assert [notice.read_at is None for notice in notices] == [False, True]
    assert {notice.link for notice in notices} == {f"/objections/{objection.id}"}


def test_the_lifecycle_has_no_way_out_of_the_end() -> None:
    assert all(after(step, State.CLOSED) is None for step in Step)
    assert set(MOVES) == set(Step) - {Step.OBJECTED}


def test_overdue_is_marked_and_first(
    city_of: MakeCity, sign_in: SignIn, at: datetime, statements: list[str]
) -> None:
    city = city_of(workers=30)
    late, fresh = raised(city, at - timedelta(hours=30)), raised(city, at, place=1)
    reviewer = sign_in(Role.REVIEWER, district_code=DISTRICT)
    reviewer.get("/objections")
    statements.clear()
    page = reviewer.get("/objections").text
    few = len(statements)
    assert page.index(late.reference) < page.index(fresh.reference)
    assert page.count("已超时") == 2  # the count above, and the one
    for place in range(2, 30):
        raised(city, at, place=place)
    statements.clear()
    assert reviewer.get("/objections").text.count("待答复") >= 30
    assert len(statements) == few
    assert reviewer.get("/objections?state=closed&page=9").status_code == 200
    assert isinstance(clock.now(), datetime)
    assert issubclass(operations.TooManyOpen, Refusal)
