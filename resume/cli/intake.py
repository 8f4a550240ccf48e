"""`resume intake FEED FILE`: take a feed in, and let it act."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import click

from resume.cli.home_app import in_home

if TYPE_CHECKING:
    from resume.intake.operations import Progress

QUIET_SECONDS = 2.0
PIECES_BETWEEN = 5


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

    # Many rows, hardly a cycle: not walked again and again, but by hand now and then (`teller`).
    gc.freeze()
    gc.disable()
    report = take_in(feed, file, file.name, by=CLI, at=clock.now(), on_progress=teller())
    if report.unknown_columns:
        click.echo(f"resume: columns ignored: {', '.join(report.unknown_columns)}", err=True)
    for piece in report.json_with(iterate_refused(report.intake_id)):
        click.echo(piece, nl=False)
    click.echo()
    return 1 if report.refused_count else 0


def teller() -> Callable[[Progress], None]:
    """Tells of each piece on standard error, from two seconds on, and keeps memory flat."""
    start = time.monotonic()

    pieces = count(1)

    def tell(progress: Progress) -> None:
        if next(pieces) % PIECES_BETWEEN == 0:
            gc.collect()  # the driver's few cycles hold what was sent
        passed = time.monotonic() - start
        if passed >= QUIET_SECONDS:
            rate = (progress.done - progress.began_at) / passed
            of = f"{progress.done:,} of {progress.total:,} lines"
            click.echo(f"resume: {of}, {rate:,.0f} a second", err=True)

    return tell
