"""Databases for the tests: a private PostgreSQL cluster, and migrated templates to copy from.

Each test process (each worker of pytest-xdist too) has its own cluster and its own templates, made when first
asked for. A guard process holds the reading end of a pipe from this one: when this process ends, for whatever
reason, the guard stops the cluster and removes the folder, so not even `kill -9` leaves anything behind.
"""

from __future__ import annotations

import atexit
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from functools import cache
from itertools import count
from pathlib import Path

import psycopg

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = "template_resume"

# A commit survives a killed server (synchronous_commit stays on), not a power cut: nothing is forced to disk.
OPTIONS = {
    "fsync": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "120",
    "shared_buffers": "128MB",
    "autovacuum_naptime": "10min",
    "log_min_messages": "fatal",
}

GUARD = """
cat >/dev/null
"$@" stop --silent --mode=immediate --pgdata="$FOLDER/data" >/dev/null 2>&1
rm -rf "$FOLDER"
"""

_numbers = count(1)


class PostgresMissing(RuntimeError):
    """PostgreSQL is not installed here; the message says how to get it."""


class Cluster:
    """One PostgreSQL server in a temporary folder, on 127.0.0.1 and on a socket inside that folder."""

    def __init__(self) -> None:
        self._binaries = _binaries()
        self.folder = Path(tempfile.mkdtemp(prefix="resume-pg-"))
        self._as_owner = _give_to_owner(self.folder)
        self._guard = self._watch()
        try:
            self._run("initdb", f"--pgdata={self.folder}/data", "--username=postgres", "--auth=trust",
                      "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions")  # fmt: skip
            self.port = self._start_on_free_port()
        except BaseException:
            self.close()
            raise

    def start(self) -> None:
        """Start the server on its port; also after `stop`."""
        settings = {"port": str(self.port), "listen_addresses": "127.0.0.1",
                    "unix_socket_directories": str(self.folder), **OPTIONS}  # fmt: skip
        options = " ".join(f"-c {name}={value}" for name, value in settings.items())
        self._run("pg_ctl", "start", "--wait", f"--pgdata={self.folder}/data",
                  f"--log={self.folder}/log", f"--options={options}")  # fmt: skip

    def stop(self, mode: str = "fast") -> None:
        """Stop the server; `immediate` is as if it were killed, and what was committed is still there."""
        self._run("pg_ctl", "stop", "--wait", f"--mode={mode}", f"--pgdata={self.folder}/data")

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{database}"

    def execute(self, statement: str) -> None:
        """One statement outside any transaction, in the maintenance database."""
        address = f"postgresql://postgres@127.0.0.1:{self.port}/postgres"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement.encode())

    def close(self) -> None:
        """Stop the server at once and remove everything."""
        if self._guard.stdin and not self._guard.stdin.closed:
            self._guard.stdin.close()
        self._guard.wait(timeout=30)

    def _start_on_free_port(self) -> int:
        # Between choosing a port and taking it somebody else may have it: then the next one.
        for attempt in range(5):
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                self.port = int(probe.getsockname()[1])
            try:
                self.start()
            except RuntimeError:
                if attempt == 4:
                    raise
            else:
                break
        return self.port

    def _watch(self) -> subprocess.Popen[bytes]:
        # Its own session: Ctrl-C at the terminal reaches pytest, and the guard only through the pipe.
        command = ["sh", "-c", GUARD, "guard", *self._as_owner, str(self._binaries / "pg_ctl")]
        environment = {**os.environ, "FOLDER": str(self.folder)}
        return subprocess.Popen(command, stdin=subprocess.PIPE, env=environment, start_new_session=True)

    def _run(self, program: str, *arguments: str) -> None:
        command = [*self._as_owner, str(self._binaries / program), *arguments]
        # To a file, not a pipe: the server inherits it and would keep the pipe open.
        with (self.folder / "commands.log").open("a+") as log:
            if subprocess.run(command, cwd="/", stdin=subprocess.DEVNULL, stdout=log, stderr=log).returncode:
                said = [path.read_text()[-2000:] for path in self.folder.glob("*log")]
                raise RuntimeError(f"PostgreSQL: {program} failed:\n" + "\n".join(said))


def fresh_database() -> str:
    """The URL of a new, migrated, empty PostgreSQL database; `drop_database` when done."""
    cluster = running_cluster()
    _migrated_template(cluster)
    name = f"test_{next(_numbers)}"
    cluster.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY FILE_COPY")
    return cluster.url(name)


def drop_database(url: str) -> None:
    """Remove a database of `fresh_database`, also while somebody is still connected to it."""
    running_cluster().execute(f"DROP DATABASE IF EXISTS {url.rsplit('/', 1)[1]} WITH (FORCE)")


def fresh_sqlite(folder: Path) -> str:
    """The URL of a new, migrated, empty SQLite database `resume.sqlite` in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / "resume.sqlite"
    shutil.copyfile(_sqlite_template(), target)
    return f"sqlite+pysqlite:///{target}"


@cache
def running_cluster() -> Cluster:
    """The cluster of this process, started when first asked for. PostgresMissing where there is none."""
    cluster = Cluster()
    atexit.register(cluster.close)
    return cluster


@cache
def _migrated_template(cluster: Cluster) -> str:
    cluster.execute(f"CREATE DATABASE {TEMPLATE}")
    migrate(cluster.url(TEMPLATE), cluster.folder)
    return TEMPLATE


@cache
def _sqlite_template() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="resume-sqlite-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    migrate(f"sqlite+pysqlite:///{folder}/resume.sqlite", folder)
    return folder / "resume.sqlite"


def migrate(url: str, home: Path) -> None:
    """Bring the database at `url` to the newest revision, and let go of it."""
    from flask_migrate import upgrade

    from resume.app import create_app
    from resume.db import db
    from resume.settings import Settings

    app = create_app(Settings.from_environment({"RESUME_HOME": str(home), "RESUME_DATABASE_URL": url}))
    with app.app_context():
        upgrade(directory=str(ROOT / "migrations"))
        db.session.remove()
        db.engine.dispose()


def _binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    if not found:
        raise PostgresMissing("the tests need PostgreSQL 15: run `make setup`, or apt-get install postgresql")
    return found[-1].parent


def _give_to_owner(folder: Path) -> list[str]:
    """What to put before a command so that it does not run as root, which PostgreSQL refuses."""
    if os.geteuid() != 0:
        return []
    owner = pwd.getpwnam("postgres")
    os.chown(folder, owner.pw_uid, owner.pw_gid)
    return ["runuser", "-u", "postgres", "--"]
