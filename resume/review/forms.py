"""Forms of the review. `revision` is the one the page showed, so that of two people one wins."""

from __future__ import annotations

from collections.abc import Sequence

from flask import request
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import IntegerField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from resume.plans.sections import SECTIONS
from resume.web.fields import Form

MAX_REASON = 500


class StepForm(Form):
    """A step without more words than a note."""

    revision = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    note = TextAreaField(_("审核意见"), [Optional(), Length(max=MAX_REASON)])


class RefusalForm(Form):
    """Why a case is refused."""

    revision = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    reason = TextAreaField(_("不予批准的原因"), [InputRequired(), Length(2, MAX_REASON)])


class ReturnForm(Form):
    """What the firm has to mend; the texts for single sections are read by `reasons`."""

    revision = IntegerField(widget=HiddenInput(), validators=[InputRequired()])

    def reasons(self) -> dict[str, str]:
        """Title of a section -> what to change there, for those where something was written."""
        written = {
            title: request.form.get(f"reason-{key}", "").strip()[:MAX_REASON]
            for key, title in returnable_parts()
        }
        return {title: text for title, text in written.items() if text}


def returnable_parts() -> Sequence[tuple[str, str]]:
    """What a return can name: each section of the plan, the list, the case as a whole; key and title."""
    sections = [(section.key, str(section.title)) for section in SECTIONS]
    return [*sections, ("list", gettext("花名册")), ("case", gettext("其他"))]
