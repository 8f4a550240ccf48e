"""A list that is submitted tells who lives with whom; passes follow without a feed."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update

from resume import jobs
from resume.applications.lifecycle import SUBMITTED_JOB
from resume.db import new_id, reading, transaction
from resume.evidence.models import ReviewRecord
from resume.passes.models import Pass, Suspension
from resume.review.operations import sign_off
from resume.roster.models import Worker, WorkerList
from tests.passes.city import SIGNER, City
from tests.passes.conftest import MakeCity

FLAT = b"f" * 16


def submit_flatmate(city: City, at: datetime) -> None:
    """Another list of the firm with somebody of the same flat, on whom a review is open."""
    number_key = b"n" * 16
    with transaction() as session:
        review = ReviewRecord(
            review_id="V1",
            building_id=city.building_ids[1],
            number_key=number_key,
            origin="antigen",
            opened_at=at - timedelta(hours=1),
            received_at=at,
            intake_id=1,
        )
        roster = WorkerList(firm_id=city.firm_id, state="submitted", file_name="b.xlsx", uploaded_at=at)
        session.add_all([review, roster])
        session.flush()
        model = session.get_one(Worker, city.worker_ids[0])
        session.add(
            Worker(
                id=new_id(),
                list_id=roster.id,
                row=2,
                person_key=b"p" * 16,
                number_key=number_key,
                document_type="resident_id",
                sealed=b"-",
                building_id=city.building_id,
                flat_key=FLAT,
                post="装配工",
                key_post=False,
                site_id=city.site_id,
                arrive_on=model.arrive_on,
            )
        )
        jobs.enqueue(SUBMITTED_JOB, [("1", {"list": str(roster.id)})])


def test_a_flatmate_under_review_holds_the_pass(city_of: MakeCity, at: datetime) -> None:
    city = city_of(workers=2, buildings=2)
    with transaction() as session:
        session.execute(update(Worker).where(Worker.id == city.worker_ids[0]).values(flat_key=FLAT))
    sign_off(city.application_id, revision=2, by=SIGNER, at=at)
    submit_flatmate(city, at)
    while jobs.work_once():
        reading().rollback()
    held = reading().scalars(select(Pass.worker_id).where(Pass.is_suspended.is_(True))).all()
    assert held == [city.worker_ids[0]]
    assert reading().scalars(select(Suspension.code)).all() == ["CORES_PENDING"]
