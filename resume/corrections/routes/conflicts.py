"""The queue of conflicts: results of one sample that disagree."""

from __future__ import annotations

from werkzeug.wrappers import Response

from resume.corrections.forms import ConflictForm
from resume.corrections.kinds import SettleConflict
from resume.corrections.kinds.conflicts import RESULT_NAMES, SOURCE_NAMES, said_by
from resume.corrections.queries import PER_PAGE
from resume.corrections.routes.blueprint import ask, bp, propose
from resume.evidence.conflicts import count_conflicts, get_conflict, list_conflicts
from resume.people.queries import masked_numbers
from resume.roles import Role
from resume.web.access import open_to
from resume.web.pages import asked_page, page


@bp.get("/conflicts")
@open_to(Role.STEWARD)
def conflicts() -> Response:
    """Open conflicts, the oldest first; each blocks its person until it is settled."""
    number, count = asked_page(), count_conflicts()
    found = list_conflicts(limit=PER_PAGE, offset=(number - 1) * PER_PAGE)
    return page(
        "corrections/conflicts.html",
        found=found,
        persons=masked_numbers({view.conflict.person_key for view in found}),
        count=count,
        number=number,
        pages=max(1, -(-count // PER_PAGE)),
        said_by=said_by,
    )


@bp.route("/conflicts/<int:conflict_id>", methods=["GET", "POST"])
@open_to(Role.STEWARD)
def conflict(conflict_id: int) -> Response:
    """Say which result stands: proposed with a reference, for a second person."""
    view = get_conflict(conflict_id)
    form = ConflictForm().offer([(test.id, said_by(test)) for test in view.tests])
    if form.validate_on_submit():
        return propose(SettleConflict(conflict_id, int(form.standing.data)), form)
    return ask(
        "corrections/conflict.html",
        form,
        SettleConflict(conflict_id, 0).subject,
        view=view,
        person=masked_numbers({view.conflict.person_key}).get(view.conflict.person_key, ""),
        result_names=RESULT_NAMES,
        source_names=SOURCE_NAMES,
    )
