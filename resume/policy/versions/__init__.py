"""The versions of the policy, and which of them is in force at a moment."""

from datetime import datetime

from resume.policy.moments import shown, whole_second
from resume.policy.parameters import Policy
from resume.policy.versions.sh_2022_04 import SH_2022_04
from resume.policy.versions.sh_2022_05 import SH_2022_05
from resume.policy.versions.sh_2022_08 import SH_2022_08

VERSIONS: tuple[Policy, ...] = (SH_2022_04, SH_2022_05, SH_2022_08)
"""Oldest first."""


class NoPolicy(LookupError):
    """The moment lies before the first version."""


class UnknownVersion(LookupError):
    """No version has this name."""


def policy_named(version: str) -> Policy:
    """The version of that name, whenever it was in force: a past decision is judged again under its own.

    Raises UnknownVersion.
    """
    for policy in VERSIONS:
        if policy.version == version:
            return policy
    raise UnknownVersion(f"no policy version {version!r}; there are {', '.join(p.version for p in VERSIONS)}")


def policy_at(at: datetime) -> Policy:
    """The version in force at `at`. Raises NoPolicy before the first, ValueError without an offset."""
    at = whole_second(at)
    for policy in reversed(VERSIONS):
        if policy.in_force_from <= at:
            return policy
    first = VERSIONS[0]
    raise NoPolicy(f"no policy before {shown(first.in_force_from)}, when {first.version} came into force")
