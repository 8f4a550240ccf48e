"""Passes as pages show them: a firm's own, and those that wait for a reviewer's release."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select

from resume.applications.models import Application, Batch
from resume.db import reading
from resume.firms.models import Site
from resume.firms.queries import list_sites
from resume.passes.choice import Choice
from resume.passes.lifecycle import HIDDEN_FROM_HR, RELEASED_BY_REVIEWER, Status
from resume.passes.models import Pass, Suspension
from resume.passes.queries import count_by_status, list_batches, list_of_firm, list_open_suspensions
from resume.passes.reassess import live_condition, read_live
from resume.passes.sheets import count_ready
from resume.policy import Answer, Finding, Outcome, Verdict, reason
from resume.policy.codes import Reason
from resume.roster.details import WorkerDetails, open_details
from resume.roster.queries import workers_by_id

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class PassLine:
    """One pass in the firm's table; `reasons` says why it is suspended, as HR may read it."""

    found: Pass
    status: Status
    is_ready: bool
    person: WorkerDetails
    site: str
    reasons: Sequence[Reason]


@dataclass(frozen=True, slots=True)
class FirmPasses:
    """One page of a firm's passes, how many stand where, and what the filters offer.

    `ready`: how many of all that `choice` asks for go into an archive now.
    """

    lines: Sequence[PassLine]
    counts: Mapping[Status, int]
    choice: Choice
    page: int
    sites: Sequence[Site]
    batches: Sequence[tuple[Batch, int]]
    ready: int

    @property
    def shown(self) -> Status | None:
        return self.choice.status

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def count(self) -> int:
        return self.total if self.shown is None else self.counts[self.shown]

    @property
    def pages(self) -> int:
        return max(1, -(-self.count // PER_PAGE))


def view_firm_passes(*, firm_id: int, at: datetime, choice: Choice, page: int) -> FirmPasses:
    """A page of the firm's passes, newest first. Seven queries."""
    rows = list_of_firm(firm_id=firm_id, at=at, choice=choice, limit=PER_PAGE, offset=(page - 1) * PER_PAGE)
    workers = workers_by_id({found.worker_id for found, _status, _ready in rows})
    held = list_open_suspensions({found.id for found, word, _ready in rows if word is Status.SUSPENDED})
    sites = list_sites(firm_id=firm_id)
    names = {site.id: site.name for site in sites}
    lines = [
        PassLine(
            found,
            word,
            ready,
            open_details(workers[found.worker_id]),
            names.get(found.site_id, ""),
            reasons_for_hr(held.get(found.id, ())),
        )
        for found, word, ready in rows
    ]
    return FirmPasses(
        lines,
        count_by_status(firm_id=firm_id, at=at, choice=choice),
        choice,
        page,
        sites,
        list_batches(firm_id=firm_id),
        count_ready(firm_id=firm_id, at=at, choice=choice),
    )


def reasons_for_hr(held: Sequence[Suspension]) -> list[Reason]:
    """Why a pass is suspended, each reason once, health as one."""
    codes = dict.fromkeys("HEALTH" if row.code in HIDDEN_FROM_HR else row.code for row in held)
    return [reason(code) for code in codes]


@dataclass(frozen=True, slots=True)
class WaitingPass:
    """A suspended pass as the reviewer reads it before he releases it."""

    number: str
    pass_id: str
    person: WorkerDetails
    held: Sequence[Suspension]
    verdict: Verdict

    @property
    def can_be_released(self) -> bool:
        return self.verdict.outcome is Answer.ELIGIBLE

    @property
    def in_the_way(self) -> list[Finding]:
        return [finding for finding in self.verdict.findings if finding.outcome is not Outcome.MET]


def list_waiting(*, district_code: str, at: datetime, page: int) -> list[WaitingPass]:
    """Passes of the district that a reviewer may have to release, each judged at `at`; oldest first."""
    waiting = _waiting(district_code, at).order_by(Pass.issued_at, Pass.number)
    rows = reading().execute(waiting.limit(PER_PAGE).offset((page - 1) * PER_PAGE)).all()
    numbers = {row.id: row.number for row in rows}
    if not numbers:
        return []
    live = read_live(Pass.id.in_(sorted(numbers)), at=at)
    held = list_open_suspensions(set(numbers))
    found = {
        live_pass.id: WaitingPass(
            numbers[live_pass.id],
            str(live_pass.id),
            open_details(worker),
            held.get(live_pass.id, ()),
            verdict,
        )
        for live_pass, worker, verdict in zip(live.passes, live.workers, live.verdicts(at), strict=True)
    }
    return [found[pass_id] for pass_id in numbers if pass_id in found]


def count_waiting(*, district_code: str, at: datetime) -> int:
    """How many passes `list_waiting` goes through."""
    return reading().scalar(select(func.count()).select_from(_waiting(district_code, at).subquery())) or 0


def _waiting(district_code: str, at: datetime) -> Select[UUID, str]:
    held = select(Suspension.pass_id).where(
        Suspension.ended_at.is_(None), Suspension.code.in_(sorted(RELEASED_BY_REVIEWER))
    )
    return (
        select(Pass.id, Pass.number)
        .join(Application, Application.id == Pass.application_id)
        .where(Application.district_code == district_code, Pass.is_suspended.is_(True))
        .where(live_condition(at), Pass.id.in_(held))
    )
