"""Forms of corrections: each asks for what changes, and for the reference it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import DateTimeLocalField, RadioField, ValidationError
from wtforms.validators import InputRequired, Length, Optional

from resume.clock import SHANGHAI, iso
from resume.corrections.kinds.cases import EXCLUSIONS
from resume.corrections.kinds.reviews import OUTCOMES
from resume.corrections.kinds.zones import LEVELS, WAYS
from resume.places.search import find_place
from resume.web.fields import Form, StrippedString, choices

LOCAL = "%Y-%m-%dT%H:%M"


def as_iso(moment: datetime | None) -> str:
    """What was typed as Shanghai time, as an ISO time; "" for nothing."""
    return iso(moment.replace(tzinfo=SHANGHAI)) if moment is not None else ""


class CorrectionForm(Form):
    """Every correction rests on something that can be looked up."""

    reference = StrippedString(_("依据"), [InputRequired(), Length(2, 200)])


class MoveCaseForm(CorrectionForm):
    """To which building a case belongs; `building_id` is what `place` was found to be."""

    place = StrippedString(_("改归的楼栋"), [InputRequired(), Length(max=120)])
    unit = StrippedString(_("单元"), [Optional(), Length(max=20)])
    building_id = 0
    belongs_to = 0

    def validate_place(self, field: StrippedString) -> None:
        """WTForms' hook: the place code of a registered building, or an address that means one building."""
        found = find_place(field.data or "")
        if found.building is None:
            offered = "；".join(near.place_code for near in found.nearest)
            message = _(
                "没有唯一对应的楼栋，请填写场所编码或完整地址。相近的场所编码：%(codes)s", codes=offered
            )
            raise ValidationError(message if offered else _("没有找到这一楼栋，请填写场所编码或完整地址"))
        self.building_id = found.building.id
        if self.building_id == self.belongs_to and not self.unit.data:
            raise ValidationError(_("病例已归属这栋楼"))


class ExcludeCaseForm(CorrectionForm):
    """Why a case does not count."""

    reason = RadioField(_("不计入原因"), [InputRequired()], choices=choices(EXCLUSIONS))


class ReviewForm(CorrectionForm):
    """How a review ends, and when."""

    out_of_range = _("结论时间应在复核开始之后，且不晚于现在")

    outcome = RadioField(_("结论"), [InputRequired()], choices=choices(OUTCOMES))
    cleared_at = DateTimeLocalField(_("结论时间"), [InputRequired()], format=[LOCAL, "%Y-%m-%dT%H:%M:%S"])


class ConflictForm(CorrectionForm):
    """Which result stands."""

    standing = RadioField(_("采信哪一结果"), [InputRequired()])

    def offer(self, tests: Sequence[tuple[int, str]]) -> ConflictForm:
        """Let one of these tests (row, words) be chosen, or none."""
        offered = [(str(row_id), words) for row_id, words in tests]
        self.standing.choices = choices([*offered, ("0", _("均不采信，请本人重新采样"))])
        return self


class ZoneForm(CorrectionForm):
    """A level for a building or its whole compound."""

    scope = RadioField(
        _("范围"),
        [InputRequired()],
        choices=choices({"building": _("本楼栋"), "compound": _("整个小区")}),
    )
    level = RadioField(_("等级"), [InputRequired()], choices=choices(LEVELS))
    way = RadioField(_("方式"), [InputRequired()], choices=choices(WAYS))
    since = DateTimeLocalField(_("起始时间"), [InputRequired()], format=[LOCAL, "%Y-%m-%dT%H:%M:%S"])
    until = DateTimeLocalField(_("结束时间"), [Optional()], format=[LOCAL, "%Y-%m-%dT%H:%M:%S"])
    reason = StrippedString(_("原因"), [Optional(), Length(max=200)])

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Also: an uplift has an end, and no end lies before its beginning."""
        is_good: bool = super().validate(extra_validators)
        since, until = self.since.data, self.until.data
        wrong = None
        if self.way.data == "uplift" and until is None:
            wrong = _("提级管理须写明结束时间")
        elif until is not None and since is not None and until <= since:
            wrong = _("结束时间应晚于起始时间")
        if wrong is not None:
            self.until.errors = [*self.until.errors, wrong]
        return is_good and wrong is None


class DeclineForm(Form):
    """Why a correction is not confirmed."""

    note = StrippedString(_("退回原因"), [InputRequired(), Length(2, 200)])
