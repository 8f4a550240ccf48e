"""Forms: the base class whose built-in messages are ours, and a text field that strips what was typed."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from flask import Flask
from flask_babel import gettext
from flask_wtf import CSRFProtect, FlaskForm
from wtforms import SelectChoice, StringField, ValidationError  # type: ignore[attr-defined]  # newer than the stubs

from resume.refusals import Text
from resume.web.language import current_language


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for "extract, translate later"
    return text


#: WTForms' messages and ours: theirs blame the "field", and call "at least 3" "greater than 3".
MESSAGES = {
    "This field is required.": N_("请填写这一项"),
    "Invalid input.": N_("这一项的内容不能识别"),
    "Field must be equal to %(other_name)s.": N_("两次填写的内容不一致"),
    "Field must be at least %(min)d character long.": N_("至少 %(min)d 个字符"),
    "Field must be at least %(min)d characters long.": N_("至少 %(min)d 个字符"),
    "Field cannot be longer than %(max)d character.": N_("最多 %(max)d 个字符"),
    "Field cannot be longer than %(max)d characters.": N_("最多 %(max)d 个字符"),
    "Field must be exactly %(max)d character long.": N_("应为 %(max)d 个字符"),
    "Field must be exactly %(max)d characters long.": N_("应为 %(max)d 个字符"),
    "Field must be between %(min)d and %(max)d characters long.": N_("应为 %(min)d 到 %(max)d 个字符"),
    "Number must be at least %(min)s.": N_("不能小于 %(min)s"),
    "Number must be at most %(max)s.": N_("不能大于 %(max)s"),
    "Number must be between %(min)s and %(max)s.": N_("应在 %(min)s 到 %(max)s 之间"),
    "Invalid email address.": N_("电子邮箱格式不对，例如 name@example.cn"),
    "Invalid IP address.": N_("IP 地址格式不对"),
    "Invalid Mac address.": N_("MAC 地址格式不对"),
    "Invalid URL.": N_("网址格式不对"),
    "Invalid UUID.": N_("编号格式不对"),
    "Invalid value, must be one of: %(values)s.": N_("只能是：%(values)s"),
    "Invalid value, can't be any of: %(values)s.": N_("不能是：%(values)s"),
    "This field cannot be edited.": N_("这一项不能修改"),
    "This field is disabled and cannot have a value.": N_("这一项已停用，不能填写"),
    "Invalid CSRF Token.": N_("页面已过期，请刷新后重新提交"),
    "CSRF token missing.": N_("页面已过期，请刷新后重新提交"),
    "CSRF failed.": N_("页面已过期，请刷新后重新提交"),
    "CSRF token expired.": N_("页面已过期，请刷新后重新提交"),
    "Invalid Choice: could not coerce.": N_("请从列出的选项中选择"),
    "Choices cannot be None.": N_("请从列出的选项中选择"),
    "Not a valid choice.": N_("请从列出的选项中选择"),
    "Invalid choice(s): one or more data inputs could not be coerced.": N_("请从列出的选项中选择"),
    "'%(value)s' is not a valid choice for this field.": N_("请从列出的选项中选择"),
    "'%(value)s' are not valid choices for this field.": N_("请从列出的选项中选择"),
    "Not a valid datetime value.": N_("日期时间不对，例如 2022-04-25 09:00"),
    "Not a valid date value.": N_("日期不对，例如 2022-04-25"),
    "Not a valid time value.": N_("时间不对，例如 09:00"),
    "Not a valid week value.": N_("周次不对"),
    "Not a valid integer value.": N_("请填写整数"),
    "Not a valid decimal value.": N_("请填写数字"),
    "Not a valid float value.": N_("请填写数字"),
    "File does not have an approved extension: {extensions}": N_("文件类型不对，可以是：{extensions}"),
    "File does not have an approved extension.": N_("文件类型不能受理"),
}


class _Messages:
    """What WTForms asks for texts: ours, in the reader's language; an unknown one as it is."""

    def gettext(self, string: str) -> str:
        ours = MESSAGES.get(string)
        # Flask-Babel fills in `%` only when given values; WTForms fills these in itself.
        return string if ours is None else gettext(ours)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return self.gettext(singular if n == 1 else plural)


_MESSAGES = _Messages()


class Form(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """The base of every form: our messages in the reader's language; texts are stripped by their field."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # Flask-WTF has no types
        def get_translations(self, form: Any) -> _Messages:  # noqa: ARG002 - WTForms' signature
            return _MESSAGES


class StrippedString(StringField):
    """A line of text in NFC without space around it (the ideographic one too); empty becomes None.

    A character that cannot be stored or shown (NUL and other controls) is dropped.
    """

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        typed = str(valuelist[0]) if valuelist else ""
        kept = typed
        if not typed.isprintable():  # a scanned code has 500 characters, and nothing to drop
            kept = "".join(c for c in typed if c in "\t\n" or unicodedata.category(c) not in ("Cc", "Cs"))
        self.data = unicodedata.normalize("NFC", kept).strip() or None


class EmailField(StrippedString):
    """A line for an e-mail address; telephones show the keys for one."""


class TelField(StrippedString):
    """A line for a telephone number."""


class Explaining(Protocol):
    """Why a value is not accepted, in both languages (`people.problem.Problem` is one)."""

    @property
    def zh(self) -> str: ...
    @property
    def en(self) -> str: ...


def refuse_problem(found: str | Explaining) -> None:
    """For a form's `validate_` hook: raise what is wrong, in the reader's language; a good value passes."""
    if not isinstance(found, str):
        raise ValidationError(found.en if current_language() == "en" else found.zh)


def choices(
    names: Mapping[Any, Text] | Iterable[tuple[Any, Text]], *, none: Text | None = None
) -> list[SelectChoice]:
    """A field's choices from value -> words, or pairs; before them an empty one, where `none` names it."""
    pairs = names.items() if isinstance(names, Mapping) else names
    empty = [] if none is None else [("", none)]
    return [SelectChoice(value, words) for value, words in [*empty, *pairs]]


def init_forms(app: Flask) -> CSRFProtect:
    """CSRF on every unsafe route. Its token lives as long as the session: slow forms are not lost."""
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    return CSRFProtect(app)
