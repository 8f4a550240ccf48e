"""What a measurement is: ours and the obvious way, in one run, on one machine."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal


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
