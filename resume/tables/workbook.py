"""XLSX through a child process with limits: this process never parses a spreadsheet."""

import datetime as dt
import importlib.util
import io
import json
import subprocess  # our own interpreter and module, no shell
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from functools import cache
from itertools import islice
from pathlib import Path

from resume.tables.model import Cell, CellFault, Limits, Row, Table
from resume.tables.refused import FileRefused

_ROOT = str(Path(__file__).resolve().parents[2])
# No collection and no tear-down: the process lives for one file.
_START = (
    "import sys; sys.path[:0] = sys.argv[1:3]; "
    "from resume.tables.child import main; from resume.tables.model import Limits; "
    "import gc, json, os; gc.disable(); main(Limits(**json.loads(sys.argv[3]))); os._exit(0)"
)
_SPECIAL: dict[str, Callable[[str], Cell]] = {
    "fault": CellFault,
    "date": dt.date.fromisoformat,
    "datetime": dt.datetime.fromisoformat,
    "time": dt.time.fromisoformat,
    "timedelta": lambda seconds: dt.timedelta(seconds=float(seconds)),
}


def read_workbook(data: bytes, limits: Limits) -> Table:
    """The one sheet with data of an XLSX file.

    Raises:
        FileRefused: reader_gave_up where the child was ended by a limit, else what it found.
    """
    lines, count = _run_child(data, limits)
    rows = _rows(lines)
    first = next(rows, None)
    if first is None or first.number != 1:
        raise FileRefused("empty")
    return Table("xlsx", [_header(cell) for cell in first.cells], rows, records=count - 1)


def _header(cell: Cell) -> str:
    return f"{cell:g}" if isinstance(cell, float) else str(cell)


def _run_child(data: bytes, limits: Limits) -> tuple[Iterator[bytes], int]:
    """The child's lines and how many rows they hold, its last one judged and taken off."""
    # -I -S: no site, no environment, no current directory; half the start-up time.
    command = [sys.executable, "-I", "-S", "-c", _START, _ROOT, _packages(), json.dumps(asdict(limits))]
    try:
        done = subprocess.run(  # noqa: S603
            command, input=data, capture_output=True, timeout=limits.wall_seconds, check=False, env={}
        )
    except subprocess.TimeoutExpired as error:
        raise FileRefused("reader_gave_up") from error
    end = done.stdout.rfind(b"\n", 0, -1)
    if done.returncode or not done.stdout.startswith(b"{", end + 1):
        raise FileRefused("reader_gave_up")
    last = json.loads(done.stdout[end + 1 :])
    if "refused" in last:
        raise FileRefused(last["refused"], place=last.get("place", ""), **last.get("facts", {}))
    # A line at a time: as a list they would all be in memory twice.
    return islice(io.BytesIO(done.stdout), last["rows"]), last["rows"]


@cache
def _packages() -> str:
    """The folder the reader is installed in; it is found, not imported."""
    found = importlib.util.find_spec("python_calamine")
    if found is None or found.origin is None:
        raise RuntimeError("python-calamine is not installed")
    return str(Path(found.origin).parents[1])


def _rows(lines: Iterator[bytes]) -> Iterator[Row]:
    for line in lines:
        number, cells, specials = json.loads(line)
        for column, kind, text in specials:
            cells.extend([""] * (column + 1 - len(cells)))
            cells[column] = _SPECIAL[kind](text)
        yield Row(number, number, cells)
