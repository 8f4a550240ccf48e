"""What those who answer objections write."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

from resume.objections.lifecycle import OUTCOME_NAMES
from resume.objections.operations import LONGEST_TEXT
from resume.web.fields import Form, choices


class AnswerForm(Form):
    """The answer, which the person reads word for word."""

    outcome = RadioField(
        _("结论"),
        [InputRequired()],
        choices=choices(OUTCOME_NAMES),
    )
    text = TextAreaField(_("给本人的答复"), [InputRequired(), Length(2, LONGEST_TEXT)])


class NoteForm(Form):
    """A word between reviewer and steward; the person reads it too."""

    text = TextAreaField(_("说明"), [InputRequired(), Length(2, LONGEST_TEXT)])
