"""`resume audit verify`: walk the chain."""

from __future__ import annotations

import json

import click

from resume.cli.home_app import in_home


@click.group()
def audit() -> None:
    """The audit chain."""


@audit.command()
@in_home
def verify() -> int:
    """Walk the audit chain; exit code 1 where it is broken."""
    from resume.audit import verify as walk

    report = walk()
    answer = {
        "rows": report.rows,
        "head": report.head,
        "whole": report.is_whole,
        "first_break": report.first_break,
    }
    click.echo(json.dumps(answer))
    return 0 if report.is_whole else 1
