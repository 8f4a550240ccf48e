"""A home that is in use goes back to the first revision and forth again, and keeps what it has."""

from __future__ import annotations

import json
from datetime import datetime

from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import JSON, Uuid, column, func, insert, select, table, text

from resume import audit
from resume.applications.models import Batch, Decision
from resume.db import UtcTime, db, new_id, reading
from resume.evidence.conflicts import count_conflicts
from resume.evidence.models import SampleConflict, TestRecord
from resume.home import settle_home
from resume.intake.queries import list_receipts
from resume.passes.models import Pass
from resume.places.models import Building, PlaceName
from resume.plans.models import PlanVersion
from resume.plans.queries import view_version
from resume.review.operations import sign_off
from resume.roster.models import SubmittedPeriod, WorkerList
from resume.settings import ROOT
from tests.intake.feeding import feed, place_row, sample_row
from tests.passes.city import SIGNER
from tests.passes.conftest import MakeCity, city_of

__all__ = ["city_of"]
#: As the first revision kept it: with its refused lines, and of the firms only their number.
OLD_RECEIPT = {
    "feed": "tests",
    "accepted": 2,
    "unchanged": 0,
    "refused": [{"line": 4, "column": "record_id", "value": "", "reason": "r", "reason_zh": "原因"}],
    "suspended": 0,
    "healed": 0,
    "raised_zones": 0,
    "firms": 2,
    "unknown_columns": [],
    "intake_id": 3,
}
OLD_VERSION = table(
    "plan_version",
    *(column(name, Uuid()) for name in ("id", "plan_id")),
    *(column(name) for name in ("number", "revision")),
    *(column(name, JSON()) for name in ("sections", "saves")),
    *(column(name, UtcTime()) for name in ("submitted_at", "updated_at")),
)
MIGRATIONS = str(ROOT / "migrations")
COUNTED = (TestRecord, Batch, Decision, Pass, Building, WorkerList)


def counts() -> list[int | None]:
    return [reading().scalar(select(func.count()).select_from(model)) for model in COUNTED]


def test_an_older_home_is_brought_up_to_date(app: Flask, city_of: MakeCity, at: datetime) -> None:
    city = city_of(workers=3)
    sign_off(city.application_id, revision=2, by=SIGNER, at=at)
    feed("places", place_row("P1"))
    feed("tests", sample_row("T1"), sample_row("T1-CDC", result="positive", source="cdc"), sample_row(""))
    assert count_conflicts() == 1
    before, rows = counts(), audit.verify().rows
    db.session.remove()

    downgrade(directory=MIGRATIONS, revision="0001")
    with db.engine.connect().execution_options(migrating=True) as connection:
        kept = json.dumps(OLD_RECEIPT)
        connection.execute(text("UPDATE intake SET report = :kept"), {"kept": kept})
        connection.commit()
    upgrade(directory=MIGRATIONS)
    settle_home(["database"], at=at)

    assert counts() == before
    assert audit.verify().is_whole
    assert audit.verify().rows >= rows
    receipt = list_receipts()[0]
    assert (receipt.report.refused_count, receipt.report.firms, receipt.is_done) == (1, 2, True)
    assert count_conflicts() == 1
    assert reading().scalar(select(func.count()).select_from(SampleConflict)) == 1
    assert reading().scalar(select(func.count()).select_from(PlaceName)) == 4
    assert reading().scalars(select(SubmittedPeriod.list_id)).all() == [city.list_id]
    assert reading().scalar(select(Building.number_key).where(Building.place_code == "P1")) == "1"


def test_the_quiet_period_of_drafts_moves_into_its_own_section(
    app: Flask, city_of: MakeCity, at: datetime
) -> None:
    city = city_of(workers=1)
    lodging = {
        "beds": 480,
        "quiet_days": 2,
        "quiet_rooms": 20,
        "quiet_place": "二号楼",
        "quiet_meals": "送餐",
    }
    mark = {"revision": 3, "by": "hr", "at": at.isoformat()}
    ids = {}
    db.session.remove()
    downgrade(directory=MIGRATIONS, revision="0002")
    with db.engine.connect().execution_options(migrating=True) as connection:
        for number, submitted_at in ((8, at), (9, None)):
            ids[number] = new_id()
            connection.execute(
                insert(OLD_VERSION).values(
                    id=ids[number], plan_id=city.plan_id, number=number, sections={"lodging": lodging},
                    saves={"lodging": mark}, revision=3, submitted_at=submitted_at, updated_at=at,
                )
            )  # fmt: skip
        connection.commit()
    upgrade(directory=MIGRATIONS)
    submitted, draft = (reading().get_one(PlanVersion, ids[number]) for number in (8, 9))
    assert submitted.sections == {"lodging": lodging}
    assert draft.sections == {
        "lodging": {"beds": 480},
        "quiet": {"days": 2, "rooms": 20, "place": "二号楼", "meals": "送餐"},
    }
    assert draft.saves == {"lodging": mark, "quiet": mark}
    view = view_version(submitted, firm_id=city.firm_id, at=at)
    assert view.section("quiet").values["place"] == "二号楼"
    assert view.section("quiet").saved is not None
