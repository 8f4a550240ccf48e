"""Doors of the review: recommend, return, refuse, sign off, a later batch for those kept back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from resume.applications.lifecycle import State, find_move
from resume.applications.models import Application, Batch
from resume.applications.queries import find_in_force
from resume.applications.returned import LIST, WHOLE, note_return, part_title
from resume.applications.steps import AnotherWasFaster, SameHands, move, note_event, what_happened
from resume.applications.telling import tell_hr, tell_reviewers
from resume.db import joined, transaction
from resume.passes.issue import EvidenceMoved, Prepared, prepare, write
from resume.passes.leaving import follow_list
from resume.passes.reassess import Scope, reassess
from resume.plans.models import Plan
from resume.plans.sections import BY_KEY
from resume.refusals import Conflict, NotAllowed, Unprocessable
from resume.review.queries import anybody_left, get_case, list_without_pass, list_workers
from resume.roles import Actor, Role
from resume.roster.models import Worker

ATTEMPTS = 3
T = TypeVar("T")


class ReasonMissing(Unprocessable):
    """A return or a refusal without a reason."""

    code = "reason_missing"
    message = _("没有写明原因，没有退回或拒绝")
    advice = _("请至少写明一项原因，企业据此修改")


class NobodyWithheld(Conflict):
    """Every worker of the case holds a pass."""

    code = "nobody_withheld"
    message = _("本申请没有暂缓人员，无须补批")
    advice = _("请刷新页面查看最新情况")


class CaseFollowed(Conflict):
    """A newer case of the firm was approved: its list counts, not this one's."""

    code = "case_followed"
    message = _("企业已有更新的申请获批，本申请的名单不再补批")
    advice = _("请打开企业最新获批的申请，在那里补批")


class PlanNotInForce(Conflict):
    """A later batch needs an approved plan that stands."""

    code = "plan_not_in_force"
    message = _("企业方案不在批准状态，不能补批")
    advice = _("请先处理企业方案；恢复批准后再补批")


def recommend(application_id: UUID, *, revision: int, note: str = "", by: Actor, at: datetime) -> Application:
    """Recommend a case for signature. Raises AnotherWasFaster, NotAllowed, NotFound."""
    with transaction():
        case = get_case(application_id, district_code=by.district_code)
        recommended = move(case, to=State.RECOMMENDED, revision=revision, by=by, at=at, note=note)
        tell_reviewers("to_sign", recommended, role=Role.SIGN_OFF, at=at)
        return recommended


def send_back(
    application_id: UUID, *, revision: int, reasons: Mapping[str, str], by: Actor, at: datetime
) -> Application:
    """Return a case with reasons, part -> what to change: sections by key, `list`, or `case` for the whole.

    Raises ReasonMissing; ValueError for a part that a case does not have.
    """
    written = {part: text.strip() for part, text in reasons.items() if text.strip()}
    if not written:
        raise ReasonMissing
    if unknown := written.keys() - {*BY_KEY, LIST, WHOLE}:
        raise ValueError(f"no part of a case: {sorted(unknown)}")
    said = "\n".join(f"{part_title(part)}：{text}" for part, text in written.items())
    with transaction():
        case = get_case(application_id, district_code=by.district_code)
        move(case, to=State.RETURNED, revision=revision, by=by, at=at, note=said)
        note_return(case, written, by=by, at=at)
        tell_hr("returned", case, at=at, sections=len(written))
        return case


def refuse(application_id: UUID, *, revision: int, reason: str, by: Actor, at: datetime) -> Application:
    """Refuse a case for good. Raises ReasonMissing and as `recommend`."""
    if not reason.strip():
        raise ReasonMissing
    with transaction():
        case = get_case(application_id, district_code=by.district_code)
        refused = move(case, to=State.REFUSED, revision=revision, by=by, at=at, note=reason.strip())
        tell_hr("refused", refused, at=at)
        return refused


