"""A worker list as the firm's HR reads it: verdicts of now and the days ahead, health findings as one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from resume.evidence.explain import PlaceNotes, notes_on
from resume.firms.queries import list_sites
from resume.places.matching import Address, Near, match_buildings
from resume.policy import Finding, Outlook, Verdict, for_hr, outlook_for_hr
from resume.roster.bad_rows import BadLine, bad_lines
from resume.roster.details import WorkerDetails, open_details
from resume.roster.eligibility import Summary, in_the_way, plan_for_preview
from resume.roster.forms import ERRORS, Filters
from resume.roster.judgement import Judgement, Mark, judge_anew, judgement_of, mark_of
from resume.roster.lost import count_addresses
from resume.roster.models import Worker, WorkerList
from resume.roster.outlook import Judged, Sampling, deadline_of, look_ahead, sampling_key
from resume.roster.queries import (
    flatmates_on_list,
    list_workers,
    rows_claimed_elsewhere,
    texts_of_list,
    workers_by_id,
)
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


def view_list(worker_list: WorkerList, filters: Filters, *, at: datetime) -> ListView:
    """One page of a list: its counts by what is kept of each worker, the workers shown judged at `at`."""
    firm_id, list_id = worker_list.firm_id, worker_list.id
    plan = plan_for_preview(firm_id=firm_id)
    judgement = judgement_of(list_id, plan=plan, at=at)
    shown = _one_page(judgement, list_id, filters, plan=plan, at=at)
    if not shown.agrees:
        judgement = judge_anew(list_id, plan=plan, at=at)
        shown = _one_page(judgement, list_id, filters, plan=plan, at=at)
    is_bad = filters.tab == ERRORS
    errors, bad = bad_lines(list_id, page=filters.page, size=PER_PAGE) if is_bad else ([], 0)
    return ListView(
        worker_list=worker_list,
        summary=judgement.summary(),
        filters=filters,
        lines=lines_of(shown.judged),
        errors=errors,
        count=bad if is_bad else shown.count,
        claimed_rows=(
            rows_claimed_elsewhere(list_id, firm_id=firm_id) if worker_list.state == "preview" else ()
        ),
        samplings=judgement.samplings(at),
    )


@dataclass(frozen=True, slots=True)
class _Page:
    """The workers of one page, judged now, and what was kept of them. `count`: all whom the filters leave."""

    count: int
    judged: Sequence[Judged]
    marks: Sequence[Mark]

    @property
    def agrees(self) -> bool:
        """Whether what was kept of them is what is found now."""
        found = {
            one.worker.id.hex: mark_of(one.worker.id, one.worker.key_post, one.verdict, one.ahead)
            for one in self.judged
        }
        return all(
            mark.worker_id in found
            and (mark.outcome, mark.codes) == (found[mark.worker_id].outcome, found[mark.worker_id].codes)
            for mark in self.marks
        )


def _one_page(
    judgement: Judgement, list_id: UUID, filters: Filters, *, plan: str | None, at: datetime
) -> _Page:
    found = list(_kept(judgement.marks, list_id, filters, at))
    start = (filters.page - 1) * PER_PAGE
    marks = found[start : start + PER_PAGE]
    ids = [UUID(hex=mark.worker_id) for mark in marks]
    by_id = workers_by_id(ids)
    shown = [by_id[each] for each in ids if each in by_id]
    return _Page(len(found), _with_flatmates(shown, list_id, plan=plan, at=at), marks)


def _with_flatmates(
    workers: Sequence[Worker], list_id: UUID, *, plan: str | None, at: datetime
) -> list[Judged]:
    """Some workers of a list judged as the whole list would be: those they live with are asked about too."""
    flats = {worker.flat_key for worker in workers if worker.flat_key is not None}
    return look_ahead(workers, at=at, plan=plan, flats=flatmates_on_list(list_id, flats))


def lines_to_sample(worker_list: WorkerList, sample: str, *, at: datetime) -> list[Line]:
    """The workers to be sampled by the deadline `sample` (a key; "" for all), in the list's order."""
    firm_id = worker_list.firm_id
    workers = list_workers(worker_list.id, firm_id=firm_id)
    judged = look_ahead(workers, at=at, plan=plan_for_preview(firm_id=firm_id))
    asked = [one for one in judged if one.ahead.sample_by is not None]
    return lines_of(
        [one for one in asked if not sample or sampling_key(deadline_of(one.ahead, at=at)) == sample]
    )


def view_worker(worker: Worker, *, firm_id: int, at: datetime) -> tuple[Line, str]:
    """One worker judged at `at`, with the name of his plant.

    Those he lives with on his list are asked about with him.
    """
    plan = plan_for_preview(firm_id=firm_id)
    judged = _with_flatmates([worker], worker.list_id, plan=plan, at=at)
    (line,) = lines_of(judged)
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


def _kept(marks: Sequence[Mark], list_id: UUID, filters: Filters, at: datetime) -> Iterable[Mark]:
    """Those the filters leave; a search opens every worker that passed the others."""
    if filters.tab == ERRORS:
        return
    texts = texts_of_list(list_id) if filters.search else {}
    holds = finder(filters.search)
    for mark in marks:
        if filters.tab and mark.outcome != filters.tab:
            continue
        if filters.key_only and not mark.key_post:
            continue
        if filters.code and filters.code not in mark.codes:
            continue
        if filters.sample and not _is_sampled_by(mark, filters.sample, at):
            continue
        if filters.search and not (mark.worker_id in texts and holds(texts[mark.worker_id])):
            continue
        yield mark


def _is_sampled_by(mark: Mark, key: str, at: datetime) -> bool:
    return mark.sample_by is not None and sampling_key(mark.deadline(at)) == key
