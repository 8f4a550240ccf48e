"""A file is left to the worker: progress, refusals, a newer file, a killed worker; the web never opens it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, update

from resume import audit, jobs
from resume.applications.operations import confirm_list
from resume.clock import real_now
from resume.db import reading, transaction
from resume.firms.models import Site
from resume.jobs import Job
from resume.refusals import NotFound
from resume.roster import jobs as roster_jobs
from resume.roster import judgement, queries, taking
from resume.roster.models import BadRow, ListUpload, RowError, Worker, WorkerList
from resume.roster.receiving import READ_JOB, receive
from resume.tables import reading as tables
from tests.fuzz.attacks import ATTACKS
from tests.roster import city
from tests.roster.conftest import HR, Firm
from tests.roster.test_pages import text

FRAGMENT = {"HX-Request": "true"}


def finish() -> None:
    while jobs.work_once():
        pass


def uploads() -> list[ListUpload]:
    reading().rollback()
    return list(reading().scalars(select(ListUpload).execution_options(populate_existing=True)))


def count(model: type[Any]) -> int:
    reading().rollback()
    return reading().scalar(select(func.count()).select_from(model)) or 0


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taking, "PIECE", 3)
    monkeypatch.setattr(judgement, "PIECE", 4)


def rows(number: int) -> bytes:
    return city.workbook(city.worker(i) for i in range(1, number + 1))


def test_the_web_process_never_opens_the_file(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    def opened(*_: object) -> None:
        raise AssertionError("a spreadsheet was opened in the web process")

    with monkeypatch.context() as web:
        for name in ("read_workbook", "read_delimited"):
            web.setattr(tables, name, opened)
        taken = firm.post(rows(2))
        waiting = firm.client.get(taken.location)
    assert taken.status_code == 303
    assert "即将读取" in text(waiting)
    assert "hx-trigger" in waiting.text
    assert "名单.xlsx 正在读取" in text(firm.client.get("/list"))
    (kept,) = uploads()
    assert city.resident(1).encode() not in (kept.sealed_file or b"")
    finish()
    went_on = firm.client.get(taken.location)
    assert went_on.status_code == 303
    assert "共 2 行，可受理 2 人" in text(firm.client.get(went_on.location))
    assert "正在读取" not in text(firm.client.get("/list"))
    assert [(one.state, one.sealed_file) for one in uploads()] == [("done", None)]


def test_the_page_says_how_far_it_is_and_goes_on(
    firm: Firm, small_pieces: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked after each piece; what has not changed is not sent again."""
    address = firm.post(rows(7)).location
    shown: list[str] = []
    for name in ("read", "judged"):
        tell = getattr(roster_jobs._Reader, name)

        def told(self: Any, number: int, tell: Any = tell) -> None:
            tell(self, number)
            far = uploads_inside()
            shown.append(f"{far.state} {far.rows_read} {far.rows_judged} {far.rows}")

        monkeypatch.setattr(roster_jobs._Reader, name, told)

    def uploads_inside() -> ListUpload:
        return reading().scalars(select(ListUpload)).one()

    assert jobs.work_once() == 1
    assert shown == ["reading 3 0 7", "reading 6 0 7", "reading 7 0 7", "judging 7 4 7", "judging 7 7 7"]
    done = firm.client.get(address, headers=FRAGMENT)
    assert (done.status_code, "/list/" in done.headers["HX-Redirect"]) == (204, True)


def test_a_fragment_asks_again_until_something_has_changed(firm: Firm) -> None:
    address = firm.post(rows(1)).location
    first = firm.client.get(address, headers=FRAGMENT)
    assert "<html" not in first.text
    asks = re.search(r'hx-get="([^"]+)"', first.text)
    assert asks is not None
    again = asks[1].replace("&amp;", "&")
    assert firm.client.get(again, headers=FRAGMENT).status_code == 204
    with transaction() as session:
        session.execute(update(ListUpload).values(state="reading", rows=40_000, rows_read=10_000))
    changed = firm.client.get(again, headers=FRAGMENT)
    assert "10000 / 40000" in text(changed)
    assert 'max="40000"' in changed.text


