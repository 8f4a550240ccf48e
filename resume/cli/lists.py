"""`resume places list`, `resume places find`, `resume firm list`, `resume gate list`: JSON lines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from resume.cli.home_app import in_home

if TYPE_CHECKING:
    from resume.places.models import Building


def _line(**fields: Any) -> None:
    click.echo(json.dumps(fields, ensure_ascii=False))


@click.group()
def places() -> None:
    """The register of places."""


@places.command("list")
@in_home
def list_places() -> int:
    """Every building in its newest state, with the columns of the `places` feed."""
    from resume.places.queries import iterate_buildings

    for building in iterate_buildings():
        compound = building.compound
        _line(
            place_code=building.place_code,
            district_code=compound.district_code,
            street=compound.street,
            committee_code=compound.committee_code,
            compound=compound.name,
            lane=building.lane,
            number=building.number,
            has_units=building.has_units,
        )
    return 0


@places.command("find")
@click.argument("text")
@click.option("--district", help="The district's code or name; all districts without it.")
@in_home
def find_place(text: str, district: str | None) -> int:
    """The building of an address as people write it: one JSON object; exit code 1 where there is none."""
    from resume.places.districts import parse_district
    from resume.places.search import find_address

    code = parse_district(district) if district else None
    if district and code is None:
        raise click.UsageError(f"no district of Shanghai: {district}")
    found = find_address(text, district_code=code)
    _line(
        place_code=found.building.place_code if found.building else None,
        address=_address(found.building) if found.building else None,
        unit=found.unit,
        room=found.room,
        nearest=[{"place_code": near.place_code, "address": _address(near)} for near in found.nearest],
    )
    return 0 if found.building else 1


def _address(building: Building) -> str:
    from resume.places.districts import DISTRICTS

    compound = building.compound
    district = DISTRICTS[compound.district_code]
    parts = (district, compound.street, building.lane, compound.name, building.number)
    return " ".join(part for part in parts if part)


@click.group()
def firm() -> None:
    """Firms."""


@firm.command("list")
@in_home
def list_all_firms() -> int:
    """Every firm with its plants."""
    from resume.firms.queries import iterate_firms

    for each, sites in iterate_firms():
        _line(
            id=each.id,
            credit_code=each.credit_code,
            name=each.name,
            short_name=each.short_name,
            district_code=each.district_code,
            sites=[{"id": site.id, "name": site.name} for site in sites],
        )
    return 0


@click.group()
def gate() -> None:
    """Gates."""


@gate.command("list")
@in_home
def list_all_gates() -> int:
    """Every gate with what it belongs to."""
    from resume.places.queries import list_gates

    for each in list_gates():
        _line(
            id=each.id,
            name=each.name,
            kind=each.kind,
            district_code=each.district_code,
            compound_id=each.compound_id,
            site_id=each.site_id,
        )
    return 0
