"""The second factor: who needs it, what opens before it is given, and that each code opens once."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from resume import audit
from resume.accounts import operations, sessions, throttle, totp
from resume.accounts.lifecycle import OFFERED, REQUIRED, Stage
from resume.accounts.models import Account, RecoveryCode, SecondFactor, SignInSession
from resume.accounts.operations import factor_steps, factors
from resume.accounts.queries import count_recovery_codes
from resume.clock import real_now
from resume.db import db, reading, transaction
from resume.refusals import Conflict, Refusal
from resume.roles import CLI, Role
from resume.web.access import roles_of
from tests.accounts.conftest import PASSWORD, enter, fresh, next_code
from tests.reading import reading_client

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
moments = st.integers(1_577_836_800, 4_102_444_800).map(lambda second: datetime.fromtimestamp(second, UTC))


@given(at=moments, away=st.integers(-4, 4), used=st.integers(-4, 1))
def test_a_code_is_good_in_its_own_step_and_beside_it_and_only_once(at, away: int, used: int) -> None:
    now = totp.step_at(at)
    typed = totp.code_at(SECRET, now + away)
    found = totp.matching_step(SECRET, typed, at=at, after=now + used)
    if abs(away) <= totp.WINDOW and away > used:
        assert found is not None
        assert found > now + used
    elif found is not None:  # two steps may have the same digits, once in a million
        assert found != now + away


@pytest.mark.parametrize("typed", ["12345", "1234567", "12345a", "", "１２３４５６７", "٣٤٥٦٧٨"])
def test_what_is_no_code_is_none(typed: str) -> None:
    assert not totp.is_code(typed)


def test_full_width_digits_and_blanks_are_a_code() -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    code = totp.code_at(SECRET, totp.step_at(at))
    wide = " ".join(chr(ord(c) + 0xFEE0) for c in code)
    assert totp.is_code(wide)
    assert totp.matching_step(SECRET, wide, at=at, after=0) is not None


def test_rfc_6238_vectors() -> None:
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    for seconds, digits in ((59, "287082"), (1111111109, "081804"), (20000000000, "353130")):
        assert totp.code_at(secret, seconds // 30) == digits


def test_at_the_first_sign_in_it_is_set_up_and_nothing_else_opens(client, make_account, mailbox) -> None:
    make_account("reviewer.one", Role.REVIEWER)
    answer = enter(client, "reviewer.one")
    assert answer.location == "/sign-in/second-factor"
    assert client.get("/review").location == "/sign-in/second-factor"
    assert client.get("/account").location == "/sign-in/second-factor"
    page = client.get("/sign-in/second-factor")
    assert "<svg" in page.text
    secret = re.search(r"<code[^>]*>([A-Z2-7 ]{39})</code>", page.text)[1].replace(" ", "")
    assert client.post("/sign-in/second-factor", data={"code": "000000"}).status_code == 422
    done = client.post(
        "/sign-in/second-factor", data={"code": totp.code_at(secret, totp.step_at(real_now()))}
    )
    assert done.status_code == 200
    assert len(re.findall(r"[A-Z2-9]{5}-[A-Z2-9]{5}", done.text)) == 10
    assert client.get("/review").status_code == 200
    assert mailbox.only()["Subject"] == "您的复工通账号有变动"


def test_the_session_that_waits_for_a_code_opens_no_page_of_any_role(
    app: Flask, client, make_account, with_factor
) -> None:
    account = make_account("root.one", Role.ADMINISTRATOR)
    with_factor(account)
    assert enter(client, "root.one").location == "/sign-in/code"
    opened = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if not rule.arguments
        and "GET" in rule.methods
        and None not in roles_of(app, rule.endpoint)
        and client.get(rule.rule).location != "/sign-in/code"
    ]
    assert opened == []
    posted = client.post("/accounts/new", data={"name": "thief.one"})
    assert posted.location == "/sign-in/code"


def test_the_waiting_sessions_secret_is_no_session(app: Flask, client, make_account, with_factor) -> None:
    account = make_account("root.one", Role.ADMINISTRATOR)
    with_factor(account)
    enter(client, "root.one")
    with client.session_transaction() as cookie:
        secret = cookie["unfinished"]
    thief = reading_client(app)
    with thief.session_transaction() as cookie:
        cookie["_user_id"] = secret
    assert thief.get("/accounts").status_code == 303
    assert client.post("/sign-in/code", data={"code": next_code(account)}).status_code == 303
    with client.session_transaction() as cookie:
        assert cookie["_user_id"] != secret
        assert "unfinished" not in cookie
    assert client.get("/accounts").status_code == 200
    assert sessions.find_unfinished(secret, at=real_now()) is None


def test_one_goes_on_to_where_one_wanted_to_go(client, make_account, with_factor) -> None:
    account = make_account("root.one", Role.ADMINISTRATOR)
    with_factor(account)
    client.post("/sign-in?to=/gates", data={"name": "root.one", "password": PASSWORD})
    assert client.post("/sign-in/code", data={"code": next_code(account)}).location == "/gates"


def test_a_used_code_opens_nothing(app: Flask, make_account, with_factor) -> None:
    account = make_account("root.one", Role.ADMINISTRATOR)
    with_factor(account)
    code = next_code(account)
    first, second = reading_client(app), reading_client(app)
    for client in (first, second):
        enter(client, "root.one")
    assert first.post("/sign-in/code", data={"code": code}).status_code == 303
    refused = second.post("/sign-in/code", data={"code": code})
    assert refused.status_code == 422
    assert "已用过" in refused.text
    assert second.get("/accounts").location == "/sign-in/code"


def test_of_two_at_once_one_is_let_in(app: Flask, make_account, with_factor, at) -> None:
    account = make_account("root.one", Role.ADMINISTRATOR)
    with_factor(account)
    code = next_code(account)
    secrets = [
        operations.sign_in("root.one", PASSWORD, address="a", at=at, real_at=real_now())[0] for _ in range(4)
    ]
    db.session.rollback()

    def submit(secret: str) -> bool:
        with app.app_context():
            try:
                operations.enter_code(secret, code, at=at, real_at=real_now())
            except operations.WrongCode:
                return False
            finally:
                db.session.remove()
            return True

    with ThreadPoolExecutor(4) as pool:
        let_in = list(pool.map(submit, secrets))
    assert sum(let_in) == 1


def test_guessing_codes_is_slowed_down(client, make_account, with_factor) -> None:
    account = make_account("root.one", Role.ADMINISTRATOR)
    with_factor(account)
    enter(client, "root.one")
    for _ in range(throttle.CODE.most):
        assert client.post("/sign-in/code", data={"code": "wrong-codes"}).status_code == 422
    blocked = client.post("/sign-in/code", data={"code": next_code(account)})
    assert blocked.status_code == 429
    assert 0 < int(blocked.headers["Retry-After"]) <= throttle.WINDOW.total_seconds()
    enter(client, "root.one")  # a new password step does not forgive
    assert client.post("/sign-in/code", data={"code": next_code(account)}).status_code == 429


def test_guesses_at_once_are_no_more_than_the_limit(app: Flask, make_account, with_factor, at) -> None:
    account = make_account("root.one", Role.ADMINISTRATOR)
    with_factor(account)
    secret = operations.sign_in("root.one", PASSWORD, address="a", at=at, real_at=real_now())[0]
    db.session.rollback()
    together = Barrier(8)

    def guess(_number: int) -> str:
        with app.app_context():
            try:
                together.wait()
                operations.enter_code(secret, "wrong-codes", at=at, real_at=real_now())
            except Refusal as refusal:
                return refusal.code
            finally:
                db.session.remove()
            return "in"

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(guess, range(8)))
    assert sorted(answers) == ["too_many_attempts"] * 3 + ["wrong_code"] * 5


def test_after_five_minutes_the_password_is_asked_for_again(client, make_account, with_factor) -> None:
    account = make_account("root.one", Role.ADMINISTRATOR)
    with_factor(account)
    enter(client, "root.one")
    with transaction() as session:
        session.execute(update(SignInSession).values(started_at=real_now() - timedelta(minutes=5, seconds=2)))
    answer = client.post("/sign-in/code", data={"code": next_code(account)})
    assert answer.location == "/sign-in"
    assert client.get("/accounts").location.startswith("/sign-in?")


def test_a_recovery_code_opens_once_and_he_is_told(client, make_account, with_factor, mailbox) -> None:
    account = make_account("root.one", Role.ADMINISTRATOR)
    with_factor(account)
    with transaction():
        codes = factor_steps.new_recovery_codes(fresh(account))
    typed = codes[3].lower().replace("-", " ")
    enter(client, "root.one")
    assert client.post("/sign-in/code", data={"code": typed}).status_code == 303
    assert count_recovery_codes(account.id) == 9
    assert "还剩 9 个" in mailbox.only().get_content()
    client.post("/sign-out")
    enter(client, "root.one")
    assert client.post("/sign-in/code", data={"code": typed}).status_code == 422


def test_one_accounts_recovery_code_is_not_anothers(client, make_account, with_factor) -> None:
    first, second = (make_account(name, Role.ADMINISTRATOR) for name in ("root.one", "root.two"))
    for account in (first, second):
        with_factor(account)
    with transaction():
        codes = factor_steps.new_recovery_codes(fresh(first))
    enter(client, "root.two")
    assert client.post("/sign-in/code", data={"code": codes[0]}).status_code == 422
    assert count_recovery_codes(first.id) == 10


def test_secrets_and_codes_are_not_in_the_database(make_account, with_factor) -> None:
    account = make_account("root.one", Role.ADMINISTRATOR)
    secret = with_factor(account)
    with transaction():
        codes = factor_steps.new_recovery_codes(fresh(account))
    stored = b"".join(reading().scalars(select(RecoveryCode.code_key)))
    sealed = reading().scalars(select(SecondFactor.sealed_secret)).one()
    assert secret.encode() not in sealed
    assert not [code for code in codes if code.encode() in stored or code.replace("-", "").encode() in stored]


def test_a_session_from_before_opens_nothing_to_whom_needs_a_factor(app: Flask, make_account) -> None:
    account = make_account("steward.one", Role.STEWARD)
    with transaction():
        secret = sessions.begin_session(account, at=real_now(), stage=Stage.OPEN)
    client = reading_client(app)
    with client.session_transaction() as cookie:
        cookie["_user_id"] = secret
    assert client.get("/intake").status_code == 303


def test_hr_turns_it_on_and_off_by_himself(signed_in, make_account, firm_id: int, mailbox) -> None:
    account = make_account("hr.one", Role.HR, firm_id=firm_id)
    client = signed_in(account)
    assert "未启用" in client.get("/account").text
    assert client.post("/account/second-factor/begin", data={"password": "wrong password"}).status_code == 422
    assert factor_steps.pending_secret(fresh(account)) is None
    client.post("/account/second-factor/begin", data={"password": PASSWORD})
    secret = factor_steps.pending_secret(fresh(account))
    assert secret
    assert not fresh(account).has_second_factor  # until its first code
    client.post("/account/second-factor/drop")
    assert factor_steps.pending_secret(fresh(account)) is None
    client.post("/account/second-factor/begin", data={"password": PASSWORD})
    assert factor_steps.pending_secret(fresh(account)) != secret
    secret = factor_steps.pending_secret(fresh(account))
    code = totp.code_at(secret, totp.step_at(real_now()))
    assert client.post("/account/second-factor", data={"code": code}).status_code == 200
    assert "已启用" in client.get("/account").text
    off = "/account/second-factor/off"
    assert client.post(off, data={"password": PASSWORD}).status_code == 422
    assert client.post(off, data={"password": PASSWORD, "code": code}).status_code == 422
    assert client.post(off, data={"password": PASSWORD, "code": next_code(account)}).status_code == 303
    assert not fresh(account).has_second_factor
    assert count_recovery_codes(account.id) == 0
    assert len(mailbox.new()) == 2


def test_who_needs_it_changes_the_device_but_cannot_turn_it_off(signed_in, make_account, with_factor) -> None:
    account = make_account("root.one", Role.ADMINISTRATOR)
    old = with_factor(account)
    client = signed_in(account)
    proof = {"password": PASSWORD, "code": next_code(account)}
    assert client.post("/account/second-factor/off", data=proof).status_code == 409
    assert client.post("/account/second-factor/begin", data=proof).status_code == 303
    assert factor_steps.secret_of(fresh(account)) == old  # in use until the new one is confirmed
    new = factor_steps.pending_secret(fresh(account))
    code = totp.code_at(new, totp.step_at(real_now()))
    assert client.post("/account/second-factor", data={"code": code}).status_code == 200
    assert factor_steps.secret_of(fresh(account)) == new
    assert client.get("/accounts").status_code == 200


def test_confirming_ends_all_other_sessions(signed_in, make_account, firm_id: int) -> None:
    account = make_account("hr.one", Role.HR, firm_id=firm_id)
    here, elsewhere = signed_in(account), signed_in(account)
    here.post("/account/second-factor/begin", data={"password": PASSWORD})
    code = totp.code_at(factor_steps.pending_secret(fresh(account)), totp.step_at(real_now()))
    here.post("/account/second-factor", data={"code": code})
    assert here.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 303


def test_new_recovery_codes_end_the_old_ones(signed_in, make_account, with_factor, mailbox) -> None:
    account = make_account("root.one", Role.ADMINISTRATOR)
    with_factor(account)
    with transaction():
        old = factor_steps.new_recovery_codes(fresh(account))
    client = signed_in(account)
    answer = client.post(
        "/account/second-factor/codes", data={"password": PASSWORD, "code": next_code(account)}
    )
    shown = re.findall(r"[A-Z2-9]{5}-[A-Z2-9]{5}", answer.text)
    assert len(set(shown)) == 10
    assert not set(shown) & set(old)
    assert "恢复码已更换" in mailbox.only().get_content()


def test_an_administrator_clears_anothers_but_not_his_own(
    signed_in, make_account, with_factor, mailbox, at
) -> None:
    lost, root = make_account("reviewer.one", Role.REVIEWER), make_account("root.one", Role.ADMINISTRATOR)
    for account in (lost, root):
        with_factor(account)
    there, client = signed_in(lost), signed_in(root)
    assert client.post(f"/accounts/{root.id}/second-factor").status_code == 409
    assert client.post(f"/accounts/{lost.id}/second-factor").status_code == 303
    assert there.get("/review").status_code == 303
    assert not fresh(lost).has_second_factor
    assert enter(there, "reviewer.one").location == "/sign-in/second-factor"
    assert mailbox.only()["To"] == "reviewer.one@example.invalid"
    assert audit.list_entries(before=None, action="account.factor_reset", limit=2)[0].actor == "root.one"
    with pytest.raises(Conflict):
        factors.reset_factor(root.id, by=sessions.actor_of(root), at=at, real_at=real_now())


def test_each_step_is_one_record_of_the_audit(client, make_account, with_factor) -> None:
    account = make_account("root.one", Role.ADMINISTRATOR)
    with_factor(account)
    enter(client, "root.one")
    client.post("/sign-in/code", data={"code": "000000"})
    client.post("/sign-in/code", data={"code": next_code(account)})
    actions = [entry.action for entry in audit.list_entries(before=None, action="", limit=3)]
    assert actions == ["account.signed_in", "account.code_refused", "account.password_accepted"]


def test_every_role_is_asked_offered_or_neither() -> None:
    assert {Role.REVIEWER, Role.SIGN_OFF, Role.STEWARD, Role.ADMINISTRATOR} == REQUIRED
    assert Role.HR in OFFERED
    assert not REQUIRED & OFFERED


def test_a_disabled_account_cannot_finish(client, make_account, with_factor, at) -> None:
    account = make_account("root.one", Role.ADMINISTRATOR)
    with_factor(account)
    enter(client, "root.one")
    operations.set_disabled(account.id, True, by=CLI, at=at, real_at=real_now())
    assert client.post("/sign-in/code", data={"code": next_code(account)}).location == "/sign-in"
    assert reading().get_one(Account, account.id).is_disabled
