"""Paper to phone, phone to phone, and back: one good pass at any moment, the former cancelled with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from threading import Barrier, Thread
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask
from sqlalchemy import func, select

from resume import audit, jobs
from resume.credential.cose import is_signed_by
from resume.credential.payload import Medium
from resume.credential.phone import PhoneKey
from resume.credential.token import parse
from resume.db import db, reading, transaction
from resume.passes import reissue as door
from resume.passes.issue import EvidenceMoved
from resume.passes.keys import key_set
from resume.passes.lifecycle import Status
from resume.passes.making import making_of
from resume.passes.models import Pass, Sheet
from resume.passes.operations import revoke
from resume.passes.queries import find_in_force, status_of
from resume.passes.reassess import Scope, reassess
from resume.passes.reissue import NotGoodNow, PassEnded, PassHeld, PassInUse, is_on, reissue
from resume.passes.sheets import OnAPhone, make_chosen, sheet_of, token_of
from resume.passes.status_list import status_values
from resume.review.operations import sign_off
from resume.roles import CLI, PUBLIC
from tests.invariants import broken
from tests.passes.city import REVIEWER, SIGNER, City, add_case, add_contact, add_negative
from tests.passes.conftest import MakeCity

LATER = timedelta(minutes=30)


def new_key() -> PhoneKey:
    return PhoneKey.of(ec.generate_private_key(ec.SECP256R1()).public_key())


def issued(city_of: MakeCity, at: datetime, **options: Any) -> tuple[City, Pass]:
    city = city_of(**{"workers": 1, **options})
    sign_off(city.application_id, revision=2, by=SIGNER, at=at)
    return city, in_force(city, at)


def in_force(city: City, at: datetime) -> Pass:
    found = find_in_force(city.person_keys[0], firm_id=city.firm_id, at=at)
    assert found is not None
    return found


def put(found: Pass, key: PhoneKey | None, at: datetime) -> Pass:
    medium: Medium = "paper" if key is None else "phone"
    return reissue(found.id, medium=medium, phone_key=key, by=PUBLIC, at=at)


def test_paper_phone_other_phone_and_paper_again(city_of: MakeCity, at: datetime) -> None:
    _city, paper = issued(city_of, at)
    first, second = new_key(), new_key()
    passes = [paper]
    for step, key in enumerate((first, second, None), start=1):
        passes.append(put(passes[-1], key, at + step * LATER))
    moment = at + 4 * LATER
    for found in passes:
        reading().refresh(found)
    assert [status_of(found, at=moment) for found in passes] == [Status.REPLACED] * 3 + [Status.ACTIVE]
    assert [found.medium for found in passes] == ["paper", "phone", "phone", "paper"]
    assert [found.replaced_at for found in passes] == [found.issued_at for found in passes[1:]] + [None]
    assert {found.expires_at for found in passes} == {paper.expires_at}
    assert {found.decision_id for found in passes} == {paper.decision_id}
    assert len({(found.number, found.status_index) for found in passes}) == 4
    assert set(status_values(0, at=moment)) == {found.status_index for found in passes[:3]}
    token = parse(token_of(passes[1]))
    entry = key_set().find_entry(token.kid)
    assert entry is not None
    assert is_signed_by(token.envelope, entry.public_key)
    assert token.claims.phone_key == first
    assert token.claims.payload.medium == "phone"
    assert is_on(passes[2], second)
    assert not is_on(passes[2], first)
    waiting = set(reading().scalars(select(jobs.Job.key).where(jobs.Job.kind == "sheet")))
    assert waiting == {str(paper.id), str(passes[3].id)}, "paper has its sheet as others do; a phone has none"
    assert broken(at=moment) == []


def test_the_same_phone_again_changes_nothing(city_of: MakeCity, at: datetime) -> None:
    _city, paper = issued(city_of, at)
    key = new_key()
    fresh = put(paper, key, at + LATER)
    assert put(fresh, key, at + 2 * LATER).id == fresh.id
    assert put(put(fresh, None, at + 3 * LATER), None, at + 3 * LATER).medium == "paper"
    assert reading().scalar(select(func.count()).select_from(Pass)) == 3


def test_a_new_pass_says_what_holds_now_and_ends_where_the_old_one_would(
    city_of: MakeCity, at: datetime
) -> None:
    city, paper = issued(city_of, at)
    with transaction():
        add_negative(city, 0, sampled_at=at + timedelta(hours=1))
    fresh = put(paper, new_key(), at + timedelta(hours=3))
    assert fresh.good_until == at + timedelta(hours=49) > paper.good_until
    assert parse(token_of(fresh)).claims.payload.good_until == fresh.good_until
    assert fresh.expires_at == paper.expires_at


def test_a_phone_has_no_sheet(city_of: MakeCity, at: datetime) -> None:
    city, paper = issued(city_of, at)
    fresh = put(paper, new_key(), at + LATER)
    with pytest.raises(OnAPhone):
        sheet_of(fresh.id)
    assert make_chosen([paper.id, fresh.id], firm_id=city.firm_id) == [(paper.id, paper.number)]
    assert reading().scalar(select(func.count()).select_from(Sheet)) == 1
    assert making_of(firm_id=city.firm_id, real_at=at).total == 0


@pytest.mark.parametrize("what", ["held", "announced", "stale", "out", "used", "revoked", "expired"])
def test_what_is_not_good_now_is_not_replaced(city_of: MakeCity, at: datetime, what: str) -> None:
    city, paper = issued(city_of, at)
    moment, refusal = at + LATER, PassEnded
    if what in ("held", "announced"):
        ahead = timedelta(minutes=2) if what == "announced" else timedelta()
        with transaction():
            add_case(city, at=moment + ahead)
            if what == "held":
                reassess(scope=Scope(building_ids=frozenset([city.building_id])), at=moment, by=CLI)
        refusal = PassHeld if what == "held" else NotGoodNow
    elif what == "stale":
        moment, refusal = at + timedelta(hours=40), NotGoodNow
    elif what in ("out", "used"):
        with transaction() as session:
            found = session.get_one(Pass, paper.id)
            found.out_at = at
            if what == "used":
                found.in_at, found.is_live = at + timedelta(minutes=5), False
        refusal = PassInUse
    elif what == "revoked":
        revoke(paper.id, reason="离职", by=REVIEWER, at=at)
    else:
        moment = paper.expires_at
    with pytest.raises(refusal):
        put(paper, new_key(), moment)
    assert reading().scalar(select(func.count()).select_from(Pass)) == 1


def at_once(app: Flask, *calls: Callable[[], object]) -> list[object]:
    """The results (or exceptions) of calls made at the same moment in threads of their own."""
    barrier, results = Barrier(len(calls)), list[object]([None] * len(calls))

    def run(place: int) -> None:
        with app.app_context():
            barrier.wait()
            try:
                results[place] = calls[place]()
            except Exception as error:
                results[place] = error
            finally:
                db.session.remove()

    threads = [Thread(target=run, args=(place,)) for place in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()  # what was read before the others wrote is not what is so now
    return results


def test_of_two_phones_at_once_one_has_it(app: Flask, city_of: MakeCity, at: datetime) -> None:
    city, paper = issued(city_of, at)
    moment = at + LATER
    results = at_once(app, *[partial(put, paper, new_key(), moment) for _ in range(3)])
    made = [each for each in results if isinstance(each, Pass)]
    assert len(made) == 1, results
    assert sum(isinstance(each, PassEnded) for each in results) == 2
    assert in_force(city, moment).id == made[0].id
    assert broken(at=moment) == []


def test_a_phone_and_a_positive_at_once(app: Flask, city_of: MakeCity, at: datetime) -> None:
    """Whichever is first: the live pass is held, and nobody ran away from the case."""
    city, paper = issued(city_of, at)
    moment = at + LATER

    def positive() -> None:
        with transaction():
            add_case(city, at=moment)
            reassess(scope=Scope(building_ids=frozenset([city.building_id])), at=moment, by=CLI)

    first, second = at_once(app, lambda: put(paper, new_key(), moment), positive)
    assert second is None
    assert isinstance(first, (Pass, PassHeld, NotGoodNow)), first
    assert status_of(in_force(city, moment), at=moment) is Status.SUSPENDED
    assert broken(at=moment) == []


def test_evidence_that_moves_is_looked_at_again(
    city_of: MakeCity, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    city, paper = issued(city_of, at)
    moment, draft = at + LATER, door.draft_again
    moves = iter([True, False, True, True, True])

    def slowly(*args: Any, **options: Any) -> Any:
        row = draft(*args, **options)
        if next(moves):
            with transaction():
                add_negative(city, 0, sampled_at=at, record_id=f"N{row['number']}")
        return row

    monkeypatch.setattr(door, "draft_again", slowly)
    fresh = put(paper, new_key(), moment)
    with pytest.raises(EvidenceMoved):
        put(fresh, new_key(), moment)
    assert in_force(city, moment).id == fresh.id


def test_a_contact_found_out_while_it_is_signed_stops_it(
    city_of: MakeCity, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    city, paper = issued(city_of, at)
    moment, draft = at + LATER, door.draft_again

    def meanwhile(*args: Any, **options: Any) -> Any:
        row = draft(*args, **options)
        with transaction():
            add_contact(city, 0, at=moment, until=None)
        return row

    monkeypatch.setattr(door, "draft_again", meanwhile)
    with pytest.raises(NotGoodNow):
        put(paper, new_key(), moment)


@pytest.mark.parametrize("place", ["draft_again", "note_change", "audit"])
def test_what_ends_in_the_middle_changes_nothing(
    city_of: MakeCity, at: datetime, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    city, paper = issued(city_of, at)

    def end(*_args: object, **_options: object) -> None:
        raise SystemExit("killed")

    if place == "audit":
        monkeypatch.setattr(audit, "record", end)
    else:
        monkeypatch.setattr(door, place, end)
    with pytest.raises(SystemExit):
        put(paper, new_key(), at + LATER)
    monkeypatch.undo()
    assert in_force(city, at + LATER).id == paper.id
    assert broken(at=at + LATER) == []
    assert put(paper, new_key(), at + LATER).medium == "phone"