HOSTILE = (
    "entities",
    "bomb_by_ratio",
    "ten_thousand_members",
    "sparse_far_corner",
    "open_document",
    "lying_size",
)
TEXTS_REFUSED = {"missing_columns": "姓名,手机号码\n王明,1\n".encode(), "utf16": b"\xff\xfea\x00"}


@pytest.mark.parametrize("attack", [*HOSTILE, *TEXTS_REFUSED])
def test_what_the_worker_refuses_is_said_on_the_page(firm: Firm, attack: str) -> None:
    if attack in ATTACKS:
        data, name, codes = ATTACKS[attack].make(), ATTACKS[attack].name, ATTACKS[attack].answers
    else:
        data, name, codes = TEXTS_REFUSED[attack], "a.csv", frozenset([attack])
    answer = firm.send(data, name)
    assert answer.status_code == 200
    assert "重新上传" in text(answer)
    assert "hx-trigger" not in answer.text
    (kept,) = uploads()
    assert kept.refused is not None
    assert kept.refused["code"] in codes
    assert kept.refused["zh"] in text(answer)
    assert (kept.state, kept.sealed_file, kept.list_id) == ("refused", None, None)
    moved = firm.client.get(f"/list/uploads/{kept.id}", headers=FRAGMENT)
    assert (moved.status_code, moved.headers["HX-Redirect"]) == (204, f"/list/uploads/{kept.id}")
    assert count(WorkerList) == 0
    assert jobs.count_open(READ_JOB) == 0


def test_an_upload_is_its_firms_alone(firm: Firm, make_firm: Callable[[str], Firm]) -> None:
    other = make_firm("91310115MA1K00002B")
    address = firm.post(rows(1)).location
    assert other.client.get(address).status_code == 404
    with pytest.raises(NotFound):
        queries.get_upload(uuid4(), firm_id=firm.id)


def test_a_newer_file_takes_the_place_of_one_that_waits(firm: Firm) -> None:
    first = firm.post(rows(1)).location
    firm.send(rows(2))
    assert firm.client.get(first).status_code == 404
    assert [one.row_count for one in queries.list_lists(firm_id=firm.id)] == [2]


