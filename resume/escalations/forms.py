"""What the desk answers with."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import RadioField
from wtforms.validators import InputRequired, Length, Optional

from resume.escalations.lifecycle import ANSWERS, GROUND_NAMES, OUTCOME_NAMES
from resume.escalations.operations import LONGEST_NOTE
from resume.web.fields import Form, StrippedString, choices


class AnswerForm(Form):
    """Released, or upheld for a coded reason; a short note for the guard."""

    outcome = RadioField(
        _("答复"),
        [InputRequired()],
        choices=choices((word, OUTCOME_NAMES[word]) for word in ANSWERS),
    )
    ground = RadioField(
        _("维持不放行的原因"),
        choices=choices(GROUND_NAMES),
        validate_choice=False,  # needed to uphold only, which the door looks at
    )
    note = StrippedString(_("给门岗的说明"), [Optional(), Length(max=LONGEST_NOTE)])
