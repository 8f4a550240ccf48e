"""What is asked of a worker on his page."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import PasswordField, RadioField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from resume.disclosure.operations import LONGEST_CODE, SHORTEST_CODE
from resume.objections.lifecycle import CATEGORY_NAMES
from resume.objections.operations import LONGEST_CONTACT, LONGEST_TEXT
from resume.web.fields import Form, StrippedString, choices


class EntryForm(Form):
    """A number or a key, the last four, and the code where one was set."""

    key = StrippedString(_("查询链接中的专用码，或通行证编号"), [InputRequired(), Length(max=80)])
    last_four = StrippedString(_("证件号码末四位"), [InputRequired(), Length(4, 4)])
    code = PasswordField(_("查看密码"), [Optional(), Length(max=LONGEST_CODE)])


class CodeForm(Form):
    """The code there is, or the first one."""

    code = PasswordField(_("查看密码"), [InputRequired(), Length(SHORTEST_CODE, LONGEST_CODE)])


class ObjectionForm(Form):
    """What is wrong, in his own words."""

    category = RadioField(
        _("什么不对"),
        [InputRequired()],
        choices=choices(CATEGORY_NAMES),
    )
    text = TextAreaField(_("请写明哪里不对"), [InputRequired(), Length(2, LONGEST_TEXT)])
    contact = StrippedString(_("怎样联系您"), [Optional(), Length(max=LONGEST_CONTACT)])


class InsistForm(Form):
    """Why the answer does not convince him."""

    text = TextAreaField(_("为什么不同意"), [InputRequired(), Length(2, LONGEST_TEXT)])


class ClearForm(Form):
    """Whose forgotten code goes."""

    number = StrippedString(_("通行证编号或证件号码"), [InputRequired(), Length(max=40)])
