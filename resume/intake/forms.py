"""The form of a feed's file."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import InputRequired

from resume.intake.feeds import FEEDS
from resume.web.fields import Form


class FeedForm(Form):
    """Which feed, and its CSV."""

    feed = SelectField(
        _("数据种类"),
        [InputRequired()],
        choices=[SelectChoice(feed.name, f"{feed.zh}（{feed.name}）") for feed in FEEDS.values()],
    )
    file = FileField(_("CSV 文件"), [FileRequired(_("请选择要接收的文件"))])
