"""The blueprint, and what its pages share."""

from __future__ import annotations

import re
from uuid import UUID

from flask import Blueprint, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import Field

from resume.accounts import queries, sessions
from resume.accounts.lifecycle import Stage, stage_after_password
from resume.accounts.models import Account
from resume.refusals import Refusal
from resume.web.access import current_actor
from resume.web.language import current_language, own_path
from resume.web.pages import saved

bp = Blueprint("accounts", __name__)

_BROWSERS = (
    ("MicroMessenger", "微信"), ("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)  # fmt: skip
_PLATFORMS = (
    (r"iPhone|iPad", "iOS"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)  # fmt: skip


def device() -> str:
    """Browser and system of this request in a word each, so that a reader knows his sessions apart."""
    agent = request.headers.get("User-Agent", "")
    words = [
        next((word for pattern, word in known if re.search(pattern, agent)), "")
        for known in (_BROWSERS, _PLATFORMS)
    ]
    return " · ".join(word for word in words if word)


def own_id() -> UUID:
    """The id of the reader's account."""
    account_id = current_actor().account_id
    assert account_id is not None
    return account_id


def own_account() -> Account:
    """The reader's account."""
    return queries.get_account(own_id())


def own_secret() -> str:
    """The secret of the reader's session."""
    return str(current_user.secret)


def go_in(secret: str, account: Account, *, to: str) -> Response:
    """Into the cookie with what a proven password led to, and on: to the second factor, or to `to`."""
    stage = stage_after_password(account)
    if stage is Stage.OPEN:
        sessions.remember(secret, account)
        return saved(to=own_path(to or url_for("board.desk")))
    sessions.remember_unfinished(secret, to=to)
    return saved(to=sessions.page_of(stage))


def explain(field: Field, refusal: Refusal) -> None:
    """Write a refusal beside the field it is about."""
    stop = ". " if current_language() == "en" else "。"
    field.errors = [*field.errors, f"{refusal.message}{stop}{refusal.advice}"]
