"""Pages of phones: the street's gates, a gate's phones, a code to enrol one, and the phone's own page.

The secret is posted in the body (static/links.js takes it from behind #), so it stands in no address.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from resume import clock
from resume.accounts.queries import names_of
from resume.accounts.routes.blueprint import device as agent_words
from resume.accounts.routes.blueprint import explain
from resume.accounts.totp import qr_svg
from resume.devices import browser, operations, queries
from resume.devices.codes import codes_of
from resume.devices.forms import EnrolForm, LabelForm, RevokeForm
from resume.devices.lifecycle import REASON_NAMES, EnrolmentState, device_state, enrolment_state
from resume.devices.models import Device, DeviceEnrolment
from resume.places.districts import DISTRICT_NAMES
from resume.roles import Role
from resume.settings import Settings
from resume.web.access import current_actor, open_to, open_to_everybody, own_desk
from resume.web.pages import asked_page, page, saved, wants_fragment

bp = Blueprint("devices", __name__)

PER_PAGE = 50


@bp.get("/devices")
@open_to(Role.STREET)
def index() -> Response:
    """The gates of the street's desk, each with its phones counted."""
    district, street = own_desk()
    search, number = request.args.get("q", "").strip()[:60], asked_page()
    actor, real_at = current_actor(), clock.real_now()
    gates = queries.list_own_gates(by=actor, search=search, limit=PER_PAGE, offset=(number - 1) * PER_PAGE)
    return page(
        "devices/index.html",
        fragment="devices/_gates.html",
        gates=gates,
        firms=queries.firms_of(gates),
        in_use=queries.count_in_use([gate.id for gate in gates], at=real_at),
        real_now=real_at,
        district=DISTRICT_NAMES.get(district, district),
        street=street,
        search=search,
        number=number,
        pages=-(-queries.count_own_gates(by=actor, search=search) // PER_PAGE),
    )


@bp.get("/devices/gates/<int:gate_id>")
@open_to(Role.STREET)
def of_gate(gate_id: int) -> Response:
    """One gate of the street's desk with its phones."""
    own_desk()
    gate, real_at = queries.get_own_gate(gate_id, by=current_actor()), clock.real_now()
    return page(
        "devices/gate.html",
        gate=gate,
        firm=queries.firms_of([gate]).get(gate_id, ""),
        found=queries.devices_of_gate(gate_id, at=real_at),
        real_now=real_at,
        districts=DISTRICT_NAMES,
    )


@bp.post("/devices/gates/<int:gate_id>/enrolments")
@open_to(Role.STREET, Role.ADMINISTRATOR)
def offer(gate_id: int) -> Response:
    """Make a code for one phone of a gate."""
    made = operations.offer(gate_id, by=current_actor(), at=clock.now(), real_at=clock.real_now())
    return saved(to=url_for("devices.enrolment", enrolment_id=made.id))


@bp.get("/devices/enrolments/<uuid:enrolment_id>")
@open_to(Role.STREET, Role.ADMINISTRATOR)
def enrolment(enrolment_id: UUID) -> Response:
    """The code with its QR for whoever made it, and whether it was used; asked again while it waits."""
    found = queries.get_enrolment(enrolment_id, by=current_actor())
    state = enrolment_state(found, clock.real_now())
    if wants_fragment() and state is EnrolmentState.WAITING:
        return Response(status=204, headers={"Vary": "HX-Request"})  # nothing new: the QR stays as it is
    return page(
        "devices/enrolment.html",
        fragment="devices/_enrolment.html",
        found=found,
        firm=queries.firms_of([found.gate]).get(found.gate_id, ""),
        state=state,
        gate_url=_gate_url(found.gate_id),
        **_shown(found, state),
    )


@bp.post("/devices/enrolments/<uuid:enrolment_id>/withdrawal")
@open_to(Role.STREET, Role.ADMINISTRATOR)
def withdraw(enrolment_id: UUID) -> Response:
    """Let a code open nothing any more."""
    found = operations.withdraw(enrolment_id, by=current_actor(), at=clock.now(), real_at=clock.real_now())
    return saved(to=_gate_url(found.gate_id), message=_("登记码已作废"))


@bp.get("/devices/<int:device_number>")
@open_to(Role.STREET, Role.ADMINISTRATOR)
def show(device_number: int) -> Response:
    """One phone: where and since when, its name, and the way to take it out of use."""
    found = queries.get_device(device_number, by=current_actor())
    return _show(found, LabelForm(label=found.label, formdata=None), RevokeForm(formdata=None))


@bp.post("/devices/<int:device_number>/name")
@open_to(Role.STREET, Role.ADMINISTRATOR)
def rename(device_number: int) -> Response:
    """What the desk calls a phone."""
    form = LabelForm()
    if not form.validate():
        return _show(queries.get_device(device_number, by=current_actor()), form, RevokeForm(formdata=None))
    operations.rename(device_number, form.label.data or "", by=current_actor(), at=clock.now())
    return saved(to=url_for("devices.show", device_number=device_number), message=_("已更新"))


@bp.post("/devices/<int:device_number>/revocation")
@open_to(Role.STREET, Role.ADMINISTRATOR)
def revoke(device_number: int) -> Response:
    """Take a phone out of use."""
    form = RevokeForm()
    if not form.validate():
        found = queries.get_device(device_number, by=current_actor())
        return _show(found, LabelForm(label=found.label, formdata=None), form)
    found = operations.revoke(
        device_number, form.reason.data, by=current_actor(), at=clock.now(), real_at=clock.real_now()
    )
    return saved(
        to=_gate_url(found.gate_id), message=_("设备 %(number)s 已停用，即刻起不能查验", number=device_number)
    )


@bp.route("/gate/enrol", methods=["GET", "POST"])
@open_to_everybody
def enrol() -> Response:
    """The phone's side: by the QR, or by the short code. A browser with an account signed in stays that."""
    actor, form = current_actor(), EnrolForm()
    if actor.account_id is not None:
        status = 200 if request.method == "GET" else 409
        return page("devices/signed_in.html", name=actor.name, status=status)
    if not form.validate_on_submit():
        return page("devices/enrol.html", form=form, status=422 if form.errors else 200)
    try:
        device, token = operations.enrol(
            form.secret.data or "",
            address=request.remote_addr or "",
            agent=agent_words(),
            token_before=browser.token(),
            at=clock.now(),
            real_at=clock.real_now(),
        )
    except operations.BadEnrolment as refusal:
        form = EnrolForm(formdata=None)
        explain(form.secret, refusal)
        return page("devices/enrol.html", form=form, status=422)
    browser.remember(token)
    said = _("本机已登记：%(gate)s，设备 %(number)s", gate=device.gate.name, number=device.number)
    return saved(to=url_for("gate.check"), message=said)


def _gate_url(gate_id: int) -> str:
    """The page of a gate's phones, by who reads."""
    is_street = current_actor().role is Role.STREET
    return url_for("devices.of_gate" if is_street else "gate.detail", gate_id=gate_id)


def _shown(found: DeviceEnrolment, state: EnrolmentState) -> dict[str, Any]:
    """The code and its QR while it waits, for whoever made it and nobody else."""
    is_own = found.offered_by == current_actor().account_id
    codes = codes_of(found) if is_own and state is EnrolmentState.WAITING else None
    settings: Settings = current_app.config["RESUME_SETTINGS"]
    address = f"{settings.public_url}{url_for('devices.enrol')}"
    if codes is None:
        return {"codes": None, "address": address, "picture": None}
    return {
        "codes": codes,
        "address": address,
        "picture": qr_svg(f"{address}#{codes.secret}", title=_("登记手机的二维码")),
    }


def _show(found: Device, label_form: LabelForm, revoke_form: RevokeForm) -> Response:
    people = {one for one in (found.enrolled_by, found.revoked_by) if one is not None}
    real_at = clock.real_now()
    return page(
        "devices/show.html",
        status=422 if label_form.errors or revoke_form.errors else 200,
        device=found,
        firm=queries.firms_of([found.gate]).get(found.gate_id, ""),
        state=device_state(found, real_at),
        real_now=real_at,
        before=queries.find_predecessor(found),
        names=names_of(sorted(people)),
        reasons=REASON_NAMES,
        gate_url=_gate_url(found.gate_id),
        label_form=label_form,
        revoke_form=revoke_form,
    )
