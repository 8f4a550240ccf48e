"""A second file against the list that stands: compared field by field, then appended or replacing."""

from __future__ import annotations

from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from resume.db import transaction
from resume.roster import queries
from resume.roster.models import Worker
from resume.roster.working_copy import ListChanged
from resume.staffing import operations
from resume.staffing.comparing import Kind, Listed, compare, difference_of, seen_of, view_changes
from resume.staffing.operations import Way, settle
from tests.roster import city
from tests.roster.conftest import HR, Firm
from tests.staffing.rows import by_name, case_of, confirmed, current_of, list_of, submitted, text, texts

SPACE = UUID(int=7)


def listed(name: str, rows: dict[int, int]) -> list[Listed]:
    return [
        Listed(uuid5(SPACE, f"{name}{person}"), bytes([person]), bytes([content]))
        for person, content in rows.items()
    ]


rows = st.dictionaries(st.integers(0, 30), st.integers(0, 2))


@given(rows, rows)
def test_the_difference_is_a_partition(before: dict[int, int], after: dict[int, int]) -> None:
    found = compare(listed("a", before), listed("b", after))
    old = [was for pairs in found.by_kind.values() for was, _now in pairs if was]
    new = [now for pairs in found.by_kind.values() for _was, now in pairs if now]
    assert sorted(old, key=str) == sorted((each.worker_id for each in listed("a", before)), key=str)
    assert sorted(new, key=str) == sorted((each.worker_id for each in listed("b", after)), key=str)
    assert found.count(Kind.NEW) == len(after.keys() - before.keys())
    assert found.count(Kind.GONE) == len(before.keys() - after.keys())
    same = [person for person in before.keys() & after.keys() if before[person] == after[person]]
    assert found.count(Kind.SAME) == len(same)
    assert found.after_replacing == len(after)
    assert found.after_appending == len(before.keys() | after.keys())


@given(rows)
def test_a_list_does_not_differ_from_itself(one: dict[int, int]) -> None:
    found = compare(listed("a", one), listed("b", one))
    assert found.count(Kind.SAME) == len(one)


def second(firm: Firm) -> UUID:
    """甲 the same, 乙 with another phone and room, 丁 new; 丙 not in the file, 戊 in a bad row."""
    made = firm.upload(
        city.worker(1, name="甲明"),
        city.worker(2, name="乙明", phone="13912345678", room="999"),
        city.worker(4, name="丁明"),
        city.worker(5, name="戊明", site="?"),
    )
    return made.id


NAMES = {1: "甲明", 2: "乙明", 3: "丙明", 5: "戊明"}
FIRST = [city.worker(number, name=name) for number, name in NAMES.items()]


def test_the_page_says_what_changes_field_by_field_masked(firm: Firm) -> None:
    confirmed(firm, *FIRST)
    preview = second(firm)
    assert "看变化并确认" in text(firm.client.get(f"/list/{preview}"))
    page = f"/list/{preview}/changes"
    shown = text(firm.client.get(page))
    assert "新增 1 有变化 1 未列入 2 没有变化 1" in shown
    assert "丁明" in shown
    assert "现有名单中有 1 人在这些行里" in shown
    assert "追加到现有名单（共 5 人）" in shown
    assert "替换现有名单（共 3 人）" in shown
    changed = text(firm.client.get(f"{page}?kind=changed"))
    assert "138****5678 → 139****5678" in changed
    assert "*** → ***" in changed
    assert "999" not in changed
    assert "13912345678" not in changed
    gone = text(firm.client.get(f"{page}?kind=gone"))
    assert "丙明" in gone
    assert "在新文件第 5 行，该行有错误" in gone
    assert firm.client.get(f"{page}?kind=x&page=-3").status_code == 200


def test_appending_keeps_those_not_in_the_file(firm: Firm) -> None:
    first = confirmed(firm, *FIRST)
    preview = second(firm)
    view = view_of(firm, preview)
    response = firm.client.post(f"/list/{preview}/settle", data={"way": "append", "seen": view.seen})
    assert response.status_code == 303
    current = current_of(firm)
    assert (current.id, current.good_count, current.row_count) == (preview, 5, 6)
    assert current.based_on_id == first.id
    found = by_name(current.id)
    assert set(found) == {"甲明", "乙明", "丙明", "丁明", "戊明"}
    assert found["乙明"][1].phone == "13912345678"
    assert found["丙明"][1].document_number == city.resident(3)
    assert [found[name][0].row for name in ("甲明", "乙明", "丁明", "丙明", "戊明")] == [2, 3, 4, 6, 7]
    assert (case_of(firm).list_id, case_of(firm).worker_count) == (current.id, 5)
    assert list_of(firm, first.id).state == "dropped"


def test_replacing_leaves_them_out(firm: Firm) -> None:
    first = submitted(firm, *FIRST, state="approved")
    preview = second(firm)
    view = view_of(firm, preview)
    settle(preview, way=Way.REPLACE, seen=view.seen, firm_id=firm.id, by=HR, at=firm.at)
    assert set(by_name(preview)) == {"甲明", "乙明", "丁明"}
    assert list_of(firm, first.id).state == "submitted"
    assert case_of(firm).number == 2


def test_a_list_that_moved_meanwhile_is_seen_again_first(firm: Firm) -> None:
    confirmed(firm, *FIRST)
    preview = second(firm)
    seen = view_of(firm, preview).seen
    operations.add_worker(preview, texts(9), firm_id=firm.id, by=HR, at=firm.at)
    with pytest.raises(ListChanged):
        settle(preview, way=Way.APPEND, seen=seen, firm_id=firm.id, by=HR, at=firm.at)
    assert list_of(firm, preview).state == "preview"


def test_rows_from_before_there_was_a_key_are_compared_by_what_they_say(firm: Firm) -> None:
    first = confirmed(firm, *FIRST)
    preview = second(firm)
    with transaction() as session:
        session.execute(update(Worker).where(Worker.list_id == first.id).values(content_key=None))
    view = view_of(firm, preview)
    assert [view.difference.count(kind) for kind in Kind] == [1, 1, 2, 1]


def test_a_first_list_is_confirmed_as_before(firm: Firm) -> None:
    made = firm.upload(city.worker(1))
    assert "确认这份名单（1 人）" in text(firm.client.get(f"/list/{made.id}"))
    assert firm.client.get(f"/list/{made.id}/changes").status_code == 303
    seen = seen_of(made, None)
    settle(made.id, way=Way.APPEND, seen=seen, firm_id=firm.id, by=HR, at=firm.at)
    assert list_of(firm, made.id).state == "confirmed"


def test_statements_do_not_grow(firm: Firm, statements: list[str]) -> None:
    counts = []
    for size in (4, 160):
        confirmed(firm, *(city.worker(i) for i in range(size)))
        preview = firm.upload(*(city.worker(i, shift="乙班") for i in range(size // 2, size * 2))).id
        statements.clear()
        firm.client.get(f"/list/{preview}/changes?kind=changed")
        paged = len(statements)
        seen = view_of(firm, preview).seen
        statements.clear()
        settle(preview, way=Way.APPEND, seen=seen, firm_id=firm.id, by=HR, at=firm.at)
        counts.append((paged, len(statements)))
        assert len(queries.workers_of(preview)) == size * 2
    assert counts[0] == counts[1]


def view_of(firm: Firm, preview_id: UUID):
    preview = list_of(firm, preview_id)
    current = current_of(firm)
    assert difference_of(preview, current).by_kind.keys() == set(Kind)
    return view_changes(preview, current, None, 1)
