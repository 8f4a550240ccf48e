"""Invitations: who may invite whom, a link that opens once, and the account that comes of it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from resume.accounts import links, operations, throttle
from resume.accounts.emails import email_of
from resume.accounts.models import Account, Invitation
from resume.accounts.operations import invitations
from resume.accounts.operations.invitations import NewInvitation
from resume.accounts.queries import find_by_name
from resume.clock import real_now
from resume.db import reading, transaction
from resume.firms.models import Firm
from resume.jobs import Job
from resume.mail.models import Mail
from resume.refusals import NotAllowed, NotFound
from resume.roles import CLI, Actor, Role
from tests.accounts.conftest import PASSWORD, enter, secret_in
from tests.reading import reading_client

FILLED = {"display_name": "演示同事", "name": "hr.two", "password": PASSWORD}


@pytest.fixture
def other_firm_id(app: Flask, at) -> int:
    with transaction() as session:
        firm = Firm(
            credit_code="91319999DEM0000025",
            name="虚构乙有限公司",
            short_name="虚构乙",
            district_code="310101",
            created_at=at,
        )
        session.add(firm)
        session.flush()
        return firm.id


def open_ones() -> int:
    query = select(func.count()).where(Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))
    return reading().scalar(query) or 0


def test_a_colleague_is_invited_and_comes_in(app: Flask, sign_in, firm_id: int, mailbox, client) -> None:
    hr = sign_in(Role.HR, firm_id=firm_id)
    sent = hr.post("/colleagues/new", data={"email": "New.HR@example.invalid", "language": "en"})
    assert sent.location == "/colleagues"
    assert "ne***@example.invalid" in hr.get("/colleagues").text
    letter = mailbox.only()
    assert letter["To"] == "new.hr@example.invalid"
    assert letter["Content-Language"] == "en"
    assert "虚构电驱动有限公司" in letter.get_content()
    secret = secret_in(letter)
    assert client.get("/join").status_code == 200
    shown = client.post("/join", data={"secret": secret})
    assert "虚构电驱动有限公司" in shown.text
    done = client.post("/join", data={"secret": secret, **FILLED})
    assert (done.status_code, done.location) == (303, "/")
    assert client.get("/colleagues").status_code == 200
    account = find_by_name("hr.two")
    assert account is not None
    assert (account.role, account.firm_id, account.language) == ("hr", firm_id, "en")
    assert email_of(account) == "new.hr@example.invalid"
    assert reading().scalars(select(Invitation.sealed_email)).all() == [None]
    again = reading_client(app).post("/join", data={"secret": secret, **FILLED, "name": "hr.three"})
    assert again.status_code == 422
    assert find_by_name("hr.three") is None


def test_whose_role_needs_a_second_factor_sets_it_up_first(sign_in, mailbox, client) -> None:
    form = {"email": "r@example.invalid", "role": "reviewer", "district": "310115", "language": "zh_Hans"}
    assert sign_in(Role.ADMINISTRATOR).post("/invitations/new", data=form).status_code == 303
    secret = secret_in(mailbox.only())
    done = client.post("/join", data={"secret": secret, **FILLED, "name": "reviewer.two"})
    assert done.location == "/sign-in/second-factor"
    assert client.get("/review").location == "/sign-in/second-factor"


def test_the_whole_link_may_be_pasted(sign_in, firm_id: int, mailbox, client) -> None:
    hr = sign_in(Role.HR, firm_id=firm_id)
    hr.post("/colleagues/new", data={"email": "a@example.invalid", "language": "zh_Hans"})
    secret = secret_in(mailbox.only())
    assert client.post("/join", data={"secret": f"  http://x/join#{secret} "}).status_code == 200


def test_a_guard_without_an_address_gets_his_link_by_hand(app: Flask, sign_in, client) -> None:
    form = {"email": "", "role": "auditor", "district": "", "language": "zh_Hans"}
    made = sign_in(Role.ADMINISTRATOR).post("/invitations/new", data=form)
    assert made.status_code == 200
    secret = re.search(r"/join#([\w-]{43})", made.text)[1]
    assert client.post("/join", data={"secret": secret, **FILLED}).status_code == 303
    assert find_by_name("hr.two").sealed_email is None


@pytest.mark.parametrize("change", ["expired", "withdrawn", "sent again", "inviter disabled"])
def test_what_ends_a_link(make_account, signed_in, firm_id: int, mailbox, client, at, change: str) -> None:
    inviter = make_account("hr.one", Role.HR, firm_id=firm_id)
    hr = signed_in(inviter)
    hr.post("/colleagues/new", data={"email": "a@example.invalid", "language": "zh_Hans"})
    secret = secret_in(mailbox.only())
    invitation = reading().scalars(select(Invitation)).one()
    if change == "expired":
        with transaction() as session:
            session.execute(update(Invitation).values(expires_at=real_now() - timedelta(seconds=1)))
    elif change == "withdrawn":
        assert hr.post(f"/invitations/{invitation.id}/withdrawn").status_code == 303
        assert hr.post(f"/invitations/{invitation.id}/again").status_code == 404
    elif change == "sent again":
        assert hr.post(f"/invitations/{invitation.id}/again").status_code == 303
        fresh = secret_in(mailbox.only())
        assert client.post("/join", data={"secret": fresh}).status_code == 200
    else:
        operations.set_disabled(inviter.id, True, by=CLI, at=at, real_at=real_now())
    refused = client.post("/join", data={"secret": secret, **FILLED})
    assert refused.status_code == 422
    assert "链接无效、已用过或已过期" in refused.text
    assert find_by_name("hr.two") is None


def test_72_hours(sign_in, firm_id: int) -> None:
    sign_in(Role.HR, firm_id=firm_id).post(
        "/colleagues/new", data={"email": "a@example.invalid", "language": "zh_Hans"}
    )
    one = reading().scalars(select(Invitation)).one()
    assert one.expires_at - one.invited_at == timedelta(hours=72)


def test_the_same_invitation_twice_is_one_with_a_new_link(sign_in, firm_id: int, mailbox) -> None:
    hr = sign_in(Role.HR, firm_id=firm_id)
    for _ in range(2):
        hr.post("/colleagues/new", data={"email": "a@example.invalid", "language": "zh_Hans"})
    assert open_ones() == 1
    assert len({secret_in(letter) for letter in mailbox.new()}) == 2


def test_hr_invites_to_its_own_firm_alone(firm_id: int, other_firm_id: int, at) -> None:
    hr = Actor("hr.one", Role.HR, firm_id=firm_id)
    for new in (
        NewInvitation(Role.HR, "a@example.invalid", firm_id=other_firm_id),
        NewInvitation(Role.ADMINISTRATOR, "a@example.invalid"),
        NewInvitation(Role.HR, None, firm_id=firm_id),
    ):
        with pytest.raises(NotAllowed):
            invitations.invite(new, by=hr, at=at, real_at=real_now())
    assert open_ones() == 0


def test_other_fields_of_a_form_change_nothing(sign_in, firm_id: int, other_firm_id: int) -> None:
    extra = {"role": "administrator", "firm_id": str(other_firm_id), "district": "310115"}
    form = {"email": "a@example.invalid", "language": "zh_Hans", **extra}
    sign_in(Role.HR, firm_id=firm_id).post("/colleagues/new", data=form)
    one = reading().scalars(select(Invitation)).one()
    assert (one.role, one.firm_id, one.district_code) == ("hr", firm_id, None)


def test_another_firms_invitations_and_accounts_are_not_found(
    sign_in, firm_id: int, other_firm_id: int, make_account, at
) -> None:
    foreign = make_account("hr.other", Role.HR, firm_id=other_firm_id)
    by = Actor("hr.other", Role.HR, account_id=foreign.id, firm_id=other_firm_id)
    new = NewInvitation(Role.HR, "marker@example.invalid", firm_id=other_firm_id)
    invitation, _secret = invitations.invite(new, by=by, at=at, real_at=real_now())
    hr = sign_in(Role.HR, firm_id=firm_id)
    page = hr.get("/colleagues").text
    assert "hr.other" not in page
    assert "ma***" not in page
    for path in (f"/invitations/{invitation.id}/again", f"/invitations/{invitation.id}/withdrawn"):
        assert hr.post(path).status_code == 404
    assert hr.post(f"/colleagues/{foreign.id}/disabled", data={"disabled": "1"}).status_code == 404
    assert not reading().get_one(Account, foreign.id).is_disabled
    with pytest.raises(NotFound):
        invitations.withdraw(
            invitation.id, by=Actor("x", Role.HR, firm_id=firm_id), at=at, real_at=real_now()
        )


def test_hr_disables_a_colleague_but_not_himself(make_account, signed_in, client, firm_id: int, at) -> None:
    first, second = (make_account(name, Role.HR, firm_id=firm_id) for name in ("hr.one", "hr.two"))
    here, there = signed_in(first), signed_in(second)
    assert here.post(f"/colleagues/{first.id}/disabled", data={"disabled": "1"}).status_code == 409
    assert here.post(f"/colleagues/{second.id}/disabled", data={"disabled": "1"}).status_code == 303
    assert there.get("/account").status_code == 303
    assert enter(client, "hr.two").status_code == 422


def test_weak_passwords_and_taken_names_are_refused_and_the_link_stays(
    sign_in, make_account, firm_id: int, mailbox, client
) -> None:
    make_account("hr.taken", Role.HR, firm_id=firm_id)
    hr = sign_in(Role.HR, firm_id=firm_id)
    hr.post("/colleagues/new", data={"email": "a@example.invalid", "language": "zh_Hans"})
    secret = secret_in(mailbox.only())
    names, words = ("hr.taken", "Has Blanks"), ("short", "a" * 20)
    for wrong in [{"name": name} for name in names] + [{"password": word} for word in words]:
        assert client.post("/join", data={"secret": secret, **FILLED, **wrong}).status_code == 422
    assert client.post("/join", data={"secret": secret, **FILLED}).status_code == 303


def test_links_are_kept_as_hashes_and_letters_forget_them(sign_in, firm_id: int, mailbox, home) -> None:
    hr = sign_in(Role.HR, firm_id=firm_id)
    hr.post("/colleagues/new", data={"email": "a@example.invalid", "language": "zh_Hans"})
    secret = secret_in(mailbox.only())
    invitation = reading().scalars(select(Invitation)).one()
    assert invitation.secret_hash == links.hash_of(secret) != secret
    assert b"example" not in invitation.sealed_email
    assert reading().scalars(select(Mail.sealed)).all() == [None]
    assert not [payload for payload in reading().scalars(select(Job.payload)) if secret in payload]


def test_trying_links_out_is_slowed_down(client) -> None:
    for place in range(throttle.LINK.most):
        assert client.post("/join", data={"secret": f"guess-{place}"}).status_code == 422
    assert client.post("/reset", data={"secret": "guess"}).status_code == 429


def test_inviting_without_end_is_slowed_down(firm_id: int, at, make_account) -> None:
    account = make_account("hr.one", Role.HR, firm_id=firm_id)
    hr = Actor("hr.one", Role.HR, account_id=account.id, firm_id=firm_id)
    moment = real_now()
    with transaction():
        throttle.count(*[(throttle.INVITE, str(account.id))] * throttle.INVITE.most, at=moment)
    with pytest.raises(throttle.TooManyRequests):
        invitations.invite(
            NewInvitation(Role.HR, "b@example.invalid", firm_id=firm_id), by=hr, at=at, real_at=moment
        )


def test_hr_opens_what_hr_has_closed_and_no_other(make_account, signed_in, firm_id: int, at) -> None:
    hr = signed_in(make_account("hr.one", Role.HR, firm_id=firm_id))
    colleague = make_account("hr.two", Role.HR, firm_id=firm_id).id
    address = f"/colleagues/{colleague}/disabled"
    assert hr.post(address, data={"disabled": "1"}).status_code == 303
    assert hr.post(address, data={"disabled": "0"}).status_code == 303
    administrator = Actor("root", Role.ADMINISTRATOR)
    operations.set_disabled(colleague, True, by=administrator, at=at, real_at=real_now())
    refused = hr.post(address, data={"disabled": "0"})
    assert refused.status_code == 403
    assert "由管理员停用" in refused.text
    assert reading().get_one(Account, colleague, populate_existing=True).is_disabled
