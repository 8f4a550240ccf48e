"""What a section still lacks, what its checks say, and so its state. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _

from resume.plans.display import shown_fields, shown_row
from resume.plans.loop import Loop, loop_of
from resume.plans.sections import SECTIONS
from resume.plans.sections.describe import Answers, Check, Field, Section
from resume.refusals import Text


class SectionState(StrEnum):
    """未开始, 未完成, 需修改, 已完成. Only `done` is complete."""

    EMPTY = "empty"
    STARTED = "started"
    WRONG = "wrong"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check with its answer: True met, False not met, None not known."""

    check: Check
    is_met: bool | None
    text: str


@dataclass(frozen=True, slots=True)
class Saved:
    """Who saved a section last, at which revision of the draft, and from which opened page."""

    revision: int
    by: str
    at: datetime
    opened: str = ""


@dataclass(frozen=True, slots=True)
class SectionView:
    """A section as it stands: values, what is missing (in words), check results, state, who saved it last.

    `is_unreadable`: something typed cannot be read yet and is kept as typed.
    """

    section: Section
    values: Mapping[str, Any]
    missing: tuple[Text, ...]
    results: tuple[CheckResult, ...]
    state: SectionState
    saved: Saved | None = None
    is_unreadable: bool = False

    @property
    def failed(self) -> tuple[CheckResult, ...]:
        """The checks that are not met, those that stop a submission first."""
        return tuple(
            sorted((r for r in self.results if r.is_met is False), key=lambda r: not r.check.is_must)
        )

    @property
    def shown(self) -> list[tuple[Field, str]]:
        """The single answers in words."""
        return shown_fields(self.section.fields, self.values)

    @property
    def shown_rows(self) -> list[list[tuple[Field, str]]]:
        """The repeated answers in words."""
        if self.section.rows is None:
            return []
        return [shown_row(self.section.rows, row) for row in self.values.get("rows") or ()]

    @property
    def loop(self) -> Loop | None:
        """The loop as a picture shows it; None for a section that does not draw it, or without an area."""
        return loop_of(self.values.get("rows") or ()) if self.section.key == "zones" else None

    def result_beside(self, field: str) -> CheckResult | None:
        return next((result for result in self.results if result.check.field == field), None)


def judge(
    section: Section, answers: Answers, saved: Saved | None = None, *, is_unreadable: bool = False
) -> SectionView:
    """Look at one section of a plan; checks may look at the others."""
    values = answers.sections.get(section.key, {})
    missing = tuple(missing_fields(section, values))
    results = tuple(_ask(check, answers) for check in section.checks)
    state = SectionState.WRONG if is_unreadable else _state(values, missing, results)
    return SectionView(section, values, missing, results, state, saved, is_unreadable)


def judge_all(
    answers: Answers, saves: Mapping[str, Saved], unreadable: Collection[str] = ()
) -> tuple[SectionView, ...]:
    """Every section in order."""
    return tuple(
        judge(section, answers, saves.get(section.key), is_unreadable=section.key in unreadable)
        for section in SECTIONS
    )


def missing_fields(section: Section, values: Mapping[str, Any]) -> Iterator[Text]:
    """What must still be filled in, in words and in the order of the page."""
    yield from (field.label for field in section.fields if _is_missing(field, values))
    if section.rows is None:
        return
    rows = values.get("rows") or []
    if len(rows) < section.rows.least:
        yield _("至少 %(count)s 个%(noun)s", count=section.rows.least, noun=section.rows.noun)
    for number, row in enumerate(rows, 1):
        for field in section.rows.fields:
            if _is_missing(field, row):
                yield _("第 %(number)s 个%(noun)s：%(field)s", number=number, noun=section.rows.noun,
                        field=field.label)  # fmt: skip


def _is_missing(field: Field, values: Mapping[str, Any]) -> bool:
    """A required field without an answer; a required tick that is not set. Zero is an answer."""
    value = values.get(field.key)
    return field.is_required and (value is None or value is False or value == "")


def _ask(check: Check, answers: Answers) -> CheckResult:
    judged = check.judge(answers)
    # A lazy text counts as safe HTML in templates; this one may quote what people typed.
    return CheckResult(check, judged.is_met, str(judged.text))


def _state(
    values: Mapping[str, Any], missing: tuple[Text, ...], results: tuple[CheckResult, ...]
) -> SectionState:
    if not values:
        return SectionState.EMPTY
    musts = [result.is_met for result in results if result.check.is_must]
    if missing or (None in musts and False not in musts):
        return SectionState.STARTED
    return SectionState.WRONG if False in musts else SectionState.DONE
