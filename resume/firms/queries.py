"""Reading firms and their plants."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Select, func, select

from resume.db import reading
from resume.firms.models import Firm, Site
from resume.refusals import NotFound


def get_firm(firm_id: int) -> Firm:
    """The firm, or NotFound."""
    firm = reading().get(Firm, firm_id)
    if firm is None:
        raise NotFound
    return firm


def find_by_credit_code(credit_code: str) -> Firm | None:
    """The firm of a unified social credit code, or None."""
    return reading().scalars(select(Firm).where(Firm.credit_code == credit_code.strip().upper())).first()


def list_firms(*, search: str = "", limit: int = 50, offset: int = 0) -> Sequence[Firm]:
    """Firms by name; those whose name or code holds `search`."""
    return reading().scalars(_found(search).order_by(Firm.name, Firm.id).limit(limit).offset(offset)).all()


def count_firms(*, search: str = "") -> int:
    """How many firms `list_firms` would go through."""
    return reading().scalar(select(func.count()).select_from(_found(search).subquery())) or 0


def list_sites(*, firm_id: int) -> Sequence[Site]:
    """The plants of one firm."""
    return reading().scalars(select(Site).where(Site.firm_id == firm_id).order_by(Site.name, Site.id)).all()


def get_site(site_id: int) -> Site:
    """The plant, or NotFound."""
    site = reading().get(Site, site_id)
    if site is None:
        raise NotFound
    return site


def _found(search: str) -> Select[Firm]:
    query = select(Firm)
    if search:
        query = query.where(
            Firm.name.contains(search, autoescape=True) | Firm.credit_code.contains(search.upper())
        )
    return query


def iterate_firms() -> Iterator[tuple[Firm, list[Site]]]:
    """Every firm by credit code with its plants, in two queries."""
    plants: dict[int, list[Site]] = {}
    for site in reading().scalars(select(Site).order_by(Site.firm_id, Site.name, Site.id)):
        plants.setdefault(site.firm_id, []).append(site)
    for firm in reading().scalars(select(Firm).order_by(Firm.credit_code)):
        yield firm, plants.get(firm.id, [])
