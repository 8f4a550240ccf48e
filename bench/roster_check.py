"""P1: a worker list of 10,000 rows (XLSX), from the file to every worker's verdict.

Ours is what `resume roster check` does. The obvious way does the same check: openpyxl, one ORM object and
three queries a row (tests, building with its cases, code), and the same verdict function. Each runs in a
process of its own, on one database that a third has made. What an upload takes, `roster_upload` measures.
"""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import load_workbook  # type: ignore[import-untyped]
from sqlalchemy import select

from bench.measurement import Measurement, apart, cost
from resume.app import create_app
from resume.clock import SHANGHAI
from resume.collector import collector_at_rest
from resume.db import reading
from resume.evidence.models import CaseRecord, CodeRecord, ScreeningRecord, TestRecord
from resume.home import make_home
from resume.people.documents import DocumentType, parse_document
from resume.people.identify import keys_of
from resume.places.models import Building, Compound
from resume.policy import Building as KnownBuilding
from resume.policy import Case, Code, Facts, Test, Verdict, decide
from resume.roster.eligibility import facts_of_subjects, judge
from resume.roster.models import Worker
from resume.roster.resolving import resolve
from resume.roster.sheet import read_worker_list
from resume.settings import Settings
from resume.tables.reading import read_table
from tests.roster import city

WORKERS, TESTS_EACH, COMPOUNDS, CASES = 10_000, 6, 50, 900
TARGET, MOST_MEGABYTES, REPEATS = 15, 300, 3
AT = datetime(2022, 4, 22, 9, 0, tzinfo=SHANGHAI)
THIS = "bench.roster_check"


def measure() -> Iterator[Measurement]:
    """The check both ways."""
    with tempfile.TemporaryDirectory() as folder:
        apart(THIS, "build", folder, str(WORKERS))
        runs = [apart(THIS, "ours", folder) for _ in range(REPEATS)]
        fast = min(runs, key=lambda run: float(run["seconds"]))
        slow = apart(THIS, "obvious", folder)
    same = fast["answers"] == slow["answers"]
    assert same, "the two ways must give the same answers, or the comparison says nothing"
    yield Measurement("P1 roster check, 10,000 rows", "s", fast["seconds"], slow["seconds"], TARGET, "lower")
    yield Measurement("P1 roster check, processor", "s", fast["cpu"], slow["cpu"], TARGET, "lower")
    yield Measurement("P1 memory of the check", "MB", fast["megabytes"], None, MOST_MEGABYTES, "lower")


