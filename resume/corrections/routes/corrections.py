"""Corrections that wait for a second person, and those decided."""

from __future__ import annotations

from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from resume import clock
from resume.corrections import operations, queries
from resume.corrections.difference import Difference
from resume.corrections.forms import DeclineForm
from resume.corrections.kinds import KINDS, SubjectMoved
from resume.corrections.kinds.zones import LEVELS
from resume.corrections.lifecycle import STATE_NAMES, State
from resume.corrections.models import Correction
from resume.corrections.routes.blueprint import bp
from resume.roles import Role
from resume.web.access import current_actor, open_to
from resume.web.pages import asked_page, page, saved


@bp.get("/corrections")
@open_to(Role.STEWARD)
def index() -> Response:
    """What waits for a second person, what was confirmed or declined."""
    word = request.args.get("state", "")
    state = State(word) if word in set(State) else State.PROPOSED
    counts = queries.count_corrections()
    return page(
        "corrections/index.html",
        found=queries.list_corrections(state, page=asked_page()),
        state=state,
        counts=counts,
        number=asked_page(),
        pages=max(1, -(-counts[state] // queries.PER_PAGE)),
        kinds=KINDS,
        state_names=STATE_NAMES,
    )


@bp.get("/corrections/<int:correction_id>")
@open_to(Role.STEWARD)
def show(correction_id: int) -> Response:
    """One correction: what it says, what it rests on, what it changes."""
    return _show(queries.get_correction(correction_id), DeclineForm(formdata=None))


def _show(correction: Correction, form: DeclineForm, status: int = 200) -> Response:
    wanted = queries.kind_of(correction)
    difference, has_moved = Difference.from_json(correction.foreseen), False
    is_open = correction.state == State.PROPOSED.value
    if correction.outcome is not None:
        difference = Difference.from_json(correction.outcome)
    if is_open:
        try:
            difference = operations.rehearse(wanted, by=current_actor(), at=clock.now())
        except SubjectMoved:
            has_moved = True
    return page(
        "corrections/show.html",
        status=status,
        correction=correction,
        title=KINDS[correction.kind].title,
        described=wanted.described(),
        difference=difference,
        has_moved=has_moved,
        is_open=is_open,
        is_own=correction.proposed_by == current_actor().account_id,
        state_names=STATE_NAMES,
        level_names=LEVELS,
        form=form,
    )


@bp.post("/corrections/<int:correction_id>/confirmation")
@open_to(Role.STEWARD)
def confirm(correction_id: int) -> Response:
    """As a second person: it is taken in and acts."""
    operations.confirm(correction_id, by=current_actor(), at=clock.now())
    return saved(to=url_for("corrections.show", correction_id=correction_id), message=_("更正已确认并生效"))


@bp.post("/corrections/<int:correction_id>/refusal")
@open_to(Role.STEWARD)
def decline(correction_id: int) -> Response:
    """It is not confirmed; nothing changes."""
    form = DeclineForm()
    if not form.validate_on_submit():
        return _show(queries.get_correction(correction_id), form, status=422)
    operations.decline(correction_id, note=form.note.data or "", by=current_actor(), at=clock.now())
    return saved(to=url_for("corrections.index"), message=_("更正未通过，没有任何改动"))
