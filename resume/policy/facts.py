"""What is known about one worker, as the policy asks for it.

Times are aware and in whole seconds; UTC throughout is fastest to compare. `ref` names the record of the
ledger an item comes from ("test:R1", "case:C7"): findings hand it on, the public format does not need it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Kind = Literal["pcr", "antigen"]
Method = Literal["single", "mixed"]
Result = Literal["negative", "positive", "pending_review", "invalid"]
Source = Literal["cdc", "lab", "self"]
Colour = Literal["green", "yellow", "red"]
ReviewOf = Literal["self", "co_resident", "building"]
Origin = Literal["antigen", "mixed_tube", "conflict"]
Excluded = Literal["re_positive", "found_in_isolation", "corrected"]
Contact = Literal["close", "secondary"]
Zone = Literal["sealed", "controlled", "precaution"]


@dataclass(frozen=True, slots=True)
class Test:
    """One sample of the worker; `reported_at` and `result` are both None while it waits for its result."""

    __test__ = False  # not a test class, whatever pytest makes of its name

    kind: Kind
    method: Method | None  # None for an antigen
    sampled_at: datetime
    reported_at: datetime | None
    result: Result | None
    source: Source
    ref: str | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """A result under review: of the worker, of somebody in his flat, or of somebody in his building.

    Origin `conflict` is two results that disagree about one sample.
    """

    of: ReviewOf
    origin: Origin
    opened_at: datetime
    cleared_at: datetime | None
    ref: str | None = None


@dataclass(frozen=True, slots=True)
class Code:
    """The colour of the worker's health code (随申码) since `changed_at`."""

    colour: Colour
    changed_at: datetime
    ref: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A positive person of the building, confirmed or asymptomatic; `excluded` says why it does not count."""

    reported_at: datetime
    transferred_at: datetime | None
    excluded: Excluded | None
    disinfected_at: datetime | None = None
    ref: str | None = None


@dataclass(frozen=True, slots=True)
class Building:
    """The worker's building: whether a complete screening makes it known, until when, and its cases."""

    known: bool
    cases: tuple[Case, ...]
    known_until: datetime | None = None  # the last second; None: no end
    ref: str | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the policy may ask about one worker.

    `code` None: not known. `contact` None: none. `plan` None: not asked (a preview), else the state of the
    firm's plan. `discharged_at`: the latest discharge. `consented_at`: when committee and street agreed that
    he leaves his zone; None: nothing of it is on record.
    """

    tests: tuple[Test, ...]
    code: Code | None
    contact: Contact | None
    reviews: tuple[Review, ...]
    building: Building
    zone: Zone | None
    plan: str | None
    discharged_at: datetime | None = None
    contact_ref: str | None = None
    plan_ref: str | None = None
    consented_at: datetime | None = None