def in_home(folder: str, action: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Do something in the application of a home."""
    app = create_app(Settings.from_environment({"RESUME_HOME": folder, "RESUME_CLOCK": AT.isoformat()}))
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    with app.app_context():
        return action()


def checked(way: Callable[[bytes], list[Verdict]], folder: str) -> dict[str, Any]:
    """The cost of one check, and a digest of its answers."""
    data, verdicts = (Path(folder) / "list.xlsx").read_bytes(), list[Verdict]()
    taken = cost(lambda: verdicts.extend(way(data)))
    answers = hashlib.sha256(" ".join(one.outcome for one in verdicts).encode()).hexdigest()
    return {
        "seconds": taken.seconds, "cpu": taken.cpu, "megabytes": taken.megabytes, "answers": answers,
    }  # fmt: skip


def built(folder: str, workers: int) -> dict[str, Any]:
    """A city and the list of all its workers as a file; the firm's id."""
    firm_id = build(workers)
    (Path(folder) / "list.xlsx").write_bytes(city.workbook(rows(workers)))
    return {"firm": firm_id}


def build(workers: int) -> int:
    """The city: 1,000 buildings, 6 tests and a code for each worker, 900 cases; the firm's id."""
    make_home()
    ids = city.register(
        *(
            (f"P{compound}-{number}", f"锦绣苑{compound}区", f"锦绣路{compound}弄", f"{number}号")
            for compound in range(COMPOUNDS)
            for number in range(1, 21)
        ),
        at=AT,
    )
    for start in range(0, workers, 10_000):
        some = range(start, min(start + 10_000, workers))
        evidence = city.Evidence(AT).clean(some)
        for day in range(1, TESTS_EACH):
            for sequence in some:
                sampled = AT - timedelta(hours=20 + 24 * day, seconds=sequence % 3600)
                evidence.test(sequence, sampled=sampled, result="negative", method="mixed")
        evidence.store()
    evidence = city.Evidence(AT).screened(ids.values())
    codes = list(ids.values())
    for number in range(CASES):
        evidence.case(codes[number % len(codes)], days_ago=1 + number % 20)
    evidence.store()
    return city.firm("91310115MA1K00001A", at=AT)


def rows(workers: int) -> Iterator[dict[str, Any]]:
    """The list: good rows, everybody in his own flat."""
    for sequence in range(workers):
        number = sequence // COMPOUNDS % 20 + 1
        yield city.worker(sequence, compound=f"锦绣苑{sequence % COMPOUNDS}区", building=f"{number}号")


def ours(data: bytes) -> list[Verdict]:
    """As `resume roster check` does it."""
    with collector_at_rest():
        read = read_worker_list(read_table(data, "list.xlsx"), sites=None, today=AT.date())
        subjects = [resolved.subject for resolved in resolve(read.rows)]
        return judge(facts_of_subjects(subjects, at=AT, plan=None), at=AT)


def obvious(data: bytes) -> list[Verdict]:
    """Row by row: the cells, an object, its evidence, its verdict."""
    sheet = load_workbook(BytesIO(data)).active
    assert sheet is not None
    table = sheet.iter_rows(values_only=True)
    names = [str(name) for name in next(table)]
    verdicts = []
    for cells in table:
        row = dict(zip(names, cells, strict=True))
        document = parse_document(DocumentType.RESIDENT_ID, str(row["证件号码"]), today=AT.date())
        worker = Worker(
            person_key=keys_of(document).key,  # type: ignore[arg-type]  # the list holds good numbers only
            post=str(row["岗位"]),
            key_post=row["关键岗位"] == "是",
        )
        building = find_building(str(row["小区"]), str(row["楼号"]))
        verdicts.append(decide(facts_of_one(worker, building), profile="RTW", at=AT))
    return verdicts


def find_building(compound: str, number: str) -> tuple[Building, list[CaseRecord], ScreeningRecord | None]:
    """One query: the building with its cases and its latest screening."""
    query = (
        select(Building, CaseRecord, ScreeningRecord)
        .join(Compound)
        .outerjoin(CaseRecord, (CaseRecord.building_id == Building.id) & CaseRecord.replaced_at.is_(None))
        .outerjoin(
            ScreeningRecord,
            (ScreeningRecord.building_id == Building.id) & ScreeningRecord.replaced_at.is_(None),
        )
        .where(Compound.name == compound, Building.number == number)
    )
    found = reading().execute(query).all()
    return found[0][0], [row[1] for row in found if row[1] is not None], found[0][2]


def facts_of_one(worker: Worker, found: tuple[Building, list[CaseRecord], ScreeningRecord | None]) -> Facts:
    """Two queries more: the tests and the code."""
    _building, cases, screening = found
    counting = TestRecord.replaced_at.is_(None)
    tests = (
        reading()
        .scalars(select(TestRecord).where(TestRecord.person_key == worker.person_key, counting))
        .all()
    )
    code = (
        reading()
        .scalars(
            select(CodeRecord)
            .where(CodeRecord.person_key == worker.person_key, CodeRecord.replaced_at.is_(None))
            .order_by(CodeRecord.changed_at.desc())
        )
        .first()
    )
    return Facts(
        tests=tuple(
            Test(test.kind, test.method, test.sampled_at, test.reported_at, test.result, test.source)  # type: ignore[arg-type]
            for test in tests
        ),
        code=Code(code.colour, code.changed_at) if code else None,  # type: ignore[arg-type]
        contact=None,
        reviews=(),
        building=KnownBuilding(
            screening is not None,
            tuple(Case(case.reported_at, case.transferred_at, None) for case in cases),
        ),
        zone=None,
        plan=None,
    )


def main(what: str, folder: str, *more: str) -> dict[str, Any]:
    """One part, in a process of its own."""
    if what == "build":
        return in_home(folder, lambda: built(folder, int(more[0])))
    way = {"ours": ours, "obvious": obvious}[what]
    return in_home(folder, lambda: checked(way, folder))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(main(*sys.argv[1:])))
    else:
        for line in measure():
            print(f"{line.name}: {line.ours:.3g} {line.unit}; obvious {line.obvious}; ratio {line.ratio}")
