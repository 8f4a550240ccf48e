"""Doors of places: other names of a compound. The compounds and buildings come by the `places` feed."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _

from resume import audit
from resume.db import transaction
from resume.places.keys import compound_key
from resume.places.models import CompoundAlias
from resume.places.name_index import index_compounds
from resume.places.queries import get_alias, get_compound, list_aliases, list_buildings
from resume.refusals import Conflict, Unprocessable
from resume.roles import Actor


class AliasExists(Conflict):
    """The compound is found by this name already."""

    code = "alias_exists"
    message = _("这个小区已经可以用这个名称查到")
    advice = _("无需添加")


class AliasEmpty(Unprocessable):
    """Nothing is left of the alias without its signs."""

    code = "alias_empty"
    message = _("别名中没有文字")
    advice = _("请填写人们使用的名称，例如旧名或俗称")


class AliasRemoved(Conflict):
    """Somebody has removed the alias before."""

    code = "alias_removed"
    message = _("这个别名已经移除")
    advice = _("请刷新页面查看现有的别名")


def add_alias(compound_id: int, alias: str, *, reference: str, by: Actor, at: datetime) -> CompoundAlias:
    """Let addresses with this name find the compound from now on; `reference`: how that is known.

    Two compounds of a district may share a name: where both have the number, neither is taken. Raises
    NotFound, AliasEmpty, AliasExists.
    """
    with transaction() as session:
        _refuse_known(compound_id, alias)
        added = CompoundAlias(
            compound_id=compound_id,
            alias=alias,
            reference=reference,
            added_by=by.name,
            added_at=at,
            removed_by=None,
            removed_at=None,
        )
        session.add(added)
        session.flush()
        index_compounds([compound_id])
        audit.record(
            "place.alias_added", f"compound:{compound_id}", by=by, at=at, alias=alias, alias_id=added.id
        )
    return added


def remove_alias(alias_id: int, *, by: Actor, at: datetime) -> CompoundAlias:
    """Let the alias count no longer; the row is kept with who removed it. Raises NotFound, AliasRemoved."""
    with transaction() as session:
        alias = get_alias(alias_id)
        if alias.removed_at is not None:
            raise AliasRemoved
        alias.removed_by, alias.removed_at = by.name, at
        session.flush()
        index_compounds([alias.compound_id])
        subject = f"compound:{alias.compound_id}"
        audit.record("place.alias_removed", subject, by=by, at=at, alias=alias.alias, alias_id=alias.id)
    return alias


def _refuse_known(compound_id: int, alias: str) -> None:
    compound = get_compound(compound_id)
    known = {compound.name, *(building.lane for building in list_buildings(compound_id=compound_id))}
    known |= {one.alias for one in list_aliases(compound_id=compound_id) if one.removed_at is None}
    key = compound_key(alias)
    if not key:
        raise AliasEmpty
    if key in {compound_key(name) for name in known}:
        raise AliasExists
