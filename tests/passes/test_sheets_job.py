"""The worker process: killed with -9 again and again, it loses no sheet and makes none twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select, update

from resume.clock import real_now
from resume.db import db, reading, transaction
from resume.jobs import Job, count_open
from resume.passes.models import Pass, Sheet
from resume.passes.sheets import read_sheets, ready_of_firm, sheet_of
from resume.review.operations import sign_off
from resume.settings import ROOT, Settings
from tests.conftest import AT
from tests.passes.city import SIGNER
from tests.passes.conftest import MakeCity

PASSES, KILLS = 500, 20
PATIENCE_SECONDS = 240


def environment(settings: Settings) -> dict[str, str]:
    return os.environ | {
        "RESUME_HOME": str(settings.home),
        "RESUME_DATABASE_URL": settings.database_url,
        "RESUME_CLOCK": AT.isoformat(),
    }


class Nursery:
    """Starts workers (nursery.py) and kills them with -9."""

    def __init__(self, settings: Settings) -> None:
        command = [sys.executable, "-m", "tests.passes.nursery"]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=environment(settings), stdin=pipe, stdout=pipe, text=True
        )

    def start(self) -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("start\n")
        self._process.stdin.flush()
        return next(int(line) for line in self._process.stdout if line.strip().isdecimal())

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=30)


def kill(pid: int) -> None:
    """End it as a power cut would, and wait until it is gone."""
    os.kill(pid, signal.SIGKILL)
    while Path(f"/proc/{pid}").exists():
        time.sleep(0.005)


def counted() -> int:
    db.session.rollback()
    return reading().scalar(select(func.count()).select_from(Sheet)) or 0


def let_leases_lapse() -> None:
    """What a minute does: whoever held a lease is dead."""
    with transaction() as session:
        session.execute(update(Job).where(Job.lease.is_not(None)).values(lease_until=real_now()))


def wait_for_more_than(done: int, deadline: float) -> None:
    while counted() <= done and count_open("sheet") and time.monotonic() < deadline:
        time.sleep(0.05)


def finish(settings: Settings, deadline: float) -> None:
    """One more worker does what is left, and ends when it is told to."""
    command = [sys.executable, "-m", "resume.worker"]
    worker = subprocess.Popen(command, cwd=ROOT, env=environment(settings), stdout=subprocess.DEVNULL)
    try:
        while counted() < PASSES and time.monotonic() < deadline:
            time.sleep(0.1)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=30) == 0
    finally:
        worker.kill()


def test_a_killed_worker_loses_nothing_and_makes_nothing_twice(
    app: Flask, settings: Settings, city_of: MakeCity, at: datetime
) -> None:
    city = city_of(workers=PASSES, buildings=3)
    sign_off(city.application_id, revision=2, by=SIGNER, at=at)
    deadline = time.monotonic() + PATIENCE_SECONDS
    nursery = Nursery(settings)
    try:
        for number in range(KILLS):
            worker = nursery.start()
            try:
                wait_for_more_than(counted(), deadline)
                time.sleep(0.01 * (number % 5))  # somewhere else in its round each time
            finally:
                kill(worker)
            let_leases_lapse()
    finally:
        nursery.close()
    assert 0 < counted() < PASSES, "every kill came too early or too late: nothing was tested"
    finish(settings, deadline)
    assert (counted(), count_open("sheet")) == (PASSES, 0)
    states = (
        reading()
        .execute(select(Job.state, func.count()).where(Job.kind == "sheet").group_by(Job.state))
        .all()
    )
    assert [tuple(row) for row in states] == [("done", PASSES)]
    for file in read_sheets(ready_of_firm(firm_id=city.firm_id)):
        assert sha256(file.pdf).hexdigest() == file.sha256


def test_a_sheet_asked_for_early_is_the_one_that_stays(app: Flask, city_of: MakeCity, at: datetime) -> None:
    from resume.jobs import work_once

    city = city_of(workers=1)
    sign_off(city.application_id, revision=2, by=SIGNER, at=at)
    pass_id = reading().scalars(select(Pass.id)).one()
    early = sheet_of(pass_id)
    assert work_once() == 1
    assert sheet_of(pass_id) == early
    assert sha256(early.pdf).hexdigest() == early.sha256


def test_a_second_rendering_is_thrown_away(app: Flask, city_of: MakeCity, at: datetime) -> None:
    from resume.passes.sheets import _keep, render

    city = city_of(workers=1)
    sign_off(city.application_id, revision=2, by=SIGNER, at=at)
    pass_id = reading().scalars(select(Pass.id)).one()
    first, second = render(pass_id), render(pass_id)
    assert first["sha256"] != second["sha256"]
    with transaction() as session:
        _keep(session, first)
        _keep(session, second)
    assert sheet_of(pass_id).sha256 == first["sha256"]
