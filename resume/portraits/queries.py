"""Reading photographs: whether there is one, and the picture."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Select, and_, bindparam, select
from sqlalchemy.orm import undefer

from resume.db import read_rows, reading
from resume.passes.models import Pass
from resume.portraits.models import Portrait
from resume.refusals import NotFound
from resume.sealing import sealer


def find_portrait(person_key: bytes, *, firm_id: int) -> Portrait | None:
    """The photograph of a person that this firm gave, or None."""
    return reading().scalars(_of(person_key, firm_id)).first()


_OF_BEARER = (
    select(Portrait.id)
    .join(Pass, and_(Pass.person_key == Portrait.person_key, Pass.firm_id == Portrait.firm_id))
    .where(Pass.id == bindparam("pass_id"))
)


def has_portrait(pass_id: UUID) -> bool:
    """Whether the firm of this pass gave one of its bearer."""
    return read_rows(_OF_BEARER, {"pass_id": pass_id}).first() is not None


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
