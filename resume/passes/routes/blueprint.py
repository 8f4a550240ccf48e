"""The blueprint, and what its pages share."""

from __future__ import annotations

from flask import Blueprint

from resume.refusals import NotFound
from resume.web.access import current_actor

bp = Blueprint("passes", __name__)


def own_firm() -> int:
    """The signed-in HR's firm."""
    firm_id = current_actor().firm_id
    if firm_id is None:
        raise NotFound
    return firm_id


def own_district() -> str:
    """The signed-in reviewer's district."""
    district = current_actor().district_code
    if district is None:
        raise NotFound
    return district
