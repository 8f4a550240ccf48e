"""The door for what happened at a gate without network: a whole batch in one transaction, each event once.

What happened is kept also where this database would have refused (docs/adr/0023-what-happened-is-kept.md):
the answer is worked out as of the event's own moment, and a passage that it does not allow is marked forced.
Thirty-odd statements for any number of events.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _

from resume import audit
from resume.bulk import insert_rows
from resume.credential.views import GateView
from resume.db import transaction
from resume.escalations.lifecycle import is_of_good_pass
from resume.escalations.steps import Left, Refused, open_escalations, tell_committee
from resume.gate.asof import Asked, Knowledge
from resume.gate.lanes import gate_view, lanes_of
from resume.gate.lifecycle import WITHOUT_VERDICT, Action, may_annul, may_release
from resume.gate.models import MedicalExit, Scan
from resume.gate.trips import settle
from resume.gate.upload_rows import (
    Book,
    insert_scans,
    read_books,
    read_counters,
    read_passes,
    read_stored,
    update_scans,
    went_of,
)
from resume.gate.uploaded import Unreadable, Uploaded
from resume.passes.models import Pass
from resume.places.models import Gate
from resume.places.queries import get_gate
from resume.refusals import NotFound, Text
from resume.roles import Actor
from resume.sealing import sealer

#: Codes of an annulment that took nothing back.
ANNUL_WORDS: dict[str, Text] = {
    "ANNUL_UNKNOWN": _("没有找到要撤销的记录；收到后自动撤销"),
    "ANNUL_OTHERS": _("只能由同一设备或同一账号撤销"),
    "ANNUL_NOTHING": _("那次查验没有放行，无需撤销"),
    "ANNUL_LATE": _("已超过 15 分钟，不能撤销"),
    "ANNUL_FOLLOWED": _("持证人已经到达，不能撤销"),
}
OK = "OK"
FINAL = frozenset({Action.LET_THROUGH, Action.REFUSED})


@dataclass(frozen=True, slots=True)
class UploadResult:
    """What became of one entry, at its place in the batch. `code` is this database's, as of the moment."""

    place: int
    nonce: str
    state: str
    is_forced: bool = False
    code: str = ""
    why: Text = ""


def take_scans(entries: Sequence[Uploaded | Unreadable], *, by: Actor, at: datetime) -> list[UploadResult]:
    """Take in what a device or guard reports, in its order; a result for each, in the same order.

    Sent again it changes nothing and is answered alike. Raises NotFound for an actor without a gate.
    """
    if by.gate_id is None:
        raise NotFound
    with transaction():
        batch = _Batch(entries, gate=get_gate(by.gate_id), by=by, at=at)
        results = [batch.take(place, entry) for place, entry in enumerate(entries)]
        batch.write()
    return results


