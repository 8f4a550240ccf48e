"""The checks of a pass at a gate, in their order, on line and off line alike.

shape -> key -> signature -> phone -> time -> status -> profile of this gate -> evidence at this
moment -> trip. Up to the signatures (the issuer's, and for a pass on a phone the phone's) the first
failure ends the check, since nothing an unproven token says is worth judging. After them all are
asked, and the answer is the worst: a specimen is grey whatever else is true, a reason that stops is
red, one that only means "this gate cannot know" is amber. Not known is never green.

The layer `phone` is there only for a pass on a phone: a proof that the phone did not make is
forged, none at all or an old one is stale, and neither is eased for who is under way, since opening
the live pass is his to do.

Evidence binds at the exit. At the plant gate of a pass whose exit is recorded, evidence,
suspension and the end of validity no longer refuse: they give amber and the advice to admit to
observation, since a worker under way must not be stranded between two gates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from resume.credential.codes import Code
from resume.credential.cose import Malformed, is_signed_by
from resume.credential.keys import KeySet
from resume.credential.payload import Claims
from resume.credential.token import Token, parse
from resume.credential.views import (
    Advice,
    Answer,
    Antigen,
    EvidenceAnswer,
    GateView,
    PassStatus,
    TripView,
    Verdict,
)

LAYERS = ("shape", "key", "signature", "time", "status", "gate", "evidence", "trip")
PHONE_LAYERS = (*LAYERS[:3], "phone", *LAYERS[3:])
LIST_GIVES_GREEN = timedelta(hours=4)  # age of the status behind a green
LIST_RELEASES = timedelta(hours=24)  # beyond, nobody goes but medical exits
NO_TRIP = TripView()


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that stands against passage; `eased` when it would refuse but for the trip under way."""

    layer: str
    code: str
    verdict: Verdict
    eased: bool = False


@dataclass(frozen=True, slots=True)
class _Scene:
    """A genuine token at a gate, and all that is known at this moment."""

    token: Token
    at: datetime
    gate: GateView
    status: PassStatus | None
    status_as_of: datetime | None
    evidence: EvidenceAnswer | None
    trip: TripView
    antigen: Antigen | None
    ask_phone: bool

    @property
    def claims(self) -> Claims:
        return self.token.claims

    @property
    def is_under_way(self) -> bool:
        return self.gate.kind == "plant" and self.trip.is_under_way(self.at)

    def refusal(self, layer: str, code: str) -> Reason:
        """Red, or amber where the exit was already granted."""
        if self.is_under_way:
            return Reason(layer, code, Verdict.AMBER, eased=True)
        return Reason(layer, code, Verdict.RED)


def check(
    presented: str | bytes | Token,
    keys: KeySet,
    *,
    at: datetime,
    gate: GateView,
    status_of: Callable[[Claims], PassStatus | None],
    evidence: Callable[[Claims], EvidenceAnswer | None] = lambda _: None,
    trip: TripView = NO_TRIP,
    antigen: Antigen | None = None,
    status_as_of: datetime | None = None,
    ask_phone: bool = True,
) -> Answer:
    """Judge a scanned text, its base32, or raw COSE (or the token that `parse` made of it).

    `at` is the moment, aware; fractions are cut.
    `status_of` gives None where the status is not known; `status_as_of` is the age of that
    knowledge, None when it is live. `evidence` gives None where it cannot be evaluated (off line).
    `antigen` is the result of the test on the spot, None when none was made. `ask_phone` False asks
    a pass on a phone for no proof: its number was typed, or this is a second look at one whose proof
    was seen; possession is then not known, and the layer says so.
    """
    at = at.replace(microsecond=0)
    token, reasons = _prove(presented, keys)
    if token is None or reasons:
        return _refused_unproven(token, reasons)
    scene = _Scene(
        token=token,
        at=at,
        gate=gate,
        status=status_of(token.claims),
        status_as_of=status_as_of,
        evidence=evidence(token.claims),
        trip=trip,
        antigen=antigen,
        ask_phone=ask_phone,
    )
    return _answer(scene, tuple(_judge(scene)))


def _prove(presented: str | bytes | Token, keys: KeySet) -> tuple[Token | None, tuple[Reason, ...]]:
    """The token of the right shape, and what speaks against its key and signature."""
    try:
        token = presented if isinstance(presented, Token) else parse(presented)
    except Malformed:
        return None, (Reason("shape", Code.MALFORMED, Verdict.RED),)
    claims = token.claims
    purpose = claims.payload.profile
    judged = keys.judge(token.kid, issuer=claims.iss, purpose=purpose, issued_at=claims.iat)
    reasons = [] if judged is Code.OK else [Reason("key", judged, Verdict.RED)]
    entry = keys.find_entry(token.kid)
    if (
        entry is not None
        and judged is not Code.KEY_UNKNOWN
        and not is_signed_by(token.envelope, entry.public_key)
    ):
        reasons.append(Reason("signature", Code.FORGED, Verdict.RED))
    if not reasons and not _is_proof_genuine(token):
        reasons.append(Reason("phone", Code.FORGED, Verdict.RED))
    return token, tuple(reasons)


def _is_proof_genuine(token: Token) -> bool:
    """True when the phone made the proof, and where there is none to verify."""
    key, proof = token.claims.phone_key, token.proof
    return key is None or proof is None or proof.is_made_by(key, token.claims.cti)


def _refused_unproven(token: Token | None, reasons: tuple[Reason, ...]) -> Answer:
    codes = tuple(reason.code for reason in reasons)
    layers = dict.fromkeys(LAYERS if token is None else _layers_for(token.claims), "unchecked")
    if codes[0] == Code.MALFORMED:
        layers["shape"] = "broken"
    else:
        layers["shape"] = "good"
        layers["key"] = "good" if codes[0] == Code.FORGED else "refused"
        if codes[0] != Code.KEY_UNKNOWN:
            layers["signature"] = "good"
        for reason in reasons:
            if reason.code == Code.FORGED:
                layers[reason.layer] = "broken"
    return Answer(Verdict.RED, codes[0], codes, None, layers, Advice.REFUSE)


