"""Single workers: added, changed, removed; a submitted list stays as it was, and the case follows."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from resume import audit
from resume.db import reading
from resume.people.models import Person
from resume.refusals import NotFound
from resume.roster import queries
from resume.roster.details import open_details
from resume.roster.models import Worker, WorkerList
from resume.roster.queries import RowSettled
from resume.roster.steps import ListNotOpen
from resume.staffing import operations
from tests.roster import city
from tests.roster.conftest import HR, Firm
from tests.staffing.rows import (
    by_name,
    case_of,
    confirmed,
    current_of,
    list_of,
    posted,
    submitted,
    text,
    texts,
)

EDITED = {"document_number": "", "phone": ""}


def test_a_worker_is_added_to_a_preview_below_its_last_row(firm: Firm) -> None:
    made = firm.upload(city.worker(1), city.worker(2, phone="12"))
    assert firm.client.get(f"/list/{made.id}/add").status_code == 200
    response = firm.client.post(f"/list/{made.id}/add", data=posted(texts(5, name="新人"), "new"))
    assert response.status_code == 303
    assert "新人" in text(firm.client.get(response.location))
    after = list_of(firm, made.id)
    assert (after.state, after.row_count, after.good_count) == ("preview", 3, 2)
    assert [worker.row for worker in queries.workers_of(made.id)] == [2, 4]
    assert reading().scalar(select(func.count()).select_from(Person)) == 2


def test_what_is_wrong_with_a_new_worker_is_said(firm: Firm) -> None:
    made = firm.upload(city.worker(1))
    response = firm.client.post(f"/list/{made.id}/add", data=posted(texts(1, site=""), "new"))
    assert response.status_code == 422
    assert "工作厂区：此项必填" in text(response)
    response = firm.client.post(f"/list/{made.id}/add", data=posted(texts(1), "new"))
    assert response.status_code == 422
    assert "与第 2 行是同一证件" in text(response)


def test_a_confirmed_list_is_changed_itself_and_the_case_counts_with_it(firm: Firm) -> None:
    made = confirmed(firm, city.worker(1), city.worker(2))
    firm.client.post(f"/list/{made.id}/add", data=posted(texts(5), "new"))
    after = current_of(firm)
    assert (after.id, after.good_count) == (made.id, 3)
    assert (case_of(firm).list_id, case_of(firm).worker_count) == (made.id, 3)


def test_a_change_keeps_number_and_phone_where_nothing_is_typed(firm: Firm) -> None:
    made = firm.upload(city.worker(1, name="甲明"))
    worker, _details = by_name(made.id)["甲明"]
    page = firm.client.get(f"/list/workers/{worker.id}/edit")
    html = page.get_data(as_text=True)
    assert city.resident(1) not in html
    assert "13812345678" not in html
    assert "138****5678" in html
    data = posted(texts(1, name="甲明", building="2号") | EDITED, "new")
    data["seen"] = operations.version_of(worker)
    assert firm.client.post(f"/list/workers/{worker.id}/edit", data=data).status_code == 303
    after, details = by_name(made.id)["甲明"]
    assert (after.id, details.document_number, details.phone) == (worker.id, city.resident(1), "13812345678")
    assert (details.building, after.building_id) == ("2号", firm.buildings["B2"])
    entry = audit.list_entries(before=None, action="list.worker_changed", limit=1)[0]
    assert "building_id" in entry.detail
    assert "2号" not in entry.detail


def test_two_who_change_one_worker_do_not_overwrite_each_other(firm: Firm) -> None:
    made = firm.upload(city.worker(1, name="甲明"))
    worker, _details = by_name(made.id)["甲明"]
    seen, worker_id = operations.version_of(worker), worker.id
    typed = texts(1, name="甲明", shift="乙班")
    operations.change_worker(worker_id, typed, seen=seen, firm_id=firm.id, by=HR, at=firm.at)
    with pytest.raises(RowSettled):
        operations.change_worker(
            worker_id, texts(1, name="甲明", shift="丙班"), seen=seen, firm_id=firm.id, by=HR, at=firm.at
        )
    assert by_name(made.id)["甲明"][0].shift == "乙班"


@pytest.mark.parametrize("state", ["submitted", "recommended", "approved", "refused", "returned"])
def test_a_submitted_list_is_history_and_the_change_made_on_a_copy(firm: Firm, state: str) -> None:
    made = submitted(firm, city.worker(1, name="甲明"), city.worker(2, name="乙明"), state=state)
    worker, _details = by_name(made.id)["甲明"]
    number = case_of(firm).number
    page = text(firm.client.get(f"/list/workers/{worker.id}/edit"))
    said = {
        "approved": "上次申请已办结", "refused": "上次申请已办结", "returned": "这份名单提交过",
    }.get(state, "申请正在审核")  # fmt: skip
    assert said in page
    data = posted(texts(1, name="甲明", building="2号") | EDITED, "new")
    data["seen"] = operations.version_of(worker)
    response = firm.client.post(f"/list/workers/{worker.id}/edit", data=data)
    assert response.status_code == 303
    before = by_name(made.id)
    assert before["甲明"][1].building == "1号"
    copy = current_of(firm)
    assert (copy.state, copy.based_on_id, copy.good_count) == ("confirmed", made.id, 2)
    after = by_name(copy.id)
    assert after["甲明"][1].building == "2号"
    assert open_details(after["乙明"][0]) == before["乙明"][1]
    assert after["乙明"][0].content_key == before["乙明"][0].content_key
    case = case_of(firm)
    assert case.list_id == copy.id
    assert case.state == "draft"
    assert case.number == number + (state in ("approved", "refused"))
    assert list_of(firm, made.id).state == "submitted"
    # The next change is made on the copy itself.
    again = posted(texts(7), "new")
    firm.client.post(f"/list/{copy.id}/add", data=again)
    current = current_of(firm)
    assert (current.id, current.good_count) == (copy.id, 3)


def test_what_says_the_same_begins_nothing(firm: Firm) -> None:
    made = submitted(firm, city.worker(1, name="甲明"), state="approved")
    worker, _details = by_name(made.id)["甲明"]
    operations.change_worker(
        worker.id,
        texts(1, name="甲明") | EDITED,
        seen=operations.version_of(worker),
        firm_id=firm.id,
        by=HR,
        at=firm.at,
    )
    assert case_of(firm).state == "approved"
    assert len(queries.list_lists(firm_id=firm.id)) == 1


def test_only_the_preview_and_the_list_that_stands_are_changed(firm: Firm) -> None:
    old = submitted(firm, city.worker(1, name="甲明"))
    worker, _details = by_name(old.id)["甲明"]
    worker_id = worker.id
    operations.remove_worker(worker_id, has_left=False, firm_id=firm.id, by=HR, at=firm.at)
    with pytest.raises(ListNotOpen):
        operations.remove_worker(worker_id, has_left=False, firm_id=firm.id, by=HR, at=firm.at)
    html = firm.client.get(f"/list/{old.id}").get_data(as_text=True)
    assert f"/list/workers/{worker_id}/edit" not in html


def test_a_worker_is_removed(firm: Firm) -> None:
    made = confirmed(firm, city.worker(1, name="甲明"), city.worker(2, name="乙明"))
    worker, _details = by_name(made.id)["甲明"]
    assert "没有有效通行证" in text(firm.client.get(f"/list/workers/{worker.id}/remove"))
    address = f"/list/workers/{worker.id}/remove"
    assert firm.client.post(address).status_code == 303
    assert list(by_name(made.id)) == ["乙明"]
    assert case_of(firm).worker_count == 1
    assert firm.client.post(address).status_code == 404


def test_another_firms_workers_are_not_found(firm: Firm, make_firm: Callable[[str], Firm]) -> None:
    other = make_firm("91310115MA1K00002B")
    made = firm.upload(city.worker(1))
    (worker,) = queries.workers_of(made.id)
    worker_id = worker.id
    for address in (f"/list/{made.id}/add", f"/list/workers/{worker_id}/edit"):
        assert other.client.get(address).status_code == 404
        assert other.client.post(address, data=posted(texts(1), "new")).status_code in (404, 422)
    for page in ("remove", "building"):
        assert other.client.post(f"/list/workers/{worker_id}/{page}").status_code == 404
    with pytest.raises(NotFound):
        operations.add_worker(made.id, texts(3), firm_id=other.id, by=HR, at=other.at)
    assert reading().scalar(select(func.count()).select_from(Worker)) == 1
    assert reading().scalar(select(func.count()).select_from(WorkerList)) == 1


def test_statements_of_a_change_on_a_copy_do_not_grow(
    firm: Firm, make_firm: Callable[[str], Firm], statements: list[str]
) -> None:
    counts = []
    for one, size in ((firm, 3), (make_firm("91310115MA1K00002B"), 250)):
        made = submitted(one, *(city.worker(i + size * 10) for i in range(size)))
        worker_id = queries.workers_of(made.id)[0].id
        statements.clear()
        operations.remove_worker(worker_id, has_left=True, firm_id=one.id, by=HR, at=one.at)
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_choosing_a_building_settles_all_of_the_same_address(firm: Firm, evidence: city.Evidence) -> None:
    evidence.clean([1, 2, 3]).screened(firm.buildings.values()).store()
    made = firm.upload(
        city.worker(1, name="甲明", building="4号", street="别街"),
        city.worker(2, name="乙明", building="4号", room="9"),
        city.worker(3, name="丙明", building="44号"),
    )
    worker, _details = by_name(made.id)["甲明"]
    shown = text(firm.client.get(f"/list/{made.id}"))
    assert "同时用于住址相同的其他 1 人" in shown
    assert "选定 花木街道 锦绣苑 3号（锦绣路100弄）" in shown
    assert "同时用于住址相同的其他 1 人" in text(firm.client.get(f"/list/workers/{worker.id}"))
    near = str(firm.buildings["B3"])
    address = f"/list/workers/{worker.id}/building"
    assert firm.client.post(address, data={"building": near, "also_same": "y"}).status_code == 303
    found = by_name(made.id)
    assert [found[name][0].building_id for name in ("甲明", "乙明", "丙明")] == [
        firm.buildings["B3"], firm.buildings["B3"], None,
    ]  # fmt: skip
    assert found["甲明"][1].address == "浦东新区花木街道锦绣苑3号"
    assert found["乙明"][0].flat_key is not None
    assert "符合 2" in text(firm.client.get(f"/list/{made.id}"))
    assert firm.client.post(address, data={"building": near}).status_code == 422


def test_a_building_that_was_not_offered_is_not_taken(firm: Firm) -> None:
    made = firm.upload(
        city.worker(1, name="甲明", building="4号"), city.worker(2, name="乙明", building="4号")
    )
    worker, _details = by_name(made.id)["甲明"]
    address = f"/list/workers/{worker.id}/building"
    for typed in ("999999", "", "x"):
        assert firm.client.post(address, data={"building": typed}).status_code == 422
    firm.client.post(address, data={"building": str(firm.buildings["B3"])})
    assert by_name(made.id)["乙明"][0].building_id is None  # not asked for


def test_a_search_is_posted_and_finds_by_name_number_and_phone(firm: Firm) -> None:
    made = firm.upload(
        city.worker(1, name="甲明", phone="13800001111"), city.worker(2, name="乙明", post="电工")
    )
    address = f"/list/{made.id}/search"
    number = city.resident(1)
    wanted = {
        "甲明": "甲明",
        number: "甲明",
        number.lower(): "甲明",
        number[-5:]: "甲明",
        "1111": "甲明",
        "电工": "乙明",
    }
    for words, name in wanted.items():
        response = firm.client.post(address, data={"q": words})
        assert response.status_code == 200
        assert [one for one in ("甲明", "乙明") if one in text(response)] == [name], words
    assert "没有符合这些条件的人员" in text(firm.client.post(address, data={"q": "无此人"}))
    assert "甲明" in text(firm.client.get(f"/list/{made.id}?q=乙明"))  # an address carries no search


def test_a_long_search_is_paged_without_an_address(firm: Firm) -> None:
    made = firm.upload(*(city.worker(i) for i in range(60)))
    first = firm.client.post(f"/list/{made.id}/search", data={"q": "王"}).get_data(as_text=True)
    assert "?q=" not in first
    assert first.count('id="row-') == 50
    second = firm.client.post(f"/list/{made.id}/search", data={"q": "王", "page": "2"})
    assert second.get_data(as_text=True).count('id="row-') == 10
