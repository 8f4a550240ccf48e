"""/trips/conflicts and /trips/forced: what a street's desk has to ask about, and the district's reviewers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from resume import clock
from resume.gate.contradictions import (
    KINDS,
    Desk,
    count_conflicts,
    count_forced,
    list_conflicts,
    list_forced,
)
from resume.gate.forms import NoteForm
from resume.gate.operations.conflicts import close_conflict
from resume.gate.routes import bp
from resume.gate.wording import GUARD_TONES, guard_code, language_of, refusal_words
from resume.refusals import NotFound, Text
from resume.roles import Role
from resume.web.access import current_actor, open_to, own_desk, own_district
from resume.web.language import current_language
from resume.web.pages import asked_page, page, saved

PER_PAGE = 50

KIND_NAMES: Mapping[str, Text] = {
    "out": _("同一张证登记了多次出门"),
    "in": _("同一张证登记了多次进厂"),
    "order": _("进厂时间早于出门时间"),
}
READERS = (Role.STREET, Role.REVIEWER, Role.SIGN_OFF)


@bp.get("/trips/conflicts")
@open_to(*READERS)
def conflicts() -> Response:
    """Passages that contradict each other; those closed on demand."""
    return _conflicts(NoteForm(formdata=None))


@bp.post("/trips/conflicts/<number>/<kind>")
@open_to(Role.STREET, Role.REVIEWER)
def close(number: str, kind: str) -> Response:
    """Close one of them with a note."""
    if kind not in KINDS:
        raise NotFound
    form = NoteForm()
    if not form.validate():
        return _conflicts(form, wrong=(number, kind), status=422)
    note = form.note.data or ""
    close_conflict(number, kind, note=note, desk=_desk(), by=current_actor(), at=clock.now())
    return saved(to=url_for("gate.conflicts"), message=gettext("冲突已处理"))


@bp.get("/trips/forced")
@open_to(*READERS)
def forced() -> Response:
    """Who was let through although the answer, as of then, did not allow it."""
    desk, number = _desk(), asked_page()
    return page(
        "trips/forced.html",
        lines=list_forced(desk, limit=PER_PAGE, offset=(number - 1) * PER_PAGE),
        number=number,
        pages=-(-count_forced(desk) // PER_PAGE),
        **_words(),
    )


def _conflicts(form: NoteForm, *, wrong: tuple[str, str] | None = None, status: int = 200) -> Response:
    desk, number = _desk(), asked_page()
    is_open = request.args.get("state") != "closed"
    counts = {state: count_conflicts(desk, is_open=state) for state in (True, False)}
    return page(
        "trips/conflicts.html",
        status=status,
        lines=list_conflicts(desk, is_open=is_open, limit=PER_PAGE, offset=(number - 1) * PER_PAGE),
        counts=counts,
        is_open=is_open,
        form=form,
        wrong=wrong,
        names=KIND_NAMES,
        can_close=current_actor().role is not Role.SIGN_OFF,
        number=number,
        pages=-(-counts[is_open] // PER_PAGE),
        **_words(),
    )


def _words() -> dict[str, Any]:
    """How codes and verdicts are said to a desk: as to a guard, without medical detail."""
    language = language_of(current_language())
    return {
        "said": lambda code: refusal_words(guard_code(code), language=language),
        "tones": {verdict.value: tone for verdict, tone in GUARD_TONES.items()},
    }


def _desk() -> Desk:
    return Desk(*own_desk()) if current_actor().role is Role.STREET else Desk(own_district())
