"""The plan's plants in the register: at once while nothing stands on them, at approval where something does.

Passes, lists and gates call a plant by the register's name. A plant of an approved version keeps name,
district and address in the register until the version that changes them is approved; the draft has the new
ones alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from resume.db import joined, reading
from resume.firms.models import Site
from resume.firms.queries import list_sites
from resume.plans.models import Plan, PlanVersion
from resume.refusals import Conflict

Row = Mapping[str, Any]


class SameSiteName(Conflict):
    """Two plants of one firm cannot have one name: lists name them by it."""

    code = "same_site_name"
    advice = _("请给每个厂区不同的名称；两个厂区互换名称时请分两次保存")


class SiteInUse(Conflict):
    """A plant that lists, passes or gates refer to is not removed."""

    code = "site_in_use"
    advice = _("请保留这一厂区；名称和地址可以修改")


def write_drafted(rows: Sequence[Row], *, firm_id: int) -> list[dict[str, Any]]:
    """A step: bring the register in line with a draft's rows; each row gets its plant's id.

    A row without name or district, or with a name used above it or by a plant that an approved version names,
    stays in the draft alone. An id of another firm's plant is not taken. Raises SameSiteName, SiteInUse.
    """
    known = _known(firm_id)
    fixed = _fixed(known, firm_id)
    found = _match(rows, known)
    written: list[Site | None] = []
    names = {site.name for site in fixed}
    for row, matched in zip(rows, found, strict=True):
        site = matched if matched in fixed else _write(row, matched, firm_id, names)
        written.append(site)
        if site is not None:
            names.add(site.name)
    for site in known.values():
        if site not in written:
            _remove(site, is_fixed=site in fixed)
    _flush()
    return [
        {**row, "site_id": site.id if site is not None else None}
        for row, site in zip(rows, written, strict=True)
    ]


def write_approved(version: PlanVersion, *, firm_id: int) -> None:
    """A step: the approved version's plants, as it names them. What it names no more stays for what refers to
    it.
    """
    rows = [row for row in rows_of(version) if row.get("name") and row.get("district")]
    known = _known(firm_id)
    found = _match(rows, known)
    taken = {site.name for site in known.values() if site not in found}
    former = [site.name if site is not None else None for site in found]
    for site in filter(None, found):
        site.name = f"~{site.id}"  # a name that nobody types: two plants may swap theirs
    joined().flush()
    for row, matched, name_before in zip(rows, found, former, strict=True):
        name = row["name"] if row["name"] not in taken else name_before
        if name is None:
            continue  # a plant that the plan does not name has this name
        site = matched or Site(firm_id=firm_id)
        joined().add(site)
        site.name, site.district_code, site.address = name, row["district"], row.get("address") or ""
        taken.add(name)
    joined().flush()


def rows_of(version: PlanVersion | None) -> list[dict[str, Any]]:
    """The plants of a version, as its section keeps them."""
    rows: list[dict[str, Any]] = (version.sections if version else {}).get("sites", {}).get("rows") or []
    return rows


def names_in(version: PlanVersion | None, *, firm_id: int) -> dict[str, int]:
    """Name -> plant, as a version names them; the register's own names of the same plants where it names no
    other plant so, and of all where it names none yet. What the version has left out is no plant of the plan.
    """
    registered = {site.name: site.id for site in list_sites(firm_id=firm_id)}
    rows = [row for row in rows_of(version) if row.get("name")]
    if not rows:
        return registered
    said = {row["name"]: row.get("site_id") for row in rows}
    own = {name: site_id for name, site_id in said.items() if site_id in registered.values()}
    still = {
        name: site_id for name, site_id in registered.items() if name not in said and site_id in own.values()
    }
    by_name = {
        name: registered[name]  # as versions named them that know no ids
        for name, site_id in said.items()
        if not site_id and name in registered and registered[name] not in own.values()
    }
    return still | by_name | own


def _known(firm_id: int) -> dict[int, Site]:
    return {site.id: site for site in joined().scalars(select(Site).where(Site.firm_id == firm_id))}


def _fixed(known: Mapping[int, Site], firm_id: int) -> list[Site]:
    """The plants of every approved version."""
    query = (
        select(PlanVersion).join(Plan).where(Plan.firm_id == firm_id, PlanVersion.approved_at.is_not(None))
    )
    rows = [row for version in joined().scalars(query) for row in rows_of(version)]
    ids = {row.get("site_id") for row in rows}
    names = {row.get("name") for row in rows if not row.get("site_id")}
    return [site for site in known.values() if site.id in ids or site.name in names]


def _match(rows: Sequence[Row], known: Mapping[int, Site]) -> list[Site | None]:
    """The plant of each row: by its id, else by the name of one that no row has by id; each at most once."""
    claimed = {row.get("site_id") for row in rows}
    by_name = {site.name: site for site in known.values() if site.id not in claimed}
    found: list[Site | None] = []
    for row in rows:
        site = known.get(row.get("site_id") or 0) or by_name.get(row.get("name") or "")
        found.append(None if site in found else site)
    return found


def _write(row: Row, site: Site | None, firm_id: int, names: set[str]) -> Site | None:
    name, district = row.get("name"), row.get("district")
    if not name or not district or name in names:
        return site
    if site is None:
        site = Site(firm_id=firm_id)
        joined().add(site)
    site.name, site.district_code, site.address = name, district, row.get("address") or ""
    return site


def _flush() -> None:
    try:
        with joined().begin_nested():
            joined().flush()
    except IntegrityError:
        raise SameSiteName(_("厂区名称与已登记的另一厂区相同，没有保存")) from None


class _Kept(Exception):
    """Nothing refers to a plant, but it stays until the version without it is approved."""


def _remove(site: Site, *, is_fixed: bool) -> None:
    """Remove a plant that nothing refers to; the database knows what refers to it."""
    try:
        with joined().begin_nested():
            joined().delete(site)
            joined().flush()
            if is_fixed:
                raise _Kept
    except _Kept:
        return
    except IntegrityError:
        raise SiteInUse(gettext("厂区“%(name)s”已有人员、通行证或门岗，不能移除", name=site.name)) from None


def short_names(version_id: UUID, *, firm_id: int) -> dict[int, str]:
    """Plant -> name as the version names it, for passes that are issued under it before it is in the
    register.
    """
    version = reading().get(PlanVersion, version_id)
    named = {
        row["site_id"]: row["name"] for row in rows_of(version) if row.get("site_id") and row.get("name")
    }
    return {site.id: named.get(site.id, site.name) for site in list_sites(firm_id=firm_id)}
