"""Doors of single passes: revoke, and release what waits for a reviewer."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from resume import audit
from resume.applications.models import Application
from resume.db import in_chunks, joined, transaction
from resume.passes.lifecycle import FORESIGHT, Status
from resume.passes.models import Pass
from resume.passes.queries import UnknownPass, list_open_suspensions, status_of
from resume.passes.reassess import Live, causes_of, end_suspensions, mark, read_live
from resume.passes.status_list import note_change
from resume.passes.telling import Affected, Occasion, tell_changes
from resume.refusals import Conflict, Unprocessable
from resume.roles import Actor

_FINAL = frozenset({Status.REVOKED, Status.REPLACED, Status.USED})
MOST_AT_ONCE = 500


class AlreadyFinal(Conflict):
    """A pass that is revoked, replaced or used has come to its end."""

    code = "already_final"
    message = _("这张通行证已经终止（吊销、换发或已使用），不能再吊销")
    advice = _("请核对编号；如需通行，请由企业重新申请")


class TooManyAtOnce(Unprocessable):
    """More passes than one release takes."""

    code = "too_many_at_once"
    message = _("一次最多解除 500 张")
    advice = _("请分批选择后再解除")


@dataclass(frozen=True, slots=True)
class Released:
    """What a release did: numbers of passes that hold again, and of those it kept, with the codes."""

    released: tuple[str, ...]
    kept: tuple[tuple[str, tuple[str, ...]], ...]


def revoke(pass_id: UUID, *, reason: str, by: Actor, at: datetime) -> Pass:
    """End a pass for good. UnknownPass outside the actor's district, AlreadyFinal where it has ended."""
    with transaction() as session:
        found = session.get(Pass, pass_id, populate_existing=True)
        if found is None or not _is_of_district(found, by):
            raise UnknownPass
        if status_of(found, at=at) in _FINAL:
            raise AlreadyFinal
        withdraw([found], at=at)
        audit.record("pass.revoked", f"pass:{found.number}", by=by, at=at, reason=reason)
    return found


def withdraw(passes: Sequence[Pass], *, at: datetime) -> None:
    """A step: end passes for good, and what holds them with them."""
    held = list_open_suspensions({found.id for found in passes})
    end_suspensions([row.id for rows in held.values() for row in rows], at=at)
    for found in passes:
        found.revoked_at, found.is_live, found.is_suspended = at, False, False
    joined().flush()
    note_change()


def release(pass_ids: Collection[UUID], *, by: Actor, at: datetime) -> Released:
    """Let suspended passes hold again whose workers are eligible now; the others are kept, with the reasons.

    Passes of another district are left out as if they were not there. Raises TooManyAtOnce.
    """
    if len(pass_ids) > MOST_AT_ONCE:
        raise TooManyAtOnce
    with transaction() as session:
        ours = select(Application.id).where(Application.district_code == by.district_code)
        chosen = Pass.id.in_(sorted(pass_ids)) & Pass.is_suspended.is_(True)
        live = read_live(chosen & Pass.application_id.in_(ours), at=at)
        numbers = _numbers([found.id for found in live.passes])
        held = list_open_suspensions(set(numbers))
        freed: list[UUID] = []
        kept: list[tuple[str, tuple[str, ...]]] = []
        for found, codes in zip(live.passes, _still_in_the_way(live, at), strict=True):
            if codes:
                kept.append((numbers[found.id], codes))
            else:
                freed.append(found.id)
        if freed:
            end_suspensions([row.id for pass_id in freed for row in held.get(pass_id, ())], at=at)
            mark(freed, is_suspended=False)
            note_change()
            released = tuple(sorted(numbers[pass_id] for pass_id in freed))
            audit.record("passes.released", "passes", by=by, at=at, released=released, kept=len(kept))
            _tell(live, set(freed), at=at)
            session.flush()
        return Released(tuple(sorted(numbers[pass_id] for pass_id in freed)), tuple(sorted(kept)))


def _tell(live: Live, freed: Collection[UUID], *, at: datetime) -> None:
    holders = zip(live.passes, live.workers, strict=True)
    healed = [Affected.of(found.firm_id, worker) for found, worker in holders if found.id in freed]
    tell_changes({"healed": healed}, occasion=Occasion.of_moment(at), at=at)


def _still_in_the_way(live: Live, at: datetime) -> list[tuple[str, ...]]:
    """Why each pass cannot hold again: what is not met now, or is on record for the next minutes."""
    if not live.passes:
        return []
    found = []
    for row, now, soon in zip(live.passes, live.verdicts(at), live.verdicts(at + FORESIGHT), strict=True):
        codes = [finding.code for finding in now.findings if finding.outcome != "met"]
        codes += [code for code, _cause in causes_of(soon, row.good_until)]
        found.append(tuple(dict.fromkeys(codes)))
    return found


def _numbers(ids: Sequence[UUID]) -> dict[UUID, str]:
    found: dict[UUID, str] = {}
    for chunk in in_chunks(ids):
        rows = joined().execute(select(Pass.id, Pass.number).where(Pass.id.in_(chunk)))
        found |= {row.id: row.number for row in rows}
    return found


def _is_of_district(found: Pass, by: Actor) -> bool:
    case = joined().get(Application, found.application_id)
    return case is not None and case.district_code == by.district_code
