"""What meets an expired session is kept for its account, offered again, and never carried out by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from resume.accounts import sessions
from resume.accounts.models import Account, KeptForm, SignInSession
from resume.clock import real_now
from resume.db import reading, transaction
from resume.plans.queries import find_current_version
from resume.roles import Role
from tests.applications.conftest import MakeFirm
from tests.conftest import SignIn
from tests.passes.city import DISTRICT

TYPED = {"revision": "0", "opened": "page-a", "intent": "save", "beds": "480", "grouping": "二号楼"}
HTMX = {"HX-Request": "true"}


@pytest.fixture
def firm_id(make_firm: MakeFirm) -> int:
    return make_firm()


@pytest.fixture
def reader(sign_in: SignIn, firm_id: int) -> FlaskClient:
    return sign_in(Role.HR, firm_id=firm_id)


def expire(account: Account, *, hours: int = 1, **changes: Any) -> None:
    """Let the account's sessions run out by silence."""
    with transaction() as session:
        mine = update(SignInSession).where(SignInSession.account_id == account.id)
        session.execute(mine.values(seen_at=real_now() - timedelta(hours=hours), **changes))


def enter_again(client: FlaskClient, account: Account) -> None:
    """Sign the account in in this browser."""
    with transaction():
        secret = sessions.begin_session(reading().get_one(Account, account.id), at=real_now())
    with client.session_transaction() as cookie:
        cookie["_user_id"] = secret


def kept() -> list[KeptForm]:
    return list(reading().scalars(select(KeptForm)))


def test_a_plain_post_is_kept_and_offered_after_sign_in(reader: FlaskClient, firm_id: int) -> None:
    account = reader.account  # type: ignore[attr-defined]
    expire(account)
    sent_away = reader.post("/plan/lodging", data=TYPED)
    assert (sent_away.status_code, sent_away.location) == (303, "/sign-in?to=/plan/lodging")
    assert "刚才填写的内容已为您保留" in reader.get(sent_away.location).get_data(as_text=True)
    assert b"480" not in kept()[0].sealed
    assert find_current_version(firm_id=firm_id) is None  # nothing is carried out
    enter_again(reader, account)
    page = reader.get("/plan/lodging").get_data(as_text=True)
    assert "登录过期时填写、还没有保存的内容" in page
    assert 'value="480"' in page
    assert "二号楼" in page
    assert find_current_version(firm_id=firm_id) is None
    assert reader.post("/plan/lodging", data=TYPED).status_code == 303
    assert kept() == []
    assert "登录过期时填写" not in reader.get("/plan/lodging").get_data(as_text=True)


def test_what_htmx_posts_stays_on_its_page(reader: FlaskClient, firm_id: int) -> None:
    account = reader.account  # type: ignore[attr-defined]
    expire(account)
    for intent in ("autosave", "save"):
        answer = reader.post("/plan/lodging", data=TYPED | {"intent": intent}, headers=HTMX)
        assert answer.status_code == 401
        assert (answer.headers["HX-Retarget"], answer.headers["HX-Reswap"]) == ("#notice", "outerHTML")
        assert "HX-Redirect" not in answer.headers
        assert "仍在本页" in answer.get_data(as_text=True)
        assert "/sign-in?to=/signed-in" in answer.get_data(as_text=True)
    enter_again(reader, account)
    assert reader.get("/signed-in").status_code == 200
    assert reader.post("/plan/lodging", data=TYPED | {"intent": "autosave"}, headers=HTMX).status_code == 200
    assert find_current_version(firm_id=firm_id).sections["lodging"]["beds"] == 480  # type: ignore[union-attr]
    assert kept() == []


def test_a_read_of_htmx_goes_to_sign_in_as_before(reader: FlaskClient) -> None:
    expire(reader.account)  # type: ignore[attr-defined]
    answer = reader.get("/plan", headers=HTMX)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/sign-in?to=/plan")


def test_another_account_in_the_same_browser_sees_nothing_of_it(
    reader: FlaskClient, sign_in: SignIn, firm_id: int
) -> None:
    expire(reader.account)  # type: ignore[attr-defined]
    reader.post("/plan/lodging", data=TYPED)
    colleague = sign_in(Role.HR, firm_id=firm_id)
    assert "480" not in colleague.get("/plan/lodging").get_data(as_text=True)
    enter_again(reader, colleague.account)  # type: ignore[attr-defined]
    assert "二号楼" not in reader.get("/plan/lodging").get_data(as_text=True)


def test_it_can_be_dropped(reader: FlaskClient) -> None:
    account = reader.account  # type: ignore[attr-defined]
    expire(account)
    reader.post("/plan/lodging", data=TYPED)
    enter_again(reader, account)
    assert reader.post("/plan/lodging/kept").location == "/plan/lodging"
    assert kept() == []


def test_one_is_kept_for_an_address_and_for_a_day(reader: FlaskClient) -> None:
    account = reader.account  # type: ignore[attr-defined]
    expire(account)
    for beds in ("480", "490"):
        reader.post("/plan/lodging", data=TYPED | {"beds": beds})
    assert len(kept()) == 1
    with transaction() as session:
        session.execute(update(KeptForm).values(kept_at=real_now() - timedelta(hours=25)))
    enter_again(reader, account)
    assert "490" not in reader.get("/plan/lodging").get_data(as_text=True)
    expire(account)
    reader.post("/plan/testing", data={"revision": "0", "laboratory": "虚构检测所"})
    assert [row.path for row in kept()] == ["/plan/testing"]  # the old one is gone


@pytest.mark.parametrize("changes", [{"hours": 30}, {"ended_at": real_now()}], ids=["long ago", "signed out"])
def test_a_session_that_time_did_not_just_end_keeps_nothing(
    reader: FlaskClient, changes: dict[str, Any]
) -> None:
    expire(reader.account, **changes)  # type: ignore[attr-defined]
    assert reader.post("/plan/lodging", data=TYPED).location == "/sign-in"
    assert kept() == []


def test_a_stranger_keeps_nothing(client: FlaskClient, reader: FlaskClient) -> None:
    assert client.post("/plan/lodging", data=TYPED).location == "/sign-in"
    with client.session_transaction() as cookie:
        cookie["_user_id"] = "a guess"
    assert client.post("/plan/lodging", data=TYPED).location == "/sign-in"
    assert kept() == []


def test_a_role_that_has_no_business_there_keeps_nothing(sign_in: SignIn) -> None:
    reviewer = sign_in(Role.REVIEWER, district_code=DISTRICT)
    expire(reviewer.account)  # type: ignore[attr-defined]
    assert reviewer.post("/plan/lodging", data=TYPED).location == "/sign-in"
    assert kept() == []


def test_without_its_token_nothing_is_kept_and_htmx_is_given_a_new_one(
    app: Flask, reader: FlaskClient
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    expire(reader.account)  # type: ignore[attr-defined]
    assert reader.post("/plan/lodging", data=TYPED).status_code == 400
    answer = reader.post("/plan/lodging", data=TYPED, headers=HTMX)
    assert answer.status_code == 400
    assert '"csrf"' in answer.headers["HX-Trigger"]
    assert "仍在本页" in answer.get_data(as_text=True)
    assert kept() == []


def test_too_much_is_not_kept(reader: FlaskClient) -> None:
    expire(reader.account)  # type: ignore[attr-defined]
    reader.post("/plan/lodging", data=TYPED | {"quiet_meals": "餐" * 300_001})
    assert kept() == []
