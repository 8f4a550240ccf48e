"""`resume intake FEED FILE`: take a feed in, and let it act."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from resume.cli.home_app import in_home

if TYPE_CHECKING:
    from resume.intake.operations import Progress

QUIET_SECONDS = 2.0


@click.command()
@click.argument("feed")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
@in_home
def intake(feed: str, file: Path) -> int:
    """Take FILE (CSV) in as FEED, and let it act.

    FEED: places, tests, cases, reviews, screenings, zones, codes, contacts, discharges.
    Prints what came of it as JSON. A big file is taken in piece by piece, with progress on standard error;
    where that was interrupted, the same command goes on. Exit code 1 where lines were refused.
    """
    from resume import clock
    from resume.intake.operations import take_in
    from resume.intake.queries import iterate_refused
    from resume.roles import CLI

    # Many rows, hardly a cycle: walked seldom, but walked, for the driver's few cycles hold what was sent.
    gc.freeze()
    gc.set_threshold(100_000, 10, 10)
    report = take_in(feed, file, file.name, by=CLI, at=clock.now(), on_progress=_teller())
    if report.unknown_columns:
        click.echo(f"resume: columns ignored: {', '.join(report.unknown_columns)}", err=True)
    for piece in report.json_with(iterate_refused(report.intake_id)):
        click.echo(piece, nl=False)
    click.echo()
    return 1 if report.refused_count else 0


def _teller() -> Callable[[Progress], None]:
    """A line for each piece, from two seconds on."""
    start = time.monotonic()

    def tell(progress: Progress) -> None:
        passed = time.monotonic() - start
        if passed >= QUIET_SECONDS:
            rate = (progress.done - progress.began_at) / passed
            of = f"{progress.done:,} of {progress.total:,} lines"
            click.echo(f"resume: {of}, {rate:,.0f} a second", err=True)

    return tell
