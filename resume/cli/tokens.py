"""`resume token create`, `token list`, `token revoke`: who may use `/api/v1`."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import click

from resume import clock
from resume.cli.home_app import in_home


@click.group()
def token() -> None:
    """Tokens of the machine interface."""


@token.command()
@click.argument("name")
@click.option(
    "--scope", "scopes", multiple=True, required=True, help="Such as tests:write; give it again for more."
)
@click.option(
    "--firm", "credit_code", metavar="USCC", help="The firm whose worker lists are sent (lists:write)."
)
@click.option("--gate", "gate_id", type=click.IntRange(1, 2**31 - 1), help="The one gate to check at.")
@click.option("--district", "district_code", metavar="CODE", help="Only places and gates of this district.")
@in_home
def create(
    name: str,
    scopes: tuple[str, ...],
    credit_code: str | None,
    gate_id: int | None,
    district_code: str | None,
) -> int:
    """Make a token for NAME and print it, this once."""
    from resume.api.operations.tokens import NewToken, create_token
    from resume.firms.queries import find_by_credit_code
    from resume.roles import CLI

    firm = None if credit_code is None else find_by_credit_code(credit_code)
    if credit_code is not None and firm is None:
        raise click.UsageError(f"--firm: no firm {credit_code[:40]!r} is registered")
    new = NewToken(name, scopes, None if firm is None else firm.id, gate_id, district_code)
    made, text = create_token(new, by=CLI, at=clock.now(), real_at=clock.real_now())
    _print(id=str(made.id), name=made.name, scopes=made.scopes, token=text)
    return 0


@token.command("list")
@in_home
def list_all() -> int:
    """Every token, the live ones first, one JSON line each; never its secret."""
    from resume.api.queries import list_tokens

    for each in list_tokens(limit=100_000):
        _print(
            id=str(each.id),
            name=each.name,
            scopes=each.scopes,
            firm=each.firm_id,
            gate=each.gate_id,
            district=each.district_code,
            created_at=clock.iso(each.created_at),
            used_on=each.used_on and each.used_on.isoformat(),
            revoked_at=clock.iso_or_none(each.revoked_at),
        )
    return 0


@token.command()
@click.argument("token_id", metavar="ID", type=click.UUID)
@in_home
def revoke(token_id: UUID) -> int:
    """Revoke a token for good, by its id."""
    from resume.api.operations.tokens import revoke_token
    from resume.roles import CLI

    revoke_token(token_id, by=CLI, at=clock.now(), real_at=clock.real_now())
    _print(id=str(token_id), revoked=True)
    return 0


def _print(**fields: Any) -> None:
    click.echo(json.dumps(fields, ensure_ascii=False))
