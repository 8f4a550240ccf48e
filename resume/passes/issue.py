"""Issue passes for many workers at one second.

`prepare` works outside any transaction: it evaluates, takes numbers, mints tokens, seals decisions. `write`
is a step of the caller's door: it compares the evidence watermark that `prepare` stood on and writes in
bulk, a fixed number of statements whatever the number of workers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import case, func, literal, select, update

from resume import audit, jobs
from resume.applications.inputs import seal_inputs
from resume.applications.models import Application, Batch, Decision
from resume.bulk import Encoded, encode_rows, insert_encoded
from resume.db import UtcTime, joined, new_id, reading
from resume.evidence.models import Intake
from resume.evidence.watermark import watermark
from resume.firms.models import Firm
from resume.passes.bulk import update_rows
from resume.passes.drafts import Judged, draft_passes
from resume.passes.keys import confirm_signers
from resume.passes.lifecycle import FORESIGHT, SUSPENDING
from resume.passes.models import Pass, Suspension
from resume.passes.queries import under_way
from resume.passes.status_list import note_change
from resume.policy import Answer, Verdict, policy_at
from resume.refusals import Conflict
from resume.roles import Actor
from resume.roster.eligibility import PROFILE, facts_of, judge
from resume.roster.models import Worker
from resume.sets import within

OK = "OK"
SHEET_JOB = "sheet"


class EvidenceMoved(Conflict):
    """Evidence or case changed between the evaluation and the writing; nothing was written."""

    code = "evidence_moved"
    message = _("判断期间有新的疫情数据或申请变动，没有签发任何内容")
    advice = _("请稍后再次签发，系统会按最新数据重新判断")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A batch ready to be written, with what it stood on.

    `kids`: the keys that signed its tokens. `pass_ids`: of those approved. `withheld`: reason code -> how
    many workers it keeps back.
    """

    batch_id: UUID
    application_id: UUID
    revision: int
    at: datetime
    evidence: int
    policy_version: str
    kids: Collection[str]
    pass_ids: Sequence[UUID]
    person_keys: Collection[bytes]
    withheld: Counter[str]
    decisions: Encoded
    passes: Encoded


def prepare(workers: Sequence[Worker], *, application: Application, at: datetime) -> Prepared:
    """Evaluate every worker at `at` as under an approved plan, and make what an approval would store.

    Only an eligible worker with building and plant gets a pass; the others get a decision with the code of
    the first finding in the way. Whoever is under way keeps the pass he left with, and is in no batch.
    Raises NoPolicy, NumbersUsedUp, NoSigningKey.
    """
    evidence, batch_id = watermark(), new_id()
    travellers = _under_way({worker.person_key for worker in workers}, at)
    workers = [worker for worker in workers if worker.person_key not in travellers]
    firm = reading().get_one(Firm, application.firm_id)
    facts = facts_of(workers, at=at, plan="approved")
    verdicts = judge(facts, at=at)
    judged = [Judged(new_id(), *row) for row in zip(workers, facts, verdicts, strict=True)]
    codes = [withheld_code(row.worker, row.verdict) for row in judged]
    _keep_one_a_person(judged, codes)
    _hold_what_is_announced(judged, codes, at)
    approved = [row for row, code in zip(judged, codes, strict=True) if code == OK]
    policy_version = verdicts[0].policy_version if verdicts else ""
    case_id, revision = application.id, application.revision
    decisions = [_decision(row, code, batch_id, at) for row, code in zip(judged, codes, strict=True)]
    passes = draft_passes(approved, application=application, firm=firm, profile=PROFILE, at=at)
    return Prepared(
        batch_id=batch_id,
        application_id=case_id,
        revision=revision,
        at=at,
        evidence=evidence,
        policy_version=policy_version,
        kids={row["kid"] for row in passes},
        pass_ids=[row["id"] for row in passes],
        person_keys=[row["person_key"] for row in passes],
        withheld=Counter(code for code in codes if code != OK),
        decisions=encode_rows(Decision, decisions),
        passes=encode_rows(Pass, passes),
    )


def _under_way(person_keys: Collection[bytes], at: datetime) -> set[bytes]:
    """Those of the persons who left with a pass of theirs and have not arrived. One query."""
    hours = policy_at(at).profile(PROFILE).terms.trip_hours.value
    query = select(Pass.person_key).where(under_way(at, trip_hours=hours), Pass.profile == PROFILE)
    return set(reading().scalars(query.where(within(Pass.person_key, person_keys))))


