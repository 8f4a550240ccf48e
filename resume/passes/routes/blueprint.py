"""The blueprint of the pages of passes."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("passes", __name__)
