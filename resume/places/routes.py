"""Pages of places, for the steward: find a building by its address, and the names of a compound."""

from __future__ import annotations

from flask import Blueprint, current_app, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from resume import clock
from resume.places import queries
from resume.places.addresses import MAX_TEXT
from resume.places.districts import DISTRICT_NAMES
from resume.places.forms import AliasForm
from resume.places.operations import AliasEmpty, AliasExists, add_alias, remove_alias
from resume.places.search import find_address
from resume.roles import Role
from resume.web.access import current_actor, open_to
from resume.web.pages import page, saved

bp = Blueprint("places", __name__)
BUILDING_PAGE = "evidence.building"


@bp.get("/places")
@open_to(Role.STEWARD)
def index() -> Response:
    """Find a building by an address as people write it."""
    search = request.args.get("q", "").strip()[:MAX_TEXT]
    district = request.args.get("district", "")
    district = district if district in DISTRICT_NAMES else ""
    return page(
        "places/index.html",
        fragment="places/_found.html",
        search=search,
        district=district,
        districts=DISTRICT_NAMES,
        found=find_address(search, district_code=district or None) if search else None,
        building_url=_building_url,
    )


@bp.route("/places/compounds/<int:compound_id>", methods=["GET", "POST"])
@open_to(Role.STEWARD)
def compound(compound_id: int) -> Response:
    """One compound: its names and buildings; a new alias."""
    found = queries.get_compound(compound_id)
    form, status = AliasForm(), 200
    if form.validate_on_submit():
        try:
            add_alias(
                compound_id,
                form.alias.data or "",
                reference=form.reference.data or "",
                by=current_actor(),
                at=clock.now(),
            )
        except (AliasEmpty, AliasExists) as refusal:
            form.alias.errors = [f"{refusal.message}，{refusal.advice}"]
            status = refusal.status
        else:
            return saved(to=url_for("places.compound", compound_id=compound_id), message=_("别名已添加"))
    elif form.errors:
        status = 422
    return page(
        "places/compound.html",
        status=status,
        compound=found,
        buildings=queries.list_buildings(compound_id=compound_id),
        aliases=queries.list_aliases(compound_id=compound_id),
        namesakes=queries.list_namesakes(compound_id=compound_id),
        districts=DISTRICT_NAMES,
        form=form,
        building_url=_building_url,
    )


@bp.post("/places/aliases/<int:alias_id>/remove")
@open_to(Role.STEWARD)
def drop_alias(alias_id: int) -> Response:
    """An alias counts no longer."""
    alias = remove_alias(alias_id, by=current_actor(), at=clock.now())
    return saved(to=url_for("places.compound", compound_id=alias.compound_id), message=_("别名已移除"))


def _building_url(building_id: int) -> str | None:
    """The building's own page, where there is one."""
    has_page = BUILDING_PAGE in current_app.view_functions
    return url_for(BUILDING_PAGE, building_id=building_id) if has_page else None
