"""The inbox, and how to be told."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from resume import clock
from resume.accounts.addresses import addresses_of
from resume.notices import operations, queries
from resume.notices.forms import choices_form
from resume.notices.kinds import KINDS, READERS
from resume.web.access import current_actor, open_to
from resume.web.language import own_path
from resume.web.pages import asked_page, page, saved, wants_fragment

bp = Blueprint("notices", __name__)
_READERS = sorted(READERS)


@bp.app_template_global()
def notice_title(kind: str) -> str:
    """What a kind is called."""
    return str(KINDS[kind].title)


@bp.app_template_global()
def notice_text(kind: str, values: dict[str, Any]) -> str:
    """A notice in words, in the language of the page or letter being written."""
    return KINDS[kind].say(values)


@bp.get("/notices")
@open_to(*_READERS)
def index() -> Response:
    """One's own notices, unread first."""
    number = asked_page()
    return _inbox(number)


@bp.post("/notices/<uuid:notice_id>/read")
@open_to(*_READERS)
def read(notice_id: UUID) -> Response:
    """Mark one as read, and open its page where `open` is posted."""
    notice = operations.mark_read(notice_id, by=current_actor(), at=clock.now())
    if request.form.get("open"):
        return saved(to=own_path(notice.link))
    return _inbox(1) if wants_fragment() else saved(to=url_for("notices.index"))


@bp.post("/notices/read")
@open_to(*_READERS)
def read_all() -> Response:
    """Mark as read all that the page showed."""
    at = clock.now()
    try:
        until = min(clock.parse_time(request.form.get("until", "")), at)
    except ValueError:
        until = at
    operations.mark_all_read(until=until, by=current_actor(), at=at)
    return _inbox(1) if wants_fragment() else saved(to=url_for("notices.index"), message=_("已全部标为已读"))


@bp.route("/notices/choices", methods=["GET", "POST"])
@open_to(*_READERS)
def choices() -> Response:
    """How to be told of what."""
    actor = current_actor()
    assert actor.account_id is not None
    form = choices_form(actor.account_id, actor.role)
    if form.validate_on_submit():
        operations.choose(form.channels(), by=actor, at=clock.now())
        return saved(to=url_for("notices.choices"), message=_("已更新"))
    address = addresses_of([actor.account_id]).get(actor.account_id)
    return page(
        "notices/choices.html",
        form=form,
        has_email=address is not None and address.email is not None,
        status=422 if form.errors else 200,
    )


def _inbox(number: int) -> Response:
    account_id = current_actor().account_id
    assert account_id is not None
    notices, has_more = queries.list_notices(account_id, page=number)
    return page(
        "notices/index.html",
        fragment="notices/_inbox.html",
        notices=notices,
        has_more=has_more,
        number=number,
        unread=queries.count_unread(account_id),
    )
