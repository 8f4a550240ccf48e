"""P1: a firm's upload, from the file it sends to the page that shows every worker's verdict.

Three processes share a home, as they do when it is served: one hands the file in, one is the worker, one
shows the page; what each takes is added up. None of them starts with it (they serve already, and have done
one small list), and the 0.05 s until the worker looks are left out.

`python -m bench.roster_upload long` uploads 100,000 rows beside 10,000; building that city takes minutes.
"""

from __future__ import annotations

import json
import secrets
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict
from io import BytesIO
from pathlib import Path
from typing import Any

from flask import current_app
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bench.measurement import Measurement, apart, cost
from bench.roster_check import AT, MOST_MEGABYTES, in_home, rows
from resume import jobs
from resume.accounts import sessions
from resume.accounts.models import Account
from resume.clock import real_now
from resume.db import transaction
from resume.firms.queries import find_by_credit_code
from resume.roles import Role
from tests.roster import city

THIS, OTHER = "bench.roster_upload", "91310115MA1K00002B"
MOST_SECONDS, PAGE_SECONDS, AT_MOST_TIMES, REPEATS = 3.0, 1.0, 11, 3
SMALL, LARGE, LONG = 10_000, 40_000, 100_000


def measure() -> Iterator[Measurement]:
    """10,000 rows to the second; 40,000 rows, and their page."""
    for size in (SMALL, LARGE):
        taken = uploaded(size, repeats=REPEATS)
        most = MOST_SECONDS * size / SMALL
        name = f"{size:,} rows"
        yield Measurement(f"P1 upload to verdicts shown, {name}", "s", taken["seconds"], None, most, "lower")
        yield Measurement(f"P1 the same, processor, {name}", "s", taken["cpu"], None, most, "lower")
        if size == SMALL:
            yield Measurement(
                f"P1 memory of the worker, {name}", "MB", taken["megabytes"], None, MOST_MEGABYTES, "lower"
            )
        else:
            yield Measurement(
                f"memory of the worker, {name}", "MB", taken["megabytes"], None, 2 * MOST_MEGABYTES, "lower"
            )
        yield Measurement(f"first page of the list, {name}", "s", taken["first"], None, PAGE_SECONDS, "lower")
        yield Measurement(f"another page of it, {name}", "s", taken["later"], None, PAGE_SECONDS, "lower")


def measure_long() -> Iterator[Measurement]:
    """100,000 rows as a multiple of 10,000, by the processor's time."""
    small, long = uploaded(SMALL), uploaded(LONG)
    times = long["cpu"] / small["cpu"]
    yield Measurement("P1 100,000 rows over 10,000", "times", times, None, AT_MOST_TIMES, "lower")
    yield Measurement("100,000 rows, upload to verdicts shown", "s", long["seconds"], None, 33, "lower")
    yield Measurement("memory of the worker, 100,000 rows", "MB", long["megabytes"], None, 900, "lower")


def uploaded(size: int, *, repeats: int = 1) -> dict[str, float]:
    """The best of some uploads of a list of that size, its parts added up."""
    with tempfile.TemporaryDirectory() as folder:
        firm = apart("bench.roster_check", "build", folder, str(size))["firm"]
        runs = [_once(folder, str(firm)) for _ in range(repeats)]
    return min(runs, key=lambda run: run["seconds"])


def _once(folder: str, firm: str) -> dict[str, float]:
    handed_in = apart(THIS, "hand-in", folder, firm)
    worked = apart(THIS, "work", folder)
    shown = apart(THIS, "show", folder, firm, handed_in["small"], handed_in["location"])
    parts = (handed_in, worked, shown)
    return {
        "seconds": sum(part["seconds"] for part in parts),
        "cpu": sum(part["cpu"] for part in parts),
        "megabytes": worked["megabytes"],
        "first": shown["seconds"],
        "later": shown["later"],
    }


def hand_in(data: bytes, firm_id: int) -> dict[str, Any]:
    """The web process takes the files: a small one of another firm first."""
    other, client = hr(_other_firm()), hr(firm_id)
    locations = [_post(other, city.workbook(rows(20)))]
    taken = cost(lambda: locations.append(_post(client, data)))
    return asdict(taken) | {"small": locations[0], "location": locations[1]}


def work() -> dict[str, Any]:
    """The worker has read the small one, and reads the other."""
    assert jobs.work_once() == 1
    taken = cost(jobs.work_once)
    return asdict(taken)


def show(firm_id: int, small: str, location: str) -> dict[str, Any]:
    """The page that asks how far the file is goes on to the list; then another page of it."""
    _follow(hr(_other_firm()), small)
    client, seen = hr(firm_id), list[str]()
    taken = cost(lambda: seen.append(_follow(client, location)))
    address = seen[0].partition("?")[0]
    later = cost(lambda: client.get(f"{address}?tab=eligible&page=2"))
    return asdict(taken) | {"later": later.seconds}


def _follow(client: FlaskClient, location: str) -> str:
    answer = client.get(location, headers={"HX-Request": "true"})
    page = client.get(answer.headers["HX-Redirect"])
    assert page.status_code == 200, page.status
    return answer.headers["HX-Redirect"]


def _post(client: FlaskClient, data: bytes) -> str:
    answer = client.post("/list", data={"file": (BytesIO(data), "list.xlsx")})
    assert answer.status_code == 303, answer.status
    return answer.headers["Location"]


class _Reader(FlaskClient):
    """A client whose requests each have a context of their own, as in a server."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        with self.application.app_context():
            return super().open(*args, **kwargs)


def hr(firm_id: int) -> FlaskClient:
    """The firm's HR, signed in."""
    name = f"hr-{firm_id}-{secrets.token_hex(4)}"
    made = {"name": name, "display_name": name, "password_hash": "-", "role": Role.HR.value}
    with transaction() as session:
        account = Account(**made, firm_id=firm_id, created_at=real_now())
        session.add(account)
        session.flush()
        secret = sessions.begin_session(account, at=real_now())
    client = _Reader(current_app)
    with client.session_transaction() as cookie:
        cookie["_user_id"] = secret
    return client


def _other_firm() -> int:
    found = find_by_credit_code(OTHER)
    return found.id if found else city.firm(OTHER, at=AT)


def main(what: str, folder: str, *more: str) -> dict[str, Any]:
    """One process's part."""
    data = Path(folder, "list.xlsx")
    parts: dict[str, Callable[[], dict[str, Any]]] = {
        "hand-in": lambda: hand_in(data.read_bytes(), int(more[0])),
        "work": work,
        "show": lambda: show(int(more[0]), *more[1:]),
    }
    return in_home(folder, parts[what])


if __name__ == "__main__":
    if len(sys.argv) > 2:
        print(json.dumps(main(*sys.argv[1:])))
    else:
        for line in measure_long() if sys.argv[1:] == ["long"] else measure():
            print(f"{line.name}: {line.ours:.3g} {line.unit} (at most {line.target:g})", flush=True)
