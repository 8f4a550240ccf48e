"""`resume keys list`, `rotate`, `retire`, `distrust`: the keys that sign passes and lists."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from resume import clock
from resume.cli.home_app import in_home

if TYPE_CHECKING:
    from resume.passes.rotation import KeyView

_REASON = click.option("--reason", default="", help="Why; kept in the audit.")


@click.group()
def keys() -> None:
    """The keys that sign passes and lists."""


@keys.command("list")
@in_home
def list_all() -> int:
    """Every key, one JSON line each; exit code 1 where one that should sign has no file."""
    from resume.passes.rotation import list_keys

    found = list_keys(at=clock.now())
    for key in found:
        _print(key)
    return 1 if any(key.role == "signing" and not key.has_file for key in found) else 0


@keys.command()
@click.argument("purpose")
@click.option("--at-once", is_flag=True, help="Sign with it now: gates off line do not know it yet.")
@_REASON
@in_home
def rotate(purpose: str, at_once: bool, reason: str) -> int:
    """A new key of PURPOSE (RTW, MOVER, LEAVE, MEDICAL or status): valid now, signing after 24 hours."""
    from resume.passes import rotation
    from resume.roles import CLI

    _print(rotation.rotate(purpose, reason=reason, at_once=at_once, by=CLI, at=clock.now()))
    return 0


@keys.command()
@click.argument("kid")
@_REASON
@in_home
def retire(kid: str, reason: str) -> int:
    """End the time of the key KID: it signs no more, what it signed stays good."""
    from resume.passes import rotation
    from resume.roles import CLI

    _print(rotation.retire(kid.lower(), reason=reason, by=CLI, at=clock.now()))
    return 0


@keys.command()
@click.argument("kid")
@_REASON
@in_home
def distrust(kid: str, reason: str) -> int:
    """Trust nothing that the key KID signed, at once; `live_passes` says how many passes this ends."""
    from resume.passes import rotation
    from resume.roles import CLI

    _print(rotation.distrust(kid.lower(), reason=reason, by=CLI, at=clock.now()))
    return 0


def _print(key: KeyView) -> None:
    fields = {
        "kid": key.kid,
        "purpose": key.purpose,
        "state": "active" if key.is_active else key.role,
        "role": key.role,
        "since": clock.iso_or_none(key.since),
        "signs_from": clock.iso_or_none(key.signs_from),
        "file": key.has_file,
        "live_passes": key.live,
    }
    click.echo(json.dumps(fields, ensure_ascii=False))
