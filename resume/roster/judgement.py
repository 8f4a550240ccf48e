"""The verdicts of a whole list, kept as marks: what its page counts and filters by.

A mark says what was found of one worker and until when that holds if nothing new happens. Marks count as long
as their basis does: the evidence watermark, the state of the plan, the policy, the list's revision and how
many workers it has. So nothing stale is shown as current: where the basis has moved, the list is judged anew,
and of one that stands, those whose time is over. What a page shows of single workers is judged at that moment
in any case.
"""

from __future__ import annotations

import json
import zlib
from collections import Counter, OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any, NamedTuple
from uuid import UUID

from flask import current_app
from sqlalchemy import func, select

from resume.collector import collector_at_rest
from resume.db import in_chunks, reading
from resume.evidence.facts import Subject
from resume.evidence.watermark import watermark
from resume.policy import Answer, Outcome, Outlook, Verdict, for_hr, policy_at
from resume.roster.eligibility import Flats, Summary, facts_of_subjects, flats_of, in_the_way, judge
from resume.roster.models import ListJudgement, Worker, WorkerList
from resume.roster.outlook import Sampling, outlooks_of, rounded_deadline

#: Workers judged together: so many are in memory with all their evidence.
PIECE = 10_000
#: A result that is awaited may come to be too old at a moment no finding names.
AWAITED = timedelta(minutes=10)
#: Marks that a web process remembers, of all lists: some 30 MB.
REMEMBERED = 200_000


class Mark(NamedTuple):
    """What was found of one worker. `worker_id`: its 32 hex digits. `codes`: what is in the way, for HR.

    `sample_by`: the round hour by which he has to be sampled, also where it is past; None where a sample
    helps nothing. `until`: the last second at which all this holds if nothing new happens; None: no end.
    """

    worker_id: str
    outcome: Answer
    codes: tuple[str, ...]
    key_post: bool
    sample_by: datetime | None
    until: datetime | None

    def deadline(self, at: datetime) -> datetime | None:
        """The hour by which to be sampled, None: at once; of one with `sample_by`."""
        return self.sample_by if self.sample_by is not None and self.sample_by > at else None


class Member(NamedTuple):
    """A worker as he is judged."""

    worker_id: UUID
    key_post: bool
    subject: Subject


@dataclass(frozen=True, slots=True)
class Judgement:
    """The marks of a list in its order, as of `judged_at`, and what they rest on."""

    judged_at: datetime
    basis: str
    marks: Sequence[Mark]

    def summary(self) -> Summary:
        """How many have each outcome, and each code in the way, the most frequent first."""
        outcomes = Counter(mark.outcome for mark in self.marks)
        codes = Counter(code for mark in self.marks for code in mark.codes)
        by_outcome = {answer: outcomes[answer] for answer in Answer}
        return Summary(len(self.marks), by_outcome, dict(codes.most_common()))

    def samplings(self, at: datetime) -> list[Sampling]:
        """How many have to be sampled by when, the most urgent first."""
        counts = Counter(mark.deadline(at) for mark in self.marks if mark.sample_by is not None)
        samplings = (Sampling(deadline, count) for deadline, count in counts.items())
        return sorted(samplings, key=lambda one: one.deadline or at)


def mark_of(worker_id: UUID, key_post: bool, verdict: Verdict, ahead: Outlook) -> Mark:
    """What is kept of a worker's verdict and outlook."""
    codes: tuple[str, ...] = ()
    if verdict.outcome is not Answer.ELIGIBLE:
        codes = tuple(dict.fromkeys(finding.code for finding in in_the_way(verdict, for_hr)))
    return Mark(
        worker_id.hex,
        verdict.outcome,
        codes,
        key_post,
        rounded_deadline(ahead),
        _holds_until(verdict),
    )


def _holds_until(verdict: Verdict) -> datetime | None:
    ends: list[datetime] = []
    for finding in verdict.findings:
        if finding.outcome is Outcome.MET:
            if finding.holds_until is not None:
                ends.append(finding.holds_until)
        elif finding.clears_at is not None:
            ends.append(finding.clears_at - timedelta(seconds=1))
        elif finding.code == "PCR_PENDING":
            ends.append(verdict.at + AWAITED)
    return min(ends, default=None)


def basis_of(list_id: UUID, *, plan: str | None, at: datetime, size: int | None = None) -> str:
    """What the verdicts of a list rest on now; `size`: its workers, counted where not given."""
    if size is None:
        size = reading().scalar(select(func.count()).where(Worker.list_id == list_id)) or 0
    revision = reading().scalar(select(WorkerList.revision).where(WorkerList.id == list_id)) or 0
    return f"{watermark()}:{plan or ''}:{policy_at(at).version}:{revision}:{size}"


def members_of(list_id: UUID) -> list[Member]:
    """The workers of a list, in its order. One query."""
    person = (Worker.person_key, Worker.number_key)
    query = select(Worker.id, Worker.key_post, *person, Worker.building_id, Worker.unit, Worker.flat_key)
    rows = reading().execute(query.where(Worker.list_id == list_id).order_by(Worker.row, Worker.id))
    return [
        Member(worker_id, key_post, Subject(key, number_key, building_id, unit, flat_key))
        for worker_id, key_post, key, number_key, building_id, unit, flat_key in rows
    ]


