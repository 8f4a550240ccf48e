"""Doors of a scan: check it, let its bearer through, refuse him, take it back.

A scan is one row however often it is sent. What it answered is kept with it, so the same scan gives the same
answer; whether somebody goes through is judged once more at that very second, inside the door.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from resume import audit
from resume.credential.codes import Code
from resume.credential.token import parse
from resume.credential.views import Advice, Answer, Antigen, Verdict
from resume.db import read_rows, reading, transaction
from resume.escalations.lifecycle import is_of_good_pass
from resume.escalations.steps import open_escalation
from resume.gate.answer import Check, Passage, answer_again, answer_for, passages_of
from resume.gate.document import Seen, answer_for_person
from resume.gate.lanes import Lane, gate_view, lane_of
from resume.gate.lifecycle import (
    STATED,
    WITHOUT_VERDICT,
    Action,
    may_annul,
    may_release,
    refusal_reasons,
)
from resume.gate.models import Scan
from resume.gate.trips import list_went, settle
from resume.passes.models import Pass
from resume.passes.sheets import token_of
from resume.places.models import Gate
from resume.places.queries import get_gate
from resume.refusals import Conflict, NotFound, Unprocessable
from resume.roles import Actor
from resume.sealing import sealer


class NonceTaken(Conflict):
    """The same scan number was sent with another pass."""

    code = "nonce_taken"
    message = _("这次扫码的序号已用于另一张通行证，没有登记")
    advice = _("请返回查验页再扫一次")


class AlreadyActed(Conflict):
    """A scan that was let through cannot be refused, nor the other way round."""

    code = "already_acted"
    message = _("这次查验已经有处理结果，没有改动")
    advice = _("如需更改，请重新扫码")


class AntigenMissing(Unprocessable):
    """This gate tests on the spot, and no negative result was ticked."""

    code = "antigen_missing"
    message = _("还没有现场抗原结果，没有放行")
    advice = _("请本人现场做抗原；阴性的，勾选后再放行")


class BadReason(Unprocessable):
    """Not one of the coded reasons."""

    code = "bad_reason"
    message = _("请选择不放行的原因，没有登记")
    advice = _("从列出的原因中选择一项")


class AnnulTooLate(Conflict):
    """More than 15 minutes ago, which only the street's desk can mend."""

    code = "annul_too_late"
    message = _("这次查验已超过 15 分钟，没有撤销")
    advice = _("请告诉街镇值班台，由值班台在冲突或强制放行页处理")


class AnnulFollowed(Conflict):
    """He has arrived already."""

    code = "annul_followed"
    message = _("持证人已经到达，没有撤销")
    advice = _("如登记有误，请告诉街镇值班台")


@dataclass(frozen=True, slots=True)
class ScanResult:
    """A scan as it stands: its row, the answer, and what is recorded of the trip."""

    scan: Scan
    answer: Answer
    passages: tuple[Passage, ...]


def check_scan(presented: str, *, nonce: UUID, lane: str = "", by: Actor, at: datetime) -> ScanResult:
    """Check what was presented in a lane of the guard's gate, by default its usual one; log it once.

    Raises BadNumber for a mistyped number (nothing is logged) and NonceTaken.
    """
    gate = gate_of(by)
    chosen = lane_of(gate, lane, at=at)
    digest = sealer().index("scan", _without_proof(presented))
    checked = answer_for(presented, gate=gate_view(gate, chosen), at=at)
    scan = scan_row(nonce, digest, checked, gate_id=gate.id, lane=chosen.direction, by=by, at=at)
    return log_once(scan, checked)


_OF_NONCE = select(Scan.nonce).where(Scan.nonce == bindparam("nonce"))


def log_once(scan: Scan, checked: Check) -> ScanResult:
    """Store a scan that is new; sent again, or twice at once and waited here, the first one is the answer.

    A door of its own. Raises NonceTaken.
    """
    with transaction() as session:
        is_new = read_rows(_OF_NONCE, {"nonce": scan.nonce}).first() is None
        if is_new:
            session.add(scan)
            session.flush()
    if not is_new:
        return _again(reading().get_one(Scan, scan.nonce), scan.digest, scan.gate_id)
    return ScanResult(scan, checked.answer, checked.passages)


