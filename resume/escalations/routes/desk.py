"""/desk: what waits at a street's desk; /medical-exits; /refusals/gates: gates that refuse often."""

from __future__ import annotations

from uuid import UUID

from flask import current_app, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from resume import clock
from resume.escalations import often, operations, picture, queries
from resume.escalations.duties import duties_at
from resume.escalations.routes import bp
from resume.policy import policy_at
from resume.roles import Role
from resume.web.access import current_actor, open_to, own_desk
from resume.web.pages import page, saved

#: As many open refusals are on the desk itself; the rest is on their page.
ON_DESK = 10


@bp.get("/desk")
@open_to(Role.STREET)
def desk() -> Response:
    """What to do now, counted, each with the way to it; the open refusals with their clocks."""
    at, (district, street) = clock.now(), own_desk()
    scope = queries.scope_of(current_actor())
    exits = queries.list_exits(scope=scope, at=at)
    return page(
        "escalations/desk.html",
        cases=queries.list_open(scope=scope, limit=ON_DESK),
        open=queries.count_by_outcome(scope=scope)[""],
        overdue=queries.count_overdue(scope=scope, at=at),
        exits=exits,
        unknown=sum(one.notice.acknowledged_at is None for one in exits),
        duties=duties_at(district, street, at),
        often=sum(one.is_often for one in often.list_refusing(scope=scope, at=at)),
        minutes=policy_at(at).duties.refusal_minutes.value,
        devices=url_for("devices.index") if "devices.index" in current_app.view_functions else None,
        at=at,
    )


@bp.get("/medical-exits")
@open_to(Role.STREET)
def exits() -> Response:
    """The day's medical exits of the street: gate, compound, committee; nobody is asked or named."""
    at = clock.now()
    found = queries.list_exits(scope=queries.scope_of(current_actor()), at=at)
    return page("escalations/exits.html", exits=found)


@bp.post("/medical-exits/<uuid:exit_id>/acknowledge")
@open_to(Role.STREET)
def acknowledge(exit_id: UUID) -> Response:
    """The committee of the compound was informed."""
    operations.acknowledge(exit_id, by=current_actor(), at=clock.now())
    return saved(to=url_for("escalations.exits"), message=_("已登记通知居（村）委会"))


@bp.get("/refusals/gates")
@open_to(Role.STREET, Role.REVIEWER, Role.SIGN_OFF)
def gates() -> Response:
    """Gates that refused good passes within 7 and 30 days, those that refuse often first."""
    at = clock.now()
    found = often.list_refusing(scope=queries.scope_of(current_actor()), at=at)
    duties = policy_at(at).duties
    return page(
        "escalations/gates.html",
        gates=found,
        windows=often.WINDOWS,
        bars=picture.draw(found, percent=duties.refusal_percent.value),
        picture=picture,
        percent=duties.refusal_percent,
        least=duties.refusal_least,
    )
