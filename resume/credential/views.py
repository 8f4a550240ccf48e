"""What a check is given beside the token, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from resume.credential.payload import Claims
from resume.credential.status import StatusBits

GateKind = Literal["compound", "plant", "any"]
Antigen = Literal["negative", "positive"]


class Verdict(StrEnum):
    """What the guard sees: go; this gate cannot know; stop; not a pass for passage at all."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    GREY = "grey"


class Advice(StrEnum):
    """What the guard does next."""

    LET_THROUGH = "let_through"
    REFUSE = "refuse"
    TEST_ANTIGEN = "test_antigen"
    ADMIT_TO_OBSERVATION = "admit_to_observation"
    GO_ONLINE = "go_online"
    ASK_STREET_DESK = "ask_street_desk"


class PassStatus(StrEnum):
    """Where a pass stands, its end aside (the token says that itself)."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    USED = "used"
    REPLACED = "replaced"
    REVOKED = "revoked"

    @classmethod
    def of_bits(cls, bits: StatusBits | None) -> PassStatus | None:
        """What a status list can tell: `used` and `replaced` read as `revoked` there, all are final."""
        return None if bits is None else _STATUS_OF_BITS[bits]


_STATUS_OF_BITS = {
    StatusBits.VALID: PassStatus.ACTIVE,
    StatusBits.INVALID: PassStatus.REVOKED,
    StatusBits.SUSPENDED: PassStatus.SUSPENDED,
}


@dataclass(frozen=True, slots=True)
class GateView:
    """The gate that asks.

    `kind` "any" is the public check page or a check by profile: it asks for no place.
    `profile` None takes passes of every profile. A compound gate serves buildings, a plant gate
    plants. `antigen_required`: this gate tests on the spot before it lets in.
    """

    id: str
    kind: GateKind = "any"
    profile: str | None = None
    building_ids: frozenset[int] = frozenset()
    plant_ids: frozenset[int] = frozenset()
    antigen_required: bool = False

    def serves(self, claims: Claims) -> bool:
        """True when the pass is of this gate's profile and names one of its places."""
        payload = claims.payload
        if self.profile not in (None, payload.profile):
            return False
        if self.kind == "compound":
            return payload.origin_id in self.building_ids
        return self.kind == "any" or payload.destination_id in self.plant_ids


@dataclass(frozen=True, slots=True)
class TripView:
    """What is recorded of this pass's trip; `covers_until` is how long its exit shields it."""

    out_at: datetime | None = None
    in_at: datetime | None = None
    covers_until: datetime | None = None

    def is_under_way(self, at: datetime) -> bool:
        """Out, not in yet, and not for longer than a trip may take."""
        if self.out_at is None or self.in_at is not None or at < self.out_at:
            return False
        return self.covers_until is None or at <= self.covers_until


@dataclass(frozen=True, slots=True)
class EvidenceAnswer:
    """The policy's verdict at this moment; `codes` of the findings that are not met or not known."""

    outcome: Literal["eligible", "not_eligible", "not_known"]
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of a check.

    `code` names the first reason that stops (`OK` when none does); `reasons` lists all, that one
    first. `claims` are there only when the signature is good under a trusted key: nothing else a
    token says may be shown as true. `layers` says of each check good, refused, unknown or
    unchecked; of shape and signature good, broken or unchecked.
    """

    verdict: Verdict
    code: str
    reasons: tuple[str, ...]
    claims: Claims | None
    layers: Mapping[str, str]
    advice: Advice