def get_result(nonce: UUID, *, by: Actor) -> ScanResult:
    """A scan of the guard's own gate, as it was answered. NotFound."""
    return _stored(_get(reading(), nonce, by))


def let_through(nonce: UUID, *, antigen: Antigen | None = None, by: Actor, at: datetime) -> ScanResult:
    """Check the scan's pass or person once more at this second and, where that is good, record the passage.

    Where it is not good any more the result says why and nobody went through. Sent twice, one passage.
    Raises NotFound, AlreadyActed, AntigenMissing.
    """
    with transaction() as session:
        scan, gate = _get(session, nonce, by), gate_of(by)
        if scan.action == Action.LET_THROUGH:
            return _stored(scan)
        if scan.action != Action.CHECKED or (scan.pass_id is None and scan.person_key is None):
            raise AlreadyActed
        if Code.PHONE_STALE in scan.reasons:  # no second look makes a picture the live pass
            return _stored(scan)
        lane = lane_of(gate, scan.lane, at=at)
        checked = _checked_again(scan, gate, lane, antigen=antigen, at=at)
        if checked.answer.advice is Advice.TEST_ANTIGEN:
            raise AntigenMissing
        _note(scan, checked.answer)
        _note_antigen(scan, antigen, at)
        if may_release(checked.answer):
            scan.action, scan.acted_at = Action.LET_THROUGH.value, at
            if checked.found is not None:
                settle([checked.found.id], by=by, at=at)
            _audit("gate.let_through", scan, checked.found, by=by, at=at, direction=scan.lane)
        session.flush()
        passages = () if checked.found is None else passages_of(checked.found)
    return ScanResult(scan, checked.answer, passages)


def refuse(nonce: UUID, *, reason: str, by: Actor, at: datetime) -> ScanResult:
    """Send the bearer away for a coded reason. Sent twice, the first reason stays.

    Raises NotFound, AlreadyActed where he went through, BadReason.
    """
    with transaction() as session:
        scan, gate = _get(session, nonce, by), gate_of(by)
        if scan.action == Action.REFUSED:
            return _stored(scan)
        if scan.action != Action.CHECKED:
            raise AlreadyActed
        if reason not in refusal_reasons(scan.code, kind=gate.kind):
            raise BadReason
        scan.action, scan.acted_at = Action.REFUSED.value, at
        scan.refusal = scan.code if reason == STATED else reason
        if reason == Code.AG_POSITIVE:
            _note_antigen(scan, "positive", at)
        found = None if scan.pass_id is None else session.get(Pass, scan.pass_id)
        _audit("gate.refused", scan, found, by=by, at=at, reason=reason)
        if found is not None and is_of_good_pass(scan.answer, scan.advice, reason):
            open_escalation(
                nonce, gate_id=gate.id, pass_id=found.id, reason=reason, refused_at=at, by=by, at=at
            )
        session.flush()
    return _stored(scan)


def _without_proof(presented: str) -> str:
    """The same for the same pass on a phone, whatever half minute it was shown in."""
    address, hash_sign, text = presented.strip().rpartition("#")
    return address + hash_sign + text.partition(".")[0]


def annul(nonce: UUID, *, by: Actor, at: datetime) -> ScanResult:
    """Take back that somebody was let through, within 15 minutes and by the one who did. Sent twice, once.

    The passage goes with the scan it came from. Raises NotFound, AnnulTooLate, AnnulFollowed, AlreadyActed
    where nobody was let through.
    """
    with transaction() as session:
        scan = _get(session, nonce, by)
        if scan.annulled_at is not None:
            return _stored(scan)
        _check_annul(scan, by=by, at=at)
        scan.annulled_at = at
        found = None if scan.pass_id is None else session.get(Pass, scan.pass_id)
        if found is not None:
            settle([found.id], by=by, at=at)
        _audit("gate.annulled", scan, found, by=by, at=at, direction=scan.lane)
        session.flush()
    return _stored(scan)


