"""Doors of the worker's page: open it, set the code of one's own, have a forgotten one taken away.

`at` is domain time (the audit's), `real_at` real time (sessions', throttling's).
"""

from __future__ import annotations

import hmac
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import delete, select

from resume import audit
from resume.accounts import passwords, throttle
from resume.db import reading, transaction
from resume.disclosure.models import PersonalCode
from resume.disclosure.queries import Bearer, find_code, find_of_row, find_typed
from resume.disclosure.throttle import ABOUT, FROM, subject_of
from resume.firms.queries import get_firm
from resume.objections.lifecycle import Key
from resume.people.identify import number_key_of
from resume.people.queries import persons_of_number
from resume.refusals import NotAllowed, NotFound, Text, Unprocessable
from resume.roles import PUBLIC, Actor
from resume.roster.details import open_details
from resume.roster.models import Claim, Worker
from resume.sealing import sealer

SHORTEST_CODE, LONGEST_CODE = 6, 40


class WrongKey(Unprocessable):
    """Number, link, last four or code is wrong, or nobody has it; which one is not said."""

    code = "wrong_key"
    message = _("填写的内容对不上")
    advice = _("请核对编号或查询链接、证件末四位和查看密码；连续 5 次不对将暂停 15 分钟")


class WeakCode(Unprocessable):
    """A code that the firm's HR or a stranger would guess."""

    code = "weak_code"
    message = _("这个查看密码容易被猜到，没有设置")
    advice = _("至少 6 位；不用连续或相同的数字，不用证件、手机号码中的数字")


class CodeIsSet(Unprocessable):
    """There is a code already; whoever does not know it has it taken away by the district first."""

    code = "code_is_set"
    message = _("查看密码已经设置过，没有更改")
    advice = _("请填写您设置的查看密码；忘记的，请带证件请所属区审核员清除后重新设置")


class CodeByLinkOnly(NotAllowed):
    """A pass number stands on the sheet: whoever reads it there could set a code before its bearer does."""

    code = "code_by_link_only"
    message = _("用编号打开的页面不能设置查看密码")
    advice = _("请用本人查询链接打开；链接可请本单位人事再打印")


class NobodyFound(NotFound):
    """No worker of the district has this number."""

    code = "nobody_found"
    message = _("本区没有这个编号或证件号码的员工")
    advice = _("请核对通行证编号或证件号码；员工须在本区企业已提交的名单上")


@dataclass(frozen=True, slots=True)
class Entry:
    """An opened page: whose it is, by what it was opened, and (a mark of) the code that opened it."""

    worker_id: UUID
    key: Key
    by_link: bool
    code_mark: str


def enter(typed: str, last_four: str, code: str, *, address: str, at: datetime, real_at: datetime) -> Entry:
    """Open the page of whoever has this number or key, these last four, and (where given) this code.

    Raises TooManyTries, WrongKey. Wrong and unknown take the same steps.
    """
    bearer = find_typed(typed)
    who = subject_of(typed) if bearer is None else str(bearer.worker.id)
    page, of_code = (ABOUT, f"own-page:{who}"), (ABOUT, _code_subject(who))
    asked = (page, (FROM, address), of_code) if code else (page, (FROM, address))
    throttle.refuse(*asked, at=real_at)
    kept = find_code(bearer) if bearer is not None else None
    is_his = _has_last_four(bearer, last_four)
    # A code is asked of whom there is none, too, so that the time does not tell: argon2 takes its own.
    is_own = bool(code) and passwords.is_right(code, None if kept is None else kept.code_hash)
    is_wrong_code = bool(code) and kept is not None and not is_own
    if bearer is None or not is_his or is_wrong_code or not (bearer.is_claimed or is_own):
        with transaction():
            throttle.count(*asked, at=real_at)
        raise WrongKey
    key = Key.OWN if is_own else Key.LINK if bearer.by_link else Key.NUMBER
    with transaction():
        throttle.forget(*page)
        if is_own:  # only the code itself forgives guesses at it: HR has link and last four
            throttle.forget(*of_code)
        _note_opening(bearer, key, at)
    return Entry(bearer.worker.id, key, bearer.by_link, _mark(kept) if is_own else "")


def unlock(entry: Entry, code: str, *, address: str, at: datetime, real_at: datetime) -> Entry:
    """Show the reasons too: with the code there is, or with a new one, which becomes his from now on.

    A first code is set by link only: a number stands on the sheet, for all to read. Raises TooManyTries,
    WrongKey, WeakCode, CodeByLinkOnly, NotFound for a page that is closed by now.
    """
    bearer = find_of_row(entry.worker_id, by_link=entry.by_link)
    if bearer is None or not bearer.is_claimed:
        raise NotFound
    kept = find_code(bearer)
    if kept is None:
        return _set_code(bearer, code, by=PUBLIC, at=at, real_at=real_at)
    subject = _code_subject(str(bearer.worker.id))
    throttle.refuse((ABOUT, subject), (FROM, address), at=real_at)
    is_right = passwords.is_right(code, kept.code_hash)
    with transaction():
        if is_right:
            throttle.forget(ABOUT, subject)
            _note_opening(bearer, Key.OWN, at)
        else:
            throttle.count((ABOUT, subject), (FROM, address), at=real_at)
    if not is_right:
        raise WrongKey
    return Entry(bearer.worker.id, Key.OWN, entry.by_link, _mark(kept))


