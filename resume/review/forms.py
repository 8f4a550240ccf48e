"""Forms of the review. `revision` is the one the page showed, so that of two people one wins."""

from __future__ import annotations

from flask import request
from flask_babel import lazy_gettext as _
from wtforms import IntegerField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from resume.applications.returned import LIST, WHOLE
from resume.plans.sections import BY_KEY
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
        """Part -> what to change there, for those where something was written."""
        written = {part: request.form.get(f"reason-{part}", "").strip()[:MAX_REASON] for part in RETURNABLE}
        return {part: text for part, text in written.items() if text}


#: What a return can name: the case as a whole, each section of the plan, the list.
RETURNABLE = (WHOLE, *BY_KEY, LIST)
