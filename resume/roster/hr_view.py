"""A worker list as the firm's HR reads it: verdicts of now, health findings as one, numbers masked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from resume.evidence.explain import PlaceNotes, notes_on
from resume.firms.queries import list_sites
from resume.places.matching import Near, match_buildings
from resume.plans.queries import find_plan
from resume.policy import Finding, Verdict, for_hr
from resume.roster.details import WorkerDetails, open_details
from resume.roster.eligibility import Summary, in_the_way, summary, verdicts_of
from resume.roster.forms import ERRORS, Filters
from resume.roster.models import RowError, Worker, WorkerList
from resume.roster.queries import list_errors, list_workers, rows_claimed_elsewhere

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One worker in the table. `nearest`: buildings offered where his address matched none."""

    worker: Worker
    details: WorkerDetails
    verdict: Verdict
    findings: tuple[Finding, ...]
    in_the_way: Sequence[Finding]
    nearest: tuple[Near, ...]

    @property
    def earliest(self) -> datetime | None:
        """When the last of what clears by itself has cleared; the rest then still needs new evidence."""
        return max((one.clears_at for one in self.in_the_way if one.clears_at is not None), default=None)


@dataclass(frozen=True, slots=True)
class ListView:
    """A list with its counts and one page of it. `count`: how many workers (or bad cells) the filters leave.

    `claimed_rows`: rows whose persons another firm has submitted; asked of a preview only.
    """

    worker_list: WorkerList
    summary: Summary
    filters: Filters
    lines: Sequence[Line]
    errors: Sequence[RowError]
    count: int
    claimed_rows: Sequence[int]

    @property
    def bad_rows(self) -> int:
        return self.worker_list.row_count - self.worker_list.good_count

    @property
    def pages(self) -> int:
        return -(-self.count // PER_PAGE)

    @property
    def is_preview(self) -> bool:
        return self.worker_list.state == "preview"


def plan_for_preview(*, firm_id: int) -> str | None:
    """The plan as a preview of workers asks for it: not at all before it was approved once."""
    plan = find_plan(firm_id=firm_id)
    return None if plan is None or plan.state == "none" else plan.state


def view_list(worker_list: WorkerList, filters: Filters, *, at: datetime) -> ListView:
    """One page of a list, every worker of it judged at `at`."""
    firm_id = worker_list.firm_id
    workers = list_workers(worker_list.id, firm_id=firm_id)
    verdicts = verdicts_of(workers, at=at, plan=plan_for_preview(firm_id=firm_id))
    found = list(_kept(zip(workers, verdicts, strict=True), filters))
    errors = list_errors(worker_list.id) if filters.tab == ERRORS else []
    start = (filters.page - 1) * PER_PAGE
    return ListView(
        worker_list=worker_list,
        summary=summary(verdicts, shown_as=for_hr),
        filters=filters,
        lines=lines_of(found[start : start + PER_PAGE]),
        errors=errors[start : start + PER_PAGE],
        count=len(errors) if filters.tab == ERRORS else len(found),
        claimed_rows=(
            rows_claimed_elsewhere(worker_list.id, firm_id=firm_id) if worker_list.state == "preview" else ()
        ),
    )


def view_worker(worker: Worker, *, firm_id: int, at: datetime) -> tuple[Line, str]:
    """One worker judged at `at`, with the name of his plant.

    His list is judged with him: those he lives with are on it.
    """
    workers = list_workers(worker.list_id, firm_id=firm_id)
    flat = [other for other in workers if other.flat_key is not None and other.flat_key == worker.flat_key]
    asked = [worker, *(other for other in flat if other.id != worker.id)]
    verdict = verdicts_of(asked, at=at, plan=plan_for_preview(firm_id=firm_id))[0]
    (line,) = lines_of([(worker, verdict)])
    sites = {site.id: site.name for site in list_sites(firm_id=firm_id)}
    return line, sites.get(worker.site_id or 0, "")


def building_of(line: Line) -> PlaceNotes | None:
    """Why the worker's building is not clear and when, and its level; None where his address matched none."""
    return notes_on([(line.worker.building_id, line.findings)], at=line.verdict.at)[0]


def lines_of(judged: Sequence[tuple[Worker, Verdict]]) -> list[Line]:
    """Workers with their details opened; the nearest buildings asked for in one go."""
    details = [open_details(worker) for worker, _ in judged]
    lost = [at for at, (worker, _) in enumerate(judged) if worker.building_id is None]
    matches = match_buildings([details[at].matched_by for at in lost]) if lost else []
    nearest = {at: match.nearest for at, match in zip(lost, matches, strict=True)}
    return [
        Line(
            worker,
            opened,
            verdict,
            for_hr(verdict.findings),
            in_the_way(verdict, for_hr),
            nearest.get(at, ()),
        )
        for at, ((worker, verdict), opened) in enumerate(zip(judged, details, strict=True))
    ]


def _kept(judged: Iterable[tuple[Worker, Verdict]], filters: Filters) -> Iterable[tuple[Worker, Verdict]]:
    """Those the filters leave; a search opens every worker that passed the others."""
    if filters.tab == ERRORS:
        return
    for worker, verdict in judged:
        if filters.tab and verdict.outcome != filters.tab:
            continue
        if filters.key_only and not worker.key_post:
            continue
        if filters.code and all(one.code != filters.code for one in in_the_way(verdict, for_hr)):
            continue
        if filters.search and not _holds(worker, filters.search):
            continue
        yield worker, verdict


def _holds(worker: Worker, search: str) -> bool:
    return search in worker.post or search in worker.shift or search in open_details(worker).name
