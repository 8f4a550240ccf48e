"""Doors of passwords and addresses: changed by their owner, set anew by a link, confirmed by a link."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import update

from resume import audit
from resume.accounts import letters, links, passwords, sessions, throttle
from resume.accounts.emails import email_of, new_email_of, seal_new_email, set_email
from resume.accounts.lifecycle import BY_HAND, EMAIL, RESET
from resume.accounts.models import Account, AccountLink
from resume.accounts.operations.accounts import subject_of
from resume.accounts.operations.sign_in import require_password
from resume.accounts.queries import find_link, list_for_reset
from resume.db import joined, transaction
from resume.mail.letters import Letter
from resume.refusals import NotFound
from resume.roles import PUBLIC, Actor

PASSWORD_LINK, EMAIL_LINK = "password", "email"


def change_password(
    account_id: UUID, current: str, new: str, *, by: Actor, at: datetime, real_at: datetime
) -> None:
    """Set a new password and end all sessions of the account. Raises WrongSignIn or WeakPassword."""
    account = require_password(account_id, current, at=at, real_at=real_at)
    passwords.require_strong(new, name=account.name)
    hashed = passwords.hashed(new)
    with transaction() as session:
        account = session.get_one(Account, account_id)
        _set_password(account, hashed, real_at)
        audit.record("account.password_changed", subject_of(account), by=by, at=at)


def ask_reset(typed: str, *, address: str, at: datetime, real_at: datetime) -> None:
    """Send a link to a new password to every account of this name or address that can get one.

    Nothing tells whether there is any: nobody hears of it but by mail. Raises TooManyRequests.
    """
    counted = (throttle.RESET, typed), (throttle.RESET_FROM, address)
    throttle.refuse(*counted, at=real_at)
    with transaction():
        throttle.count(*counted, at=real_at)
        found = list_for_reset(typed)
        for account in found:
            secret = _make_link(account, PASSWORD_LINK, RESET, real_at)
            _send_link(letters.PASSWORD, account, email_of(account), secret, real_at + RESET, real_at)
            audit.record("account.reset_asked", subject_of(account), by=PUBLIC, at=at)
        if not found:
            audit.record("account.reset_asked", subject_of(None), by=PUBLIC, at=at)


def make_password_link(
    account_id: UUID, *, by: Actor, at: datetime, real_at: datetime
) -> tuple[Account, str | None]:
    """A link to a new password, made by an administrator: by mail, else its secret, to be handed over."""
    with transaction() as session:
        account = session.get(Account, account_id)
        if account is None or account.is_disabled:
            raise NotFound
        email = email_of(account)
        life = BY_HAND if email is None else RESET
        secret = _make_link(account, PASSWORD_LINK, life, real_at)
        if email is not None:
            _send_link(letters.PASSWORD, account, email, secret, real_at + life, real_at)
        subject = subject_of(account)
        audit.record("account.password_link_made", subject, by=by, at=at, by_mail=email is not None)
    return account, secret if email is None else None


def reset_password(secret: str, new: str, *, at: datetime, real_at: datetime) -> Account:
    """Set the password that a link allows to set; all sessions end, the second factor stays as it is.

    Raises BadLink or WeakPassword.
    """
    account = find_link(secret, PASSWORD_LINK, at=real_at).account
    passwords.require_strong(new, name=account.name)
    hashed = passwords.hashed(new)
    with transaction():
        link = find_link(secret, PASSWORD_LINK, at=real_at)
        link.used_at = real_at
        _set_password(link.account, hashed, real_at)
        throttle.forget(throttle.NAME, link.account.name)
        audit.record(
            "account.password_reset", subject_of(link.account), by=sessions.actor_of(link.account), at=at
        )
    return account


def ask_new_email(
    account_id: UUID, password: str, email: str, *, by: Actor, at: datetime, real_at: datetime
) -> None:
    """Send a link to a new address, which is the account's once the link was opened. Raises WrongSignIn."""
    require_password(account_id, password, at=at, real_at=real_at)
    counted = (throttle.RESET, f"email {account_id}")
    throttle.refuse(counted, at=real_at)
    with transaction() as session:
        throttle.count(counted, at=real_at)
        account = session.get_one(Account, account_id)
        secret = _make_link(account, EMAIL_LINK, EMAIL, real_at, email=email)
        _send_link(letters.EMAIL, account, email, secret, real_at + EMAIL, real_at)
        audit.record("account.email_asked", subject_of(account), by=by, at=at)


def confirm_email(secret: str, *, at: datetime, real_at: datetime) -> None:
    """Take the address over that a link was sent to; the old one is told. Raises BadLink."""
    with transaction():
        link = find_link(secret, EMAIL_LINK, at=real_at)
        account, before = link.account, email_of(link.account)
        set_email(account, new_email_of(link))
        link.used_at, link.sealed_email = real_at, None
        if before is not None:
            letters.tell_change(account, "email", real_at=real_at, to=before)
        audit.record("account.email_changed", subject_of(account), by=sessions.actor_of(account), at=at)


def set_language(account_id: UUID, language: str, *, by: Actor, at: datetime) -> None:
    """The language of letters to an account: `zh_Hans` or `en`."""
    with transaction() as session:
        account = session.get_one(Account, account_id)
        account.language = language
        audit.record("account.language_set", subject_of(account), by=by, at=at, language=language)


def _set_password(account: Account, hashed: str, real_at: datetime) -> None:
    """Whoever knew the old one is out: sessions and links end."""
    account.password_hash = hashed
    sessions.end_sessions(account.id, at=real_at)
    for purpose in (PASSWORD_LINK, EMAIL_LINK):  # one to another address may be his who knew it
        _end_links(account.id, purpose, real_at)
    letters.tell_change(account, "password", real_at=real_at)


def _make_link(
    account: Account, purpose: str, life: timedelta, real_at: datetime, email: str | None = None
) -> str:
    """A link of an account, in place of those before it."""
    _end_links(account.id, purpose, real_at)
    secret = links.new_secret()
    link = AccountLink(
        secret_hash=links.hash_of(secret),
        account_id=account.id,
        purpose=purpose,
        expires_at=real_at + life,
    )
    if email is not None:
        seal_new_email(link, email)
    joined().add(link)
    return secret


def _end_links(account_id: UUID, purpose: str, real_at: datetime) -> None:
    joined().execute(
        update(AccountLink)
        .where(AccountLink.account_id == account_id, AccountLink.purpose == purpose)
        .where(AccountLink.used_at.is_(None))
        .values(used_at=real_at)
    )


def _send_link(
    letter: Letter, account: Account, to: str | None, secret: str, until: datetime, real_at: datetime
) -> None:
    assert to is not None
    values = {"name": account.name, "secret": secret, "until": until}
    letters.send(letter, to, account.language, values, real_at=real_at)
