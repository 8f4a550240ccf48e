"""F12: keys come, retire and go while gates check and lists are fetched: no good pass is refused, none that
its list calls bad is taken, and old lists are no way back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event, Thread

import pytest
from flask import Flask
from sqlalchemy import select

from resume.credential.check import check
from resume.credential.keys import NotGenuine, open_key_list
from resume.credential.status import StatusBits, StatusList, open_status_list
from resume.credential.views import GateView, PassStatus
from resume.db import db, reading
from resume.passes import rotation
from resume.passes.drafts import status_uri
from resume.passes.keys import ISSUER, key_set, list_anchor, signing_kid, status_signer
from resume.passes.models import Pass
from resume.passes.operations import revoke
from resume.passes.sheets import token_of
from resume.passes.status_list import current_key_list, current_list, make_list
from resume.review.operations import sign_off
from resume.roles import CLI
from tests.passes.city import REVIEWER, SIGNER, City
from tests.passes.conftest import MakeCity

GATES = 3
ROUNDS = 4
GATE = GateView("v")


class Watch:
    """Gates that go on checking a pass while something happens; what each said."""

    def __init__(self, app: Flask, look: Callable[[], str], gates: int = GATES) -> None:
        self._app, self._look, self._stop = app, look, Event()
        self.said: list[str] = []
        self._threads = [Thread(target=self._go_on) for _gate in range(gates)]

    def __enter__(self) -> Watch:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(timeout=60)
        assert not any(thread.is_alive() for thread in self._threads)

    def _go_on(self) -> None:
        with self._app.app_context():
            while True:
                try:
                    self.said.append(self._look())
                except Exception as error:  # whatever it is, the test shall say it
                    self.said.append(repr(error))
                finally:
                    db.session.remove()
                if self._stop.is_set():
                    return


@pytest.fixture
def city(city_of: MakeCity, at: datetime) -> City:
    made = city_of(workers=2)
    sign_off(made.application_id, revision=2, by=SIGNER, at=at)
    return made


def online(token: bytes, at: datetime) -> str:
    """What a gate on line says of key and signature."""
    return check(token, key_set(), at=at, gate=GATE, status_of=lambda _: PassStatus.ACTIVE).code


def offline(token: bytes, shard: int, at: datetime) -> str:
    """What a gate says that has just fetched key list and status list, in this order."""
    anchor = status_signer(at=at).private_key.public_key()
    keys = open_key_list(current_key_list(at=at).message, anchor, issuer=ISSUER, at=at).keys
    listed = open_status_list(current_list(shard, at=at).message, keys, uri=status_uri(shard), at=at)
    answer = check(token, keys, at=at, gate=GATE, status_of=lambda claims: _status(listed, claims.status_idx))
    return answer.code


def _status(listed: StatusList, index: int) -> PassStatus | None:
    found = listed.status_at(index)
    return {StatusBits.VALID: PassStatus.ACTIVE, StatusBits.INVALID: PassStatus.REVOKED}.get(found)


def test_good_passes_stay_good_while_keys_come_and_retire(app: Flask, city: City, at: datetime) -> None:
    first = reading().scalars(select(Pass).order_by(Pass.number)).first()
    assert first is not None
    token, shard, moment = token_of(first), first.shard, at + timedelta(minutes=1)
    db.session.rollback()
    with (
        Watch(app, lambda: online(token, moment)) as gates,
        Watch(app, lambda: offline(token, shard, moment), gates=1) as phones,
    ):
        for purpose in ("RTW", "status") * ROUNDS:
            old = signing_kid(purpose, moment)
            rotation.rotate(purpose, reason="F12", at_once=True, by=CLI, at=moment)
            if purpose == "RTW":
                rotation.retire(old, reason="F12", by=CLI, at=moment)
    assert set(gates.said) == {"OK"}
    # Anchor, key list and status list are three fetches: where a key came between them, the phone asks again.
    assert {said for said in phones.said if not said.startswith("NotGenuine")} == {"OK"}
    assert offline(token, shard, moment) == "OK"


def test_a_distrusted_key_ends_its_passes_at_the_next_check(app: Flask, city: City, at: datetime) -> None:
    first = reading().scalars(select(Pass).order_by(Pass.number)).first()
    assert first is not None
    token, moment = token_of(first), at + timedelta(minutes=1)
    with Watch(app, lambda: online(token, moment)) as gates:
        rotation.distrust(first.kid, reason="F12", by=CLI, at=moment)
        before = len(gates.said)
    assert set(gates.said) == {"OK", "KEY_DISTRUSTED"} or set(gates.said) == {"KEY_DISTRUSTED"}
    # One check of each gate may have read the keys before the door closed; none after.
    assert set(gates.said[before + GATES :]) <= {"KEY_DISTRUSTED"}
    assert online(token, moment) == "KEY_DISTRUSTED"


def test_an_old_list_is_no_way_back(app: Flask, city: City, at: datetime) -> None:
    """After its list says so a revoked pass is taken by nobody who holds a newer one; a list that a
    distrusted key signed, or that is out of date, is none at all."""
    first = reading().scalars(select(Pass).order_by(Pass.number)).first()
    assert first is not None
    token, shard, later = token_of(first), first.shard, at + timedelta(hours=1)
    replayed = current_list(shard, at=at).message
    assert offline(token, shard, at) == "OK"
    with Watch(app, lambda: offline(token, shard, later)) as phones:
        revoke(first.id, reason="F12", by=REVIEWER, at=later)
        before = len(phones.said)
    assert set(phones.said[before + GATES :]) <= {"REVOKED"}
    keys = key_set()
    listed = [
        open_status_list(message, keys, uri=status_uri(shard), at=later)
        for message in (replayed, make_list(shard, at=later))
    ]
    newest = max(listed, key=lambda one: one.issued_at)
    assert newest.status_at(first.status_index) is StatusBits.INVALID
    with pytest.raises(NotGenuine):
        open_status_list(replayed, keys, uri=status_uri(shard), at=at + timedelta(hours=24))
    old_anchor = list_anchor(at=later)
    rotation.distrust(signing_kid("status", later), reason="F12", by=CLI, at=later)
    assert list_anchor(at=later) != old_anchor
    with pytest.raises(NotGenuine):
        open_status_list(replayed, key_set(), uri=status_uri(shard), at=later)


def test_of_many_who_ask_at_once_one_makes_the_list(
    app: Flask, city: City, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []

    def counted(shard: int, **when: datetime) -> bytes:
        made.append(shard)
        return make_list(shard, **when)

    monkeypatch.setattr("resume.passes.status_list.make_list", counted)
    with Watch(app, lambda: current_list(0, at=at).etag, gates=8) as gates:
        pass
    assert len(gates.said) >= 8
    assert len(set(gates.said)) == len(made) == 1
