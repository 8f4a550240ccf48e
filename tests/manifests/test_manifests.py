"""Whom to expect: who is on the list and who is not, the paper, and its ticks."""

from __future__ import annotations

import re
import subprocess
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from resume.db import new_id, reading, transaction
from resume.gate.models import Scan
from resume.gate.operations.scans import check_scan, let_through
from resume.manifests.making import make_manifest
from resume.manifests.operations import keep_manifest, read_file
from resume.manifests.queries import expected_at, get_manifest
from resume.manifests.ticks import BadTicks, enter_ticks, tick_lines
from resume.passes.models import Pass
from resume.passes.operations import revoke
from resume.places.models import Building, Compound
from resume.plans.models import PlanVersion
from resume.policy import SHANGHAI
from resume.refusals import NotFound
from resume.roles import Actor, Role
from resume.roster.models import Worker
from tests.gate.conftest import Way, guard_of
from tests.passes.city import REVIEWER, add_contact

DESK = Actor("desk", Role.STREET, district_code="310115", street="梧桐街道")


def home(way: Way) -> Compound:
    return reading().get_one(Building, way.city.building_id).compound


def numbers(way: Way, day: date, at: datetime) -> list[str]:
    return [line.number for line in expected_at(home(way), day, at=at).lines]


def test_who_holds_a_good_pass_and_is_to_come_is_expected(way: Way, tomorrow: date, at, statements) -> None:
    with transaction() as session:
        session.execute(
            update(PlanVersion).values(
                approved_at=at,
                sections={"transport": {"rows": [{"plate": "沪A12345", "departs_at": "07:40"}]}},
            )
        )
    statements.clear()
    expected = expected_at(home(way), tomorrow, at=at)
    assert len(statements) <= 14
    assert [line.number for line in expected.lines] == [found.number for found in way.passes()]
    assert {(line.departs_at, line.plate, line.last_four) for line in expected.lines} == {
        ("07:40", "沪A12345", line.last_four) for line in expected.lines
    }
    assert all(line.good_until > at for line in expected.lines)


def test_who_is_not_to_come_yet_or_has_left_is_not_expected(way: Way, tomorrow: date, at) -> None:
    first, second, third = way.passes()
    with transaction() as session:
        session.get_one(Worker, first.worker_id).arrive_on = tomorrow + timedelta(days=1)
    scan = check_scan(second.number, nonce=new_id(), by=guard_of(way.home), at=at)
    let_through(scan.scan.nonce, by=guard_of(way.home), at=at)
    assert numbers(way, tomorrow, at) == [third.number]
    # Who did not come as planned may come later.
    later = expected_at(home(way), tomorrow + timedelta(days=1), at=at)
    assert later.lines == []
    assert later.not_ready == 2  # the samples of all are too old by then


def test_whose_pass_is_revoked_or_held_is_not_on_it(way: Way, tomorrow: date, at) -> None:
    first, second, third = way.passes()
    revoke(first.id, reason="演示", by=REVIEWER, at=at)
    with transaction():
        add_contact(way.city, way.city.worker_ids.index(second.worker_id), at=at, until=None)
    expected = expected_at(home(way), tomorrow, at=at + timedelta(minutes=1))
    assert [line.number for line in expected.lines] == [third.number]
    assert expected.suspended + expected.not_ready == 1


