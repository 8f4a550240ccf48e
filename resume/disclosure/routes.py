"""`/w`: the worker's own page, for anybody who holds its keys. No address of it names anybody."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from resume import clock
from resume.disclosure import cookie, operations
from resume.disclosure.forms import ClearForm, CodeForm, EntryForm, InsistForm, ObjectionForm
from resume.disclosure.operations import Entry
from resume.disclosure.queries import Bearer, find_code, find_of_row
from resume.disclosure.record import view_record
from resume.disclosure.ticket import new_ticket
from resume.objections import operations as objections
from resume.objections import queries
from resume.objections.lifecycle import (
    CATEGORY_NAMES,
    OUTCOME_NAMES,
    STATE_NAMES,
    STEP_NAMES,
    Category,
    Key,
)
from resume.passes.lifecycle import MEDIUM_NAMES, STATUS_NAMES
from resume.passes.models import Pass
from resume.passes.queries import find_in_force
from resume.passes.reissue import reissue
from resume.passes.sheets import sheet_of
from resume.policy import policy_at
from resume.refusals import NotAllowed, NotFound, Refusal
from resume.roles import PUBLIC, Role
from resume.web.access import current_actor, open_to, open_to_everybody
from resume.web.pages import page, saved

bp = Blueprint("disclosure", __name__)


class SheetByLinkOnly(NotAllowed):
    """Whoever has only seen a sheet is not given one, nor does he change what somebody's pass is on."""

    code = "sheet_by_link_only"
    message = lazy_gettext("用编号打开的页面不能下载或更换通行证")
    advice = lazy_gettext("请用本人查询链接打开，或请本单位人事打印")


@bp.route("/w", methods=["GET", "POST"])
@open_to_everybody
def enter() -> Response:
    """Give number or link, last four, and the code; what follows # never reaches the server's address."""
    form = EntryForm()
    if not form.validate_on_submit():
        return page("disclosure/enter.html", form=form, status=422 if form.errors else 200)
    try:
        entry = operations.enter(
            form.key.data or "",
            form.last_four.data or "",
            form.code.data or "",
            address=request.remote_addr or "",
            at=clock.now(),
            real_at=clock.real_now(),
        )
    except operations.WrongKey as refusal:
        form.last_four.errors = [*form.last_four.errors, f"{refusal.message}。{refusal.advice}"]
        return page("disclosure/enter.html", form=form, status=422)
    return cookie.remember(saved(to=url_for("disclosure.record")), entry, real_at=clock.real_now())


@bp.get("/w/record")
@open_to_everybody
def record() -> Response:
    """His verdict, his pass, what is stored of him, his objections."""
    opened = _opened()
    return _away() if opened is None else _record(*opened)


@bp.post("/w/record")
@open_to_everybody
def unlock() -> Response:
    """Show the reasons too: with the code, or by setting one."""
    opened, form = _opened(), CodeForm()
    if opened is None:
        return _away()
    if not form.validate_on_submit():
        return _record(*opened, code_form=form)
    try:
        entry = operations.unlock(
            opened[0],
            form.code.data or "",
            address=request.remote_addr or "",
            at=clock.now(),
            real_at=clock.real_now(),
        )
    except (operations.WrongKey, operations.WeakCode, operations.CodeIsSet) as refusal:
        form.code.errors = [*form.code.errors, f"{refusal.message}。{refusal.advice}"]
        return _record(*opened, code_form=form)
    return cookie.remember(saved(to=url_for("disclosure.record")), entry, real_at=clock.real_now())


@bp.post("/w/leave")
@open_to_everybody
def leave() -> Response:
    """Close the page in this browser."""
    return cookie.forget(saved(to=url_for("disclosure.enter"), message=_("已关闭您的页面")))


