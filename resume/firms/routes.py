"""Pages of firms, for the administrator."""

from __future__ import annotations

from flask import Blueprint, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from resume import clock
from resume.firms import queries
from resume.firms.forms import FirmForm
from resume.firms.operations import FirmExists, register_firm
from resume.places.districts import DISTRICT_NAMES
from resume.roles import Role
from resume.web.access import current_actor, open_to
from resume.web.pages import asked_page, page, saved

bp = Blueprint("firms", __name__)
PER_PAGE = 50


@bp.get("/firms")
@open_to(Role.ADMINISTRATOR)
def index() -> Response:
    """Firms by name, with a search."""
    search = request.args.get("q", "").strip()[:60]
    number = asked_page()
    found = queries.list_firms(search=search, limit=PER_PAGE, offset=(number - 1) * PER_PAGE)
    return page(
        "firms/index.html",
        fragment="firms/_list.html",
        firms=found,
        districts=DISTRICT_NAMES,
        search=search,
        number=number,
        pages=-(-queries.count_firms(search=search) // PER_PAGE),
    )


@bp.route("/firms/new", methods=["GET", "POST"])
@open_to(Role.ADMINISTRATOR)
def new() -> Response:
    """Register a firm."""
    form = FirmForm()
    if not form.validate_on_submit():
        return page("firms/new.html", form=form, status=422 if form.errors else 200)
    try:
        firm = register_firm(form.firm(), by=current_actor(), at=clock.now())
    except FirmExists as refusal:
        form.credit_code.errors = [f"{refusal.message}，{refusal.advice}"]
        return page("firms/new.html", form=form, status=409)
    return saved(to=url_for("firms.detail", firm_id=firm.id), message=_("企业已登记"))


@bp.get("/firms/<int:firm_id>")
@open_to(Role.ADMINISTRATOR)
def detail(firm_id: int) -> Response:
    """One firm: its plants, and the way to a new account of its HR."""
    firm = queries.get_firm(firm_id)
    return page(
        "firms/detail.html", firm=firm, sites=queries.list_sites(firm_id=firm_id), districts=DISTRICT_NAMES
    )
