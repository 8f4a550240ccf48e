"""P1: a worker list of 10,000 rows (XLSX), from the file to every worker's verdict.

Ours is what `resume roster check` does and, apart, what a firm's upload does: stored, read back and judged.
The obvious way does the same check: openpyxl, one ORM object and three queries a row (tests, building with
its cases, code), and the same verdict function.
"""

from __future__ import annotations

import resource
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from openpyxl import load_workbook  # type: ignore[import-untyped]
from sqlalchemy import select

from bench.measurement import Measurement, seconds
from resume.app import create_app
from resume.clock import SHANGHAI
from resume.db import db, reading
from resume.evidence.models import CaseRecord, CodeRecord, ScreeningRecord, TestRecord
from resume.home import make_home
from resume.people.documents import DocumentType, parse_document
from resume.people.identify import keys_of
from resume.places.models import Building, Compound
from resume.policy import Building as KnownBuilding
from resume.policy import Case, Code, Facts, Test, Verdict, decide
from resume.roles import CLI
from resume.roster.eligibility import facts_of_subjects, judge, verdicts_of
from resume.roster.models import Worker
from resume.roster.operations import upload
from resume.roster.queries import list_workers
from resume.roster.resolving import resolve
from resume.roster.sheet import read_worker_list
from resume.settings import Settings
from resume.tables.reading import read_table
from tests.roster import city

WORKERS, TESTS_EACH, COMPOUNDS, CASES = 10_000, 6, 50, 900
TARGET, MOST_SECONDS, MOST_MEGABYTES = 15, 3.0, 300
AT = datetime(2022, 4, 22, 9, 0, tzinfo=SHANGHAI)


def measure() -> Iterator[Measurement]:
    """The check both ways, then the upload."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings.from_environment({"RESUME_HOME": folder, "RESUME_CLOCK": AT.isoformat()}))
        with app.app_context():
            yield from _measure()


def _measure() -> Iterator[Measurement]:
    firm_id = build()
    data = city.workbook(rows())
    answers: dict[str, list[Verdict]] = {}
    fast = seconds(lambda: answers.update(ours=ours(data)))
    slow = seconds(lambda: answers.update(obvious=obvious(data)), repeats=1)
    agree = [a.outcome is b.outcome for a, b in zip(answers["ours"], answers["obvious"], strict=True)]
    assert all(agree), "the two ways must give the same answers, or the comparison says nothing"
    yield Measurement("P1 roster check, 10,000 rows", "s", fast, slow, TARGET, "lower")
    stored = seconds(lambda: upload_and_judge(firm_id, data))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield Measurement("P1 upload to verdicts, 10,000 rows", "s", stored, None, MOST_SECONDS, "lower")
    yield Measurement("P1 memory of all of it", "MB", memory, None, MOST_MEGABYTES, "lower")
    db.engine.dispose()


def build() -> int:
    """The city: 1,000 buildings, 60,000 tests, 10,000 codes, 900 cases; the firm's id."""
    make_home()
    ids = city.register(
        *(
            (f"P{compound}-{number}", f"锦绣苑{compound}区", f"锦绣路{compound}弄", f"{number}号")
            for compound in range(COMPOUNDS)
            for number in range(1, 21)
        ),
        at=AT,
    )
    evidence = city.Evidence(AT).clean(range(WORKERS)).screened(ids.values())
    for day in range(1, TESTS_EACH):
        for sequence in range(WORKERS):
            sampled = AT - timedelta(hours=20 + 24 * day)
            evidence.test(sequence, sampled=sampled, result="negative", method="mixed")
    codes = list(ids.values())
    for number in range(CASES):
        evidence.case(codes[number % len(codes)], days_ago=1 + number % 20)
    evidence.store()
    return city.firm("91310115MA1K00001A", at=AT)


def rows() -> Iterator[dict[str, Any]]:
    for sequence in range(WORKERS):
        number = sequence // COMPOUNDS % 20 + 1
        yield city.worker(sequence, compound=f"锦绣苑{sequence % COMPOUNDS}区", building=f"{number}号")


def ours(data: bytes) -> list[Verdict]:
    read = read_worker_list(read_table(data, "list.xlsx"), sites=None, today=AT.date())
    subjects = [resolved.subject for resolved in resolve(read.rows)]
    return judge(facts_of_subjects(subjects, at=AT, plan=None), at=AT)


def upload_and_judge(firm_id: int, data: bytes) -> list[Verdict]:
    made = upload(firm_id, data, "list.xlsx", by=CLI, at=AT)
    return verdicts_of(list_workers(made.id, firm_id=firm_id), at=AT, plan=None)


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


if __name__ == "__main__":
    for line in measure():
        print(f"{line.name}: {line.ours:.3g} {line.unit}; obvious {line.obvious}; ratio {line.ratio}")
