"""A server killed inside an upload, or between its commit and its answer: the device sends it again."""

from __future__ import annotations

import json
import os
import signal
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NoReturn

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.serving import make_server

from resume import audit
from resume.db import db, reading
from resume.gate.models import MedicalExit, Scan
from tests.gate.conftest import Way, guard_of
from tests.gate.uploading import event
from tests.invariants import broken


def die(*_args: Any, **_kwargs: Any) -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def serve(app: Flask, door: socket.socket, gate_id: int, moment: str) -> None:
    """In a process of its own: the application at `door`, which dies at `moment` of its first upload."""
    db.engine.dispose(close=False)  # the parent's connections stay the parent's
    app.extensions["resume-actor-loader"] = lambda: guard_of(gate_id, "device:1")
    if moment == "inside":
        audit.record_many = die
    if moment == "after":
        app.after_request_funcs.setdefault(None, []).append(die)
    make_server("127.0.0.1", 0, app, threaded=True, fd=door.fileno()).serve_forever()


@contextmanager
def serving(app: Flask, gate_id: int, moment: str) -> Iterator[tuple[str, int]]:
    """Address and process of a server that is there until it is killed."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        process = os.fork()
        if process == 0:
            try:
                serve(app, door, gate_id, moment)
            finally:
                os._exit(1)
        yield f"http://127.0.0.1:{door.getsockname()[1]}/gate/scans", process
    try:
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
    except (ProcessLookupError, ChildProcessError):
        pass  # it was waited for already


def post(url: str, entries: list[dict[str, Any]]) -> list[str]:
    body = json.dumps({"scans": entries}).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as response:
        return [one["state"] for one in json.load(response)["results"]]


@pytest.mark.parametrize(("moment", "then"), [("inside", "kept"), ("after", "known")])
def test_no_event_twice_and_none_lost(app: Flask, way: Way, at: datetime, moment: str, then: str) -> None:
    entries = [event(way.token(), at), event("", at, "medical"), event("x", at, "failed")]
    reading().rollback()
    with serving(app, way.home, moment) as (url, process):
        with pytest.raises((urllib.error.URLError, ConnectionError)):
            post(url, entries)
        assert os.WTERMSIG(os.waitpid(process, 0)[1]) == signal.SIGKILL
    with serving(app, way.home, "never") as (url, _process):
        assert post(url, entries) == [then] * 3
        assert post(url, entries) == ["known"] * 3
    reading().rollback()
    counts = [reading().scalar(select(func.count()).select_from(model)) for model in (Scan, MedicalExit)]
    assert counts == [3, 1]
    assert way.first().out_at == at
    assert broken(at=at) == []
