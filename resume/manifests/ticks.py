"""Ticks of a paper, entered later: each is the scan that a phone would have uploaded, once.

Whether the gate could have let the bearer out is worked out as of the time ticked, and what is forced is
marked, as for every gate without network (docs/adr/0023-what-happened-is-kept.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from uuid import UUID, uuid5

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from resume.db import reading
from resume.gate.lifecycle import Action
from resume.gate.models import Scan
from resume.gate.operations.uploads import UploadResult, take_scans
from resume.gate.uploaded import Uploaded
from resume.manifests.models import Manifest
from resume.passes.models import Pass
from resume.places.models import Gate
from resume.policy import SHANGHAI
from resume.refusals import NotFound, Text, Unprocessable
from resume.roles import Actor
from resume.roster.details import WorkerDetails, open_details
from resume.roster.models import Worker


class BadTicks(Unprocessable):
    """Some times cannot be those of this paper; none was entered."""

    code = "bad_ticks"
    message = _("有的时间不能登记，全部没有登记")
    advice = _("时间写成 08:30 的样子，不早于名单制作时间，不晚于现在")

    def __init__(self, positions: Sequence[int]) -> None:
        super().__init__()
        self.positions = frozenset(positions)


@dataclass(frozen=True, slots=True)
class TickLine:
    """A line of the paper with what is recorded by now: by its tick, or by another scan of the pass."""

    position: int
    pass_id: UUID
    number: str
    person: WorkerDetails
    out_at: datetime | None
    tick: Scan | None

    @property
    def is_open(self) -> bool:
        """Whether a time may be entered: also beside another scan, for then two contradict each other."""
        return self.tick is None


def tick_nonce(manifest_id: UUID, position: int) -> UUID:
    """The one nonce of a line's tick."""
    return uuid5(manifest_id, str(position))


def tick_lines(made: Manifest) -> list[TickLine]:
    """The lines in their order. Three statements."""
    passes = {line.position: line.pass_id for line in made.lines}
    query = select(Pass, Worker).join(Worker, Worker.id == Pass.worker_id)
    rows = {
        found.id: (found, worker)
        for found, worker in reading().execute(query.where(Pass.id.in_(sorted(set(passes.values())))))
    }
    nonces = {tick_nonce(made.id, position): position for position in passes}
    scans = {
        nonces[scan.nonce]: scan
        for scan in reading().scalars(select(Scan).where(Scan.nonce.in_(sorted(nonces))))
    }
    lines = []
    for position, pass_id in sorted(passes.items()):
        found, worker = rows[pass_id]
        details = open_details(worker)
        lines.append(TickLine(position, pass_id, found.number, details, found.out_at, scans.get(position)))
    return lines


def gates_of(made: Manifest) -> Sequence[Gate]:
    """The gates of the paper's compound, by name."""
    query = select(Gate).where(Gate.compound_id == made.compound_id)
    return reading().scalars(query.order_by(Gate.name, Gate.id)).all()


def enter_ticks(
    made: Manifest, typed: Mapping[int, str], *, gate_id: int, by: Actor, at: datetime
) -> list[UploadResult]:
    """Enter the times typed beside lines: position -> "HH:MM". One transaction (the gate's door).

    Raises BadTicks for times that cannot be, NotFound for a gate of another compound.
    """
    if gate_id not in {gate.id for gate in gates_of(made)}:
        raise NotFound
    lines = {line.position: line for line in tick_lines(made)}
    moments = {position: _moment(made, text, at) for position, text in typed.items() if position in lines}
    wrong = [position for position, moment in moments.items() if moment is None]
    if wrong:
        raise BadTicks(wrong)
    entries = [
        _entry(made, lines[position], moment)
        for position, moment in sorted(moments.items())
        if moment is not None and lines[position].is_open
    ]
    return take_scans(entries, by=replace(by, gate_id=gate_id), at=at) if entries else []


def _moment(made: Manifest, typed: str, at: datetime) -> datetime | None:
    """A time of the paper's day, or None for one that is no time, before the paper, or to come."""
    try:
        moment = datetime.combine(made.day, time.fromisoformat(typed.strip()), SHANGHAI)
    except ValueError:
        return None
    begin = made.made_at.replace(second=0, microsecond=0)  # a time is typed to the minute
    return moment if begin <= moment <= at else None


def _entry(made: Manifest, line: TickLine, moment: datetime) -> Uploaded:
    return Uploaded(
        nonce=tick_nonce(made.id, line.position),
        action=Action.LET_THROUGH,
        lane="out",
        at=moment,
        device_at=None,
        is_doubtful=False,
        counter=None,
        presented=line.number,
        shown={"manifest": str(made.id), "line": line.position},
        refusal="",
        antigen=None,
        annuls=None,
    )


def said(results: Sequence[UploadResult]) -> Text:
    """What became of the ticks, in a sentence."""
    forced = sum(result.is_forced for result in results)
    if forced:
        return _(
            "已登记 %(count)s 人放行；其中 %(forced)s 人当时不符合放行条件，已报街镇值班台",
            count=len(results),
            forced=forced,
        )
    return _("已登记 %(count)s 人放行", count=len(results))