def withheld_code(worker: Worker, verdict: Verdict) -> str:
    """OK for a worker who gets a pass, else the code of the first finding in the way."""
    if verdict.outcome is not Answer.ELIGIBLE:
        stopping = (finding.code for finding in verdict.findings if finding.outcome != "met")
        return next(stopping, "RULE_FAILED")
    if worker.building_id is None:
        return "BLDG_UNKNOWN"
    return "NOT_LISTED" if worker.site_id is None else OK


def _keep_one_a_person(judged: Sequence[Judged], codes: list[str]) -> None:
    """Two approved rows of one person would be two live passes: the first one stands."""
    seen: set[bytes] = set()
    for place, row in enumerate(judged):
        if codes[place] == OK and row.worker.person_key in seen:
            codes[place] = "NOT_LISTED"
        seen.add(row.worker.person_key)


def _hold_what_is_announced(judged: Sequence[Judged], codes: list[str], at: datetime) -> None:
    """Keep back whom a record of the next minutes would suspend: it came in before the pass, and no feed will
    come back to it. Eight queries more, and only where a feed came in lately (or while we evaluated)."""
    lately = select(Intake.id).where(Intake.acted_at >= at - FORESIGHT).limit(1)
    places = [place for place, code in enumerate(codes) if code == OK]
    if not places or reading().scalar(lately) is None:
        return
    soon = at + FORESIGHT
    facts = facts_of([judged[place].worker for place in places], at=soon, plan="approved")
    for place, verdict in zip(places, judge(facts, at=soon), strict=True):
        announced = (finding.code for finding in verdict.findings if finding.code in SUSPENDING)
        codes[place] = next(announced, OK)


def _decision(row: Judged, code: str, batch_id: UUID, at: datetime) -> dict[str, Any]:
    return {
        "id": row.decision_id,
        "batch_id": batch_id,
        "worker_id": row.worker.id,
        "at": at,
        "is_approved": code == OK,
        "code": code,
        "sealed": seal_inputs(row.decision_id, row.facts, row.verdict),
    }


def write(prepared: Prepared, *, by: Actor) -> Batch:
    """A step: store the batch, its decisions and passes, and the jobs that render their sheets.

    Live passes of the same persons are replaced. Raises EvidenceMoved where evidence changed or one of them
    left since `prepare`, SignerMoved where a key that signed is active no longer; whether the case did is
    the caller's to compare (`prepared.revision`).
    """
    if watermark() != prepared.evidence or _under_way(prepared.person_keys, prepared.at):
        raise EvidenceMoved
    confirm_signers(prepared.kids)
    batch = _insert(prepared, by=by)
    replaced = _replace_live(prepared)
    insert_encoded(prepared.passes)
    jobs.enqueue(SHEET_JOB, [(str(pass_id), {"pass": str(pass_id)}) for pass_id in prepared.pass_ids])
    note_change()
    audit.record(
        "passes.issued",
        f"application:{prepared.application_id}",
        by=by,
        at=prepared.at,
        batch=str(batch.id),
        approved=batch.approved,
        withheld=dict(sorted(prepared.withheld.items())),
        replaced=replaced,
        evidence=prepared.evidence,
        policy_version=prepared.policy_version,
    )
    return batch


def _insert(prepared: Prepared, *, by: Actor) -> Batch:
    batch = Batch(
        id=prepared.batch_id,
        application_id=prepared.application_id,
        at=prepared.at,
        decided_by=by.name,
        intake_id=_last_intake(),
        policy_version=prepared.policy_version,
        approved=len(prepared.pass_ids),
        withheld=prepared.withheld.total(),
    )
    joined().add(batch)
    joined().flush()
    insert_encoded(prepared.decisions)
    return batch


def _last_intake() -> int | None:
    """The last feed, all of which the batch was judged with: no evidence came in since `prepare` read it.

    None while a feed is half in: by its number its later pieces would seem to have been known.
    """
    running = select(Intake.id).where(Intake.state == "running").limit(1)
    if joined().scalar(running) is not None:
        return None
    return joined().scalar(select(func.max(Intake.id)))


def _replace_live(prepared: Prepared) -> int:
    """Close the live passes of the batch's persons and end what holds them; how many were closed.

    A used pass stays used; it only makes room.
    """
    live = (Pass.is_live, Pass.profile == PROFILE, within(Pass.person_key, prepared.person_keys))
    update_rows(
        update(Suspension)
        .where(Suspension.pass_id.in_(select(Pass.id).where(*live)), Suspension.ended_at.is_(None))
        .values(ended_at=prepared.at)
    )
    return update_rows(
        update(Pass)
        .where(*live)
        .values(
            is_live=False,
            is_suspended=False,
            replaced_at=case((Pass.in_at.is_(None), literal(prepared.at, UtcTime())), else_=Pass.replaced_at),
        )
    )