class _Batch:
    """One batch inside its door: read at once, taken entry by entry in memory, written at once."""

    def __init__(
        self, entries: Sequence[Uploaded | Unreadable], *, gate: Gate, by: Actor, at: datetime
    ) -> None:
        self._gate, self._by, self._at = gate, by, at
        readable = [entry for entry in entries if isinstance(entry, Uploaded)]
        lanes = lanes_of(gate, at=at)
        self._views: dict[str, GateView] = {lane.direction: gate_view(gate, lane) for lane in lanes}
        self._usual = self._views[lanes[0].direction]
        self._stored = read_stored(readable)
        self._waiting = {row.annuls: row for row in self._stored.values() if row.annuls is not None}
        looked_at = [entry for entry in readable if entry.action not in WITHOUT_VERDICT]
        self._known = Knowledge([_asked(entry) for entry in looked_at])
        self._passes = {found.id: found for found in self._known.passes()}
        self._passes |= read_passes({row.pass_id for row in self._stored.values()} - {*self._passes, None})
        self._books = read_books(self._passes)
        self._last, self._counters = read_counters(readable, by=by)
        self._new: list[Scan] = []
        self._changed: dict[UUID, Scan] = {}
        self._touched: set[UUID] = set()
        self._medical: list[dict[str, Any]] = []
        self._audited: list[tuple[str, str, dict[str, Any]]] = []
        self._states: Counter[str] = Counter()

    # One entry.

    def take(self, place: int, entry: Uploaded | Unreadable) -> UploadResult:
        """What becomes of one entry, after those before it."""
        if isinstance(entry, Unreadable):
            self._states["rejected"] += 1
            return UploadResult(place, entry.nonce, "rejected", why=entry.why)
        stored = self._stored.get(entry.nonce)
        if stored is None:
            scan = self._keep(entry)
        elif self._continues(stored, entry):
            scan = self._act_on(stored, entry)
        else:
            return self._again(place, stored, entry)
        self._states["kept"] += 1
        return self._result(place, scan, "kept")

    def _result(self, place: int, scan: Scan, state: str, why: Text = "") -> UploadResult:
        why = why or ANNUL_WORDS.get(scan.code, "")
        return UploadResult(place, str(scan.nonce), state, scan.is_forced, scan.code, why)

    def _again(self, place: int, stored: Scan, entry: Uploaded) -> UploadResult:
        """Stored before: the first stays, and that a second says something else is noted."""
        self._states["known"] += 1
        if stored.gate_id != self._gate.id:
            self._note_mismatch(stored, entry)
            return UploadResult(place, str(stored.nonce), "known", why=_("这个序号已用于另一个门岗"))
        if not self._is_same(stored, entry):
            self._note_mismatch(stored, entry)
            return self._result(place, stored, "known", _("这个序号以前登记过别的内容，保留先登记的"))
        return self._result(place, stored, "known")

    def _is_same(self, stored: Scan, entry: Uploaded) -> bool:
        if stored.content is not None and stored.content == _content(entry):
            return True
        if stored.digest != _digest(entry):
            return False
        # Done on line already; or what was seen before what is stored now was done.
        is_online = stored.content is None and entry.action == stored.action
        return is_online or (entry.action is Action.CHECKED and stored.action in FINAL)

    def _continues(self, stored: Scan, entry: Uploaded) -> bool:
        """Whether what is stored was a first look, and the guard now reports what he did."""
        return (
            stored.action == Action.CHECKED
            and entry.action in FINAL
            and stored.gate_id == self._gate.id
            and stored.digest == _digest(entry)
        )

    def _note_mismatch(self, stored: Scan, entry: Uploaded) -> None:
        detail = {"gate": self._gate.id, "stored": stored.action, "sent": entry.action.value}
        self._audited.append(("gate.upload_mismatch", f"scan:{stored.nonce}", detail))

    def _keep(self, entry: Uploaded) -> Scan:
        scan = Scan(nonce=entry.nonce, gate_id=self._gate.id, guard=self._by.name, annulled_at=None)
        scan.counter, scan.counter_note = entry.counter, self._counter_note(entry)
        self._fill(scan, entry)
        self._stored[scan.nonce] = scan
        self._new.append(scan)
        if entry.action is Action.MEDICAL:
            self._note_medical(entry)
        elif entry.action is Action.ANNULLED:
            self._annul(scan)
        else:
            self._judge(scan, entry)
        waiting = self._waiting.get(scan.nonce)
        if waiting is not None and waiting.code == "ANNUL_UNKNOWN":
            self._annul(waiting)
            self._change(waiting)
        return scan

    def _act_on(self, stored: Scan, entry: Uploaded) -> Scan:
        self._fill(stored, entry)
        self._judge(stored, entry)
        self._change(stored)
        return stored

    def _fill(self, scan: Scan, entry: Uploaded) -> None:
        is_done = entry.action not in (Action.CHECKED, Action.FAILED)
        scan.action, scan.lane, scan.at = entry.action.value, entry.lane, entry.at
        scan.acted_at = entry.at if is_done else None
        scan.refusal, scan.antigen = entry.refusal, entry.antigen or ""
        scan.has_antigen = entry.antigen is not None
        scan.device_id = self._by.device_id
        scan.device_at, scan.received_at = entry.device_at, self._at
        scan.clock = "doubtful" if entry.is_doubtful else "good"
        scan.is_offline, scan.is_forced = True, False
        scan.shown, scan.annuls = dict(entry.shown), entry.annuls
        scan.digest, scan.content = _digest(entry), _content(entry)
        scan.answer, scan.code, scan.advice, scan.reasons, scan.pass_id = "", "", "", [], None

    def _judge(self, scan: Scan, entry: Uploaded) -> None:
        """The answer as of then; who went through without it was let through all the same."""
        found = self._known.find(entry.presented)
        book = Book() if found is None else self._books[found.id]
        checked = self._known.answer(
            _asked(entry), gate=self._view(entry.lane), out_at=book.first("out"), in_at=book.first("in")
        )
        answer, found = checked.answer, checked.found
        scan.answer, scan.code, scan.advice = answer.verdict.value, answer.code, answer.advice.value
        scan.reasons = list(answer.reasons)
        scan.pass_id = None if found is None else found.id
        if entry.action is Action.LET_THROUGH:
            scan.is_forced = found is None or not may_release(answer)
            self._audit("gate.let_through", scan, found, direction=scan.lane, forced=scan.is_forced)
            if found is not None:
                if entry.is_doubtful:  # whenever it was, it was not before there was this pass
                    scan.acted_at = min(max(entry.at, found.issued_at), self._at)
                book.went.append(went_of(scan))
                self._touched.add(found.id)
        elif entry.action is Action.REFUSED:
            self._audit("gate.refused", scan, found, reason=scan.refusal)

    def _view(self, lane: str) -> GateView:
        """The lane that was reported; the gate's usual one where it has none such."""
        return self._views.get(lane, self._usual)

    def _note_medical(self, entry: Uploaded) -> None:
        row = {"id": entry.nonce, "gate_id": self._gate.id, "at": entry.at, "guard": self._by.name}
        self._medical.append(row)
        detail = {"exit": str(entry.nonce), "uploaded": True}
        self._audited.append(("gate.medical_exit", f"gate:{self._gate.id}", detail))

    def _annul(self, event: Scan) -> None:
        """Take back what `event` annuls, or say why not."""
        target = None if event.annuls is None else self._stored.get(event.annuls)
        event.code = self._why_not(event, target)
        if event.code == "ANNUL_UNKNOWN" and event.annuls is not None:
            self._waiting[event.annuls] = event
        if target is None or event.code != OK or target.annulled_at is not None:
            return
        target.annulled_at = event.at
        self._change(target)
        found = None if target.pass_id is None else self._passes[target.pass_id]
        if found is not None:
            book = self._books[found.id]
            book.went = [row for row in book.went if row.nonce != target.nonce]
            self._touched.add(found.id)
        self._audit("gate.annulled", target, found, direction=target.lane)

    def _why_not(self, event: Scan, target: Scan | None) -> str:
        if target is None or target.gate_id != self._gate.id:
            return "ANNUL_UNKNOWN"
        if target.guard != event.guard:
            return "ANNUL_OTHERS"
        if target.annulled_at is not None:
            return OK
        if target.action != Action.LET_THROUGH:
            return "ANNUL_NOTHING"
        if not may_annul(target.at, event.at):
            return "ANNUL_LATE"
        book = Book() if target.pass_id is None else self._books[target.pass_id]
        is_followed = target.lane == "out" and book.first("in") is not None
        return "ANNUL_FOLLOWED" if is_followed and not book.others("out", target.nonce) else OK

    def _counter_note(self, entry: Uploaded) -> str:
        """What is odd about the event's number: given twice, or lower than one that came before."""
        if entry.counter is None:
            return ""
        note = "repeated" if entry.counter in self._counters else "back" if entry.counter < self._last else ""
        self._counters.add(entry.counter)
        self._last = max(self._last, entry.counter)
        return note

    def _audit(self, action: str, scan: Scan, found: Pass | None, **detail: Any) -> None:
        """As on line: the answer acted on, and that it came later; health codes stay in the scan's row."""
        subject = f"gate:{scan.gate_id}" if found is None else f"pass:{found.number}"
        said = {"gate": scan.gate_id, "scan": str(scan.nonce), "answer": scan.answer, "uploaded": True}
        self._audited.append((action, subject, said | detail))

    # All of them.

    def write(self) -> None:
        """Everything at once; passes, trips and conflicts follow the scans."""
        insert_scans(self._new)
        insert_rows(MedicalExit, self._medical)
        update_scans(list(self._changed.values()))
        settle(self._touched, by=self._by, at=self._at)
        self._tell()
        notes = Counter(scan.counter_note for scan in self._new if scan.counter_note)
        if not (self._new or self._changed or self._audited):
            return
        forced = sum(scan.is_forced for scan in [*self._new, *self._changed.values()])
        detail = {"forced": forced, "counters": dict(notes)} | self._states
        self._audited.append(("gate.uploaded", f"gate:{self._gate.id}", detail))
        audit.record_many(self._audited, by=self._by, at=self._at)

    def _tell(self) -> None:
        """Good passes that were refused open their cases, desks learn of medical exits, also this late."""
        refused = [
            Refused(scan.nonce, scan.gate_id, scan.pass_id, scan.refusal, scan.at, scan.guard)
            for scan in [*self._new, *self._changed.values()]
            if scan.action == Action.REFUSED
            and scan.pass_id is not None
            and is_of_good_pass(scan.answer, scan.advice, scan.refusal)
        ]
        open_escalations(refused, by=self._by, at=self._at)
        tell_committee([Left(row["id"], row["gate_id"], row["at"]) for row in self._medical])

    def _change(self, scan: Scan) -> None:
        """A row that is stored already is written once more; one of this batch is written with it."""
        if all(scan is not new for new in self._new):
            self._changed[scan.nonce] = scan


def _asked(entry: Uploaded) -> Asked:
    return Asked(entry.presented, entry.at, entry.antigen)


def _digest(entry: Uploaded) -> bytes:
    return sealer().index("scan", entry.presented)


def _content(entry: Uploaded) -> bytes:
    return sealer().index("scan-content", entry.content)
