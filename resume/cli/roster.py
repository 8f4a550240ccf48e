"""`resume roster check`: the verdict of every row of a list, from the evidence in the database."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from resume.cli.home_app import Moment, in_home

if TYPE_CHECKING:
    from resume.policy import Verdict
    from resume.roster.sheet import CellError


@click.group()
def roster() -> None:
    """Worker lists."""


@roster.command("check")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--firm", "credit_code", metavar="USCC", help="The firm whose plants and plan are asked.")
@click.option("--at", type=Moment(), required=True, help="The moment of the check, with an offset.")
@click.option("--known-at", type=Moment(), help="By what was known at that moment, not by what is known now.")
@in_home
def check(file: Path, credit_code: str | None, at: datetime, known_at: datetime | None) -> int:
    """Judge every row of FILE (XLSX or CSV) and store nothing: one JSON line a row, in the file's order.

    Without --firm, sites are not matched and the plan is not asked. --known-at concerns the evidence and who
    shares a flat; addresses are matched by the register, and the plan is asked, as they are now.
    Exit code 0: all eligible; 1: not all, or invalid rows; 2: unusable arguments or file.
    """
    from resume.collector import collector_at_rest
    from resume.policy import NoPolicy
    from resume.tables.refused import FileRefused

    sites, plan = _of_firm(credit_code)
    try:
        with collector_at_rest():
            lines = list(_lines(file, sites=sites, plan=plan, at=at, known_at=known_at))
    except (FileRefused, NoPolicy) as refused:
        raise click.UsageError(str(refused)) from None
    click.echo("\n".join(json.dumps(line, ensure_ascii=False) for line in lines))
    return 0 if all(line["outcome"] == "eligible" for line in lines) else 1


def _of_firm(credit_code: str | None) -> tuple[Mapping[str, int] | None, str | None]:
    """The firm's plants by name and the state of its plan; neither is asked where no firm is named."""
    from resume.firms.queries import find_by_credit_code, list_sites
    from resume.plans.queries import find_plan

    if credit_code is None:
        return None, None
    firm = find_by_credit_code(credit_code)
    if firm is None:
        raise click.UsageError(f"--firm: no firm {credit_code[:40]!r} is registered")
    plan = find_plan(firm_id=firm.id)
    return {site.name: site.id for site in list_sites(firm_id=firm.id)}, plan.state if plan else "none"


def _lines(
    file: Path,
    *,
    sites: Mapping[str, int] | None,
    plan: str | None,
    at: datetime,
    known_at: datetime | None,
) -> Iterator[dict[str, Any]]:
    from resume.clock import shanghai_date
    from resume.evidence.knowledge import Known
    from resume.roster.eligibility import facts_of_subjects, judge
    from resume.roster.resolving import resolve
    from resume.roster.sheet import read_worker_list
    from resume.tables.reading import read_table

    read = read_worker_list(read_table(file, file.name), sites=sites, today=shanghai_date(at))
    subjects = [resolved.subject for resolved in resolve(read.rows)]
    known = Known(known_at) if known_at else None
    verdicts = judge(facts_of_subjects(subjects, at=at, plan=plan, known=known), at=at)
    errors: dict[int, list[CellError]] = defaultdict(list)
    for error in read.errors:
        errors[error.row].append(error)
    found = {row.row: _verdict(row.row, verdict) for row, verdict in zip(read.rows, verdicts, strict=True)}
    found |= {row: _invalid(row, cells) for row, cells in errors.items()}
    for row in sorted(found):
        yield found[row]


def _verdict(row: int, verdict: Verdict) -> dict[str, Any]:
    printed = verdict.to_json()
    kept = ("outcome", "eligible_from", "good_until", "findings")
    return {"row": row} | {name: printed[name] for name in kept}


def _invalid(row: int, cells: list[CellError]) -> dict[str, Any]:
    return {"row": row, "outcome": "invalid", "errors": [cell.as_json() for cell in cells]}
