"""Cases: find one, move it to another building, take it out of the count."""

from __future__ import annotations

from werkzeug.wrappers import Response

from resume.corrections import queries
from resume.corrections.forms import ExcludeCaseForm, MoveCaseForm
from resume.corrections.kinds.cases import EXCLUSIONS, ExcludeCase, MoveCase
from resume.corrections.routes.blueprint import ask, asked_search, bp, buildings_at, propose
from resume.evidence.models import CaseRecord
from resume.roles import Role
from resume.web.access import open_to
from resume.web.pages import asked_page, page


@bp.get("/cases")
@open_to(Role.STEWARD)
def cases() -> Response:
    """Cases that count, newest first; by case id, place code or address."""
    search = asked_search()
    return page(
        "corrections/cases.html",
        fragment="corrections/_cases.html",
        found=queries.list_cases(building_ids=buildings_at(search), search=search, page=asked_page()),
        search=search,
        number=asked_page(),
        per_page=queries.PER_PAGE,
        exclusions=EXCLUSIONS,
    )


@bp.get("/cases/<int:case_row>")
@open_to(Role.STEWARD)
def case(case_row: int) -> Response:
    """One case with all its states, and what can be done with it."""
    placed = queries.get_case(case_row)
    assert isinstance(placed.record, CaseRecord)
    return page(
        "corrections/case.html",
        placed=placed,
        history=queries.case_history(placed.record),
        exclusions=EXCLUSIONS,
        open_one=queries.find_open(MoveCase(case_row, 0).subject),
    )


@bp.route("/cases/<int:case_row>/building", methods=["GET", "POST"])
@open_to(Role.STEWARD)
def move_case(case_row: int) -> Response:
    """Attribute the case to another building: proposed with its difference, for a second person."""
    placed, form = queries.get_case(case_row), MoveCaseForm()
    form.belongs_to = placed.building.id
    if form.validate_on_submit():
        return propose(MoveCase(case_row, form.building_id, form.unit.data or ""), form)
    return ask("corrections/move_case.html", form, MoveCase(case_row, 0).subject, placed=placed)


@bp.route("/cases/<int:case_row>/exclusion", methods=["GET", "POST"])
@open_to(Role.STEWARD)
def exclude_case(case_row: int) -> Response:
    """Let the case count no longer."""
    placed, form = queries.get_case(case_row), ExcludeCaseForm()
    if form.validate_on_submit():
        return propose(ExcludeCase(case_row, form.reason.data), form)
    return ask("corrections/exclude_case.html", form, ExcludeCase(case_row, "").subject, placed=placed)
