"""What a section's page sends: its form, which opened page sends it at which revision, what is wanted."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from flask import request
from werkzeug.datastructures import MultiDict

from resume.plans.forms import SectionForm
from resume.plans.sections.describe import Section

SAVE, LATER, AUTOSAVE, CHECK, ADD, REMOVE = "save", "later", "autosave", "check", "add", "remove-"
SAVES = (SAVE, LATER, AUTOSAVE)
_LONGEST_NAME = 32


@dataclass(frozen=True, slots=True)
class Opened:
    """An opened page: its name, the plan's revision it shows, whether its reader agreed to what is asked."""

    name: str
    revision: int
    is_agreed: bool = False

    @classmethod
    def now(cls, revision: int, *, is_agreed: bool = False) -> Opened:
        """A page that is opened now."""
        return cls(secrets.token_urlsafe(12), revision, is_agreed)

    @classmethod
    def read(cls, fields: Mapping[str, str]) -> Opened:
        """The page that fields were sent from; an unreadable revision is older than every save."""
        typed = fields.get("revision", "")
        revision = int(typed) if typed.isdecimal() and len(typed) < 9 else -1
        return cls(fields.get("opened", "")[:_LONGEST_NAME], revision, fields.get("is_agreed") == "y")


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent. `said` is what the page's status has said last, so that it is not said again."""

    form: SectionForm
    opened: Opened
    intent: str
    said: str
    fields: MultiDict[str, str]

    @classmethod
    def read(cls, section: Section) -> Sent:
        """What this request sends."""
        fields = request.form
        return cls(
            SectionForm.of_request(section, fields),
            Opened.read(fields),
            fields.get("intent", SAVE),
            fields.get("said", ""),
            fields,
        )

    @property
    def typed(self) -> dict[str, list[str]]:
        """The section's own fields as they were sent."""
        return self.form.as_typed(self.fields)
