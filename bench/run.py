"""Run the measurements of `bench/` and print one table. `python -m bench.run [NAME ...]`, from the root.

Each module of this folder with a `measure()` runs alone in a process of its own, so that neither memory nor
caches of one help or harm another. Exit code 1 when a measurement could not be taken; a missed target is
printed, and is no error.
"""

from __future__ import annotations

import dataclasses
import importlib
import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from bench.measurement import Measurement

FOLDER = Path(__file__).resolve().parent
NOT_MEASUREMENTS = {"__init__", "bare", "http_load", "measurement", "run"}
TIME_LIMIT = 1800  # seconds for one module
COLUMNS = ("measure", "unit", "ours", "obvious way", "ratio", "target", "")


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["--in-this-process"]:
        measure_here(arguments[1])
        return 0
    known = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem not in NOT_MEASUREMENTS)
    if unknown := sorted(set(arguments) - set(known)):
        print(
            f"bench: no such measurement: {', '.join(unknown)}; there are {', '.join(known)}", file=sys.stderr
        )
        return 2
    results = {name: measure_apart(name) for name in arguments or known}
    print(table([line for lines in results.values() if lines for line in lines]))
    failed = [name for name, lines in results.items() if lines is None]
    if failed:
        print(f"bench: could not be measured: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def measure_here(name: str) -> None:
    """Run one module's `measure()` and print its measurements, one JSON object a line."""
    measure = importlib.import_module(f"bench.{name}").measure
    for measurement in measure():
        print(json.dumps(dataclasses.asdict(measurement), ensure_ascii=False), flush=True)


def measure_apart(name: str) -> list[Measurement] | None:
    """One module's measurements, taken in a process of its own; None when it failed."""
    print(f"bench: {name} ...", file=sys.stderr, flush=True)
    command = [sys.executable, "-m", "bench.run", "--in-this-process", name]
    try:
        run = subprocess.run(
            command, cwd=FOLDER.parent, stdout=subprocess.PIPE, text=True, timeout=TIME_LIMIT
        )
    except subprocess.TimeoutExpired:
        print(f"bench: {name} took more than {TIME_LIMIT} s", file=sys.stderr)
        return None
    if run.returncode:
        return None
    return [Measurement(**json.loads(line)) for line in run.stdout.splitlines() if line.startswith("{")]


def table(measurements: Iterable[Measurement]) -> str:
    """The measurements as aligned text that is also a Markdown table."""
    rows = [COLUMNS, *(cells(measurement) for measurement in measurements)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(COLUMNS))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def cells(measurement: Measurement) -> tuple[str, ...]:
    if measurement.ratio is None:
        obvious, ratio = "", ""
        target = f"{'>=' if measurement.better == 'higher' else '<='} {number(measurement.target)}"
    else:
        obvious = number(measurement.obvious or 0.0)
        ratio = f"{number(measurement.ratio)} x"
        target = f">= {number(measurement.target)} x"
    verdict = "met" if measurement.is_met else "missed"
    return measurement.name, measurement.unit, number(measurement.ours), obvious, ratio, target, verdict


def number(value: float) -> str:
    """Three significant digits, thousands apart."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
