"""A home that is in use goes back to the first revision and forth again, and keeps what it has."""

from __future__ import annotations

import json
from datetime import datetime

from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import func, select, text

from resume import audit
from resume.applications.models import Batch, Decision
from resume.db import db, reading
from resume.evidence.conflicts import count_conflicts
from resume.evidence.models import SampleConflict, TestRecord
from resume.home import settle_home
from resume.intake.queries import list_receipts
from resume.passes.models import Pass
from resume.places.models import Building, PlaceName
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
