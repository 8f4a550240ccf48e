"""Forms of the gate: what was presented, and a new gate."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask_babel import lazy_gettext as _
from wtforms import RadioField
from wtforms.validators import InputRequired, Length

from resume.db import new_id
from resume.web.fields import Form, StrippedString

MOST_PRESENTED = 4096  # characters; a QR of ours has at most 600


class PresentedForm(Form):
    """A typed number, a scanned code, or what a hand scanner types."""

    presented = StrippedString(_("通行证编号"), [InputRequired(), Length(max=MOST_PRESENTED)])


class GateForm(Form):
    """A new gate at a place that was found by its name."""

    place = RadioField(_("地点"), coerce=int, validators=[InputRequired()])
    name = StrippedString(_("门岗名称"), [InputRequired(), Length(2, 60)])


class NoteForm(Form):
    """What was found out about a conflict."""

    note = StrippedString(_("处理说明"), [InputRequired(), Length(4, 400)])


def read_nonce(values: Mapping[str, str]) -> UUID:
    """The number that makes a scan one; a new one where the sender gave none that can be read."""
    try:
        return UUID(values.get("nonce", ""))
    except ValueError:
        return new_id()
