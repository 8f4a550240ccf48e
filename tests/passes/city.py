"""A small city for the tests: a firm, its plant, buildings, workers with the evidence they need."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from resume.applications.models import Application
from resume.clock import shanghai_date
from resume.db import bulk_insert, new_id, transaction
from resume.evidence.models import (
    CaseRecord,
    CodeRecord,
    ContactRecord,
    Intake,
    ReviewRecord,
    ScreeningRecord,
    TestRecord,
    Watermark,
)
from resume.evidence.watermark import bump
from resume.firms.models import Firm, Site
from resume.intake.report import Report
from resume.passes.keys import register_keys
from resume.people.models import Person
from resume.people.queries import number_place
from resume.places.models import Building, Compound
from resume.plans.models import Plan, PlanVersion
from resume.roles import Actor, Role
from resume.roster.details import WorkerDetails, seal_details
from resume.roster.models import Claim, Worker, WorkerList
from resume.sealing import sealer

DISTRICT = "310115"
REVIEWER = Actor("first-reviewer", Role.REVIEWER, UUID(int=1), district_code=DISTRICT)
SIGNER = Actor("first-signer", Role.SIGN_OFF, UUID(int=2), district_code=DISTRICT)


def document_number(serial: int) -> str:
    """An invented resident id of the address code 319999, check digit and all."""
    digits = f"3199991990010{serial % 10}{serial // 10 % 1000:03d}"[:17]
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))
    return digits + "10X98765432"[total % 11]


@dataclass
class City:
    """What was made, by id."""

    at: datetime
    firm_id: int
    site_id: int
    building_ids: list[int]
    application_id: UUID
    list_id: UUID
    plan_id: UUID
    person_keys: list[bytes]
    number_keys: list[bytes]
    worker_ids: list[UUID]
    intake_id: int

    @property
    def building_id(self) -> int:
        return self.building_ids[0]


def make_city(
    at: datetime,
    *,
    keys_folder: object,
    workers: int = 3,
    buildings: int = 1,
    sampled: timedelta = timedelta(hours=10),
    state: str = "recommended",
    without_test: Iterable[int] = (),
    without_site: Iterable[int] = (),
    firm: int = 1,
) -> City:
    """A firm whose case waits for the signature; the workers in `without_*` lack that (by place from 0)."""
    at = at.astimezone(UTC)
    with transaction() as session:
        if session.get(Watermark, 1) is None:
            session.add(Watermark(id=1, value=0))
        register_keys(keys_folder, at=at)  # type: ignore[arg-type]
        if session.get(Intake, 1) is None:
            # Its id is 1 by the database's own counting, so that a feed that follows gets another.
            receipt = Report("tests").dumps()
            session.add(
                Intake(
                    feed="tests",
                    file_name="t.csv",
                    received_at=at,
                    taken_by="cli",
                    report=receipt,
                    acted_at=at,
                )
            )
        holder = Firm(
            credit_code=f"91310000MA1FL{firm:05d}",
            name="临江精密仪器制造有限公司",
            short_name="临江精密",
            district_code=DISTRICT,
            created_at=at,
        )
        session.add(holder)
        session.flush()
        site = Site(firm_id=holder.id, name="一厂", district_code=DISTRICT)
        compound = Compound(
            district_code=DISTRICT, street="梧桐街道", committee_code="310115001001", name=f"春晓苑{firm}"
        )
        session.add_all([site, compound])
        session.flush()
        homes = [
            Building(
                place_code=f"B{firm}-{number}",
                compound_id=compound.id,
                lane="88弄",
                number=str(number),
                has_units=False,
            )
            for number in range(1, buildings + 1)
        ]
        plan = Plan(firm_id=holder.id)
        session.add_all([*homes, plan])
        session.flush()
        version = PlanVersion(
            plan_id=plan.id, number=1, sections={}, saves={}, submitted_at=at, updated_at=at
        )
        session.add(version)
        roster = WorkerList(
            firm_id=holder.id,
            state="submitted",
            file_name="名单.xlsx",
            uploaded_at=at,
            row_count=workers,
            good_count=workers,
        )
        session.add(roster)
        session.flush()
        rows = _people(workers, firm, roster.id, [home.id for home in homes], site.id, set(without_site))
        bulk_insert(Worker, [row for row, _number in rows])
        bulk_insert(
            Person,
            [
                {
                    "key": row["person_key"],
                    "number_key": row["number_key"],
                    "document_type": "resident_id",
                    "sealed_number": sealer().seal(number, place=number_place(row["person_key"])),
                }
                for row, number in rows
            ],
        )
        bulk_insert(
            Claim,
            [
                {"person_key": row["person_key"], "firm_id": holder.id, "list_id": roster.id, "since": at}
                for row, _number in rows
            ],
        )
        keys = [row["person_key"] for row, _number in rows]
        _evidence(keys, [home.id for home in homes], at, sampled, set(without_test))
        application = Application(
            firm_id=holder.id,
            number=1,
            district_code=DISTRICT,
            plan_version_id=version.id,
            list_id=roster.id,
            worker_count=workers,
            state=state,
            revision=2,
            created_at=at,
            submitted_at=at - timedelta(hours=5),
            recommended_at=at - timedelta(hours=1),
        )
        session.add(application)
        session.flush()
        return City(
            at,
            holder.id,
            site.id,
            [home.id for home in homes],
            application.id,
            roster.id,
            plan.id,
            keys,
            [row["number_key"] for row, _number in rows],
            [row["id"] for row, _number in rows],
            1,
        )


def _people(
    count: int, firm: int, list_id: UUID, homes: list[int], site_id: int, without_site: set[int]
) -> list[tuple[dict[str, Any], str]]:
    rows = []
    for place in range(count):
        number = document_number(firm * 100_000 + place)
        unique = f"{number}:{firm}:{place}"
        worker_id = new_id()
        details = WorkerDetails(
            "王小明", "resident_id", number, "13800000000", DISTRICT, "梧桐街道", "春晓苑", "1号", "", "", ""
        )
        rows.append(
            (
                {
                    "id": worker_id,
                    "list_id": list_id,
                    "row": place + 2,
                    "person_key": sealer().index("person", unique),
                    "number_key": sealer().index("number", unique),
                    "document_type": "resident_id",
                    "sealed": seal_details(worker_id, details),
                    "building_id": homes[place % len(homes)],
                    "unit": "",
                    "flat_key": None,
                    "post": "装配工",
                    "key_post": False,
                    "site_id": None if place in without_site else site_id,
                    "arrive_on": date(2022, 4, 25),
                },
                number,
            )
        )
    return rows


def _evidence(
    keys: list[bytes], homes: list[int], at: datetime, sampled: timedelta, without_test: set[int]
) -> None:
    ledger = {"received_at": at, "replaced_at": None, "intake_id": 1}
    bulk_insert(
        TestRecord,
        [
            ledger
            | {
                "record_id": f"R-{key.hex()}",
                "person_key": key,
                "kind": "pcr",
                "method": "mixed",
                "sampled_at": at - sampled,
                "reported_at": at - sampled + timedelta(hours=6),
                "result": "negative",
                "source": "lab",
            }
            for place, key in enumerate(keys)
            if place not in without_test
        ],
    )
    bulk_insert(
        CodeRecord,
        [
            ledger
            | {"person_key": key, "colour": "green", "changed_at": at - timedelta(days=20), "reason": ""}
            for key in keys
        ],
    )
    bulk_insert(
        ScreeningRecord,
        [
            ledger
            | {
                "building_id": home,
                "screened_on": shanghai_date(at) - timedelta(days=1),
                "complete": True,
            }
            for home in homes
        ],
    )


def add_case(city: City, *, at: datetime, building_id: int | None = None, case_id: str = "C1") -> None:
    """A positive in the building, in the caller's door."""
    from resume.db import joined

    joined().add(
        CaseRecord(
            case_id=case_id,
            kind="confirmed",
            building_id=building_id or city.building_id,
            reported_at=at,
            transferred_at=at,
            received_at=at,
            intake_id=city.intake_id,
        )
    )
    joined().flush()
    bump()


