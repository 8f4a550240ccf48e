"""Forms of places."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms.validators import InputRequired, Length

from resume.web.fields import Form, StrippedString


class AliasForm(Form):
    """Another name of a compound, and how it is known."""

    alias = StrippedString(_("别名"), [InputRequired(), Length(2, 60)])
    reference = StrippedString(_("依据"), [InputRequired(), Length(2, 120)])
