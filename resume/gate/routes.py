"""Pages of this slice."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("gate", __name__)