def sign_off(application_id: UUID, *, revision: int, by: Actor, at: datetime) -> Batch:
    """Sign a recommended case: its plan is in force, every eligible worker has a pass, the rest is withheld.

    Passes of earlier lists follow: who is gone, or is listed otherwise and withheld, keeps none.
    Evaluation and minting happen before the transaction; where evidence changes meanwhile they are done
    again, at most three times. Raises EvidenceMoved after that, AnotherWasFaster, SameHands, NotAllowed.
    """

    def attempt() -> Batch:
        case = get_case(application_id, district_code=by.district_code)
        _refuse_early(case, revision, by)
        prepared = prepare(list_workers(case), application=case, at=at)
        with transaction():
            return _approve(prepared, revision=revision, by=by, at=at)

    return _while_evidence_moves(attempt)


def _refuse_early(case: Application, revision: int, by: Actor) -> None:
    """What `move` will refuse inside the door, before 10,000 tokens are minted for nothing."""
    step = find_move(State(case.state), State.APPROVED)
    if case.revision != revision or step is None:
        raise AnotherWasFaster(what_happened(case))
    if by.role not in step.roles:
        raise NotAllowed
    if case.recommended_by in (None, by.account_id):
        raise SameHands


def _approve(prepared: Prepared, *, revision: int, by: Actor, at: datetime) -> Batch:
    case = get_case(prepared.application_id, district_code=by.district_code)
    was_in_force = _plan_state(case.firm_id) == "approved"
    numbers = _numbers(prepared)
    move(case, to=State.APPROVED, revision=revision, by=by, at=at, note=numbers)
    if not was_in_force:  # passes that the plan's suspension held come back with it
        joined().flush()
        reassess(scope=Scope(firm_ids=frozenset([case.firm_id])), at=at, by=by)
    batch = _store(prepared, case, is_later=False, by=by)
    follow_list(case, by=by, at=at)
    return batch


def approve_withheld(application_id: UUID, *, by: Actor, at: datetime) -> Batch:
    """A later batch for the workers of an approved case who hold no pass; those eligible now get one.

    Raises NobodyWithheld, CaseFollowed, PlanNotInForce, EvidenceMoved, NotFound.
    """

    def attempt() -> Batch:
        case = get_case(application_id, district_code=by.district_code)
        workers = _later_workers(case, at)
        prepared = prepare(workers, application=case, at=at)
        with transaction():
            case = get_case(application_id, district_code=by.district_code)
            if case.revision != prepared.revision:
                raise EvidenceMoved
            _refuse_followed(case)
            if _plan_state(case.firm_id) != "approved":
                raise PlanNotInForce
            if anybody_left(case, prepared.person_keys):
                raise EvidenceMoved
            case.revision += 1
            note_event(case, "approved", by=by, at=at, note=f"补批：{_numbers(prepared)}")
            return _store(prepared, case, is_later=True, by=by)

    return _while_evidence_moves(attempt)


def _later_workers(case: Application, at: datetime) -> Sequence[Worker]:
    if State(case.state) is not State.APPROVED:
        raise AnotherWasFaster(what_happened(case))
    _refuse_followed(case)
    workers = list_without_pass(case, at=at)
    if not workers:
        raise NobodyWithheld
    return workers


def _refuse_followed(case: Application) -> None:
    in_force = find_in_force(firm_id=case.firm_id)
    if in_force is None or in_force.id != case.id:
        raise CaseFollowed


def _store(prepared: Prepared, case: Application, *, is_later: bool, by: Actor) -> Batch:
    batch = write(prepared, by=by)
    case.withheld = batch.withheld
    joined().flush()
    tell_hr(
        "approved", case, key=str(batch.id), at=prepared.at,
        approved=batch.approved, withheld=batch.withheld, is_later=is_later,
    )  # fmt: skip
    return batch


def _numbers(prepared: Prepared) -> str:
    return f"批准 {len(prepared.pass_ids)} 人，暂缓 {prepared.withheld.total()} 人"


def _plan_state(firm_id: int) -> str | None:
    return joined().scalar(select(Plan.state).where(Plan.firm_id == firm_id))


def _while_evidence_moves(attempt: Callable[[], T]) -> T:
    for _again in range(ATTEMPTS - 1):
        try:
            return attempt()
        except EvidenceMoved:
            continue
    return attempt()