def add_contact(city: City, place: int, *, at: datetime, until: datetime | None) -> None:
    from resume.db import joined

    joined().add(
        ContactRecord(
            person_key=city.person_keys[place],
            kind="close",
            since=at,
            until=until,
            received_at=at,
            intake_id=city.intake_id,
        )
    )
    joined().flush()
    bump()


def add_review(city: City, *, at: datetime, review_id: str = "V1") -> None:
    """A review of somebody else in the building."""
    from resume.db import joined

    joined().add(
        ReviewRecord(
            review_id=review_id,
            building_id=city.building_id,
            number_key=None,
            origin="mixed_tube",
            opened_at=at,
            received_at=at,
            intake_id=city.intake_id,
        )
    )
    joined().flush()
    bump()


def add_negative(city: City, place: int, *, sampled_at: datetime, record_id: str = "N1") -> None:
    from resume.db import joined

    joined().add(
        TestRecord(
            record_id=record_id,
            person_key=city.person_keys[place],
            kind="pcr",
            method="single",
            sampled_at=sampled_at,
            reported_at=sampled_at + timedelta(hours=1),
            result="negative",
            source="cdc",
            received_at=sampled_at + timedelta(hours=1),
            intake_id=city.intake_id,
        )
    )
    joined().flush()
    bump()