def _set_code(bearer: Bearer, code: str, *, by: Actor, at: datetime, real_at: datetime) -> Entry:
    if not bearer.by_link:
        raise CodeByLinkOnly
    if weakness(code, bearer) is not None:
        raise WeakCode
    kept = PersonalCode(
        person_key=bearer.worker.person_key,
        firm_id=bearer.firm_id,
        code_hash=passwords.hashed(code),
        set_at=real_at.replace(microsecond=0),
    )
    with transaction() as session:
        if find_code(bearer) is not None:  # somebody was faster
            raise CodeIsSet
        session.add(kept)
        session.flush()
        audit.record("disclosure.code_set", bearer.subject, by=by, at=at)
    return Entry(bearer.worker.id, Key.OWN, bearer.by_link, _mark(kept))


def weakness(code: str, bearer: Bearer) -> Text | None:
    """Why this code will not do for him, or None. HR knows his document and his phone."""
    plain = "".join(unicodedata.normalize("NFKC", code).split()).casefold()
    details = open_details(bearer.worker)
    if not SHORTEST_CODE <= len(plain) <= LONGEST_CODE:
        return WeakCode.message
    steps = {ord(b) - ord(a) for a, b in pairwise(plain)}
    known = (details.document_number.casefold(), details.phone)
    if len(steps) == 1 and steps <= {-1, 0, 1}:
        return WeakCode.message
    return WeakCode.message if any(plain in each for each in known) or len(set(plain)) < 3 else None


def clear_code(number: str, *, by: Actor, at: datetime) -> UUID:
    """A reviewer has seen the person and his document: the forgotten code goes, a new one can be set.

    `number`: a pass number, or the whole number of a document. The worker's row is returned; NobodyFound
    outside the reviewer's district. It is no secret to the person: his page says when it was.
    """
    with transaction() as session:
        bearer = _of_district(number, by)
        session.execute(
            delete(PersonalCode).where(
                PersonalCode.person_key == bearer.worker.person_key, PersonalCode.firm_id == bearer.firm_id
            )
        )
        audit.record("disclosure.code_cleared", bearer.subject, by=by, at=at)
    return bearer.worker.id


def _of_district(number: str, by: Actor) -> Bearer:
    bearer = find_typed(number)
    if bearer is None:
        worker_id = _claimed_row(number)
        bearer = None if worker_id is None else find_of_row(worker_id, by_link=False)
    if bearer is None or get_firm(bearer.firm_id).district_code != by.district_code:
        raise NobodyFound
    return bearer


def _claimed_row(number: str) -> UUID | None:
    """The row of the person with this document on the list that claims him."""
    persons = persons_of_number(number_key_of(number))
    query = (
        select(Worker.id)
        .join(Claim, (Claim.list_id == Worker.list_id) & (Claim.person_key == Worker.person_key))
        .where(Claim.person_key.in_(persons))
    )
    return reading().scalars(query.order_by(Worker.row)).first()


def _has_last_four(bearer: Bearer | None, typed: str) -> bool:
    """Whether these are the last four of his document; for nobody as much is opened and compared."""
    given = "".join(unicodedata.normalize("NFKC", typed).split()).upper()
    if bearer is None:
        decoy = sealer().seal(["decoy"] * 11, place="decoy")
        sealer().open(decoy, place="decoy")
        right = "####"
    else:
        right = open_details(bearer.worker).document_number[-4:].upper()
    return hmac.compare_digest(given.encode(), right.encode()) and bearer is not None


def _code_subject(who: str) -> str:
    """Guesses at one person's code, on whichever page, by whichever of his numbers and keys."""
    return f"own-code:{who}"


def _mark(kept: PersonalCode | None) -> str:
    """Tells one code from the next, and says nothing of it."""
    return "" if kept is None else sealer().index("code-mark", kept.code_hash).hex()[:16]


def code_mark_of(bearer: Bearer) -> str:
    """The mark of the code that is set now; a page that was opened with another one is closed."""
    return _mark(find_code(bearer))


def _note_opening(bearer: Bearer, key: Key, at: datetime) -> None:
    """Whoever else opens his page, he sees that it was opened, when, and with what."""
    audit.record("disclosure.opened", bearer.subject, by=PUBLIC, at=at, key=key.value)
