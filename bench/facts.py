"""The facts, verdicts and outlooks of a stored list of 10,000 workers.

Ours is what every page of a list does: facts in a fixed number of queries, all judged in memory, all looked
ahead. The obvious way takes one worker at a time: three queries (building with its cases and screening,
tests, code), and the same verdict function.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence

from sqlalchemy import event, select

from bench.measurement import Measurement, seconds
from bench.roster_check import AT, WORKERS, build, facts_of_one, rows
from resume.app import create_app
from resume.db import db, reading
from resume.evidence.models import CaseRecord, ScreeningRecord
from resume.places.models import Building
from resume.policy import Facts, Outlook, Verdict, decide
from resume.roles import CLI
from resume.roster.eligibility import facts_of, judge
from resume.roster.models import Worker
from resume.roster.operations import upload
from resume.roster.outlook import curves, outlooks_of, to_sample
from resume.roster.queries import list_workers
from resume.settings import Settings
from tests.roster import city

MOST_QUERIES, MOST_SECONDS, TARGET = 5, 0.5, 10


def measure() -> Iterator[Measurement]:
    """Facts and verdicts both ways, then each part of ours alone."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings.from_environment({"RESUME_HOME": folder, "RESUME_CLOCK": AT.isoformat()}))
        with app.app_context():
            yield from _measure()


def _measure() -> Iterator[Measurement]:
    firm_id = build(WORKERS)
    made = upload(firm_id, city.workbook(rows(WORKERS)), "list.xlsx", by=CLI, at=AT)
    workers = list_workers(made.id, firm_id=firm_id)
    facts: list[Facts] = []
    verdicts: list[Verdict] = []
    outlooks: list[Outlook] = []
    obvious: list[Verdict] = []

    def read() -> None:
        facts[:] = facts_of(workers, at=AT, plan=None)

    def verdict() -> None:
        verdicts[:] = judge(facts, at=AT)

    def look_ahead() -> None:
        outlooks[:] = outlooks_of(facts, verdicts, at=AT)
        curves(outlooks, at=AT)
        to_sample(outlooks, at=AT)

    queries = _counted(read)
    reading_seconds, verdict_seconds, ahead_seconds = seconds(read), seconds(verdict), seconds(look_ahead)
    slow = seconds(lambda: obvious.extend(one_by_one(workers)), repeats=1)
    agree = [a.outcome is b.outcome for a, b in zip(verdicts, obvious, strict=True)]
    assert all(agree), "the two ways must give the same answers, or the comparison says nothing"
    fast = reading_seconds + verdict_seconds
    yield Measurement("facts and verdicts, 10,000 workers", "s", fast, slow, TARGET, "lower")
    yield Measurement("queries for these facts", "queries", queries, None, MOST_QUERIES, "lower")
    yield Measurement("verdicts alone, 10,000 workers", "s", verdict_seconds, None, MOST_SECONDS, "lower")
    yield Measurement(
        "outlooks, curves and deadlines, 10,000 workers", "s", ahead_seconds, None, MOST_SECONDS, "lower"
    )
    db.engine.dispose()


def _counted(read: Callable[[], None]) -> int:
    """How many statements one reading of the facts sends."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    read()
    event.remove(db.engine, "before_cursor_execute", note)
    return len(sent)


def one_by_one(workers: Sequence[Worker]) -> list[Verdict]:
    return [decide(facts_of_one(worker, building_of(worker)), profile="RTW", at=AT) for worker in workers]


def building_of(worker: Worker) -> tuple[Building, list[CaseRecord], ScreeningRecord | None]:
    """One query: the worker's building with its cases and its latest screening."""
    query = (
        select(Building, CaseRecord, ScreeningRecord)
        .outerjoin(CaseRecord, (CaseRecord.building_id == Building.id) & CaseRecord.replaced_at.is_(None))
        .outerjoin(
            ScreeningRecord,
            (ScreeningRecord.building_id == Building.id) & ScreeningRecord.replaced_at.is_(None),
        )
        .where(Building.id == worker.building_id)
    )
    found = reading().execute(query).all()
    return found[0][0], [row[1] for row in found if row[1] is not None], found[0][2]


if __name__ == "__main__":
    for line in measure():
        print(f"{line.name}: {line.ours:.3g} {line.unit}; obvious {line.obvious}; ratio {line.ratio}")
