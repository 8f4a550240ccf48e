"""Reading photographs: whether there is one, and the picture."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import undefer

from resume.db import reading
from resume.passes.models import Pass
from resume.portraits.models import Portrait
from resume.refusals import NotFound
from resume.sealing import sealer


def find_portrait(person_key: bytes, *, firm_id: int) -> Portrait | None:
    """The photograph of a person that this firm gave, or None."""
    return reading().scalars(_of(person_key, firm_id)).first()


def has_portrait(pass_id: UUID) -> bool:
    """Whether the firm of a pass gave one of its bearer. One query."""
    mine = (Portrait.person_key == Pass.person_key) & (Portrait.firm_id == Pass.firm_id)
    return reading().scalar(select(Portrait.id).join(Pass, mine).where(Pass.id == pass_id)) is not None


def read_portrait(person_key: bytes, *, firm_id: int) -> tuple[str, bytes]:
    """Media type and bytes of the picture. NotFound; raises Unsealable where it was altered."""
    found = reading().scalars(_of(person_key, firm_id).options(undefer(Portrait.sealed))).first()
    if found is None:
        raise NotFound
    return found.media_type, sealer().open_bytes(found.sealed, place=place_of(found.id))


def place_of(portrait_id: UUID) -> str:
    """Where its picture is sealed, and in no other row."""
    return f"portrait:sealed:{portrait_id}"


def _of(person_key: bytes, firm_id: int) -> Select[Portrait]:
    return select(Portrait).where(Portrait.person_key == person_key, Portrait.firm_id == firm_id)
