"""Each worker's link to his own page, for HR to hand on: as slips to print, or one to copy."""

from __future__ import annotations

from uuid import UUID

from flask import request
from werkzeug.wrappers import Response

from resume.firms.queries import list_sites
from resume.passes import slips
from resume.passes.routes.blueprint import bp
from resume.roles import Role
from resume.web.access import open_to, own_firm
from resume.web.pages import asked_page, page


@bp.get("/passes/links")
@open_to(Role.HR)
def links() -> Response:
    """Slips to print and cut, one for each worker on the firm's submitted lists."""
    return _links(slips.Wanted.of(request.args), asked_page())


@bp.post("/passes/links/search")
@open_to(Role.HR)
def search_links() -> Response:
    """Those of a name; posted, so that it stands in no address."""
    return _links(slips.Wanted.searching(request.form), asked_page(request.form))


def _links(wanted: slips.Wanted, number: int) -> Response:
    firm_id = own_firm()
    found, count = slips.list_slips(wanted, firm_id=firm_id, page=number)
    return page(
        "passes/links.html",
        slips=found,
        count=count,
        wanted=wanted,
        sites=list_sites(firm_id=firm_id),
        shifts=slips.list_shifts(firm_id=firm_id),
        number=number,
        pages=-(-count // slips.PER_PAGE),
        per_page=slips.PER_PAGE,
    )


@bp.get("/passes/links/<uuid:worker_id>")
@open_to(Role.HR)
def link(worker_id: UUID) -> Response:
    """One worker's link, to copy or to print."""
    return page("passes/link.html", slip=slips.get_slip(worker_id, firm_id=own_firm()))
