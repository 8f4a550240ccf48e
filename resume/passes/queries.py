"""Reading passes. What a firm reads asks for its `firm_id`; another firm's pass is not found.

The status of a pass is the first that holds of: revoked, replaced, used, expired, suspended, active
(formats). It is written once for rows (`status_of`) and once for SQL (`status_column`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import BindParameter, ColumnElement, case, func, literal, or_, select

from resume.applications.models import Application, Batch, Decision
from resume.credential.number import BadNumber, parse_number
from resume.db import in_chunks, reading
from resume.passes.choice import Choice
from resume.passes.lifecycle import Status
from resume.passes.models import Pass, Sheet, Suspension
from resume.refusals import NotFound

EVERYTHING = Choice()


class UnknownPass(NotFound):
    """No pass has this number."""

    code = "unknown_pass"
    message = _("没有这个编号的通行证")
    advice = _("请核对编号：12 位数字和 1 位校验字符")


class UnknownCase(NotFound):
    """No case has this id, and no pass this number."""

    code = "unknown_case"
    message = _("没有这个申请")
    advice = _("请给出申请的编号（resume pass show 的 case），或其中一张通行证的编号")


def suspended_at(at: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """A cause holds the pass at `at`, a moment or one bound later."""
    return (
        select(Suspension.id)
        .where(Suspension.pass_id == Pass.id, Suspension.since <= at)
        .where(or_(Suspension.ended_at.is_(None), Suspension.ended_at > at))
        .exists()
    )


def status_column(at: datetime) -> ColumnElement[str]:
    """The status of each pass at `at`."""
    return case(
        (Pass.revoked_at <= at, literal(Status.REVOKED.value)),
        (Pass.replaced_at <= at, literal(Status.REPLACED.value)),
        (Pass.in_at <= at, literal(Status.USED.value)),
        (Pass.expires_at <= at, literal(Status.EXPIRED.value)),
        (suspended_at(at), literal(Status.SUSPENDED.value)),
        else_=literal(Status.ACTIVE.value),
    )


def status_of(found: Pass, *, at: datetime) -> Status:
    """The status of a pass at `at`, now or in the past. One query at most."""
    for moment, status in (
        (found.revoked_at, Status.REVOKED),
        (found.replaced_at, Status.REPLACED),
        (found.in_at, Status.USED),
        (found.expires_at, Status.EXPIRED),
    ):
        if moment is not None and moment <= at:
            return status
    is_held = reading().scalar(select(Pass.id).where(Pass.id == found.id, suspended_at(at)))
    return Status.SUSPENDED if is_held else Status.ACTIVE


def get_pass(number: str) -> Pass:
    """The pass of a number as people type it. UnknownPass where there is none or it is mistyped."""
    try:
        stored = parse_number(number)
    except BadNumber:
        raise UnknownPass from None
    found = reading().scalars(select(Pass).where(Pass.number == stored)).first()
    if found is None:
        raise UnknownPass
    return found


def get_case_of(name: str) -> Application:
    """A case by its id, or by the number of a pass that was issued in it. UnknownCase where there is none."""
    try:
        case_id = UUID(name)
    except ValueError:
        try:
            case_id = get_pass(name).application_id
        except UnknownPass:
            raise UnknownCase from None
    found = reading().get(Application, case_id)
    if found is None:
        raise UnknownCase
    return found


def find_pass(pass_id: UUID) -> Pass | None:
    """The pass of a token's `cti`, or None."""
    return reading().get(Pass, pass_id)


def get_of_firm(number: str, *, firm_id: int) -> Pass:
    """One of this firm's passes, or UnknownPass."""
    found = get_pass(number)
    if found.firm_id != firm_id:
        raise UnknownPass
    return found


def chosen(choice: Choice, *, firm_id: int, at: datetime) -> list[ColumnElement[bool]]:
    """The conditions on a firm's passes that `choice` asks for; they speak of Pass alone."""
    found = [Pass.firm_id == firm_id, Pass.issued_at <= at]
    if choice.status is not None:
        found.append(status_column(at) == choice.status.value)
    if choice.site_id is not None:
        found.append(Pass.site_id == choice.site_id)
    if choice.batch_id is not None:
        found.append(Pass.decision_id.in_(select(Decision.id).where(Decision.batch_id == choice.batch_id)))
    if choice.sheet:
        is_made = select(Sheet.pass_id).where(Sheet.pass_id == Pass.id).correlate(Pass).exists()
        found.append(is_made if choice.sheet == "ready" else ~is_made & (Pass.medium == "paper"))
    if choice.number:
        found.append(Pass.number.contains(choice.number, autoescape=True))
    return found


