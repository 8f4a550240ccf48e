"""Doors of corrections: see what one would change, propose it, confirm it as another person, decline it."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _

from resume import audit
from resume.corrections.difference import Difference, compare, snapshot
from resume.corrections.kinds import Correctable, SubjectMoved
from resume.corrections.lifecycle import State
from resume.corrections.models import Correction
from resume.corrections.queries import find_open, get_correction, kind_of
from resume.db import joined, transaction
from resume.intake.feeds import FEEDS
from resume.intake.taking import take_entries
from resume.refusals import Conflict, NotAllowed, Unprocessable
from resume.roles import Actor

MAX_REFERENCE = 200


class ReferenceMissing(Unprocessable):
    """A change by hand without what it rests on."""

    code = "reference_missing"
    message = _("没有写明依据，更正没有提出")
    advice = _("请写明文号、电话记录编号或其他可查的依据")


class AlreadyProposed(Conflict):
    """Somebody else has proposed a correction of the same thing, and it is open."""

    code = "already_proposed"
    message = _("这条记录已有一项更正等待确认")
    advice = _("请先处理那一项更正；确认或退回后再提出新的")


class AlreadyDecided(Conflict):
    """The correction was confirmed or declined already."""

    code = "already_decided"
    message = _("这项更正已有结论，没有再次办理")
    advice = _("请刷新页面查看结论")


class SamePerson(NotAllowed):
    """Whoever proposes a correction does not confirm it."""

    code = "same_person"
    message = _("提出更正和确认更正须由不同的人办理")
    advice = _("请由另一位疫情数据专员确认")


class _Rehearsed(Exception):
    """Ends a rehearsal: the door rolls back."""


def rehearse(wanted: Correctable, *, by: Actor, at: datetime) -> Difference:
    """What the correction would change now; nothing is stored. Raises SubjectMoved."""
    found = Difference()
    try:
        with transaction():
            found = _apply(wanted, 0, by=by, at=at)
            raise _Rehearsed
    except _Rehearsed:
        return found


def propose(wanted: Correctable, *, reference: str, by: Actor, at: datetime) -> Correction:
    """Store a correction for a second person to confirm; nothing changes yet.

    Raises ReferenceMissing, AlreadyProposed, SubjectMoved.
    """
    reference = reference.strip()[:MAX_REFERENCE]
    if not reference:
        raise ReferenceMissing
    foreseen = rehearse(wanted, by=by, at=at)
    with transaction() as session:
        if find_open(wanted.subject) is not None:
            raise AlreadyProposed
        correction = Correction(
            kind=wanted.kind,
            subject=wanted.subject,
            content=wanted.to_json(),
            reference=reference,
            state=State.PROPOSED.value,
            proposed_by=by.account_id,
            proposed_name=by.name,
            proposed_at=at,
            foreseen=foreseen.to_json(),
        )
        session.add(correction)
        session.flush()
        _record("proposed", correction, by=by, at=at, foreseen=_totals(foreseen))
    return correction


def confirm(correction_id: int, *, by: Actor, at: datetime) -> Correction:
    """As a second person: the correction is taken in and acts, in one transaction with its outcome.

    Raises NotFound, AlreadyDecided, SamePerson, SubjectMoved.
    """
    with transaction():
        correction = _open_one(correction_id)
        if by.account_id is None or by.account_id == correction.proposed_by:
            raise SamePerson
        done = _apply(kind_of(correction), correction.id, by=by, at=at)
        correction.outcome = done.to_json()
        _decide(correction, State.CONFIRMED, by=by, at=at)
        _record("confirmed", correction, by=by, at=at, done=_totals(done))
    return correction


def decline(correction_id: int, *, note: str, by: Actor, at: datetime) -> Correction:
    """Turn a proposal down, or take one's own back; nothing changes. Raises NotFound, AlreadyDecided."""
    with transaction():
        correction = _open_one(correction_id)
        correction.decision_note = note.strip()[:MAX_REFERENCE]
        _decide(correction, State.DECLINED, by=by, at=at)
        _record("declined", correction, by=by, at=at, note=correction.decision_note)
    return correction


def _apply(wanted: Correctable, correction_id: int, *, by: Actor, at: datetime) -> Difference:
    """Take the lines in inside the caller's door; what is otherwise afterwards."""
    concern = wanted.concerns()
    changes = wanted.changes(str(correction_id))
    before = snapshot(concern, at=at)
    for change in changes:
        name = f"correction {correction_id}"
        taken = take_entries(FEEDS[change.feed], change.entries, name, by=by, at=at, origin="correction")
        if taken.report.refused:  # the ledger holds something else under these ids by now
            raise SubjectMoved
    joined().expire_all()
    return compare(before, snapshot(concern, at=at))


def _open_one(correction_id: int) -> Correction:
    correction = get_correction(correction_id)
    if correction.state != State.PROPOSED.value:
        raise AlreadyDecided
    return correction


def _decide(correction: Correction, state: State, *, by: Actor, at: datetime) -> None:
    correction.state = state.value
    correction.decided_by, correction.decided_name, correction.decided_at = by.account_id, by.name, at
    joined().flush()


def _record(what: str, correction: Correction, *, by: Actor, at: datetime, **detail: object) -> None:
    audit.record(
        f"correction.{what}",
        f"correction:{correction.id}",
        by=by,
        at=at,
        kind=correction.kind,
        about=correction.subject,
        reference=correction.reference,
        **detail,
    )


def _totals(found: Difference) -> dict[str, int]:
    return {name: found.total(name) for name in ("suspended", "healed", "lost", "gained")}
