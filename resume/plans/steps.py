"""Steps on plans that join the door of the case: open a draft, save a section, fix, approve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from resume import audit
from resume.clock import iso
from resume.db import joined
from resume.plans.completeness import Saved
from resume.plans.models import Plan, PlanVersion
from resume.plans.older import as_today, saves_as_today
from resume.plans.queries import find_current_version, find_plan, saves_of
from resume.plans.sections import BY_KEY
from resume.plans.site_register import write_approved, write_drafted
from resume.refusals import Conflict, Unprocessable
from resume.roles import Actor
from resume.web.dates import moment_text


class SectionChanged(Conflict):
    """Somebody else saved this section after the page was opened; `saved` says who and when."""

    code = "section_changed"
    advice = _("您填写的内容没有保存，仍在本页；请比较两份内容后再保存")

    def __init__(self, key: str, saved: Saved) -> None:
        self.saved = saved
        super().__init__(
            gettext(
                "%(who)s 已于%(when)s保存了“%(section)s”",
                who=saved.by,
                when=moment_text(saved.at),
                section=BY_KEY[key].title,
            )
        )


class TooMuchTyped(Unprocessable):
    """More than a draft keeps of what cannot be read."""

    code = "too_much_typed"
    message = _("填写的内容太长，没有保存")
    advice = _("请缩短后再保存；每一项的字数上限见该项下的提示")


#: A section's form as it was typed: field name -> what was sent under it.
Typed: TypeAlias = Mapping[str, Sequence[str]]
#: Characters kept of a section that cannot be read yet.
MOST_TYPED = 200_000


def ensure_version(*, firm_id: int, at: datetime) -> PlanVersion:
    """The newest version whatever its state; an empty draft where there is none yet."""
    return find_current_version(firm_id=firm_id) or _first_draft(firm_id, at)


def open_draft(*, firm_id: int, at: datetime) -> PlanVersion:
    """The version that may be edited: the draft, or a new one copied from the version that is fixed."""
    latest = ensure_version(firm_id=firm_id, at=at)
    if latest.submitted_at is None:
        return latest
    draft = PlanVersion(
        plan_id=latest.plan_id,
        number=latest.number + 1,
        sections=as_today(latest.sections),
        saves=saves_as_today(latest.sections, latest.saves),
        typed=dict(latest.typed),
        revision=latest.revision,
        updated_at=at,
    )
    joined().add(draft)
    joined().flush()
    return draft


def save_section(
    key: str,
    values: Mapping[str, Any],
    *,
    firm_id: int,
    revision: int,
    by: Actor,
    at: datetime,
    typed: Typed | None = None,
    opened: str = "",
) -> PlanVersion:
    """Write one section into the draft. SectionChanged where it was saved after `revision`.

    `typed` is the form as it was sent, where something in it cannot be read yet. `opened` names the opened
    page that saves: what that page has saved itself is no surprise to it, even if it never heard that it was
    saved.
    """
    if typed and sum(len(text) for texts in typed.values() for text in texts) > MOST_TYPED:
        raise TooMuchTyped
    draft = open_draft(firm_id=firm_id, at=at)
    _refuse_if_changed(key, draft, revision, opened)
    kept = dict(values)
    if key == "sites":
        kept["rows"] = write_drafted(kept.get("rows") or [], firm_id=firm_id)
    draft.revision += 1
    draft.sections = {**draft.sections, key: kept}
    draft.typed = {name: form for name, form in draft.typed.items() if name != key}
    if typed:
        draft.typed = {**draft.typed, key: {name: list(texts) for name, texts in typed.items()}}
    draft.saves = {
        **draft.saves,
        key: {"revision": draft.revision, "by": by.name, "at": iso(at), "page": opened},
    }
    draft.updated_at = at
    audit.record(
        "plan.save_section", f"plan_version:{draft.id}", by=by, at=at, section=key, revision=draft.revision
    )
    return draft


def fix(version: PlanVersion, *, at: datetime) -> None:
    """Fix a version for good, at its first submission."""
    version.submitted_at = version.submitted_at or at


def approve(version: PlanVersion, *, at: datetime) -> None:
    """Put a version in force: the plan is approved, and its plants are called as it calls them."""
    version.approved_at = version.approved_at or at
    plan = joined().get_one(Plan, version.plan_id)
    plan.state = "approved"
    write_approved(version, firm_id=plan.firm_id)


def _first_draft(firm_id: int, at: datetime) -> PlanVersion:
    plan = find_plan(firm_id=firm_id)
    if plan is None:
        plan = Plan(firm_id=firm_id)
        joined().add(plan)
        joined().flush()
    version = PlanVersion(plan_id=plan.id, number=1, sections={}, saves={}, revision=0, updated_at=at)
    joined().add(version)
    joined().flush()
    return version


def _refuse_if_changed(key: str, draft: PlanVersion, revision: int, opened: str) -> None:
    last = saves_of(draft).get(key)
    if last is not None and last.revision > revision and not (opened and last.opened == opened):
        raise SectionChanged(key, last)
