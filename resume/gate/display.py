"""A scan as the guard's screen shows it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from resume.credential.payload import PassPayload
from resume.credential.views import Advice
from resume.db import reading
from resume.escalations.models import Escalation
from resume.escalations.queries import find_word_at_gate
from resume.gate.answer import Passage
from resume.gate.lanes import RTW, lane_of
from resume.gate.lifecycle import STATED, Action, may_release, refusal_reasons
from resume.gate.models import Scan
from resume.gate.operations.scans import ScanResult
from resume.gate.wording import Language, Words, for_guard, refusal_words
from resume.passes.press import HOTLINE
from resume.people.documents import DocumentType
from resume.places.models import Gate
from resume.places.queries import get_gate
from resume.portraits.queries import has_portrait


@dataclass(frozen=True, slots=True)
class ShownPassage:
    """Where and when the bearer went out or in."""

    direction: str
    at: datetime
    gate: str


@dataclass(frozen=True, slots=True)
class Shown:
    """Everything on the screen of one verdict. `payload` is None where nothing the code says is proven.

    `desk`: what the street's desk was asked and answered about this pass at this gate, within a day.
    """

    scan: Scan
    gate: Gate
    words: Words
    payload: PassPayload | None
    document: str
    can_release: bool
    wants_antigen: bool
    direction: str = "out"
    hotline: str = HOTLINE
    has_photo: bool = False
    desk: Escalation | None = None
    passages: list[ShownPassage] = field(default_factory=list)
    reasons: list[tuple[str, str]] = field(default_factory=list)

    @property
    def is_done(self) -> bool:
        """Whether the guard has let the bearer through or sent him away."""
        return self.scan.action != Action.CHECKED

    @property
    def release(self) -> str:
        """What the button that lets through says: to_observation, into_plant, in, out."""
        if self.words.tone.name == "wait" and not self.wants_antigen:
            return "to_observation"
        return "into_plant" if self.direction == "in" and self.gate.kind == "plant" else self.direction

    @property
    def uses_left(self) -> tuple[int, int] | None:
        """How often the pass lets out and in from now on: once each. None where it is of no such profile."""
        if self.payload is None or self.payload.profile != RTW:
            return None
        gone = {passage.direction for passage in self.passages}
        return int(not gone), int("in" not in gone)

    @property
    def can_annul(self) -> bool:
        """Whether it can be taken back; that 15 minutes are over only the door knows."""
        return self.went_through and self.scan.annulled_at is None

    @property
    def went_through(self) -> bool:
        return self.scan.action == Action.LET_THROUGH


def shown(result: ScanResult, *, language: Language) -> Shown:
    """The screen of a scan. Three queries; one more where the pass was used before."""
    scan, answer = result.scan, result.answer
    gate = get_gate(scan.gate_id)
    payload = None if answer.claims is None else answer.claims.payload
    lane = lane_of(gate, scan.lane, at=scan.at)
    words = for_guard(
        answer, language=language, profile=lane.profile, by_document=scan.person_key is not None
    )
    codes = refusal_reasons(scan.code, kind=gate.kind)
    wants_antigen = answer.advice is Advice.TEST_ANTIGEN
    return Shown(
        scan=scan,
        gate=gate,
        words=words,
        payload=payload,
        document="" if payload is None else str(DocumentType(payload.document_type).shown),
        can_release=scan.action == Action.CHECKED and (wants_antigen or may_release(answer)),
        wants_antigen=wants_antigen,
        has_photo=payload is not None and scan.pass_id is not None and has_portrait(scan.pass_id),
        direction=lane.direction,
        desk=None if scan.pass_id is None else find_word_at_gate(scan.pass_id, gate.id, at=scan.at),
        passages=_passages(result.passages),
        reasons=[
            (code, words.reason.rstrip("。.") if code == STATED else refusal_words(code, language=language))
            for code in codes
        ],
    )


def _passages(recorded: tuple[Passage, ...]) -> list[ShownPassage]:
    """The trip as recorded, with the names of its gates."""
    ids = {passage.gate_id for passage in recorded} - {None}
    if not ids:
        return []
    names = {
        row.id: row.name for row in reading().execute(select(Gate.id, Gate.name).where(Gate.id.in_(ids)))
    }
    return [ShownPassage(each.direction, each.at, names.get(each.gate_id or 0, "")) for each in recorded]
