"""P7: one positive in a building with 1,000 active passes, from the feed's line to the passes that it holds.

`python -m bench.acting cases` measures a day of the worst week instead: 27,000 cases against 100,000 active
passes on PostgreSQL, all of them hit. Loading takes minutes, so it is not part of every run.
"""

from __future__ import annotations

import gc
import io
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from sqlalchemy import event

from bench.measurement import Measurement
from resume.app import create_app
from resume.applications.models import Batch, Decision
from resume.bulk import insert_rows
from resume.clock import SHANGHAI
from resume.db import db, new_id, transaction
from resume.home import make_keys
from resume.intake.feeds import FEEDS
from resume.intake.operations import take_in
from resume.intake.report import Report
from resume.passes.models import Pass
from resume.roles import CLI
from resume.settings import Settings
from tests import postgres
from tests.passes.city import City, make_city

AT = datetime(2022, 4, 22, 9, 0, tzinfo=SHANGHAI)
MOST_SECONDS, STATEMENTS = 1.0, 40
PASSES, BUILDINGS, CASES = 100_000, 20_000, 27_000


def measure() -> Iterator[Measurement]:
    """On both databases: seconds, and statements."""
    for engine in ("SQLite", "PostgreSQL"):
        with tempfile.TemporaryDirectory() as folder:
            app = application(Path(folder), engine)
            with app.app_context():
                with_passes(1_000, buildings=1)
                _report, seconds, sent = timed(cases(1, 1))
                db.session.remove()
                db.engine.dispose()
        yield Measurement(f"P7 a positive, 1,000 passes, {engine}", "s", seconds, None, MOST_SECONDS, "lower")
        yield Measurement(f"P7 its statements, {engine}", "statements", sent, None, STATEMENTS, "lower")


def application(folder: Path, engine: str) -> Flask:
    make_keys(folder / "keys")
    url = postgres.fresh_sqlite(folder) if engine == "SQLite" else postgres.fresh_database()
    environment = {"RESUME_HOME": str(folder), "RESUME_DATABASE_URL": url, "RESUME_CLOCK": AT.isoformat()}
    return create_app(Settings.from_environment(environment))


def with_passes(count: int, *, buildings: int) -> City:
    """A city whose workers all hold an active pass, loaded past the doors that would issue them."""
    folder = Path(current_app.config["RESUME_KEYS_FOLDER"])
    city = make_city(AT, keys_folder=folder, workers=count, buildings=buildings)
    batch_id = new_id()
    decisions = [new_id() for _worker in city.worker_ids]
    with transaction() as session:
        session.add(
            Batch(
                id=batch_id,
                application_id=city.application_id,
                at=AT,
                decided_by="signer",
                policy_version="SH-2022-04",
                approved=count,
                withheld=0,
            )
        )
        session.flush()
        insert_rows(
            Decision,
            [decision(batch_id, *pair) for pair in zip(decisions, city.worker_ids, strict=True)],
        )
        insert_rows(Pass, [active_pass(city, place, decisions[place]) for place in range(count)])
    return city


def decision(batch_id: Any, decision_id: Any, worker_id: Any) -> dict[str, Any]:
    return {
        "id": decision_id,
        "batch_id": batch_id,
        "worker_id": worker_id,
        "at": AT,
        "is_approved": True,
        "code": "OK",
        "sealed": b"-",
    }


def active_pass(city: City, place: int, decision_id: Any) -> dict[str, Any]:
    return {
        "id": new_id(),
        "number": f"310115{place:06d}K",
        "profile": "RTW",
        "person_key": city.person_keys[place],
        "worker_id": city.worker_ids[place],
        "firm_id": city.firm_id,
        "application_id": city.application_id,
        "decision_id": decision_id,
        "building_id": city.building_ids[place % len(city.building_ids)],
        "site_id": city.site_id,
        "issued_at": AT,
        "expires_at": AT + timedelta(days=7),
        "good_until": AT + timedelta(hours=30),
        "pcr_sampled_at": AT - timedelta(hours=10),
        "building_clear_from": None,
        "kid": "00",
        "shard": place // 32_768,
        "status_index": place % 32_768,
        "sealed_token": b"-",
        "is_live": True,
        "is_suspended": False,
    }


def cases(count: int, buildings: int) -> bytes:
    """A feed of cases over all buildings in turn."""
    text = io.StringIO()
    text.write(",".join(column.name for column in FEEDS["cases"].columns) + "\n")
    for serial in range(count):
        place = f"B1-{serial % buildings + 1}"
        text.write(f"C{serial},confirmed,{place},,{(AT - timedelta(hours=1)).isoformat()},,,,\n")
    return text.getvalue().encode()


def timed(feed: bytes) -> tuple[Report, float, int]:
    """The receipt, seconds and statements of taking this feed in."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    gc.disable()
    start = time.perf_counter()
    report = take_in("cases", feed, "cases.csv", by=CLI, at=AT + timedelta(minutes=1))
    passed = time.perf_counter() - start
    gc.enable()
    event.remove(db.engine, "before_cursor_execute", note)
    return report, passed, len(sent)


def many_cases() -> None:
    """27,000 cases against 100,000 active passes."""
    with tempfile.TemporaryDirectory() as folder, application(Path(folder), "PostgreSQL").app_context():
        with_passes(PASSES, buildings=BUILDINGS)
        db.session.remove()
        report, seconds, sent = timed(cases(CASES, BUILDINGS))
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{report.accepted:,} cases, {report.suspended:,} passes suspended: {seconds:.1f} s,"
            f" {sent} statements, peak {memory:,.0f} MB"
        )
        db.session.remove()
        db.engine.dispose()


if __name__ == "__main__":
    if sys.argv[1:] == ["cases"]:
        many_cases()
    else:
        for line in measure():
            print(f"{line.name}: {line.ours:.3g} {line.unit}")
