"""P4: a gate on line with 8 clients, beside a bare Flask route on the same server.

The server is gunicorn as `resume run` starts it, on SQLite and on PostgreSQL; the clients are another process
with a connection each. "Alone" is `POST /api/v1/passes/check` of a device bound to its gate; "logged" is the
guard's `POST /gate`, which writes and commits a row for each scan. Every answer is a whole verdict.

`python -m bench.gate_online serve SQLite` serves the same city until it is stopped, for a profiler.
"""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask

from bench.acting import AT, application
from bench.gates import man_a_gate
from bench.measurement import Measurement, apart
from resume.api.operations.tokens import NewToken, create_token
from resume.clock import real_now
from resume.db import db
from resume.roles import CLI
from resume.serving import Server
from resume.settings import ROOT

CLIENTS, WORKERS, DEVICES, SECONDS = 8, 200, 80, 8.0
RATES = {"alone": 1 / 8, "logged": 1 / 16}
MOST_P99 = 8.0


@dataclass(frozen=True)
class Made:
    """Texts of the passes, cookies' secrets of the guard, tokens of the devices."""

    texts: list[str]
    secrets: list[str]
    devices: list[str]


@dataclass(frozen=True)
class Asked:
    """The requests of each client, as http_load takes them."""

    alone: list[list[str]]
    logged: list[list[str]]
    bare: list[list[str]]


def measure() -> Iterator[Measurement]:
    """On both databases: rates and p99, each against the bare route of the same run."""
    for engine in ("SQLite", "PostgreSQL"):
        with tempfile.TemporaryDirectory() as folder, served(Path(folder), engine) as (port, asked):
            ours = {kind: load(port, getattr(asked, kind), Path(folder)) for kind in RATES}
            with running("bench.bare:app", os.environ.copy()) as bare_port:
                bare = load(bare_port, asked.bare, Path(folder))
        for kind, share in RATES.items():
            name = f"P4 checks {kind}, {engine}"
            yield Measurement(name, "requests/s", ours[kind]["rate"], bare["rate"], share)
            yield Measurement(f"{name}, p99", "ms", ours[kind]["p99"], bare["p99"], 1 / MOST_P99, "lower")


@contextmanager
def served(folder: Path, engine: str) -> Iterator[tuple[int, Asked]]:
    """A city with a gate, served; its port, and what to ask."""
    app = application(folder, engine)
    with app.app_context():
        made = make(app)
        environment = os.environ | {
            "RESUME_HOME": str(folder),
            "RESUME_DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
            "RESUME_CLOCK": AT.isoformat(),
        }
        db.session.remove()
        db.engine.dispose()
    asked = requests_of(app, made)
    with running("wsgi:app", environment) as port:
        yield port, asked


def make(app: Flask) -> Made:
    """Workers with passes at the gate of their compound, its guard signed in CLIENTS times, and devices."""
    manned = man_a_gate(app, workers=WORKERS, sign_ins=CLIENTS)
    devices = [
        create_token(
            NewToken(f"device {place}", ["passes:check"], gate_id=manned.gate_id),
            by=CLI,
            at=AT,
            real_at=real_now(),
        )[1]
        for place in range(DEVICES)
    ]
    return Made(manned.texts, manned.secrets, devices)


def requests_of(app: Flask, made: Made) -> Asked:
    """What each client sends, in turn. Outside the application's context, which pages of one would share."""
    shares = [made.texts[place::CLIENTS] for place in range(CLIENTS)]
    devices = [made.devices[place::CLIENTS] for place in range(CLIENTS)]
    return Asked(
        alone=[
            [check(text, own[turn % len(own)]) for turn, text in enumerate(share)]
            for share, own in zip(shares, devices, strict=True)
        ],
        logged=[
            [scan(text, *entered) for text in share]
            for share, entered in zip(shares, [signed_in(app, one) for one in made.secrets], strict=True)
        ],
        bare=[["POST / HTTP/1.1\nHost: 127.0.0.1\n\nok"] for _client in range(CLIENTS)],
    )


def check(text: str, device: str) -> str:
    """A device's question."""
    head = f"POST /api/v1/passes/check HTTP/1.1\nHost: 127.0.0.1\nAuthorization: Bearer {device}"
    return f"{head}\nContent-Type: application/json\n\n{json.dumps({'token': text})}"


def scan(text: str, cookie: str, csrf: str) -> str:
    """A guard's scan, as htmx sends it."""
    head = f"POST /gate HTTP/1.1\nHost: 127.0.0.1\nCookie: {cookie}\nHX-Request: true\nX-CSRFToken: {csrf}"
    body = urlencode({"presented": text, "nonce": "{nonce}"}, safe="{}")
    return f"{head}\nContent-Type: application/x-www-form-urlencoded\n\n{body}"


def signed_in(app: Flask, secret: str) -> tuple[str, str]:
    """The cookie of a session, and the token its page gives."""
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = secret
    page = client.get("/gate").text
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    kept = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert found is not None
    assert kept is not None
    return f"{kept.key}={kept.value}", found[1]


@contextmanager
def running(application_name: str, environment: dict[str, str]) -> Iterator[int]:
    """gunicorn as `resume run` starts it, with another application; its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = Server("127.0.0.1", port, "").web_command()
    command = [application_name if part == "wsgi:app" else part for part in command]
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 60
        while not answers(port):
            assert server.poll() is None
            assert time.monotonic() < until
            time.sleep(0.2)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=30)


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def load(port: int, requests: list[list[str]], folder: Path, seconds: float = SECONDS) -> dict[str, float]:
    """What http_load says after a second of warming up. Every answer must be a 200."""
    path = folder / "requests.json"
    path.write_text(json.dumps(requests))
    apart("bench.http_load", str(port), "2", str(path))
    found = apart("bench.http_load", str(port), str(seconds), str(path))
    assert set(found["statuses"]) == {"200"}, found["statuses"]
    return found


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["serve"]:
        with tempfile.TemporaryDirectory() as folder, served(Path(folder), arguments[1]) as (port, asked):
            for kind in RATES:
                print(port, kind, load(port, getattr(asked, kind), Path(folder), 20), flush=True)
        return
    for line in measure():
        print(f"{line.name}: {line.ours:,.1f} {line.unit}; bare {line.obvious:,.1f}; ratio {line.ratio:.3f}")


if __name__ == "__main__":
    main(sys.argv[1:])
