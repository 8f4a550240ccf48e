"""The page itself: what is known of one worker at one moment, in the words that its opener may read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from resume.audit import AuditEntry
from resume.db import reading
from resume.disclosure.held import Held, list_held
from resume.disclosure.queries import Bearer
from resume.evidence.models import TestRecord
from resume.firms.queries import get_firm, list_sites
from resume.objections.lifecycle import Key
from resume.objections.queries import ObjectionView, list_of_person
from resume.passes import queries as passes
from resume.passes.lifecycle import Status
from resume.passes.models import Pass, Suspension
from resume.passes.views import reasons_for_hr
from resume.policy import OWN_ADVICE, Finding, Outcome, Outlook, Text, Verdict, for_hr, outlook_for_hr, reason
from resume.policy.codes import Reason
from resume.roster.details import WorkerDetails, open_details
from resume.roster.eligibility import plan_for_preview
from resume.roster.models import Worker
from resume.roster.outlook import deadline_of, look_ahead
from resume.roster.queries import rows_of_person

SHOWN_TESTS, SHOWN_OPENINGS = 20, 10


@dataclass(frozen=True, slots=True)
class Opening:
    """That the page was opened (or its code set or cleared), and with what."""

    at: datetime
    action: str
    key: Key | None


@dataclass(frozen=True, slots=True)
class OwnPass:
    """One of his passes; `reasons` says why it is held, in the opener's words."""

    found: Pass
    status: Status
    reasons: Sequence[Reason]


@dataclass(frozen=True, slots=True)
class Record:
    """Everything on the page. `is_own`: opened with his code, so health is named and objections are read."""

    worker: Worker
    details: WorkerDetails
    firm: str
    site: str
    key: Key
    has_code: bool
    verdict: Verdict
    findings: Sequence[Finding]
    ahead: Outlook
    passes: Sequence[OwnPass]
    held: Sequence[Held]
    tests: Sequence[TestRecord]
    openings: Sequence[Opening]
    objections: Sequence[ObjectionView]

    @property
    def is_own(self) -> bool:
        return self.key is Key.OWN

    @property
    def in_force(self) -> OwnPass | None:
        """The pass he can use, or could if it were not suspended."""
        return next((one for one in self.passes if one.status in (Status.ACTIVE, Status.SUSPENDED)), None)

    @property
    def deadline(self) -> datetime | None:
        """The round hour by which to be sampled, where `ahead.sample_by` says so; None: at once."""
        return deadline_of(self.ahead, at=self.verdict.at)

    def advice(self, finding: Finding) -> Text | None:
        """What he does about it; nothing where it is met."""
        return None if finding.outcome is Outcome.MET else OWN_ADVICE.get(finding.code)


def view_record(bearer: Bearer, key: Key, *, has_code: bool, at: datetime) -> Record:
    """The page at `at`. A fixed number of queries; what the opener may not read is not even read."""
    worker, firm_id, is_own = bearer.worker, bearer.firm_id, key is Key.OWN
    (judged,) = look_ahead([worker], at=at, plan=plan_for_preview(firm_id=firm_id))
    sites = {site.id: site.name for site in list_sites(firm_id=firm_id)}
    verdict = judged.verdict
    return Record(
        worker=worker,
        details=open_details(worker),
        firm=get_firm(firm_id).name,
        site=sites.get(worker.site_id or 0, ""),
        key=key,
        has_code=has_code,
        verdict=verdict,
        findings=verdict.findings if is_own else for_hr(verdict.findings),
        ahead=judged.ahead if is_own else outlook_for_hr(judged.ahead),
        passes=_passes(bearer, is_own=is_own, at=at),
        held=list_held(worker, firm_id=firm_id, at=at, is_told=is_own),
        tests=_tests(worker) if is_own else (),
        openings=_openings(worker, firm_id) if is_own else (),
        objections=list_of_person(person_key=worker.person_key, firm_id=firm_id) if is_own else (),
    )


def _passes(bearer: Bearer, *, is_own: bool, at: datetime) -> list[OwnPass]:
    rows = passes.list_of_person(bearer.worker.person_key, firm_id=bearer.firm_id, at=at)
    held = passes.list_open_suspensions(
        {found.id for found, word, _ready in rows if word is Status.SUSPENDED}
    )
    in_words = _own_reasons if is_own else reasons_for_hr
    return [OwnPass(found, word, in_words(held.get(found.id, ()))) for found, word, _ready in rows]


def _own_reasons(held: Sequence[Suspension]) -> list[Reason]:
    return [reason(code) for code in dict.fromkeys(row.code for row in held)]


def _tests(worker: Worker) -> Sequence[TestRecord]:
    """His newest tests as they count now."""
    query = select(TestRecord).where(
        TestRecord.person_key == worker.person_key, TestRecord.replaced_at.is_(None)
    )
    newest = query.order_by(TestRecord.sampled_at.desc(), TestRecord.id.desc())
    return reading().scalars(newest.limit(SHOWN_TESTS)).all()


def _openings(worker: Worker, firm_id: int) -> list[Opening]:
    """Newest first, also those from before the list that stands. Two queries."""
    own_rows = reading().scalars(rows_of_person(worker.person_key, firm_id=firm_id))
    query = select(AuditEntry).where(
        AuditEntry.subject.in_([f"worker:{worker_id}" for worker_id in own_rows]),
        AuditEntry.action.startswith("disclosure."),
    )
    rows = reading().scalars(query.order_by(AuditEntry.seq.desc()).limit(SHOWN_OPENINGS))
    return [_opening(row) for row in rows]


def _opening(row: AuditEntry) -> Opening:
    word = json.loads(row.detail).get("key")
    return Opening(row.at, row.action.partition(".")[2], None if word is None else Key(word))
