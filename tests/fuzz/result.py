"""What one part of the campaign came to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Result:
    """How many inputs one part of the campaign tried, what was answered, and what went wrong."""

    name: str
    tried: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def note(self, answer: str, fault: str | None = None) -> None:
        self.tried += 1
        self.answers[answer] += 1
        if fault:
            self.wrong.append(fault)

    def __str__(self) -> str:
        answers = ", ".join(f"{answer} {count}" for answer, count in self.answers.most_common(8))
        return f"{self.name}: {self.tried} tried, {len(self.wrong)} wrong ({answers})"