def _check_annul(scan: Scan, *, by: Actor, at: datetime) -> None:
    if scan.guard != by.name:
        raise NotFound
    if scan.action != Action.LET_THROUGH:
        raise AlreadyActed
    if not may_annul(scan.at, at):
        raise AnnulTooLate
    if scan.pass_id is not None and scan.lane == "out":
        went = [row for row in list_went([scan.pass_id])[scan.pass_id] if not row.is_annulled]
        has_other = any(row.lane == "out" and row.nonce != scan.nonce for row in went)
        if not has_other and any(row.lane == "in" for row in went):
            raise AnnulFollowed


def gate_of(by: Actor) -> Gate:
    """The guard's own gate. NotFound for whoever has none."""
    if by.gate_id is None:
        raise NotFound
    return get_gate(by.gate_id)


def _get(session: Session, nonce: UUID, by: Actor) -> Scan:
    """A scan of the actor's gate; another gate's is not found."""
    scan = session.get(Scan, nonce)
    if scan is None or scan.gate_id != by.gate_id or scan.action in WITHOUT_VERDICT:
        raise NotFound
    return scan


def scan_row(
    nonce: UUID, digest: bytes, checked: Check, *, gate_id: int, lane: str, by: Actor, at: datetime
) -> Scan:
    """A new scan with its answer; not stored yet."""
    scan = Scan(
        nonce=nonce,
        gate_id=gate_id,
        lane=lane,
        device_id=by.device_id,
        received_at=at,
        pass_id=None if checked.found is None else checked.found.id,
        digest=digest,
        at=at,
        action=Action.CHECKED.value,
        guard=by.name,
    )
    _note(scan, checked.answer)
    return scan


def _note(scan: Scan, answer: Answer) -> None:
    scan.answer, scan.code, scan.advice = answer.verdict.value, answer.code, answer.advice.value
    scan.reasons = list(answer.reasons)


def _checked_again(scan: Scan, gate: Gate, lane: Lane, *, antigen: Antigen | None, at: datetime) -> Check:
    """The answer at this second, of the pass or else of the person, in the lane that the guard chose then."""
    if scan.pass_id is not None:
        return answer_again(scan.pass_id, gate=gate_view(gate, lane), at=at, antigen=antigen)
    assert scan.person_key is not None  # asked by the caller
    seen = Seen(antigen, scan.consented_at)
    return answer_for_person(scan.person_key, profile=lane.profile, seen=seen, at=at)


def _note_antigen(scan: Scan, antigen: Antigen | None, at: datetime) -> None:
    """The test on the spot with its result and its time."""
    scan.has_antigen = antigen is not None
    if antigen is not None:
        scan.antigen, scan.antigen_at = antigen, at


def _again(scan: Scan, digest: bytes, gate_id: int) -> ScanResult:
    if scan.gate_id != gate_id or scan.digest != digest:
        raise NonceTaken
    return _stored(scan)


def _stored(scan: Scan) -> ScanResult:
    """What a scan answered, without checking again; what the pass says is read from its own token."""
    found = None if scan.pass_id is None else reading().get_one(Pass, scan.pass_id)
    claims = None if found is None else parse(token_of(found)).claims
    answer = Answer(Verdict(scan.answer), scan.code, tuple(scan.reasons), claims, {}, Advice(scan.advice))
    return ScanResult(scan, answer, () if found is None else passages_of(found))


def _audit(action: str, scan: Scan, found: Pass | None, *, by: Actor, at: datetime, **detail: str) -> None:
    """What the guard did, with the answer he acted on; health codes stay in the scan's row."""
    subject = f"gate:{scan.gate_id}" if found is None else f"pass:{found.number}"
    audit.record(
        action, subject, by=by, at=at, gate=scan.gate_id, scan=str(scan.nonce), answer=scan.answer, **detail
    )
