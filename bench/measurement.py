"""What a measurement is: ours and the obvious way, in one run, on one machine."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Measurement:
    """One line of the table.

    `ours` and `obvious` are in `unit`; `better` says which direction is good. `target` is the least ratio of
    ours over the obvious way (the other way round where lower is better), so more is always better; where
    there is nothing to compare with (`obvious` None), `target` is the bound for `ours` itself, in `unit`.
    """

    name: str
    unit: str
    ours: float
    obvious: float | None
    target: float
    better: Literal["higher", "lower"] = "higher"

    @property
    def ratio(self) -> float | None:
        """How many times better than the obvious way; None where there is none."""
        if self.obvious is None:
            return None
        return self.ours / self.obvious if self.better == "higher" else self.obvious / self.ours

    @property
    def is_met(self) -> bool:
        if self.ratio is not None:
            return self.ratio >= self.target
        return self.ours >= self.target if self.better == "higher" else self.ours <= self.target


def seconds(action: Callable[[], object], *, repeats: int = 3) -> float:
    """The shortest of `repeats` runs of `action`: the one least disturbed by whatever else runs here."""
    shortest = float("inf")
    for _ in range(repeats):
        start = time.perf_counter()
        action()
        shortest = min(shortest, time.perf_counter() - start)
    return shortest


@dataclass(frozen=True, slots=True)
class Cost:
    """What an action took: seconds by the clock and of the processor, megabytes at the highest."""

    seconds: float
    cpu: float
    megabytes: float


def cost(action: Callable[[], object]) -> Cost:
    """The cost of one run of `action` in this process; the memory is that of all it has done so far."""
    start, cpu = time.perf_counter(), _cpu()
    action()
    taken = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Cost(taken, _cpu() - cpu, peak)


def apart(module: str, *arguments: str) -> dict[str, Any]:
    """The JSON that `python -m module arguments` prints last: a process, and so a memory, of its own."""
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def _cpu() -> float:
    """Seconds of processor time of this process and of its children that have ended."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in both)
