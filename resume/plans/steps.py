"""Steps on plans that join the door of the case: open a draft, save a section, fix, approve."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from resume import audit
from resume.clock import iso
from resume.db import joined
from resume.firms.models import Site
from resume.plans.models import Plan, PlanVersion
from resume.plans.older import as_today, saves_as_today
from resume.plans.queries import find_current_version, find_plan, saves_of
from resume.plans.sections import BY_KEY
from resume.refusals import Conflict
from resume.roles import Actor
from resume.web.dates import moment_text


class SectionChanged(Conflict):
    """Somebody else saved this section after the page was opened."""

    code = "section_changed"
    advice = _("请重新打开这一页，看到最新内容后再修改；您刚才填写的内容没有保存")


class SameSiteName(Conflict):
    """Two plants of one firm cannot have one name: lists name them by it."""

    code = "same_site_name"
    advice = _("请给每个厂区不同的名称；两个厂区互换名称时请分两次保存")


class SiteInUse(Conflict):
    """A plant that lists, passes or gates refer to is not removed."""

    code = "site_in_use"
    advice = _("请保留这一厂区；名称和地址可以修改")


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
        revision=latest.revision,
        updated_at=at,
    )
    joined().add(draft)
    joined().flush()
    return draft


def save_section(
    key: str, values: Mapping[str, Any], *, firm_id: int, revision: int, by: Actor, at: datetime
) -> PlanVersion:
    """Write one section into the draft. SectionChanged where it was saved after `revision`."""
    draft = open_draft(firm_id=firm_id, at=at)
    _refuse_if_changed(key, draft, revision)
    kept = dict(values)
    if key == "sites":
        kept["rows"] = _write_sites(kept.get("rows") or [], firm_id=firm_id)
    draft.revision += 1
    draft.sections = {**draft.sections, key: kept}
    draft.saves = {**draft.saves, key: {"revision": draft.revision, "by": by.name, "at": iso(at)}}
    draft.updated_at = at
    audit.record(
        "plan.save_section", f"plan_version:{draft.id}", by=by, at=at, section=key, revision=draft.revision
    )
    return draft


def fix(version: PlanVersion, *, at: datetime) -> None:
    """Fix a version for good, at its first submission."""
    version.submitted_at = version.submitted_at or at


def approve(version: PlanVersion, *, at: datetime) -> None:
    """Put a version in force: the firm's plan is approved."""
    version.approved_at = version.approved_at or at
    plan = joined().get(Plan, version.plan_id)
    if plan is not None:
        plan.state = "approved"


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


def _refuse_if_changed(key: str, draft: PlanVersion, revision: int) -> None:
    last = saves_of(draft).get(key)
    if last is not None and last.revision > revision:
        raise SectionChanged(
            gettext(
                "%(who)s 已于%(when)s保存了“%(section)s”",
                who=last.by,
                when=moment_text(last.at),
                section=BY_KEY[key].title,
            )
        )


def _write_sites(rows: list[dict[str, Any]], *, firm_id: int) -> list[dict[str, Any]]:
    """Bring the register of this firm's plants in line with the rows; each row gets its plant's id.

    A row without name or district, or with a name used above it, stays in the draft alone. An id of another
    firm's plant is not taken.
    """
    known = {site.id: site for site in joined().scalars(select(Site).where(Site.firm_id == firm_id))}
    by_name = {site.name: site for site in known.values()}
    written: list[Site | None] = []
    for row in rows:
        site = known.get(row.get("site_id") or 0) or by_name.get(row.get("name") or "")
        free = [used for used in written if used is not None]
        written.append(
            _write_site(row, None if site in free else site, firm_id, {used.name for used in free})
        )
    _remove_sites([site for site in known.values() if site not in written])
    _flush_sites()
    return [
        {**row, "site_id": site.id if site is not None else None}
        for row, site in zip(rows, written, strict=True)
    ]


def _write_site(row: Mapping[str, Any], site: Site | None, firm_id: int, names: set[str]) -> Site | None:
    name, district = row.get("name"), row.get("district")
    if not name or not district or name in names:
        return site
    if site is None:
        site = Site(firm_id=firm_id)
        joined().add(site)
    site.name, site.district_code, site.address = name, district, row.get("address") or ""
    return site


def _flush_sites() -> None:
    try:
        with joined().begin_nested():
            joined().flush()
    except IntegrityError:
        raise SameSiteName(_("厂区名称与已登记的另一厂区相同，没有保存")) from None


def _remove_sites(sites: list[Site]) -> None:
    """Remove plants that nothing refers to; the database knows what refers to them."""
    for site in sites:
        try:
            with joined().begin_nested():
                joined().delete(site)
                joined().flush()
        except IntegrityError:
            raise SiteInUse(
                gettext("厂区“%(name)s”已有人员、通行证或门岗，不能移除", name=site.name)
            ) from None
