"""The form of a feed's file."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField
from wtforms.validators import InputRequired

from resume.intake.feeds import FEEDS
from resume.web.fields import Form, choices
from resume.web.language import current_language


def _feeds() -> list[tuple[str, str]]:
    """The feeds by their names in the language of the reader."""
    zh = current_language() == "zh"
    return [
        (feed.name, f"{feed.zh}（{feed.name}）" if zh else f"{feed.en} ({feed.name})")
        for feed in FEEDS.values()
    ]


class FeedForm(Form):
    """Which feed, and its CSV."""

    feed = SelectField(
        _("数据种类"),
        [InputRequired()],
        choices=lambda: choices(_feeds()),
    )
    file = FileField(_("CSV 文件"), [FileRequired(_("请选择要接收的文件"))])
