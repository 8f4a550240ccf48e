"""Numbers in addresses that no database counts to: a page of nothing, never a 500."""

from __future__ import annotations

import pytest
from flask import Flask

from resume.roles import Role
from tests.conftest import SignIn
from tests.passes.conftest import MakeCity
from tests.security.conftest import rules_for

FAR = 10**30


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.GUARD], ids=str)
def test_a_page_far_beyond_the_last_is_empty(
    app: Flask, city_of: MakeCity, sign_in: SignIn, role: Role
) -> None:
    city = city_of(workers=1)
    scope = {
        Role.HR: {"firm_id": city.firm_id},
        Role.REVIEWER: {"district_code": "310115"},
        Role.SIGN_OFF: {"district_code": "310115"},
        Role.STREET: {"district_code": "310115", "street": "演示街道"},
    }.get(role, {})
    client = sign_in(role, **scope)
    paths = [rule.rule for rule in rules_for(app, role, "GET") if not rule.arguments]
    asked = [(path, client.get(f"{path}?page={FAR}&before={FAR}&number={FAR}").status_code) for path in paths]
    assert len(paths) > 5
    assert [(path, status) for path, status in asked if status >= 500] == []