def list_of_firm(
    *, firm_id: int, at: datetime, choice: Choice = EVERYTHING, limit: int = 50, offset: int = 0
) -> Sequence[tuple[Pass, Status, bool]]:
    """Passes of a firm, newest first: pass, status at `at`, whether its sheet is ready. One query."""
    query = (
        select(Pass, status_column(at), Sheet.pass_id.is_not(None))
        .outerjoin(Sheet, Sheet.pass_id == Pass.id)
        .where(*chosen(choice, firm_id=firm_id, at=at))
        .order_by(Pass.issued_at.desc(), Pass.number)
    )
    rows = reading().execute(query.limit(limit).offset(offset))
    return [(found, Status(word), bool(is_ready)) for found, word, is_ready in rows]


def count_by_status(*, firm_id: int, at: datetime, choice: Choice = EVERYTHING) -> dict[Status, int]:
    """How many passes of a firm stand where, every status named; whatever status `choice` asks for."""
    conditions = chosen(replace(choice, status=None), firm_id=firm_id, at=at)
    inner = select(status_column(at).label("status")).where(*conditions).subquery()
    counted = reading().execute(select(inner.c.status, func.count()).group_by(inner.c.status))
    found = {Status(word): count for word, count in counted}
    return {each: found.get(each, 0) for each in Status}


def list_of_person(
    person_key: bytes, *, firm_id: int, at: datetime, limit: int = 5
) -> Sequence[tuple[Pass, Status, bool]]:
    """A person's passes as a worker of this firm, newest first, as `list_of_firm` gives them. One query."""
    query = (
        select(Pass, status_column(at), Sheet.pass_id.is_not(None))
        .outerjoin(Sheet, Sheet.pass_id == Pass.id)
        .where(Pass.person_key == person_key, Pass.firm_id == firm_id, Pass.issued_at <= at)
        .order_by(Pass.issued_at.desc(), Pass.number)
    )
    rows = reading().execute(query.limit(limit))
    return [(found, Status(word), bool(is_ready)) for found, word, is_ready in rows]


def find_in_force(person_key: bytes, *, firm_id: int, at: datetime) -> Pass | None:
    """The pass that a person can use as a worker of this firm, or could were it not suspended. One query."""
    query = select(Pass).where(Pass.person_key == person_key, Pass.firm_id == firm_id, Pass.is_live.is_(True))
    in_force = status_column(at).in_([Status.ACTIVE.value, Status.SUSPENDED.value])
    return reading().scalars(query.where(in_force).order_by(Pass.issued_at.desc(), Pass.number)).first()


def list_batches(*, firm_id: int) -> Sequence[tuple[Batch, int]]:
    """The firm's batches, newest first, with the number of the case each belongs to. One query."""
    query = (
        select(Batch, Application.number)
        .join(Application, Application.id == Batch.application_id)
        .where(Application.firm_id == firm_id)
        .order_by(Batch.at.desc(), Batch.id)
    )
    return [(batch, number) for batch, number in reading().execute(query)]


def iterate_passes(*, at: datetime, status: Status | None = None) -> Iterator[tuple[Pass, Status]]:
    """Every pass issued by `at` by number, with its status then, in bounded memory."""
    query = select(Pass, status_column(at)).where(Pass.issued_at <= at)
    if status is not None:
        query = query.where(status_column(at) == status.value)
    for found, word in reading().execute(query.order_by(Pass.number).execution_options(yield_per=2000)):
        yield found, Status(word)


def under_way(at: datetime, *, trip_hours: int) -> ColumnElement[bool]:
    """Whose bearer went out with the pass and may still arrive at `at`: evidence binds at the exit."""
    left_since = at - timedelta(hours=trip_hours)
    return Pass.is_live.is_(True) & (Pass.out_at >= left_since) & Pass.in_at.is_(None)


def list_open_suspensions(pass_ids: Collection[UUID]) -> dict[UUID, list[Suspension]]:
    """What holds each of the passes now, oldest first."""
    found: dict[UUID, list[Suspension]] = {}
    for chunk in in_chunks(sorted(pass_ids)):
        query = select(Suspension).where(Suspension.pass_id.in_(chunk), Suspension.ended_at.is_(None))
        for row in reading().scalars(query.order_by(Suspension.since, Suspension.code, Suspension.cause)):
            found.setdefault(row.pass_id, []).append(row)
    return found