@bp.get("/w/sheet.pdf")
@open_to_everybody
def sheet() -> Response:
    """The sheet of his pass in force; not for a page that was opened by the number that stands on it."""
    opened = _opened()
    if opened is None:
        return _away()
    found = _in_force(*opened)
    response = Response(sheet_of(found.id).pdf, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{found.number}.pdf"'
    return response


@bp.route("/w/paper", methods=["GET", "POST"])
@open_to_everybody
def paper() -> Response:
    """From the phone back to paper: the pass on the phone ends, a sheet can be downloaded."""
    opened = _opened()
    if opened is None:
        return _away()
    found = _in_force(*opened)
    if request.method == "GET":
        return page("disclosure/paper.html", found=found)
    reissue(found.id, medium="paper", by=PUBLIC, at=clock.now())
    message = _("已换回纸质证，手机上的已作废；请下载新的一张")
    return saved(to=url_for("disclosure.record"), message=message)


@bp.route("/w/objection", methods=["GET", "POST"])
@open_to_everybody
def object_() -> Response:
    """Say what is wrong."""
    opened, form = _opened(), ObjectionForm()
    if opened is None:
        return _away()
    entry, bearer = opened
    hours = policy_at(clock.now()).duties.objection_hours
    if not form.validate_on_submit():
        return page(
            "disclosure/objection.html",
            form=form,
            hours=hours,
            key=entry.key,
            status=422 if form.errors else 200,
        )
    made = objections.raise_objection(
        bearer.worker,
        Category(form.category.data),
        form.text.data or "",
        form.contact.data or "",
        firm_id=bearer.firm_id,
        key=entry.key,
        by=PUBLIC,
        at=clock.now(),
    )
    message = _("异议已提出，编号 %(reference)s。", reference=made.reference)
    return saved(to=url_for("disclosure.record"), message=message)


@bp.route("/w/objection/<uuid:own_id>", methods=["GET", "POST"])
@open_to_everybody
def insist(own_id: UUID) -> Response:
    """He does not agree with the answer, once."""
    opened, form = _opened(), InsistForm()
    if opened is None:
        return _away()
    bearer = _own(*opened)
    view = _objection_of(own_id, bearer)
    if not form.validate_on_submit():
        return page(
            "disclosure/insist.html", form=form, view=view, status=422 if form.errors else 200, **_words()
        )
    person: dict[str, Any] = {"person_key": bearer.worker.person_key, "firm_id": bearer.firm_id}
    objections.insist(own_id, form.text.data or "", **person, by=PUBLIC, at=clock.now())
    return saved(to=url_for("disclosure.record"), message=_("已再次提出，将由另一位审核人员答复"))


@bp.post("/w/objection/<uuid:own_id>/closing")
@open_to_everybody
def close(own_id: UUID) -> Response:
    """He agrees, or takes it back."""
    opened = _opened()
    if opened is None:
        return _away()
    bearer = _own(*opened)
    person: dict[str, Any] = {"person_key": bearer.worker.person_key, "firm_id": bearer.firm_id}
    objections.close(own_id, **person, by=PUBLIC, at=clock.now())
    return saved(to=url_for("disclosure.record"), message=_("这项异议已办结"))


@bp.route("/worker-codes", methods=["GET", "POST"])
@open_to(Role.REVIEWER, Role.SIGN_OFF)
def clear() -> Response:
    """At the desk, with the person and his document: take a forgotten code away."""
    form = ClearForm()
    if form.validate_on_submit():
        try:
            operations.clear_code(form.number.data or "", by=current_actor(), at=clock.now())
        except Refusal as refusal:
            form.number.errors = [*form.number.errors, f"{refusal.message}。{refusal.advice}"]
        else:
            return saved(to=url_for("disclosure.clear"), message=_("查看密码已清除，本人可重新设置"))
    return page("disclosure/clear.html", form=form, status=422 if form.errors else 200)


def _record(entry: Entry, bearer: Bearer, *, code_form: CodeForm | None = None) -> Response:
    has_code = find_code(bearer) is not None
    at = clock.now()
    return page(
        "disclosure/record.html",
        record=view_record(bearer, entry.key, has_code=has_code, at=at),
        # Whoever came by the link could open /p with it; a number, with whatever code, does not lead there.
        ticket=new_ticket(bearer.worker.id, real_at=clock.real_now())
        if bearer.by_link and bearer.is_claimed
        else None,
        code_form=code_form or CodeForm(formdata=None),
        duties=policy_at(at).duties,
        at=at,
        status=422 if code_form is not None else 200,
        **_words(),
    )


def _objection_of(objection_id: UUID, bearer: Bearer) -> queries.ObjectionView:
    found = queries.get_of_person(objection_id, person_key=bearer.worker.person_key, firm_id=bearer.firm_id)
    return queries.view_all([found])[0]


def _opened() -> tuple[Entry, Bearer] | None:
    """Whose page this browser has open, or None. A page that an earlier code opened is closed."""
    entry = cookie.read(real_at=clock.real_now())
    bearer = None if entry is None else find_of_row(entry.worker_id, by_link=entry.by_link)
    if entry is None or bearer is None:
        return None
    if entry.key is Key.OWN and entry.code_mark != operations.code_mark_of(bearer):
        return None
    if entry.key is not Key.OWN and not bearer.is_claimed:
        return None  # opened before he left: by now his code alone opens it
    return entry, bearer


def _own(entry: Entry, bearer: Bearer) -> Bearer:
    """The bearer, where the page was opened with his code; else as if there were no objection."""
    if entry.key is not Key.OWN:
        raise NotFound
    return bearer


def _in_force(entry: Entry, bearer: Bearer) -> Pass:
    """His pass that can be used; SheetByLinkOnly, NotFound."""
    if entry.key is Key.NUMBER:
        raise SheetByLinkOnly
    found = find_in_force(bearer.worker.person_key, firm_id=bearer.firm_id, at=clock.now())
    if found is None:
        raise NotFound
    return found


def _away() -> Response:
    """Nobody's page is open here: begin again."""
    message = _("页面已关闭（打开后最多 15 分钟）；请重新填写")
    return cookie.forget(saved(to=url_for("disclosure.enter"), message=message, category="info"))


def _words() -> dict[str, Any]:
    return {
        "status_names": STATUS_NAMES,
        "medium_names": MEDIUM_NAMES,
        "state_names": STATE_NAMES,
        "step_names": STEP_NAMES,
        "category_names": CATEGORY_NAMES,
        "outcome_names": OUTCOME_NAMES,
    }