def test_a_newer_file_ends_the_reading_of_an_older_one(
    firm: Firm, small_pieces: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    receive(firm.id, rows(7), "a.xlsx", by=HR, at=firm.at)
    prepare = taking._prepare

    def interrupted(read: Any, taken: Any) -> Any:
        if taken.row_count == 3:
            receive(firm.id, rows(2), "b.xlsx", by=HR, at=firm.at)
        return prepare(read, taken)

    monkeypatch.setattr(taking, "_prepare", interrupted)
    finish()
    assert [(one.file_name, one.state) for one in uploads()] == [("b.xlsx", "done")]
    assert (count(WorkerList), count(Worker)) == (1, 2)


def test_a_killed_worker_loses_nothing_and_stores_nothing_twice(
    firm: Firm, small_pieces: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It dies after the second piece; the next one, once the lease is over, begins anew."""
    receive(firm.id, rows(7), "a.xlsx", by=HR, at=firm.at)
    judge = taking._judge

    class Killed(BaseException):
        pass

    def killed(*_: object) -> None:
        raise Killed

    monkeypatch.setattr(taking, "_judge", killed)
    with pytest.raises(Killed):
        jobs.work_once()
    assert count(Worker) == 7
    assert queries.list_lists(firm_id=firm.id) == []
    assert queries.find_preview(firm_id=firm.id) is None
    monkeypatch.setattr(taking, "_judge", judge)
    assert jobs.work_once() == 0
    with transaction() as session:
        session.execute(update(Job).where(Job.kind == READ_JOB).values(lease_until=real_now()))
    finish()
    assert (count(WorkerList), count(Worker)) == (1, 7)
    (made,) = queries.list_lists(firm_id=firm.id)
    assert (made.state, made.row_count, made.good_count) == ("preview", 7, 7)
    assert len(audit.list_entries(before=None, action="list.uploaded", limit=9)) == 1


def test_bad_rows_are_kept_piece_by_piece_and_go_with_their_list(
    firm: Firm, small_pieces: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = city.workbook(city.worker(i, phone="12" if i in (2, 5) else "13812345678") for i in range(1, 8))

    def stored() -> list[int]:
        return [count(model) for model in (Worker, RowError, BadRow)]

    address = firm.send(bad).location
    assert address.endswith("?tab=errors")
    assert "第 6 行" in text(firm.client.get(address))
    assert stored() == [5, 2, 2]
    judge = taking._judge
    monkeypatch.setattr(taking, "_judge", lambda *_: 1 / 0)
    firm.send(bad)
    assert stored() == [10, 4, 4], "the one that is read is stored, the preview stands"
    monkeypatch.setattr(taking, "_judge", judge)
    with transaction() as session:
        session.execute(update(Job).values(not_before=real_now()).where(Job.kind == READ_JOB))
    finish()
    assert stored() == [5, 2, 2], "begun anew, and in the preview's place"
    monkeypatch.setattr(taking, "_judge", lambda *_: 1 / 0)
    firm.send(bad)
    firm.send(rows(1))
    monkeypatch.setattr(taking, "_judge", judge)
    with transaction() as session:
        session.execute(update(Job).values(not_before=real_now()).where(Job.kind == READ_JOB))
    finish()
    assert stored() == [1, 0, 0], "a newer file threw it away"


def test_a_file_beside_a_list_that_stands_leads_to_what_it_changes(firm: Firm) -> None:
    first = firm.upload(city.worker(1))
    confirm_list(first.id, firm_id=firm.id, by=HR, at=firm.at)
    shown = firm.client.get(firm.send(rows(2)).location)
    (made,) = [one for one in queries.list_lists(firm_id=firm.id) if one.id != first.id]
    assert f"/list/{made.id}/changes" in shown.text
    assert "新增" in text(firm.client.get(f"/list/{made.id}/changes"))


def test_of_two_workers_on_one_file_the_first_stops(
    firm: Firm, small_pieces: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lease lapsed while the first was busy with a piece: the second has the file, and keeps it."""
    receive(firm.id, rows(7), "a.xlsx", by=HR, at=firm.at)
    prepare = taking._prepare
    overtaken: list[bool] = []

    def slow(read: Any, taken: Any) -> Any:
        if taken.row_count == 3 and not overtaken:
            overtaken.append(True)
            with transaction() as session:
                session.execute(update(Job).where(Job.kind == READ_JOB).values(lease_until=real_now()))
            assert jobs.work_once() == 1  # the other worker, from beginning to end
        return prepare(read, taken)

    monkeypatch.setattr(taking, "_prepare", slow)
    finish()
    assert (count(WorkerList), count(Worker)) == (1, 7)
    assert [one.state for one in uploads()] == ["done"]


def test_a_file_that_always_ends_the_reader_is_given_up(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    address = firm.post(rows(1)).location
    monkeypatch.setattr(roster_jobs, "read_table", lambda *_: 1 / 0)
    for _ in range(roster_jobs.MOST_ATTEMPTS + 1):
        with transaction() as session:
            session.execute(update(Job).values(not_before=real_now()).where(Job.kind == READ_JOB))
        jobs.work_once()
    assert "多次读取都没有完成" in text(firm.client.get(address))


def test_plants_changed_while_it_was_read(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    address = firm.post(rows(1)).location
    judge = taking._judge

    def renamed(*given: Any) -> Any:
        with transaction() as session:
            session.execute(update(Site).values(name="二厂"))
        return judge(*given)

    monkeypatch.setattr(taking, "_judge", renamed)
    finish()
    assert "厂区有修改" in text(firm.client.get(address))
    assert (count(WorkerList), count(Worker)) == (0, 0)


def test_after_a_day_an_upload_is_forgotten(firm: Firm) -> None:
    firm.send(rows(1))
    left = receive(firm.id, rows(2), "b.xlsx", by=HR, at=firm.at)
    with transaction() as session:
        session.execute(update(Job).where(Job.kind == READ_JOB).values(state="failed"))
        session.execute(update(Job).values(not_before=real_now()))
    assert left in {one.id for one in uploads()}
    finish()
    assert uploads() == []
    assert [one.row_count for one in queries.list_lists(firm_id=firm.id)] == [1]


def test_an_upload_goes_before_other_jobs_and_alone(firm: Firm) -> None:
    done: list[str] = []

    def other(payload: dict[str, Any]) -> jobs.Effect:
        return lambda _session, _at: done.append(payload["n"])

    jobs._handlers["other"] = other
    try:
        with transaction():
            jobs.enqueue("other", [(str(n), {"n": n}) for n in range(3)])
        receive(firm.id, rows(1), "a.xlsx", by=HR, at=firm.at)
        assert jobs.work_once() == 1
        assert [one.state for one in uploads()] == ["done"]
        assert done == []
        assert jobs.work_once() == 3
    finally:
        del jobs._handlers["other"]


def test_pieces_of_a_list_know_each_other(firm: Firm, evidence: city.Evidence, small_pieces: None) -> None:
    """A person twice in different pieces, and a flatmate under review in another piece."""
    twice = [city.worker(1, room="808"), *(city.worker(i) for i in range(2, 7)), city.worker(7, room="808")]
    twice.append(city.worker(1))
    evidence.clean(range(1, 8)).screened(firm.buildings.values()).review(firm.buildings["B1"], 7)
    evidence.store()
    made = firm.upload(*twice)
    assert [(error.row, error.code) for error in queries.list_errors(made.id)] == [(9, "duplicate")]
    kept = judgement.judgement_of(made.id, plan=None, at=firm.at)
    whole = judgement.judge_anew(made.id, plan=None, at=firm.at)
    assert list(kept.marks) == list(whole.marks)
    assert kept.marks[0].codes == ("HEALTH",)


def test_a_judgement_counts_as_long_as_its_basis(
    firm: Firm, evidence: city.Evidence, statements: list[str]
) -> None:
    from resume.evidence.watermark import bump

    evidence.clean(range(1, 4)).screened(firm.buildings.values()).store()
    made = firm.upload(*(city.worker(i) for i in range(1, 5)))
    tests_read = "FROM test_record"

    def judged(**asked: Any) -> tuple[int, int]:
        statements.clear()
        kept = judgement.judgement_of(made.id, plan=None, at=firm.at + timedelta(**asked))
        return kept.summary().eligible, sum(tests_read in one for one in statements)

    assert judged() == (3, 0), "as the upload stored it"
    assert judged(hours=27) == (3, 0), "the samples are 47 hours old"
    eligible, read = judged(hours=29)
    assert (eligible, read > 0) == (0, True), "their time is over"
    assert judged(hours=29)[1] == 0, "and that is remembered"
    assert judged()[1] > 0, "a judgement of later says nothing of now"
    evidence.code(1, "red")
    evidence.store()
    with transaction():
        bump()
    assert judged()[0] == 2, "new evidence"
    with transaction() as session:
        session.execute(update(Worker).where(Worker.row == 2).values(row=3))
        session.delete(session.scalars(select(Worker).where(Worker.row == 4)).one())
    assert judged()[0] == 1, "a worker less"
    assert judged()[1] == 0
    with transaction() as session:
        session.execute(update(WorkerList).values(revision=1))
    assert judged()[1] > 0, "a row was changed"


def test_what_is_shown_is_judged_now_and_corrects_what_was_kept(firm: Firm, evidence: city.Evidence) -> None:
    """Evidence that came without a sign: the page finds out by the workers it shows."""
    evidence.clean([1, 2]).screened(firm.buildings.values()).store()
    made = firm.upload(city.worker(1), city.worker(2))
    assert "符合 2" in text(firm.client.get(f"/list/{made.id}"))
    evidence.code(1, "red")
    evidence.store()
    shown = text(firm.client.get(f"/list/{made.id}"))
    assert "符合 1" in shown
    assert "不符合 1" in shown


def test_marks_come_back_as_they_were(firm: Firm, evidence: city.Evidence) -> None:
    evidence.clean([1, 2]).screened(firm.buildings.values()).store()
    made = firm.upload(city.worker(1, key_post="是"), city.worker(2), city.worker(3))
    marks = judgement.judge_anew(made.id, plan=None, at=firm.at).marks
    assert judgement.decode_marks(judgement.encode_marks(marks)) == marks
    assert [mark.key_post for mark in marks] == [True, False, False]
    assert {UUID(hex=mark.worker_id) for mark in marks} == {one.id for one in queries.workers_of(made.id)}
