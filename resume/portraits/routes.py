"""HR's page for the photograph of one worker's document, and the picture itself."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, url_for
from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from werkzeug.wrappers import Response as AnyResponse

from resume import clock
from resume.papers.refused import PaperRefused
from resume.portraits.operations import give_portrait, take_back
from resume.portraits.queries import find_portrait, read_portrait
from resume.roles import Role
from resume.roster.details import open_details
from resume.roster.queries import get_worker
from resume.web.access import current_actor, open_to, own_firm
from resume.web.fields import Form
from resume.web.pages import page, saved

bp = Blueprint("portraits", __name__)


class PortraitForm(Form):
    """The photograph of a document."""

    file = FileField(_("照片"), [FileRequired(_("请选择照片文件"))])


@bp.get("/list/workers/<uuid:worker_id>/photo")
@open_to(Role.HR)
def show(worker_id: UUID) -> AnyResponse:
    """What is kept, and the form for another."""
    return _page(worker_id, PortraitForm(formdata=None))


@bp.post("/list/workers/<uuid:worker_id>/photo")
@open_to(Role.HR)
def give(worker_id: UUID) -> AnyResponse:
    """Keep the photograph; a file that is refused says why beside its field."""
    form = PortraitForm()
    if not form.validate_on_submit():
        return _page(worker_id, form, status=422)
    upload = form.file.data
    try:
        give_portrait(
            worker_id,
            upload.read(),
            upload.filename or "",
            firm_id=own_firm(),
            by=current_actor(),
            at=clock.now(),
        )
    except PaperRefused as refusal:
        form.file.errors = [f"{refusal.message}。{refusal.advice}"]
        return _page(worker_id, form, status=refusal.status)
    return saved(to=url_for("portraits.show", worker_id=worker_id), message=_("照片已保存，门岗查验时可见"))


@bp.post("/list/workers/<uuid:worker_id>/photo/remove")
@open_to(Role.HR)
def remove(worker_id: UUID) -> AnyResponse:
    """Take the photograph back."""
    take_back(worker_id, firm_id=own_firm(), by=current_actor(), at=clock.now())
    return saved(to=url_for("portraits.show", worker_id=worker_id), message=_("照片已删除"))


@bp.get("/list/workers/<uuid:worker_id>/photo/image")
@open_to(Role.HR)
def image(worker_id: UUID) -> Response:
    """The picture."""
    worker, _list = get_worker(worker_id, firm_id=own_firm())
    media, data = read_portrait(worker.person_key, firm_id=own_firm())
    return Response(data, mimetype=media)


def _page(worker_id: UUID, form: PortraitForm, status: int = 200) -> AnyResponse:
    worker, worker_list = get_worker(worker_id, firm_id=own_firm())
    return page(
        "portraits/show.html",
        status=status,
        form=form,
        worker=worker,
        worker_list=worker_list,
        details=open_details(worker),
        portrait=find_portrait(worker.person_key, firm_id=own_firm()),
    )
