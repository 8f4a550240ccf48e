"""Forms of the case."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from resume.web.fields import Form

MAX_ANSWER = 500


class AnswerForm(Form):
    """Why a returned part is left as it is."""

    answer = TextAreaField(
        _("说明"),
        [InputRequired(), Length(2, MAX_ANSWER)],
        description=_("例如：已与街镇核对，人数无误。最多 500 字。"),
    )
