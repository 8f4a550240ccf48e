"""What the plan's pages ask of the case that the plan belongs to. The case lies above; it registers itself
here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol, cast

from flask import Flask, current_app

from resume.plans.difference import SectionChange
from resume.plans.queries import PlanView
from resume.refusals import Text


class ReturnedSection(Protocol):
    """What the reviewer asked of one part of the case, and whether the firm has done something about it."""

    @property
    def part(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def answer(self) -> str: ...
    @property
    def is_changed(self) -> bool: ...


class PlanCase(Protocol):
    """The firm's newest case, as far as its plan's pages look at it."""

    @property
    def plan(self) -> PlanView: ...
    @property
    def returned(self) -> Sequence[ReturnedSection]: ...
    @property
    def section_changes(self) -> Sequence[SectionChange]: ...

    def asks_about(self, key: str) -> Text | None:
        """What has to be agreed to before this section is edited; None where it is open."""


CaseOf = Callable[..., PlanCase]
_EXTENSION = "resume-plan-case"


def tell_case(app: Flask, case_of: CaseOf) -> None:
    """Let `case_of(firm_id=, at=)` tell the plan's pages of the case."""
    app.extensions[_EXTENSION] = case_of


def case_of(*, firm_id: int, at: datetime) -> PlanCase:
    """The firm's newest case with its plan."""
    return cast(CaseOf, current_app.extensions[_EXTENSION])(firm_id=firm_id, at=at)
