"""Making a manifest: read, printed and signed outside the door that keeps it."""

from __future__ import annotations

from datetime import date, datetime

from resume.manifests.models import Manifest
from resume.manifests.operations import keep_manifest
from resume.manifests.paper import print_manifest
from resume.manifests.queries import GREEN, expected_at, list_manifests
from resume.passes.keys import list_authority
from resume.places.models import Compound
from resume.roles import Actor


def make_manifest(compound: Compound, day: date, *, by: Actor, at: datetime) -> Manifest:
    """The paper of a compound and day; the newest one where it says the same still and gives green.

    Raises NoSigningKey.
    """
    expected = expected_at(compound, day, at=at)
    made = list_manifests(compound.id, day)
    if made and made[0].digest == expected.digest and at - made[0].made_at < GREEN:
        return made[0]
    number = 1 + max((one.number for one in made), default=0)
    pdf = print_manifest(expected, number, list_authority())
    return keep_manifest(expected, number, pdf, by=by, at=at)