def _judge(scene: _Scene) -> Iterator[Reason]:
    if scene.claims.payload.specimen:
        yield Reason("status", Code.SPECIMEN, Verdict.GREY)
    for judge in (_judge_phone, _judge_time, _judge_status, _judge_gate, _judge_evidence, _judge_trip):
        yield from judge(scene)


def _judge_phone(scene: _Scene) -> Iterable[Reason]:
    if scene.claims.phone_key is None or not scene.ask_phone:
        return
    if scene.token.proof is None or not scene.token.proof.is_of(scene.at):
        yield Reason("phone", Code.PHONE_STALE, Verdict.RED)


def _judge_time(scene: _Scene) -> Iterable[Reason]:
    if scene.at < scene.claims.nbf:
        yield Reason("time", Code.NOT_YET, Verdict.RED)
    if scene.at >= scene.claims.exp:  # RFC 8392: on or after it the token is not accepted
        yield scene.refusal("time", Code.EXPIRED)


def _judge_status(scene: _Scene) -> Iterable[Reason]:
    match scene.status:
        case PassStatus.REVOKED:
            yield Reason("status", Code.REVOKED, Verdict.RED)
        case PassStatus.REPLACED:
            yield Reason("status", Code.REPLACED, Verdict.RED)
        case PassStatus.USED:
            yield Reason("status", Code.USED, Verdict.RED)
        case PassStatus.SUSPENDED:
            yield scene.refusal("status", Code.SUSPENDED)
        case None:
            yield Reason("status", Code.OFFLINE_STALE, Verdict.AMBER)
    if scene.status is not None and scene.status_as_of is not None:
        yield from _judge_age(scene, scene.at - scene.status_as_of)


def _judge_age(scene: _Scene, age: timedelta) -> Iterable[Reason]:
    """How old the status is; a negative age means a clock that jumped back, so nobody knows."""
    if age > LIST_RELEASES and scene.claims.payload.profile != "MEDICAL":
        yield Reason("status", Code.OFFLINE_STALE, Verdict.RED)
    elif age > LIST_GIVES_GREEN or age < timedelta(0):
        yield Reason("status", Code.OFFLINE_STALE, Verdict.AMBER)


def _judge_gate(scene: _Scene) -> Iterable[Reason]:
    if not scene.gate.serves(scene.claims):
        yield Reason("gate", Code.WRONG_GATE, Verdict.RED)


def _judge_evidence(scene: _Scene) -> Iterable[Reason]:
    answer = scene.evidence
    if answer is None:
        if scene.at > scene.claims.payload.good_until:
            yield Reason("evidence", Code.OFFLINE_STALE, Verdict.AMBER, eased=scene.is_under_way)
        return
    if answer.outcome == "eligible":
        return
    for code in answer.codes or (Code.SUSPENDED_EVIDENCE,):
        if answer.outcome == "not_known":
            yield Reason("evidence", code, Verdict.AMBER, eased=scene.is_under_way)
        else:
            yield scene.refusal("evidence", code)


def _judge_trip(scene: _Scene) -> Iterable[Reason]:
    spent = scene.trip.in_at is not None or (scene.gate.kind == "compound" and scene.trip.out_at is not None)
    if spent:
        yield Reason("trip", Code.USED, Verdict.RED)
    elif scene.antigen == "positive":
        yield Reason("trip", Code.AG_POSITIVE, Verdict.RED)
    elif scene.gate.antigen_required and scene.antigen is None:
        yield Reason("trip", Code.AG_REQUIRED, Verdict.AMBER)


def _answer(scene: _Scene, reasons: tuple[Reason, ...]) -> Answer:
    verdict = next(
        (
            worst
            for worst in (Verdict.GREY, Verdict.RED, Verdict.AMBER)
            if any(reason.verdict is worst for reason in reasons)
        ),
        Verdict.GREEN,
    )
    first = next((reason.code for reason in reasons if reason.verdict is verdict), Code.OK)
    listed = dict.fromkeys([first, *(reason.code for reason in reasons)] if reasons else [])
    return Answer(
        verdict, first, tuple(listed), scene.claims, _layers(scene, reasons), _advice(verdict, reasons)
    )


def _layers_for(claims: Claims) -> tuple[str, ...]:
    return LAYERS if claims.phone_key is None else PHONE_LAYERS


def _layers(scene: _Scene, reasons: tuple[Reason, ...]) -> dict[str, str]:
    layers = dict.fromkeys(_layers_for(scene.claims), "good")
    if "phone" in layers and not scene.ask_phone:
        layers["phone"] = "unchecked"
    for reason in reasons:
        if reason.verdict is not Verdict.AMBER:
            layers[reason.layer] = "refused"
        elif layers[reason.layer] == "good":
            layers[reason.layer] = "unknown"
    return layers


def _advice(verdict: Verdict, reasons: tuple[Reason, ...]) -> Advice:
    if verdict is not Verdict.AMBER:
        return Advice.LET_THROUGH if verdict is Verdict.GREEN else Advice.REFUSE
    codes = {reason.code for reason in reasons}
    if Code.AG_REQUIRED in codes:
        return Advice.TEST_ANTIGEN  # first: its result decides what the other reasons are worth
    if any(reason.eased for reason in reasons):
        return Advice.ADMIT_TO_OBSERVATION
    return Advice.GO_ONLINE if Code.OFFLINE_STALE in codes else Advice.ASK_STREET_DESK