def judge_members(
    members: Sequence[Member],
    *,
    at: datetime,
    plan: str | None,
    flats: Flats,
    after_each: Callable[[int], None] | None = None,
) -> list[Mark]:
    """The mark of each, in bounded memory. `flats`: who lives together on the whole list.

    `after_each` is told how many are judged so far. Raises NoPolicy before the first policy.
    """
    marks: list[Mark] = []
    for piece in in_chunks(members, PIECE):
        with collector_at_rest():
            facts = facts_of_subjects([one.subject for one in piece], at=at, plan=plan, flats=flats)
            verdicts = judge(facts, at=at)
            outlooks = outlooks_of(facts, verdicts, at=at)
            marks += [
                mark_of(one.worker_id, one.key_post, verdict, ahead)
                for one, verdict, ahead in zip(piece, verdicts, outlooks, strict=True)
            ]
        if after_each is not None:
            after_each(len(marks))
    return marks


def judgement_of(list_id: UUID, *, plan: str | None, at: datetime) -> Judgement:
    """The judgement of a list that is true at `at`: the one kept, brought up to date, or a new one."""
    basis = basis_of(list_id, plan=plan, at=at)
    kept = _memory().get(list_id, basis) or _stored(list_id, basis)
    if kept is None or kept.judged_at > at:
        return judge_anew(list_id, plan=plan, at=at)
    over = {mark.worker_id for mark in kept.marks if mark.until is not None and mark.until < at}
    if over:
        kept = _up_to_date(kept, over, list_id, plan=plan, at=at)
    _memory().put(list_id, kept)
    return kept


def judge_anew(list_id: UUID, *, plan: str | None, at: datetime) -> Judgement:
    """Judge the whole list at `at`, and remember it in this process."""
    basis = basis_of(list_id, plan=plan, at=at)  # before the rows: what changes meanwhile makes it stale
    members = members_of(list_id)
    flats = flats_of(one.subject for one in members)
    made = Judgement(at, basis, judge_members(members, at=at, plan=plan, flats=flats))
    _memory().put(list_id, made)
    return made


def _up_to_date(
    kept: Judgement, over: set[str], list_id: UUID, *, plan: str | None, at: datetime
) -> Judgement:
    members = members_of(list_id)
    flats = flats_of(one.subject for one in members)
    asked = [one for one in members if one.worker_id.hex in over]
    new = {mark.worker_id: mark for mark in judge_members(asked, at=at, plan=plan, flats=flats)}
    return replace(kept, judged_at=at, marks=[new.get(mark.worker_id, mark) for mark in kept.marks])


def row_of(list_id: UUID, judgement: Judgement) -> dict[str, Any]:
    """The judgement as it is stored; made before the door is opened."""
    marks = encode_marks(judgement.marks)
    return {"list_id": list_id, "judged_at": judgement.judged_at, "basis": judgement.basis, "marks": marks}


def _stored(list_id: UUID, basis: str) -> Judgement | None:
    query = select(ListJudgement.judged_at, ListJudgement.marks)
    row = (
        reading().execute(query.where(ListJudgement.list_id == list_id, ListJudgement.basis == basis)).first()
    )
    return None if row is None else Judgement(row.judged_at, basis, decode_marks(row.marks))


def encode_marks(marks: Sequence[Mark]) -> bytes:
    """Marks as they are stored: outcomes, codes and moments by their places in short lists."""
    findings: dict[tuple[Answer, tuple[str, ...]], int] = {}
    rows = [
        (
            findings.setdefault((mark.outcome, mark.codes), len(findings)),
            int(mark.key_post),
            _seconds(mark.sample_by),
            _seconds(mark.until),
        )
        for mark in marks
    ]
    content = {"ids": "".join(mark.worker_id for mark in marks), "findings": list(findings), "rows": rows}
    return zlib.compress(json.dumps(content, separators=(",", ":")).encode(), 1)


def decode_marks(stored: bytes) -> list[Mark]:
    """The marks that `encode_marks` stored."""
    content = json.loads(zlib.decompress(stored))
    ids: str = content["ids"]
    findings = [(Answer(outcome), tuple(codes)) for outcome, codes in content["findings"]]
    moments: dict[int | None, datetime | None] = {None: None}
    marks = []
    for place, (finding, key_post, sample_by, until) in enumerate(content["rows"]):
        for each in (sample_by, until):
            if each not in moments:
                moments[each] = datetime.fromtimestamp(each, UTC)
        worker_id = ids[32 * place : 32 * place + 32]
        outcome, codes = findings[finding]
        marks.append(Mark(worker_id, outcome, codes, bool(key_post), moments[sample_by], moments[until]))
    return marks


def _seconds(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())


class _Memory:
    """The judgements a web process made or read last; those looked at longest ago go first."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: OrderedDict[UUID, Judgement] = OrderedDict()

    def get(self, list_id: UUID, basis: str) -> Judgement | None:
        with self._lock:
            found = self._kept.get(list_id)
        return found if found is not None and found.basis == basis else None

    def put(self, list_id: UUID, judgement: Judgement) -> None:
        with self._lock:
            self._kept[list_id] = judgement
            self._kept.move_to_end(list_id)
            while len(self._kept) > 1 and sum(len(one.marks) for one in self._kept.values()) > REMEMBERED:
                self._kept.popitem(last=False)


def _memory() -> _Memory:
    kept: _Memory = current_app.extensions.setdefault("resume-judgements", _Memory())
    return kept
