"""What a rule answers: a finding, with a sentence that is only put into words when somebody reads it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypedDict

from resume.policy.moments import SHANGHAI, shown


class Text(TypedDict):
    """One sentence in Chinese and in English."""

    zh: str
    en: str


class Outcome(StrEnum):
    """A rule's answer. Not known is never met."""

    MET = "met"
    NOT_MET = "not_met"
    NOT_KNOWN = "not_known"


Value = datetime | int | str
_MONTHS = "January February March April May June July August September October November December"
_EN_MONTHS = _MONTHS.split()  # strftime would ask the machine's locale


class _Zh(datetime):
    """A Shanghai moment in Chinese: {x:day} 4月19日, {x:hour} 4月27日0时, {x:minute} 4月21日08:30."""

    def __format__(self, form: str) -> str:
        day = f"{self.month}月{self.day}日"
        clock = f"{self.hour:02}:{self.minute:02}"
        if form == "hour" and self.minute == 0:
            clock = f"{self.hour}时"
        return day if form == "day" else day + clock


class _En(datetime):
    """A Shanghai moment in English: {x:day} 19 April, {x:hour} and {x:minute} 27 April 00:00."""

    def __format__(self, form: str) -> str:
        day = f"{self.day} {_EN_MONTHS[self.month - 1]}"
        return day if form == "day" else f"{day} {self.hour:02}:{self.minute:02}"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with gaps in both languages: what, why, what to do next."""

    zh: str
    en: str

    def text(self, values: Mapping[str, Value]) -> Text:
        """The sentence with its gaps filled; moments are worded in Shanghai time."""
        return {
            "zh": self.zh.format_map({name: _worded(value, _Zh) for name, value in values.items()}),
            "en": self.en.format_map({name: _worded(value, _En) for name, value in values.items()}),
        }


def _worded(value: Value, language: type[_Zh] | type[_En]) -> Value:
    if not isinstance(value, datetime):
        return value
    there = value.astimezone(SHANGHAI)
    return language.combine(there.date(), there.time(), SHANGHAI)


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence with what fills its gaps: put into words when it is read."""

    sentence: Sentence
    values: Mapping[str, Value] = field(default_factory=dict)

    @property
    def text(self) -> Text:
        return self.sentence.text(self.values)


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule says about the facts at one moment.

    `clears_at`: the moment from which a finding that is not met becomes met if nothing new happens.
    `holds_until`: the last second at which a met finding is still met (and one with `clears_at`, once it is
    cleared) if nothing new happens; None: no end. `refs`: the records that cause it.
    """

    rule: str
    outcome: Outcome
    code: str
    sentence: Sentence
    values: Mapping[str, Value] = field(default_factory=dict)
    clears_at: datetime | None = None
    holds_until: datetime | None = None
    refs: tuple[str, ...] = ()

    @property
    def text(self) -> Text:
        """What, why, what to do next; put into words at each reading."""
        return self.sentence.text(self.values)

    def to_json(self) -> dict[str, object]:
        """The finding as the formats page prints it."""
        return {
            "rule": self.rule,
            "outcome": self.outcome.value,
            "code": self.code,
            "clears_at": None if self.clears_at is None else shown(self.clears_at),
            "text": self.text,
        }
