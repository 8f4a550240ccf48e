"""Records that stewards and administrators work on, the mark in everything that somebody types."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from resume.api.operations.tokens import NewToken, create_token
from resume.applications.models import Decision
from resume.clock import real_now
from resume.corrections.kinds import ExcludeCase
from resume.corrections.operations import propose
from resume.db import reading
from resume.evidence.conflicts import list_conflicts
from resume.evidence.models import CaseRecord, ReviewRecord
from resume.objections.lifecycle import Category, Key
from resume.objections.operations import hand_over, raise_objection
from resume.people.documents import Document, DocumentType, parse_document
from resume.people.identify import keys_of
from resume.places.models import Building
from resume.places.operations import add_alias
from resume.roles import PUBLIC, WORKER, Actor, Role
from resume.roster.models import Worker
from tests.corrections.conftest import case, sample, say
from tests.intake.feeding import feed, number, sample_row
from tests.passes.city import City


def worked_on(letter: str, text: str, city: City, batch_id: object, at: datetime) -> dict[str, Any]:
    """A case that does not count, a review that is over, a conflict of a stranger, and what is about them."""
    building_id = city.building_id
    say("cases", case(f"C-{letter}", building_id, at, unit=text, excluded="re_positive"), at=at)
    review = {
        "review_id": f"V-{letter}",
        "building_id": building_id,
        "number_key": None,
        "origin": "antigen",
        "opened_at": at - timedelta(days=3),
        "cleared_at": at - timedelta(days=2),
        "outcome": "cleared",
    }
    say("reviews", review, at=at)
    stranger = _stranger(letter, at)
    result = sample(f"L-{letter}", stranger, at - timedelta(hours=5), lab=text, site_code=text[:40])
    say("tests", result, result | {"record_id": f"D-{letter}", "result": "positive", "source": "cdc"}, at=at)
    case_row = reading().scalars(select(CaseRecord.id).where(CaseRecord.case_id == f"C-{letter}")).one()
    correction = propose(ExcludeCase(case_row, "corrected"), reference=text, by=WORKER, at=at)
    compound_id = reading().get_one(Building, building_id).compound_id
    alias = add_alias(compound_id, f"又名{text}", reference=text, by=WORKER, at=at)
    token, _text = create_token(NewToken(text[:60], ["tests:write"]), by=WORKER, at=at, real_at=real_now())
    conflict = next(view for view in list_conflicts() if view.conflict.person_key == stranger)
    objection = raise_objection(
        reading().get_one(Worker, city.worker_ids[0]),
        Category.BUILDING,
        text,
        text,
        firm_id=city.firm_id,
        key=Key.OWN,
        by=PUBLIC,
        at=at,
    )
    hand_over(objection.id, text, by=Actor("a", Role.REVIEWER, district_code=objection.district_code), at=at)
    return {
        "objection_id": objection.id,
        "own_id": objection.id,
        "case_row": case_row,
        "review_row": reading()
        .scalars(select(ReviewRecord.id).where(ReviewRecord.review_id == f"V-{letter}"))
        .one(),
        "correction_id": correction.id,
        "conflict_id": conflict.conflict.id,
        "decision_id": reading().scalars(select(Decision.id).where(Decision.batch_id == batch_id)).first(),
        "compound_id": alias.compound_id,
        "alias_id": alias.id,
        "token_id": token.id,
    }


def _stranger(letter: str, at: datetime) -> bytes:
    """The key of somebody who is on no list."""
    serial = 900 + ord(letter) % 50
    feed("tests", sample_row(f"S-{letter}", serial), at=at)
    document = parse_document(DocumentType.RESIDENT_ID, number(serial), today=at.date())
    assert isinstance(document, Document)
    return keys_of(document).key
