"""The door that closes a conflict: somebody has asked what happened, and says so."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _

from resume import audit
from resume.db import transaction
from resume.gate.contradictions import Desk, find_conflict
from resume.gate.models import PassageConflict
from resume.refusals import Conflict, NotFound
from resume.roles import Actor


class ConflictClosed(Conflict):
    """Somebody else was first."""

    code = "conflict_closed"
    message = _("这个冲突已经处理，没有改动")
    advice = _("请在“已处理”中查看处理说明")


def close_conflict(
    number: str, kind: str, *, note: str, desk: Desk, by: Actor, at: datetime
) -> PassageConflict:
    """Close one of the desk's conflicts with a note; scans and passages stay as they are.

    One more scan of the pass opens it again. Raises NotFound, ConflictClosed.
    """
    with transaction() as session:
        found = find_conflict(number, kind, desk)
        if found is None:
            raise NotFound
        if found.closed_at is not None:
            raise ConflictClosed
        found.closed_at, found.closed_by, found.note = at, by.name, note
        session.flush()
        audit.record("gate.conflict_closed", f"pass:{number}", by=by, at=at, kind=kind, scans=found.scans)
    return found
