"""`resume intake FEED FILE`: take a feed in, and let it act."""

from __future__ import annotations

import gc
import json
from pathlib import Path

import click

from resume.cli.home_app import in_home


@click.command()
@click.argument("feed")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
@in_home
def intake(feed: str, file: Path) -> int:
    """Take FILE (CSV) in as FEED, and let it act.

    FEED: places, tests, cases, reviews, screenings, zones, codes, contacts, discharges.
    Prints what came of it as JSON. Exit code 1 where lines were refused.
    """
    from resume import clock
    from resume.intake.operations import take_in
    from resume.roles import CLI

    gc.disable()  # many rows, hardly a cycle: walking them all again and again would free nothing
    report = take_in(feed, file, file.name, by=CLI, at=clock.now())
    if report.unknown_columns:
        click.echo(f"resume: columns ignored: {', '.join(report.unknown_columns)}", err=True)
    click.echo(json.dumps(report.to_json(), ensure_ascii=False))
    return 1 if report.refused else 0
