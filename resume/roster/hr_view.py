"""A worker list as the firm's HR reads it: verdicts of now and the days ahead, health findings as one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from resume.evidence.explain import PlaceNotes, notes_on
from resume.firms.queries import list_sites
from resume.places.matching import Address, Near, match_buildings
from resume.plans.queries import find_plan
from resume.policy import Finding, Outlook, Verdict, for_hr, outlook_for_hr
from resume.roster.bad_rows import BadLine, bad_lines
from resume.roster.details import WorkerDetails, open_details
from resume.roster.eligibility import Summary, in_the_way, summary
from resume.roster.forms import ERRORS, Filters
from resume.roster.lost import count_addresses
from resume.roster.models import Worker, WorkerList
from resume.roster.outlook import Judged, Sampling, deadline_of, look_ahead, sampling_key, to_sample
from resume.roster.queries import list_workers, rows_claimed_elsewhere
from resume.roster.searching import finder

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One worker in the table. `nearest`: buildings offered where his address matched none; `same`: how many
    of his list have that address, himself among them."""

    worker: Worker
    details: WorkerDetails
    verdict: Verdict
    findings: tuple[Finding, ...]
    in_the_way: Sequence[Finding]
    nearest: tuple[Near, ...]
    ahead: Outlook
    same: int = 1

    @property
    def earliest(self) -> datetime | None:
        """When the last of what clears by itself has cleared; the rest then still needs new evidence."""
        return self.ahead.clears_at

    @property
    def deadline(self) -> datetime | None:
        """The round hour by which to be sampled, where `ahead.sample_by` says so; None: at once."""
        return deadline_of(self.ahead, at=self.verdict.at)


@dataclass(frozen=True, slots=True)
class ListView:
    """A list with its counts and one page of it. `count`: how many workers (or bad rows) the filters leave.

    `claimed_rows`: rows whose persons another firm has submitted; asked of a preview only. `samplings`: how
    many of the whole list have to be sampled by when.
    """

    worker_list: WorkerList
    summary: Summary
    filters: Filters
    lines: Sequence[Line]
    errors: Sequence[BadLine]
    count: int
    claimed_rows: Sequence[int]
    samplings: Sequence[Sampling]

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
    judged = look_ahead(workers, at=at, plan=plan_for_preview(firm_id=firm_id))
    found = list(_kept(judged, filters, at))
    is_bad = filters.tab == ERRORS
    errors, bad = bad_lines(worker_list.id, page=filters.page, size=PER_PAGE) if is_bad else ([], 0)
    start = (filters.page - 1) * PER_PAGE
    return ListView(
        worker_list=worker_list,
        summary=summary([one.verdict for one in judged], shown_as=for_hr),
        filters=filters,
        lines=lines_of(found[start : start + PER_PAGE]),
        errors=errors,
        count=bad if is_bad else len(found),
        claimed_rows=(
            rows_claimed_elsewhere(worker_list.id, firm_id=firm_id) if worker_list.state == "preview" else ()
        ),
        samplings=to_sample((one.ahead for one in judged), at=at),
    )


def lines_to_sample(worker_list: WorkerList, sample: str, *, at: datetime) -> list[Line]:
    """The workers to be sampled by the deadline `sample` (a key; "" for all), in the list's order."""
    firm_id = worker_list.firm_id
    workers = list_workers(worker_list.id, firm_id=firm_id)
    judged = look_ahead(workers, at=at, plan=plan_for_preview(firm_id=firm_id))
    asked = [one for one in judged if one.ahead.sample_by is not None]
    return lines_of([one for one in asked if not sample or _is_sampled_by(one.ahead, sample, at)])


def view_worker(worker: Worker, *, firm_id: int, at: datetime) -> tuple[Line, str]:
    """One worker judged at `at`, with the name of his plant.

    His list is judged with him: those he lives with are on it.
    """
    workers = list_workers(worker.list_id, firm_id=firm_id)
    flat = [other for other in workers if other.flat_key is not None and other.flat_key == worker.flat_key]
    asked = [worker, *(other for other in flat if other.id != worker.id)]
    judged = look_ahead(asked, at=at, plan=plan_for_preview(firm_id=firm_id))
    (line,) = lines_of(judged[:1])
    sites = {site.id: site.name for site in list_sites(firm_id=firm_id)}
    return line, sites.get(worker.site_id or 0, "")


def building_of(line: Line) -> PlaceNotes | None:
    """Why the worker's building is not clear and when, and its level; None where his address matched none."""
    return notes_on([(line.worker.building_id, line.findings)], at=line.verdict.at)[0]


def lines_of(judged: Sequence[Judged]) -> list[Line]:
    """Workers with their details opened; the nearest buildings asked for in one go."""
    details = [open_details(one.worker) for one in judged]
    lost = [at for at, one in enumerate(judged) if one.worker.building_id is None]
    matches = match_buildings([details[at].matched_by for at in lost]) if lost else []
    nearest = {at: match.nearest for at, match in zip(lost, matches, strict=True)}
    same = count_addresses(judged[lost[0]].worker.list_id) if lost else Counter[Address]()
    return [
        Line(
            one.worker,
            opened,
            one.verdict,
            for_hr(one.verdict.findings),
            in_the_way(one.verdict, for_hr),
            nearest.get(at, ()),
            outlook_for_hr(one.ahead),
            max(1, same[opened.matched_by]) if at in nearest else 1,
        )
        for at, (one, opened) in enumerate(zip(judged, details, strict=True))
    ]


def _kept(judged: Iterable[Judged], filters: Filters, at: datetime) -> Iterable[Judged]:
    """Those the filters leave; a search opens every worker that passed the others."""
    if filters.tab == ERRORS:
        return
    holds = finder(filters.search)
    for one in judged:
        if filters.tab and one.verdict.outcome != filters.tab:
            continue
        if filters.key_only and not one.worker.key_post:
            continue
        if filters.code and all(each.code != filters.code for each in in_the_way(one.verdict, for_hr)):
            continue
        if filters.sample and not _is_sampled_by(one.ahead, filters.sample, at):
            continue
        if filters.search and not holds(one.worker):
            continue
        yield one


def _is_sampled_by(ahead: Outlook, key: str, at: datetime) -> bool:
    return ahead.sample_by is not None and sampling_key(deadline_of(ahead, at=at)) == key
