"""P8: a feed of PCR results of new persons through `resume intake`'s own door, on PostgreSQL.

Ours is `take_in` of the CSV: read, checked, personal numbers sealed and indexed, merged into the ledger,
passes looked at, audited. The obvious way is COPY of rows made ready before into a table with the same keys
and indexes. `python -m bench.feeds 1000000` runs another number of rows, 200,000 unless told otherwise.
"""

from __future__ import annotations

import gc
import hashlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import psycopg

from bench.measurement import Measurement
from resume.app import create_app
from resume.cli.intake import teller
from resume.clock import SHANGHAI
from resume.db import db
from resume.home import make_keys
from resume.intake.feeds import FEEDS
from resume.intake.operations import take_in
from resume.people.documents import check_character
from resume.roles import CLI
from resume.settings import ROOT, Settings
from tests import postgres

ROWS, TARGET, MOST_MEGABYTES = 200_000, 0.25, 400
AT = datetime(2022, 4, 22, 9, 0, tzinfo=SHANGHAI)
BLOCK = 1 << 20


def measure(rows: int = ROWS) -> Iterator[Measurement]:
    """Rows a second of both ways, in turns; then the memory of the command, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        make_keys(home / "keys")
        file = Path(folder) / "tests.csv"
        write_feed(file, rows)
        before = copied(rows)
        ours = rows / took(file, home)
        obvious = max(before, copied(rows))
        yield Measurement(f"P8 PCR feed, {rows:,} rows, PostgreSQL", "rows/s", ours, obvious, TARGET)
        megabytes, seconds = command(file, home)
        print(f"bench: the command took {seconds:.1f} s", file=sys.stderr)
        yield Measurement("P8 memory of the command", "MB", megabytes, None, MOST_MEGABYTES, "lower")


def number(serial: int) -> str:
    """An invented resident number of the address code 319999; 900 on each day."""
    born = datetime(1940, 1, 1) + timedelta(days=serial // 900)  # noqa: DTZ001 - a date alone
    body = f"319999{born:%Y%m%d}{serial % 900 + 100:03d}"
    return body + check_character(body)


def write_feed(file: Path, rows: int) -> None:
    """A feed as a lab sends it: ten samples a tube, two hundred a box."""
    with file.open("w") as out:
        out.write(",".join(column.name for column in FEEDS["tests"].columns) + "\n")
        for serial in range(rows):
            sampled = AT - timedelta(seconds=40_000 + serial % 7_200)
            reported = sampled + timedelta(hours=6)
            places = f"S{serial // 2000:05d},B{serial // 200:06d},T{serial // 10:07d}"
            out.write(
                f"R{serial:09d},resident_id,{number(serial)},pcr,mixed,{sampled.isoformat()},"
                f"{reported.isoformat()},negative,lab,虚构医学检验所,{places},\n"
            )


def took(file: Path, home: Path) -> float:
    """Seconds of `take_in` into an empty database."""
    url = postgres.fresh_database()
    app = create_app(Settings.from_environment(environment(home, url)))
    with app.app_context():
        gc.freeze()
        gc.disable()  # as the command does
        start = time.perf_counter()
        report = take_in("tests", file, file.name, by=CLI, at=AT, on_progress=teller())
        passed = time.perf_counter() - start
        gc.enable()
        assert report.refused_count == 0
        db.session.remove()
        db.engine.dispose()
    postgres.drop_database(url)
    return passed


def copied(rows: int) -> float:
    """Rows a second of COPY into a table with the keys and indexes of `test_record`."""
    url = postgres.fresh_database()
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(
            "INSERT INTO intake (id, feed, file_name, received_at, taken_by, origin, report, state, position,"
            " total) VALUES (1, 'tests', 'x', now(), 'x', 'file', '{}', 'done', 0, 0)"
        )
        connection.execute("CREATE TABLE obvious (LIKE test_record INCLUDING ALL)")
        connection.execute("ALTER TABLE obvious ADD FOREIGN KEY (intake_id) REFERENCES intake (id)")
        ready = ready_rows(rows)
        start = time.perf_counter()
        with connection.cursor() as cursor, cursor.copy(f"COPY obvious ({COLUMNS}) FROM STDIN") as copy:
            for place in range(0, len(ready), BLOCK):
                copy.write(ready[place : place + BLOCK])
        passed = time.perf_counter() - start
    postgres.drop_database(url)
    return rows / passed


COLUMNS = (
    "record_id, person_key, kind, method, sampled_at, reported_at, result, source, lab, site_code, box_code,"
    " tube_code, supersedes, received_at, replaced_at, intake_id"
)


def ready_rows(rows: int) -> bytes:
    """The same rows as COPY reads them."""
    lines = []
    for serial in range(rows):
        key = hashlib.sha256(str(serial).encode()).hexdigest()[:32]
        sampled = AT - timedelta(seconds=40_000 + serial % 7_200)
        times = f"{sampled.isoformat()}\t{(sampled + timedelta(hours=6)).isoformat()}"
        places = f"S{serial // 2000:05d}\tB{serial // 200:06d}\tT{serial // 10:07d}"
        lines.append(
            f"R{serial:09d}\t\\\\x{key}\tpcr\tmixed\t{times}\tnegative\tlab\t虚构医学检验所\t{places}\t\\N\t"
            f"{AT.isoformat()}\t\\N\t1\n"
        )
    return "".join(lines).encode()


def command(file: Path, home: Path) -> tuple[float, float]:
    """Peak megabytes and seconds of `resume intake tests FILE`, from the command's own process."""
    url = postgres.fresh_database()
    start = time.perf_counter()
    # By a small process in between: a child begins with the peak of whoever forked it.
    run = subprocess.run(
        [sys.executable, "-c", WATCHED, sys.executable, "-m", "resume", "intake", "tests", str(file)],
        cwd=ROOT,
        env=os.environ | environment(home, url),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    passed = time.perf_counter() - start
    postgres.drop_database(url)
    return int(run.stdout.splitlines()[-1]) / 1024, passed


WATCHED = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def environment(home: Path, url: str) -> dict[str, str]:
    return {"RESUME_HOME": str(home), "RESUME_DATABASE_URL": url, "RESUME_CLOCK": AT.isoformat()}


def main(arguments: list[str]) -> None:
    rows: Any = next(islice(map(int, arguments), 1), ROWS)
    for line in measure(rows):
        print(f"{line.name}: {line.ours:,.0f} {line.unit}; obvious {line.obvious}; ratio {line.ratio}")


if __name__ == "__main__":
    main(sys.argv[1:])
