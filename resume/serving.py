"""Serving a home: the web processes, the worker, and the clock's lease, under one parent.

The parent reads and writes nothing but the clock. A child that ends is started again; when the parent is
told to stop, it stops them, and the home's clock stands still.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass, field
from threading import Event
from types import FrameType

from resume import home_clock
from resume.settings import ROOT

STOP_SECONDS = 20


def is_free(host: str, port: int) -> bool:
    """Whether nobody listens there: web processes share their port, and would with those of another home."""
    try:
        socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET).close()
    except OSError:
        return False
    return True


@dataclass(slots=True)
class Server:
    """The running application's home, served at `host:port`; `certificate`: (file, key file) for https."""

    host: str
    port: int
    public_url: str
    certificate: tuple[str, str] | None = None
    _children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _stopping: Event = field(default_factory=Event)

    def serve(self) -> int:
        """Serve until SIGTERM or SIGINT; 0, or the exit code of web processes that would not start."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        home_clock.start_serving()
        self._children = {name: self._start(name) for name in ("web", "worker")}
        try:
            return self._watch()
        finally:
            self._end_children()
            home_clock.stop_serving()

    def _watch(self) -> int:
        while not self._stopping.wait(home_clock.RENEW_EVERY.total_seconds()):
            home_clock.renew_lease()
            for name, child in self._children.items():
                code = child.poll()
                if code is None:
                    continue
                if name == "web" and code != 0:
                    return code  # the port is taken, or the application does not start: trying again hides it
                self._children[name] = self._start(name)
        return 0

    def _start(self, name: str) -> subprocess.Popen[bytes]:
        command = {"web": self.web_command(), "worker": [sys.executable, "-m", "resume.worker"]}[name]
        environment = os.environ | {"RESUME_PUBLIC_URL": self.public_url}
        return subprocess.Popen(command, cwd=ROOT, env=environment)  # noqa: S603 - our own commands

    def web_command(self) -> list[str]:
        command = [sys.executable, "-m", "gunicorn", "wsgi:app", "--bind", f"{self.host}:{self.port}"]
        command += ["--workers", "2", "--threads", "4", "--log-level", "warning", "--no-control-socket"]
        # Without it one process takes all connections that are kept open, and the other rests.
        command += ["--reuse-port"]
        if self.certificate is not None:
            command += ["--certfile", self.certificate[0], "--keyfile", self.certificate[1]]
        return command

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping.set()

    def _end_children(self) -> None:
        for child in self._children.values():
            child.terminate()
        for child in self._children.values():
            try:
                child.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                child.kill()
