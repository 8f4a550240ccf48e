"""Facts of many workers at many moments are the facts of each of them at each moment."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from resume.db import reading, transaction
from resume.evidence.models import CodeRecord, ScreeningRecord, ZoneRecord
from resume.roster.eligibility import facts_of, facts_over
from resume.roster.models import Worker
from tests.passes.city import add_case, add_contact, add_negative, add_review
from tests.passes.conftest import MakeCity

HOUR = timedelta(hours=1)


def test_as_each_alone(city_of: MakeCity, at: datetime, statements: list[str]) -> None:
    city = city_of(workers=4, buildings=2)
    ledger = {"received_at": at, "intake_id": city.intake_id}
    with transaction() as session:
        add_case(city, at=at + 2 * HOUR)
        add_case(city, at=at - 90 * HOUR, building_id=city.building_ids[1], case_id="C2")
        add_contact(city, 1, at=at + HOUR, until=at + 20 * HOUR)
        add_review(city, at=at + 3 * HOUR)
        add_negative(city, 2, sampled_at=at + 10 * HOUR)
        code = {"person_key": city.person_keys[3], "colour": "red", "changed_at": at + 5 * HOUR}
        session.add(CodeRecord(reason="", **code, **ledger))
        for days in (-9, -3, 1):
            on = (at + timedelta(days=days)).date()
            session.add(
                ScreeningRecord(building_id=city.building_id, screened_on=on, complete=True, **ledger)
            )
        for level, since, until in (("sealed", -50, 4), ("controlled", 4, None)):
            session.add(
                ZoneRecord(
                    building_id=city.building_id,
                    level=level,
                    kind="declared",
                    since=at + since * HOUR,
                    until=None if until is None else at + until * HOUR,
                    reason="",
                    **ledger,
                )
            )
    workers = reading().scalars(select(Worker).order_by(Worker.row)).all()
    moments = [at + hours * HOUR for hours in range(-40, 61, 4)]
    asked = [(worker, moment, "approved") for worker in workers for moment in moments]
    alone = [facts_of([worker], at=moment, plan=plan)[0] for worker, moment, plan in asked]
    statements.clear()
    assert facts_over(asked) == alone
    assert len(statements) <= 5
    long_ago = at.replace(year=2019)
    assert facts_over([(workers[0], long_ago, "approved"), asked[0]]) == [None, alone[0]]
    assert facts_over([(workers[0], long_ago, "approved")]) == [None]
