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
from resume.places.districts import district_name
from resume.plans import attached
from resume.plans.completeness import Saved, SectionState, SectionView, judge_all
from resume.plans.models import Plan, PlanVersion
from resume.plans.older import as_today, saves_as_today
from resume.plans.sections.attachments import KINDS
from resume.plans.sections.describe import Answers, Paper
from resume.policy.versions import policy_at
from resume.refusals import NotFound, Text


@dataclass(frozen=True, slots=True)
class PlanView:
    """A version of a plan as people read it. `version` is None where nothing was saved yet."""

    firm: Firm
    version: PlanVersion | None
    sections: tuple[SectionView, ...]
    papers: tuple[Paper, ...] = ()

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
        return district_name(self.firm.district_code)

    @property
    def revision(self) -> int:
        return self.version.revision if self.version else 0

    def kind_of(self, paper: Paper) -> Text:
        """What an attached file shows, in words."""
        return dict(KINDS).get(paper.kind, paper.kind)

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
    papers = attached.list_papers(version)
    answers = answers_of(version.sections if version else {}, at=at, papers=papers)
    unreadable = frozenset(version.typed if version else ())
    return PlanView(get_firm(firm_id), version, judge_all(answers, saves_of(version), unreadable), papers)


def answers_of(
    sections: Mapping[str, Mapping[str, Any]], *, at: datetime, papers: tuple[Paper, ...] = ()
) -> Answers:
    """What checks look at, with the quiet period of the policy in force at `at`.

    Answers that an older version of this system kept elsewhere are where they are asked for today.
    """
    quiet_days = policy_at(at).profile("RTW").terms.quiet_days.value
    return Answers(as_today(sections), quiet_days, shanghai_date(at), papers)


def saves_of(version: PlanVersion | None) -> dict[str, Saved]:
    """Who saved each section last."""
    saves = saves_as_today(version.sections, version.saves) if version else {}
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
