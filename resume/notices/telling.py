"""Telling people, as a step of the door that did what they are told of.

Notices commit with their cause or not at all (docs/adr/0020-notices-are-made-with-their-cause.md). However
many firms and passes an event concerns, a fixed number of statements tells everybody. What is told twice
under one key is one notice: the second adds to it or changes nothing, as its kind says.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select, update

from resume.accounts.models import Account
from resume.bulk import insert_rows
from resume.db import joined, new_id
from resume.notices.kinds import KINDS, Channel
from resume.notices.letters import send_later, send_letters
from resume.notices.models import Notice
from resume.notices.queries import channels_of
from resume.roles import Role
from resume.sets import within

#: A role with its district (a street's desk with its street), or with its firm.
Desk = tuple[Role, str | None, str | None, int | None]


@dataclass(frozen=True, slots=True)
class News:
    """One thing to be told to the HR of a firm (`firm_id` alone), to a district's `role`, or to the desk of
    a street of it (`street` "": to all of them).

    `key` (at most 70 characters) names the occasion within its kind. `firm_id` is also the firm that a
    district's news is about. `values`: what the kind's sentence needs; `link`: a path of ours.
    """

    kind: str
    key: str
    reference: str
    link: str
    values: Mapping[str, Any]
    firm_id: int
    district_code: str | None = None
    role: Role = Role.HR
    street: str | None = None

    @property
    def desk(self) -> Desk:
        """Whose it is to know: a role, with its district and street, or its firm."""
        return (self.role, self.district_code, self.street, None if self.district_code else self.firm_id)


def tell_firm(
    kind: str, firm_id: int, *, key: str, reference: str, link: str, at: datetime, **values: object
) -> int:
    """A step: tell the HR of a firm. How many accounts have the notice that had none."""
    return tell([News(kind, key, reference, link, values, firm_id)], at=at)


def tell_district(
    kind: str,
    district_code: str,
    *,
    role: Role,
    firm_id: int,
    key: str,
    reference: str,
    link: str,
    at: datetime,
    **values: object,
) -> int:
    """A step: tell those of a district who have this role, about a firm."""
    return tell([News(kind, key, reference, link, values, firm_id, district_code, role)], at=at)


def tell(news: Sequence[News], *, at: datetime, is_more_coming: bool = False) -> int:
    """A step: tell everybody concerned; the number of new notices.

    `is_more_coming`: more of the same occasion follows in later doors, so letters wait for `send_letters`
    (or a quarter of an hour) and then say all of it.
    """
    accounts = _accounts(news)
    if not accounts:
        return 0
    channels = channels_of({account.id for account in accounts})
    known = _known(news, accounts)
    rows: list[dict[str, Any]] = []
    by_desk: dict[Desk, list[News]] = {}
    for one in news:
        by_desk.setdefault(one.desk, []).append(one)
    for account in accounts:
        for one in (one for desk in _desks_of(account) for one in by_desk.get(desk, ())):
            if channels(account.id, one.kind) is Channel.OFF:
                continue
            notice = known.get((account.id, one.kind, one.key))
            if notice is None:
                rows.append(_row(one, account, at))
            else:
                _add(notice, one, at)
    joined().flush()
    insert_rows(Notice, rows)
    keys = sorted({one.key for one in news})
    if is_more_coming:
        send_later(keys)
    else:
        send_letters(keys)
    return len(rows)


def settle(reference: str, kinds: Collection[str], *, at: datetime) -> None:
    """A step: what these kinds say of it waits for nobody any more, so they are read. One statement."""
    mine = (Notice.reference == reference, Notice.kind.in_(sorted(kinds)), Notice.read_at.is_(None))
    joined().execute(update(Notice).where(*mine).values(read_at=at))


def _accounts(news: Sequence[News]) -> Sequence[Account]:
    """All who may have to be told, by their role and scope. One query."""
    wanted: list[ColumnElement[bool]] = []
    firms = {one.firm_id for one in news if one.district_code is None}
    if firms:
        wanted.append(and_(Account.role == Role.HR.value, within(Account.firm_id, firms)))
    desks = {(one.role, one.district_code) for one in news if one.district_code is not None}
    if desks:
        roles, districts = {str(role) for role, _ in desks}, {str(district) for _, district in desks}
        wanted.append(and_(within(Account.role, roles), within(Account.district_code, districts)))
    if not wanted:
        return ()
    query = select(Account).where(Account.is_disabled.is_(False), or_(*wanted))
    return joined().scalars(query.order_by(Account.id)).all()


def _desks_of(account: Account) -> list[Desk]:
    """As whom it is told: a street's desk also of what is any desk's of its district."""
    role, district = Role(account.role), account.district_code
    if role is Role.STREET:
        return [(role, district, street, None) for street in (account.street, "")]
    return [(role, district, None, None if district else account.firm_id)]


def _known(news: Sequence[News], accounts: Collection[Account]) -> dict[tuple[UUID, str, str], Notice]:
    """The notices of these occasions that are there already. One query."""
    query = select(Notice).where(
        within(Notice.key, {one.key for one in news}),
        within(Notice.kind, {one.kind for one in news}),
        within(Notice.account_id, {account.id for account in accounts}),
    )
    return {(found.account_id, found.kind, found.key): found for found in joined().scalars(query)}


def _add(notice: Notice, one: News, at: datetime) -> None:
    merge = KINDS[one.kind].merge
    if merge is not None:
        notice.values = merge(notice.values, one.values)
        notice.at, notice.read_at = at, None


def _row(one: News, account: Account, at: datetime) -> dict[str, Any]:
    if account.role not in KINDS[one.kind].roles:
        raise KeyError(one.kind)
    return {
        "id": new_id(),
        "account_id": account.id,
        "kind": one.kind,
        "key": one.key,
        "firm_id": one.firm_id,
        "reference": one.reference,
        "link": one.link,
        "values": dict(one.values),
        "at": at,
        "read_at": None,
    }
