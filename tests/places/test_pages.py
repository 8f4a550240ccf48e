"""The steward's pages: find a building, and the other names of a compound."""

from __future__ import annotations

import json
from datetime import datetime

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from resume.audit import AuditEntry
from resume.cli import cli
from resume.db import reading
from resume.places.models import Building, CompoundAlias
from resume.places.operations import AliasEmpty, AliasExists, AliasRemoved, add_alias, remove_alias
from resume.places.search import find_address
from resume.refusals import NotFound
from resume.roles import Role
from resume.settings import Settings
from tests.conftest import SignIn
from tests.places.conftest import STEWARD

HTMX = {"HX-Request": "true"}


def compound_of(code: str) -> int:
    return reading().scalars(select(Building.compound_id).where(Building.place_code == code)).one()


def test_finds_with_and_without_javascript(city: dict[str, int], sign_in: SignIn) -> None:
    steward = sign_in(Role.STEWARD)
    for headers in ({}, HTMX):
        body = steward.get("/places?q=陕西北路663弄6号楼301室", headers=headers).get_data(as_text=True)
        assert "找到的楼栋" in body
        assert "310106001001" in body
        assert "S6" in body
        assert ("<html" in body) is (not headers)
    body = steward.get("/places?q=陕西北路663弄9号").get_data(as_text=True)
    assert "没有唯一对应的楼栋" in body
    assert "没有找到楼栋" in steward.get("/places?q=虚构宫9号").get_data(as_text=True)
    assert "请输入地址" in steward.get("/places").get_data(as_text=True)
    found = steward.get("/places?q=人民新村1号&district=310114").get_data(as_text=True)
    assert "R2" in found
    assert "R1" not in found


def test_an_alias_comes_and_goes(city: dict[str, int], sign_in: SignIn) -> None:
    steward = sign_in(Role.STEWARD)
    page = f"/places/compounds/{compound_of('S6')}"
    assert "还没有别名" in steward.get(page).get_data(as_text=True)
    assert steward.post(page, data={"alias": "老大楼", "reference": ""}).status_code == 422
    assert steward.post(page, data={"alias": "——", "reference": "来函"}).status_code == 422
    added = steward.post(page, data={"alias": "老大楼", "reference": "居委会来函"})
    assert (added.status_code, added.location) == (303, page)
    assert steward.post(page, data={"alias": "老大楼小区", "reference": "来函"}).status_code == 409
    assert "移除“老大楼”" in steward.get(page).get_data(as_text=True)
    alias = reading().scalars(select(CompoundAlias)).one()
    assert steward.post(f"/places/aliases/{alias.id}/remove").status_code == 303
    assert steward.post(f"/places/aliases/{alias.id}/remove").status_code == 409
    assert "已移除" in steward.get(page).get_data(as_text=True)
    assert find_address("老大楼6号").building is None


def test_what_is_done_to_aliases_is_on_record(city: dict[str, int], at: datetime) -> None:
    compound_id = compound_of("S6")
    alias = add_alias(compound_id, "老大楼", reference="居委会来函", by=STEWARD, at=at)
    remove_alias(alias.id, by=STEWARD, at=at)
    kept = reading().scalars(select(CompoundAlias)).one()
    assert (kept.reference, kept.added_by, kept.removed_by, kept.removed_at) == (
        "居委会来函", "steward", "steward", at,
    )  # fmt: skip
    query = select(AuditEntry.action).where(AuditEntry.subject == f"compound:{compound_id}")
    assert reading().scalars(query.order_by(AuditEntry.seq)).all() == [
        "place.alias_added", "place.alias_removed",
    ]  # fmt: skip


def test_what_the_doors_refuse(city: dict[str, int], at: datetime) -> None:
    compound_id = compound_of("S6")
    for name, refusal in (("陕北大楼", AliasExists), ("陕西北路 663", AliasExists), ("。", AliasEmpty)):
        with pytest.raises(refusal):
            add_alias(compound_id, name, reference="来函", by=STEWARD, at=at)
    with pytest.raises(NotFound):
        add_alias(999_999, "老大楼", reference="来函", by=STEWARD, at=at)
    alias = add_alias(compound_id, "老大楼", reference="来函", by=STEWARD, at=at)
    remove_alias(alias.id, by=STEWARD, at=at)
    with pytest.raises(AliasRemoved):
        remove_alias(alias.id, by=STEWARD, at=at)
    again = add_alias(compound_id, "老大楼", reference="来函", by=STEWARD, at=at)
    assert again.id != alias.id


def test_namesakes_are_named(city: dict[str, int], at: datetime, sign_in: SignIn) -> None:
    add_alias(compound_of("S6"), "长宁里", reference="来函", by=STEWARD, at=at)
    body = sign_in(Role.STEWARD).get(f"/places/compounds/{compound_of('S6')}").get_data(as_text=True)
    assert f"/places/compounds/{compound_of('N1')}" in body


def test_on_the_command_line(
    city: dict[str, int], settings: Settings, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RESUME_HOME", str(settings.home))
    monkeypatch.setenv("RESUME_DATABASE_URL", database_url)
    found = CliRunner().invoke(
        cli, ["places", "find", "陕西北路663弄6号楼301室", "--district", "静安区"], standalone_mode=False
    )
    assert (found.return_value, json.loads(found.output)["place_code"]) == (0, "S6")
    lost = CliRunner().invoke(cli, ["places", "find", "陕西北路663弄9号"], standalone_mode=False)
    assert lost.return_value == 1
    assert json.loads(lost.output)["nearest"][0]["place_code"] == "S7"
