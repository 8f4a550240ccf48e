"""Slips: each worker's link to his own page, for HR to hand on. Shown to HR only, and kept nowhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVarTuple
from uuid import UUID

import segno
from sqlalchemy import ColumnElement, Select, func, select

from resume.db import reading
from resume.firms.queries import list_sites
from resume.refusals import NotFound
from resume.roster.details import WorkerDetails, open_details
from resume.roster.models import Claim, Worker
from resume.roster.own_key import own_keys, own_link, phone_link
from resume.roster.queries import find_bearer

PER_PAGE = 60
Shape = TypeVarTuple("Shape")


@dataclass(frozen=True, slots=True)
class Code:
    """A QR as the page draws it: modules a side with the quiet zone, and the dark ones as an SVG path."""

    side: int
    path: str


@dataclass(frozen=True, slots=True)
class Slip:
    """What one worker gets: his name, the link, the key to type where there is no camera, and the QR."""

    worker: Worker
    person: WorkerDetails
    site: str
    key: str

    @property
    def link(self) -> str:
        return own_link(self.key)

    @property
    def phone_link(self) -> str:
        """The same key, where it puts the pass on the phone that opens it."""
        return phone_link(self.key)

    @property
    def code(self) -> Code:
        return draw(self.link)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose slips: of a plant, of a shift, of those whose name holds `name`; empty for all."""

    site_id: int | None = None
    shift: str = ""
    name: str = ""

    @classmethod
    def of(cls, args: Mapping[str, str]) -> Wanted:
        """From a query string, in which no name has a place; what it does not know is ignored."""
        site = args.get("site", "")
        is_number = site.isascii() and site.isdecimal() and len(site) < 10
        return cls(int(site) if is_number else None, args.get("shift", "")[:40])

    @classmethod
    def searching(cls, form: Mapping[str, str]) -> Wanted:
        """As it is posted: with a name."""
        name = "".join(c for c in form.get("q", "") if c.isprintable()).strip()[:40]
        return replace(cls.of(form), name=name)


def list_slips(wanted: Wanted, *, firm_id: int, page: int) -> tuple[list[Slip], int]:
    """A page of slips of everybody on the firm's submitted lists, by plant, shift and row; and how many.

    Three queries; a name is looked for in every worker that the other filters leave, for names are sealed.
    """
    start = (page - 1) * PER_PAGE
    query = _claimed(select(Worker), firm_id).where(*_conditions(wanted))
    query = query.order_by(Worker.site_id, Worker.shift, Worker.row, Worker.id)
    if wanted.name:
        named = [each for each in reading().scalars(query) if wanted.name in open_details(each).name]
        return _slips(named[start : start + PER_PAGE], firm_id), len(named)
    count = _claimed(select(func.count(Worker.id)), firm_id).where(*_conditions(wanted))
    workers = reading().scalars(query.limit(PER_PAGE).offset(start)).all()
    return _slips(workers, firm_id), reading().scalar(count) or 0


def list_shifts(*, firm_id: int) -> Sequence[str]:
    """The shifts (班组) on the firm's submitted lists. One query."""
    query = _claimed(select(Worker.shift).distinct(), firm_id).where(Worker.shift != "")
    return reading().scalars(query.order_by(Worker.shift)).all()


def get_slip(worker_id: UUID, *, firm_id: int) -> Slip:
    """The slip of whom a row of this firm stands for today, on whichever of its lists; or NotFound."""
    bearer = find_bearer(worker_id)
    if bearer is None or bearer.firm_id != firm_id:
        raise NotFound
    worker = reading().scalars(_claimed(select(Worker), firm_id).where(Worker.id == bearer.worker.id)).first()
    if worker is None:
        raise NotFound
    return _slips([worker], firm_id)[0]


def draw(text: str) -> Code:
    """The QR of a link. Its mask is fixed: choosing the best one is most of an encoder's time."""
    matrix = segno.make_qr(text, error="m", mask=3, boost_error=False).matrix
    quiet = 4
    runs = [
        f"M{quiet + at} {quiet + row}h{length}v1h-{length}z"
        for row, line in enumerate(matrix)
        for at, length in _runs(line)
    ]
    return Code(len(matrix) + 2 * quiet, "".join(runs))


def _runs(line: bytes | bytearray) -> Sequence[tuple[int, int]]:
    """Where each run of dark modules of a line begins, and how long it is."""
    found: list[tuple[int, int]] = []
    for at, module in enumerate(line):
        if not module:
            continue
        if found and sum(found[-1]) == at:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        else:
            found.append((at, 1))
    return found


def _claimed(query: Select[*Shape], firm_id: int) -> Select[*Shape]:
    """Only rows by which the firm claims their persons: of its lists that are submitted or in force."""
    is_his = (Claim.list_id == Worker.list_id) & (Claim.person_key == Worker.person_key)
    return query.join(Claim, is_his).where(Claim.firm_id == firm_id)


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found = []
    if wanted.site_id is not None:
        found.append(Worker.site_id == wanted.site_id)
    if wanted.shift:
        found.append(Worker.shift == wanted.shift)
    return found


def _slips(workers: Sequence[Worker], firm_id: int) -> list[Slip]:
    sites = {site.id: site.name for site in list_sites(firm_id=firm_id)}
    keys = own_keys([worker.id for worker in workers])
    return [
        Slip(worker, open_details(worker), sites.get(worker.site_id or 0, ""), key)
        for worker, key in zip(workers, keys, strict=True)
    ]
