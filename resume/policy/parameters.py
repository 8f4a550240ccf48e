"""The parameters of the policy: each with its value, its source, and a mark that says how sure it is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, Literal, TypeVar, overload

from resume.policy.facts import Colour, Excluded, Facts, Zone
from resume.policy.findings import Finding, Text

T = TypeVar("T")


class Mark(StrEnum):
    """How sure a parameter is."""

    SEED = "SEED"  # stated in the project's source document
    PUBLISHED = "PUBLISHED"  # from another published source
    ASSUMED = "ASSUMED"  # this project's reading; shown as such wherever the rule is shown


@dataclass(frozen=True, slots=True)
class Parameter(Generic[T]):
    """One value of the policy, what it means, and where it comes from."""

    value: T
    mark: Mark
    source: str
    title: Text


PcrClock = Literal["sampled_at", "reported_at"]
Anchor = Literal["reported_at", "max_report_transfer", "disinfected"]
PositiveEnds = Literal["discharge", "later_negative"]
MixedPositive = Literal["review", "positive"]
AntigenAtGate = Literal["off", "on_spot"]


@dataclass(frozen=True, slots=True)
class Terms:
    """The parameters of a profile; what asks for nothing has none.

    A profile has the class that holds what its rules read, and no value that nobody asks for.
    """

    def listed(self) -> tuple[tuple[str, Parameter[Any]], ...]:
        """Every parameter with its name, in order, to be shown."""
        return tuple((field.name, getattr(self, field.name)) for field in fields(self))


@dataclass(frozen=True, slots=True)
class PersonTerms(Terms):
    """What the rules about a person himself read: his tests and his code.

    Hours are counted to the second from `pcr_clock`.
    """

    pcr_hours: Parameter[int]
    pcr_clock: Parameter[PcrClock]
    hours_inclusive: Parameter[bool]
    colours: Parameter[frozenset[Colour]]
    positive_ends: Parameter[PositiveEnds]
    mixed_positive: Parameter[MixedPositive]
    lab_hours: Parameter[int]


@dataclass(frozen=True, slots=True)
class WorkTerms(PersonTerms):
    """RTW: also the building he leaves, his pass, his trip, and the gates. Days are Shanghai dates."""

    clean_days: Parameter[int]
    lenient: Parameter[bool]
    anchor: Parameter[Anchor]
    uncounted: Parameter[frozenset[Excluded]]
    screening_days: Parameter[int]
    pass_hours: Parameter[int]
    trip_hours: Parameter[int]
    quiet_days: Parameter[int]
    antigen_at_compound: Parameter[AntigenAtGate]
    antigen_at_plant: Parameter[AntigenAtGate]


@dataclass(frozen=True, slots=True)
class LeaveTerms(PersonTerms):
    """LEAVE: also the antigen, and the zones that nobody leaves without consent.

    `antigen_waived_pcr_hours`: how young a negative PCR waives the antigen; None: none does.
    """

    antigen_hours: Parameter[int]
    antigen_upload_minutes: Parameter[int]
    antigen_waived_pcr_hours: Parameter[int | None]
    consent_zones: Parameter[frozenset[Zone]]


@dataclass(frozen=True, slots=True)
class Duties:
    """What is owed to the persons whose data are held.

    Days are counted from the last use of a record, hours from the moment an objection comes in."""

    objection_hours: Parameter[int]
    tests_days: Parameter[int]
    cases_days: Parameter[int]
    scans_days: Parameter[int]
    pass_days: Parameter[int]
    audit_days: Parameter[int]

    def listed(self) -> tuple[tuple[str, Parameter[Any]], ...]:
        """Every parameter with its name, in order, to be shown."""
        return tuple((field.name, getattr(self, field.name)) for field in fields(self))


TermsT = TypeVar("TermsT", bound=Terms)

Rule = Callable[[Facts, TermsT, datetime], Finding | None]
"""One rule: facts, parameters and the moment T in UTC; its finding, or None where it was not asked."""


@dataclass(frozen=True, slots=True)
class Profile(Generic[TermsT]):
    """What is asked of one kind of passage: its rules in order, and the parameters they read."""

    rules: tuple[Rule[TermsT], ...]
    terms: TermsT


class UnknownProfile(LookupError):
    """The policy in force has no such profile."""


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of the policy, in force from a moment until the next version."""

    version: str
    in_force_from: datetime
    profiles: Mapping[str, Profile[Any]]
    duties: Duties

    @overload
    def profile(self, name: Literal["RTW"]) -> Profile[WorkTerms]: ...
    @overload
    def profile(self, name: Literal["LEAVE"]) -> Profile[LeaveTerms]: ...
    @overload
    def profile(self, name: Literal["MOVER"]) -> Profile[PersonTerms]: ...
    @overload
    def profile(self, name: str) -> Profile[Any]: ...

    def profile(self, name: str) -> Profile[Any]:
        """The profile of that name. Raises UnknownProfile."""
        try:
            return self.profiles[name]
        except KeyError:
            known = ", ".join(self.profiles)
            raise UnknownProfile(f"no profile {name!r} in {self.version}; there is {known}") from None
