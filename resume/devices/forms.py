"""Forms of phones: enrol by a code, a name, a reason."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import RadioField
from wtforms.validators import InputRequired, Length, Optional

from resume.devices.lifecycle import REASONS
from resume.web.fields import Form, StrippedString, choices


class EnrolForm(Form):
    """The short code as it is typed, or what stood in the QR."""

    secret = StrippedString(_("登记码"), [InputRequired(), Length(max=300)])


class LabelForm(Form):
    """What the desk calls the phone."""

    label = StrippedString(_("名称"), [Optional(), Length(max=40)])


class RevokeForm(Form):
    """Why a phone is taken out of use."""

    reason = RadioField(
        _("停用原因"),
        choices=choices(REASONS),
        validators=[InputRequired()],
    )
