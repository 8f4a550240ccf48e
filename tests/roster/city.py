"""A small invented city for worker lists: places, firms with plants, evidence, and lists as files.

Made through the slices' own steps where there are some, else as rows of the ledger.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from resume.db import bulk_insert, reading, transaction
from resume.evidence.models import (
    CaseRecord,
    CodeRecord,
    Intake,
    ReviewRecord,
    ScreeningRecord,
    TestRecord,
)
from resume.firms.models import Firm, Site
from resume.people.documents import Document, DocumentType, check_character
from resume.people.identify import keys_of
from resume.places.models import Building
from resume.places.register import Place, take_places
from resume.roster.columns import WORKER_LIST
from tests.tables.xlsx import written

HEADERS = [column.zh for column in WORKER_LIST]
DISTRICT = "310115"
SITE = "临江一厂"


def resident(sequence: int) -> str:
    """The document number of the invented person of that sequence."""
    born = date(1970, 1, 1) + timedelta(days=sequence // 1000)
    body = f"319999{born:%Y%m%d}{sequence % 1000:03d}"
    return body + check_character(body)


def document(sequence: int) -> Document:
    number = resident(sequence)
    return Document(DocumentType.RESIDENT_ID, number, number)


def worker(sequence: int, **cells: Any) -> dict[str, Any]:
    """A good row by its Chinese headers, with what differs (by the columns' English names)."""
    row = {
        "name": "王小明",
        "document_type": "居民身份证",
        "document_number": resident(sequence),
        "phone": "13812345678",
        "district": "浦东新区",
        "street": "花木街道",
        "compound": "锦绣苑",
        "building": "1号",
        "unit": "",
        "room": str(100 + sequence),
        "post": "操作工",
        "key_post": "否",
        "shift": "甲班",
        "site": SITE,
        "plate": "",
        "arrive_on": "2022-04-25",
        "remarks": "",
    } | cells
    return {column.zh: row[column.name] for column in WORKER_LIST}


def workbook(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """The XLSX of these rows."""
    return written([HEADERS, *(list(row.values()) for row in rows)])


def register(*places: tuple[str, str, str, str], at: datetime, has_units: bool = False) -> dict[str, int]:
    """Buildings given as (place code, compound, lane, number) -> their ids."""
    with transaction():
        take_places(
            [
                Place(code, DISTRICT, "花木街道", "310115001001", compound, lane, number, has_units)
                for code, compound, lane, number in places
            ],
            at=at,
        )
    return {building.place_code: building.id for building in reading().query(Building)}


def firm(code: str, *, at: datetime, name: str = "临江精密仪器制造有限公司", site: str = SITE) -> int:
    """A firm with one plant; its id."""
    with transaction() as session:
        made = Firm(credit_code=code, name=name, short_name=name[:8], district_code=DISTRICT, created_at=at)
        session.add(made)
        session.flush()
        session.add(Site(firm_id=made.id, name=site, district_code=DISTRICT, address="临江路1号"))
    return made.id


@dataclass
class Evidence:
    """Rows of the ledger to be stored together, received at `at`."""

    at: datetime
    rows: dict[type[Any], list[dict[str, Any]]] = field(default_factory=dict)

    def add(self, model: type[Any], **values: Any) -> None:
        self.rows.setdefault(model, []).append(values)

    def clean(self, sequences: Sequence[int], *, hours: float = 20) -> Evidence:
        """A green code and a negative PCR of that age for each person."""
        sampled = self.at - timedelta(hours=hours)
        for sequence in sequences:
            key = keys_of(document(sequence)).key
            self.add(CodeRecord, person_key=key, colour="green", changed_at=self.at - timedelta(days=9))
            self.test(sequence, sampled=sampled, result="negative")
        return self

    def test(self, sequence: int, *, sampled: datetime, result: str, method: str = "single") -> None:
        key = keys_of(document(sequence)).key
        number = sum(map(len, self.rows.values()))
        self.add(
            TestRecord, record_id=f"T{sequence}-{number}", person_key=key, kind="pcr", method=method,
            sampled_at=sampled, reported_at=sampled + timedelta(hours=6), result=result, source="lab",
            supersedes=None,
        )  # fmt: skip

    def code(self, sequence: int, colour: str) -> None:
        key = keys_of(document(sequence)).key
        self.add(CodeRecord, person_key=key, colour=colour, changed_at=self.at - timedelta(hours=1))

    def screened(self, building_ids: Iterable[int], *, days_ago: int = 1) -> Evidence:
        for building_id in building_ids:
            day = (self.at - timedelta(days=days_ago)).date()
            self.add(ScreeningRecord, building_id=building_id, screened_on=day, complete=True)
        return self

    def case(self, building_id: int, *, days_ago: float, unit: str = "") -> None:
        reported = self.at - timedelta(days=days_ago)
        number = len(self.rows.get(CaseRecord, ()))
        self.add(
            CaseRecord, case_id=f"C{building_id}-{number}", kind="confirmed", building_id=building_id,
            unit=unit, reported_at=reported, transferred_at=reported + timedelta(hours=9),
            disinfected_at=None, excluded=None, supersedes=None,
        )  # fmt: skip

    def review(self, building_id: int, sequence: int, *, hours: float = 5) -> None:
        self.add(
            ReviewRecord, review_id=f"R{sequence}", building_id=building_id,
            number_key=keys_of(document(sequence)).number_key, origin="antigen",
            opened_at=self.at - timedelta(hours=hours), cleared_at=None, outcome=None, settled_by=None,
        )  # fmt: skip

    def store(self) -> None:
        with transaction() as session:
            intake = Intake(
                feed="tests", file_name="t.csv", received_at=self.at, taken_by="test", report="{}"
            )
            session.add(intake)
            session.flush()
            ledger = {"received_at": self.at, "replaced_at": None, "intake_id": intake.id}
            for model, rows in self.rows.items():
                bulk_insert(model, [row | ledger for row in rows])
        self.rows.clear()
