"""A child process for one file of a stranger: it limits itself first of all, and is gone after it.

`run_limited("resume.tables.child", "python_calamine", data, limits)` starts `main(Limits)` of that module
with `data` on standard input. It imports only what it needs: there is no site, no environment, no current
directory, and beside this project only the folder in which `package` is installed.
"""

from __future__ import annotations

import json
import resource
import sys
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, Protocol

_ROOT = str(Path(__file__).resolve().parents[1])
# No collection and no tear-down: the process lives for one file.
_START = (
    "import sys; sys.path[:0] = sys.argv[1:3]; "
    "import gc, importlib, json, os; child = importlib.import_module(sys.argv[3]); "
    "gc.disable(); child.main(child.Limits(**json.loads(sys.argv[4]))); os._exit(0)"
)


class Limits(Protocol):
    """What a child may cost; a dataclass, sent to it as JSON. Bytes and seconds."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def memory(self) -> int: ...
    @property
    def cpu_seconds(self) -> int: ...
    @property
    def wall_seconds(self) -> float: ...


def limit_myself(limits: Limits) -> None:
    """In the child, first of all: memory, processor time, and no core file."""
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def run_limited(module: str, package: str, data: bytes, limits: Limits) -> bytes | None:
    """What the child wrote; None where a limit ended it."""
    import subprocess  # not in the child, which is to start quickly; our own interpreter and module, no shell

    # -I -S: no site, no environment, no current directory; half the start-up time.
    arguments = [_START, _ROOT, _folder_of(package), module, json.dumps(asdict(limits))]
    try:
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-I", "-S", "-c", *arguments],
            input=data,
            capture_output=True,
            timeout=limits.wall_seconds,
            check=False,
            env={},
        )
    except subprocess.TimeoutExpired:
        return None
    return None if done.returncode else done.stdout


@cache
def _folder_of(package: str) -> str:
    """The folder a package is installed in; it is found, not imported."""
    from importlib.util import find_spec

    found = find_spec(package)
    if found is None or found.origin is None:
        raise RuntimeError(f"{package} is not installed")
    return str(Path(found.origin).parents[1])
