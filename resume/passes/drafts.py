"""From judged workers to rows of passes: number, token, seal. Outside any transaction but for the numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import current_app

from resume.applications.models import Application
from resume.clock import shanghai_date
from resume.credential.payload import Claims, Medium, PassPayload
from resume.credential.phone import PhoneKey
from resume.credential.token import Minter
from resume.db import new_id
from resume.firms.models import Firm
from resume.passes.keys import ISSUER, token_signer
from resume.passes.lifecycle import VALIDITY
from resume.passes.models import Pass
from resume.passes.numbers import Reserved, reserve
from resume.places.queries import buildings_by_id
from resume.plans.site_register import short_names
from resume.policy import Facts, Verdict, policy_at
from resume.roster.details import WorkerDetails, open_details
from resume.roster.models import Worker
from resume.sealing import sealer
from resume.settings import Settings


@dataclass(frozen=True, slots=True)
class Judged:
    """A worker with the facts and the verdict of one batch."""

    decision_id: UUID
    worker: Worker
    facts: Facts
    verdict: Verdict


def status_uri(shard: int) -> str:
    """The address of the status list of a shard, as tokens and the list itself say it."""
    settings: Settings = current_app.config["RESUME_SETTINGS"]
    return f"{settings.public_url}/status/{shard}"


def aggregation_uri() -> str:
    """Where the addresses of all status lists are named."""
    settings: Settings = current_app.config["RESUME_SETTINGS"]
    return f"{settings.public_url}/status"


@dataclass(frozen=True, slots=True)
class _Term:
    """From when until when a pass is good at most, and what it is on."""

    begins_at: datetime
    ends_at: datetime
    medium: Medium = "paper"
    phone_key: PhoneKey | None = None


@dataclass(frozen=True, slots=True)
class _Draft:
    """What a pass needs of its worker, as plain values: rows of the session do not outlive a door."""

    worker_id: UUID
    person_key: bytes
    decision_id: UUID
    building_id: int
    site_id: int
    person: WorkerDetails
    sampled_at: datetime
    good_until: datetime
    clear_from: date | None


def draft_passes(
    approved: Sequence[Judged], *, application: Application, firm: Firm, profile: str, at: datetime
) -> list[dict[str, Any]]:
    """A row for each approved worker, its token minted and sealed. Raises NumbersUsedUp, NoSigningKey.

    Five queries and one short door whatever their number; those without building or plant have no business
    here.
    """
    term = _Term(at, at + VALIDITY)
    return _rows(approved, term, application=application, firm=firm, profile=profile)


def draft_again(
    judged: Judged,
    former: Pass,
    *,
    application: Application,
    firm: Firm,
    medium: Medium,
    phone_key: PhoneKey | None,
    at: datetime,
) -> dict[str, Any]:
    """The row of a pass in place of `former`, on another medium: same decision, same hard end.

    Raises as `draft_passes`.
    """
    term = _Term(at, former.expires_at, medium, phone_key)
    (row,) = _rows([judged], term, application=application, firm=firm, profile=former.profile)
    return row


def _rows(
    approved: Sequence[Judged], term: _Term, *, application: Application, firm: Firm, profile: str
) -> list[dict[str, Any]]:
    if not approved:
        return []
    signer = token_signer(profile, at=term.begins_at)
    drafts = [_draft(row, profile, term) for row in approved]
    shared = {"profile": profile, "firm_id": firm.id, "application_id": application.id}
    plants = short_names(application.plan_version_id, firm_id=firm.id)
    names = _Names.read(firm, {draft.building_id for draft in drafts}, plants)
    reserved = reserve(application.district_code, len(drafts))
    minter, seal = Minter(signer), sealer().seal_bytes
    rows = []
    for draft, place in zip(drafts, reserved, strict=True):
        said = _claims(draft, place, names, profile=profile, term=term)
        pass_id = UUID(bytes=said.cti)
        token = seal(minter.mint(said), place=token_place(pass_id))
        ours = shared | {"kid": signer.kid.hex(), "sealed_token": token}
        rows.append(ours | _row(pass_id, draft, place, said))
    return rows


def token_place(pass_id: UUID) -> str:
    """Where a token is sealed for."""
    return f"pass:sealed_token:{pass_id}"


def _draft(row: Judged, profile: str, term: _Term) -> _Draft:
    worker, at = row.worker, term.begins_at
    assert worker.building_id is not None
    assert worker.site_id is not None
    return _Draft(
        worker_id=worker.id,
        person_key=worker.person_key,
        decision_id=row.decision_id,
        building_id=worker.building_id,
        site_id=worker.site_id,
        person=open_details(worker),
        sampled_at=_sampled_at(row.facts, at),
        good_until=min(row.verdict.good_until or term.ends_at, term.ends_at),
        clear_from=clear_from(row.facts, profile, at),
    )


@dataclass(frozen=True, slots=True)
class _Names:
    """The short names that a token says."""

    firm: str
    origins: dict[int, str]
    destinations: dict[int, str]

    @classmethod
    def read(cls, firm: Firm, building_ids: set[int], plants: dict[int, str]) -> _Names:
        return cls(
            firm.short_name,
            {building.id: building.short_name for building in buildings_by_id(building_ids).values()},
            plants,
        )


def _claims(draft: _Draft, place: Reserved, names: _Names, *, profile: str, term: _Term) -> Claims:
    payload = PassPayload(
        profile=profile,
        number=place.number,
        name=draft.person.name,
        document_type=draft.person.document_type,
        last_four=draft.person.document_number[-4:],
        firm=names.firm,
        origin_id=draft.building_id,
        origin_name=names.origins[draft.building_id],
        destination_id=draft.site_id,
        destination_name=names.destinations[draft.site_id],
        pcr_sampled_at=draft.sampled_at,
        good_until=draft.good_until,
        building_clear_from=draft.clear_from,
        medium=term.medium,
    )
    return Claims(
        iss=ISSUER,
        cti=new_id().bytes,
        iat=term.begins_at,
        nbf=term.begins_at,
        exp=term.ends_at,
        status_idx=place.index,
        status_uri=status_uri(place.shard),
        payload=payload,
        phone_key=term.phone_key,
    )


def _row(pass_id: UUID, draft: _Draft, place: Reserved, said: Claims) -> dict[str, Any]:
    return {
        "id": pass_id,
        "number": place.number,
        "person_key": draft.person_key,
        "worker_id": draft.worker_id,
        "decision_id": draft.decision_id,
        "building_id": draft.building_id,
        "site_id": draft.site_id,
        "issued_at": said.iat,
        "expires_at": said.exp,
        "good_until": draft.good_until,
        "medium": said.payload.medium,
        "pcr_sampled_at": draft.sampled_at,
        "building_clear_from": draft.clear_from,
        "shard": place.shard,
        "status_index": place.index,
        "is_live": True,
        "is_suspended": False,
    }


def _sampled_at(facts: Facts, at: datetime) -> datetime:
    """The sampling time of the latest negative PCR reported by `at`: what the verdict stands on."""
    return max(
        test.sampled_at
        for test in facts.tests
        if test.kind == "pcr"
        and test.result == "negative"
        and test.sampled_at <= at
        and test.reported_at is not None
        and test.reported_at <= at
    )


def clear_from(facts: Facts, profile: str, at: datetime) -> date | None:
    """The Shanghai date from which the building counts as clear; None where no case is on record."""
    terms = policy_at(at).profile(profile).terms
    counted = [
        shanghai_date(case.reported_at)
        for case in facts.building.cases
        if case.reported_at <= at and case.excluded not in terms.uncounted.value
    ]
    days = terms.clean_days.value + (0 if terms.lenient.value else 1)
    return max(counted) + timedelta(days=days) if counted else None