def test_the_paper_is_signed_numbered_and_made_once_for_the_same_list(
    way: Way, tomorrow: date, at, tmp_path: Path
) -> None:
    made = make_manifest(home(way), tomorrow, by=DESK, at=at)
    assert make_manifest(home(way), tomorrow, by=DESK, at=at + timedelta(hours=1)).id == made.id
    revoke(way.first().id, reason="演示", by=REVIEWER, at=at)
    second = make_manifest(home(way), tomorrow, by=DESK, at=at + timedelta(hours=2))
    third = make_manifest(home(way), tomorrow, by=DESK, at=at + timedelta(hours=7))
    assert (made.number, second.number, third.number) == (1, 2, 3)
    assert made.digest != second.digest == third.digest
    pdf = tmp_path / "manifest.pdf"
    pdf.write_bytes(read_file(made))
    text = subprocess.run(
        ["pdftotext", "-layout", pdf, "-"], capture_output=True, text=True, check=True
    ).stdout
    assert "王小明" in text
    assert made.digest[:4].upper() in text
    said = subprocess.run(["pdfsig", "-nocert", pdf], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" in said
    assert subprocess.run(["qpdf", "--check", pdf], capture_output=True, check=False).returncode == 0
    spoiled = pdf.read_bytes().replace(b"/Producer", b"/Producex", 1)
    pdf.write_bytes(spoiled)
    said = subprocess.run(["pdfsig", "-nocert", pdf], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" not in said


def test_two_who_make_the_same_paper_at_once_have_one(way: Way, tomorrow: date, at) -> None:
    expected = expected_at(home(way), tomorrow, at=at)
    first = keep_manifest(expected, 1, b"one", by=DESK, at=at)
    assert keep_manifest(expected, 1, b"two", by=DESK, at=at).id == first.id
    assert read_file(get_manifest(first.id)) == b"one"


def test_ticks_are_entered_once_and_let_the_bearers_out(way: Way, tomorrow: date, at) -> None:
    made = make_manifest(home(way), tomorrow, by=DESK, at=at)
    evening = datetime.combine(tomorrow, time(20), SHANGHAI)
    typed = {1: "08:05", 3: "08:06"}
    results = enter_ticks(made, typed, gate_id=way.home, by=DESK, at=evening)
    assert [(result.state, result.is_forced) for result in results] == [("kept", False)] * 2
    assert enter_ticks(made, {**typed, 1: "09:00"}, gate_id=way.home, by=DESK, at=evening) == []
    outs = list(reading().scalars(select(Pass.out_at).order_by(Pass.number)))
    assert [out and out.astimezone(SHANGHAI).strftime("%d %H:%M") for out in outs] == [
        "23 08:05",
        None,
        "23 08:06",
    ]
    assert reading().scalar(select(func.count()).select_from(Scan)) == 2
    assert [line.tick is not None for line in tick_lines(made)] == [True, False, True]


def test_who_was_let_out_by_the_paper_although_held_is_kept_as_forced(way: Way, tomorrow: date, at) -> None:
    made = make_manifest(home(way), tomorrow, by=DESK, at=at)
    with transaction():
        add_contact(way.city, way.city.worker_ids.index(way.first().worker_id), at=at, until=None)
    evening = datetime.combine(tomorrow, time(20), SHANGHAI)
    (result,) = enter_ticks(made, {1: "08:05"}, gate_id=way.home, by=DESK, at=evening)
    assert (result.state, result.is_forced) == ("kept", True)
    assert way.first().out_at is not None


@pytest.mark.parametrize("typed", ["25:00", "x", "20:01"])
def test_times_that_cannot_be_are_named_and_nothing_is_entered(
    way: Way, tomorrow: date, at, typed: str
) -> None:
    made = make_manifest(home(way), tomorrow, by=DESK, at=at)
    evening = datetime.combine(tomorrow, time(20), SHANGHAI)
    with pytest.raises(BadTicks) as caught:
        enter_ticks(made, {1: "08:05", 2: typed}, gate_id=way.home, by=DESK, at=evening)
    assert caught.value.positions == {2}
    assert reading().scalar(select(func.count()).select_from(Scan)) == 0


def test_a_gate_of_another_compound_is_not_found(way: Way, tomorrow: date, at) -> None:
    made = make_manifest(home(way), tomorrow, by=DESK, at=at)
    with pytest.raises(NotFound):
        enter_ticks(made, {1: "08:05"}, gate_id=way.elsewhere, by=DESK, at=at + timedelta(days=1))


def test_desk_and_gate_each_see_their_own(way: Way, tomorrow: date, at, sign_in) -> None:
    compound_id = home(way).id
    desk = sign_in(Role.STREET, district_code="310115", street="梧桐街道")
    other = sign_in(Role.STREET, district_code="310115", street="别处街道")
    guard, stranger = sign_in(Role.GUARD, gate_id=way.home), sign_in(Role.GUARD, gate_id=way.elsewhere)
    assert "春晓苑" in desk.get("/manifests").get_data(as_text=True)
    assert "春晓苑" not in other.get("/manifests").get_data(as_text=True)
    page = desk.get(f"/manifests/{compound_id}").get_data(as_text=True)
    assert "王*明" in page
    assert "王小明" not in page
    assert "王小明" in guard.get("/manifests").get_data(as_text=True)
    day = {"day": tomorrow.isoformat()}
    assert other.post(f"/manifests/{compound_id}", data=day).status_code == 404
    assert stranger.get(f"/manifests/{compound_id}").status_code == 404
    assert desk.post(f"/manifests/{compound_id}", data=day).status_code == 303
    (link,) = re.findall(
        r'href="(/manifests/[0-9a-f-]{36}/file)"', desk.get(f"/manifests/{compound_id}").text
    )
    assert guard.get(link).data.startswith(b"%PDF-")
    for client in (other, stranger):
        assert client.get(link).status_code == 404
        assert client.get(link.replace("file", "ticks")).status_code == 404
    ticks = link.replace("file", "ticks")
    assert guard.get(ticks).status_code == 200
    assert desk.post(ticks, data={"gate": way.home, "t-1": "23:59"}).status_code == 422
    assert guard.get("/manifests?day=9999-12-31").status_code == 200
    assert sign_in(Role.GUARD, gate_id=way.plant).get("/manifests").status_code == 404
