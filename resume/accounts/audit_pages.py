"""The audit as the auditor reads it: newest first, with the chain's word on top."""

from __future__ import annotations

from flask import Blueprint, request
from werkzeug.wrappers import Response

from resume import audit
from resume.roles import Role
from resume.web.access import open_to
from resume.web.pages import asked_before, page

bp = Blueprint("audit", __name__)
PER_PAGE = 100


@bp.get("/audit")
@open_to(Role.AUDITOR)
def index() -> Response:
    """Entries before `before`, newest first; of one action where given."""
    action = request.args.get("action", "").strip()[:60]
    entries = audit.list_entries(before=asked_before(), action=action, limit=PER_PAGE)
    return page("audit/index.html", entries=entries, action=action, has_more=len(entries) == PER_PAGE)


@bp.post("/audit/verification")
@open_to(Role.AUDITOR)
def verification() -> Response:
    """Walk the chain and say whether it is whole."""
    return page("audit/verification.html", report=audit.verify())
