"""Reading plans. What a firm reads asks for its `firm_id`; another firm's version is not found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from resume.clock import parse_time, shanghai_date
from resume.db import reading
from resume.firms.models import Firm
from resume.firms.queries import get_firm, list_sites
from resume.places.districts import DISTRICTS
from resume.plans.completeness import Saved, SectionState, SectionView, judge_all
from resume.plans.models import Plan, PlanVersion
from resume.plans.sections.describe import Answers
from resume.policy.versions import policy_at
from resume.refusals import NotFound


@dataclass(frozen=True, slots=True)
class PlanView:
    """A version of a plan as people read it. `version` is None where nothing was saved yet."""

    firm: Firm
    version: PlanVersion | None
    sections: tuple[SectionView, ...]

    @property
    def incomplete(self) -> tuple[SectionView, ...]:
        return tuple(view for view in self.sections if view.state is not SectionState.DONE)

    @property
    def failed_count(self) -> int:
        """How many checks are not met, in all sections."""
        return sum(len(view.failed) for view in self.sections)

    @property
    def last_saved(self) -> SectionView | None:
        """The section that was saved last: where somebody stopped."""
        saved = [view for view in self.sections if view.saved is not None]
        return max(saved, key=lambda view: (view.saved.at, view.saved.revision), default=None)  # type: ignore[union-attr]

    @property
    def typed(self) -> Mapping[str, Mapping[str, Sequence[str]]]:
        """The sections that were typed and cannot be read yet, as their forms were sent."""
        return self.version.typed if self.version else {}

    @property
    def district_name(self) -> str:
        return DISTRICTS.get(self.firm.district_code, self.firm.district_code)

    @property
    def revision(self) -> int:
        return self.version.revision if self.version else 0

    def section(self, key: str) -> SectionView:
        """One section, or NotFound."""
        found = next((view for view in self.sections if view.section.key == key), None)
        if found is None:
            raise NotFound
        return found


def find_plan(*, firm_id: int) -> Plan | None:
    """The firm's plan, or None before anything was saved."""
    return reading().scalars(select(Plan).where(Plan.firm_id == firm_id)).first()


def find_current_version(*, firm_id: int) -> PlanVersion | None:
    """The newest version, draft or fixed, or None."""
    query = select(PlanVersion).join(Plan).where(Plan.firm_id == firm_id).order_by(PlanVersion.number.desc())
    return reading().scalars(query.limit(1)).first()


def get_version(version_id: UUID, *, firm_id: int) -> PlanVersion:
    """A version of this firm's plan, or NotFound."""
    query = select(PlanVersion).join(Plan).where(PlanVersion.id == version_id, Plan.firm_id == firm_id)
    version = reading().scalars(query).first()
    if version is None:
        raise NotFound
    return version


def view_current(*, firm_id: int, at: datetime) -> PlanView:
    """The newest version with every section judged; an empty one before anything was saved."""
    return view_version(find_current_version(firm_id=firm_id), firm_id=firm_id, at=at)


def view_version(version: PlanVersion | None, *, firm_id: int, at: datetime) -> PlanView:
    """A version with every section judged by the policy in force at `at`."""
    answers = answers_of(version.sections if version else {}, at=at)
    unreadable = frozenset(version.typed if version else ())
    return PlanView(get_firm(firm_id), version, judge_all(answers, saves_of(version), unreadable))


def answers_of(sections: Mapping[str, Mapping[str, Any]], *, at: datetime) -> Answers:
    """What checks look at, with the quiet period of the policy in force at `at`."""
    quiet_days = policy_at(at).profile("RTW").terms.quiet_days.value
    return Answers(sections, quiet_days, shanghai_date(at))


def saves_of(version: PlanVersion | None) -> dict[str, Saved]:
    """Who saved each section last."""
    saves = version.saves if version else {}
    return {
        key: Saved(save["revision"], save["by"], parse_time(save["at"]), save.get("page", ""))
        for key, save in saves.items()
    }


def registered_sites(*, firm_id: int) -> dict[str, Any]:
    """The plants already in the register as first answers of the section `sites`; {} where there are none."""
    rows = [
        {
            "site_id": site.id,
            "name": site.name,
            "district": site.district_code,
            "address": site.address or None,
        }
        for site in list_sites(firm_id=firm_id)
    ]
    return {"rows": rows} if rows else {}
