"""Kinds of letters and how one is written: subject and text, in the language of its reader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

from flask import render_template
from flask_babel import force_locale

from resume.refusals import Text


@dataclass(frozen=True, slots=True)
class Letter:
    """A kind of letter. `subject` names nobody and no firm's figures; `template` is a text of templates/."""

    kind: str
    subject: Text
    template: str


_LETTERS: dict[str, Letter] = {}


def register(letter: Letter) -> Letter:
    """Make a kind known; a slice does so where it defines what it sends."""
    _LETTERS[letter.kind] = letter
    return letter


def known(kind: str) -> bool:
    """Whether a letter of this kind can be written."""
    return kind in _LETTERS


def write(
    kind: str, values: Mapping[str, Any], *, to: str, sender: str, language: str, message_id: str
) -> EmailMessage:
    """The letter, ready to be sent. `language`: `zh_Hans` or `en`; `message_id`: the same at each attempt."""
    letter = _LETTERS[kind]
    message = EmailMessage(policy=SMTP)
    with force_locale(language):
        message["Subject"] = str(letter.subject)
        text = render_template(letter.template, **values)
    message["From"] = sender
    message["To"] = to
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text.strip() + "\n", cte="base64")
    message["Content-Language"] = "en" if language == "en" else "zh-Hans"
    return message
