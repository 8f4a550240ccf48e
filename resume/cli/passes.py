"""`resume pass list`, `pass show`, `pass sheet`, `status export`."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from resume import clock
from resume.cli.home_app import Moment, in_home

if TYPE_CHECKING:
    from resume.passes.models import Pass

STATUSES = ("active", "suspended", "used", "replaced", "revoked", "expired")


@click.group("pass")
def passes() -> None:
    """Passes."""


@passes.command("list")
@click.option("--status", type=click.Choice(STATUSES), default=None, help="Only passes with this status.")
@click.option("--at", type=Moment(), default=None, help="The status at this time.")
@in_home
def list_passes(status: str | None, at: datetime | None) -> int:
    """Every pass by number, one JSON line each."""
    from resume.passes.lifecycle import Status
    from resume.passes.queries import iterate_passes

    moment = at or clock.now()
    for found, word in iterate_passes(at=moment, status=Status(status) if status else None):
        click.echo(json.dumps(_fields(found, word.value), ensure_ascii=False))
    return 0


@passes.command()
@click.argument("number")
@click.option("--at", type=Moment(), default=None, help="The status at this time.")
@in_home
def show(number: str, at: datetime | None) -> int:
    """One pass with its token."""
    from resume.passes.queries import get_pass, list_open_suspensions, status_of
    from resume.passes.sheets import token_text

    found = get_pass(number)
    shown = _fields(found, status_of(found, at=at or clock.now()).value)
    held = list_open_suspensions([found.id]).get(found.id, [])
    shown["held_by"] = [{"code": row.code, "cause": row.cause, "since": clock.iso(row.since)} for row in held]
    shown["token"] = token_text(found)
    click.echo(json.dumps(shown, ensure_ascii=False))
    return 0


@passes.command()
@click.argument("number")
@click.option("-o", "output", type=click.Path(dir_okay=False, path_type=Path), required=True)
@in_home
def sheet(number: str, output: Path) -> int:
    """Write the signed PDF of a pass, rendered now if it was not yet."""
    from resume.passes.queries import get_pass
    from resume.passes.sheets import sheet_of

    file = sheet_of(get_pass(number).id)
    _write(output, file.pdf)
    click.echo(json.dumps({"number": file.number, "file": str(output), "sha256": file.sha256}))
    return 0


@click.group()
def status() -> None:
    """Status lists."""


@status.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--at", type=Moment(), default=None, help="The status at this time.")
@in_home
def export(folder: Path, at: datetime | None) -> int:
    """Write the signed key list, the same plain, and the signed status list of each shard."""
    from resume.credential.keys import plain_key_list
    from resume.passes.keys import key_set
    from resume.passes.status_list import make_key_list, make_list, shards

    moment = at or clock.now()
    files = {
        "keys.cwt": make_key_list(at=moment),
        "keys.json": json.dumps(plain_key_list(key_set()), indent=1).encode(),
    }
    files |= {f"status-{shard}.cwt": make_list(shard, at=moment) for shard in shards()}
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise click.UsageError(f"{folder}: {error.strerror}") from None
    for name, content in files.items():
        _write(folder / name, content)
        click.echo(str(folder / name))
    return 0


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise click.UsageError(f"{path}: {error.strerror}") from None


def _fields(found: Pass, status: str) -> dict[str, Any]:
    return {
        "number": found.number,
        "status": status,
        "profile": found.profile,
        "medium": found.medium,
        "issued_at": clock.iso(found.issued_at),
        "expires_at": clock.iso(found.expires_at),
        "good_until": clock.iso(found.good_until),
        "pcr_sampled_at": clock.iso(found.pcr_sampled_at),
        "building_clear_from": found.building_clear_from and found.building_clear_from.isoformat(),
        "case": str(found.application_id),
        "firm": found.firm_id,
        "building": found.building_id,
        "site": found.site_id,
        "out_at": clock.iso_or_none(found.out_at),
        "in_at": clock.iso_or_none(found.in_at),
    }
