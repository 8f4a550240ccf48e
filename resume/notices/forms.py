"""The form of how to be told: one question for each kind of the reader's role."""

from __future__ import annotations

from uuid import UUID

from wtforms import Field, RadioField
from wtforms.validators import InputRequired

from resume.notices.kinds import CHANNEL_NAMES, Channel, kinds_for
from resume.notices.queries import channels_of
from resume.roles import Role
from resume.web.fields import Form, choices


class ChoicesForm(Form):
    """Its fields are added by `choices_form`."""

    def fields(self) -> list[Field]:
        """The questions, in order."""
        return [field for field in self if isinstance(field, RadioField)]

    def channels(self) -> dict[str, Channel]:
        """What was chosen, by kind."""
        return {field.name: Channel(field.data) for field in self.fields()}


def choices_form(account_id: UUID, role: Role | None) -> ChoicesForm:
    """The form as the account has chosen. One query."""
    channels = channels_of({account_id})
    questions = {
        kind.name: RadioField(
            kind.title,
            [InputRequired()],
            choices=choices((one, CHANNEL_NAMES[one]) for one in kind.channels),
            default=channels(account_id, kind.name).value,
        )
        for kind in kinds_for(role)
    }
    form: type[ChoicesForm] = type("OwnChoicesForm", (ChoicesForm,), questions)
    return form()
