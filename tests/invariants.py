"""What holds whatever happened before (the faults' invariants): `broken(at=...)` lists what does not.

For the end of any test, of a load, of a recovery: one walk over everything that was issued, inside an
application context. An empty list is the only good answer.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from resume import audit
from resume.applications.models import Application, Batch, Decision
from resume.credential.cose import is_signed_by
from resume.credential.status import open_status_list
from resume.credential.token import parse
from resume.db import reading
from resume.gate.models import MedicalExit, PassageConflict, Scan
from resume.jobs import Job
from resume.passes.drafts import status_uri
from resume.passes.issue import SHEET_JOB
from resume.passes.keys import key_set
from resume.passes.lifecycle import Status
from resume.passes.models import Pass, Sheet, Suspension
from resume.passes.queries import status_of
from resume.passes.sheets import read_sheets, token_of
from resume.passes.status_list import make_list, shards
from resume.policy import decide, facts_from_json
from resume.roster.models import RowError, Worker, WorkerList
from resume.sealing import sealer
from resume.trips.models import Trip

BITS = {Status.REVOKED: 1, Status.REPLACED: 1, Status.USED: 1, Status.SUSPENDED: 2, Status.ACTIVE: 0}


def broken(*, at: datetime, has_sheet_jobs: bool = True) -> list[str]:
    """Every invariant that does not hold at `at`. `has_sheet_jobs`: False for a bulk-loaded home."""
    reading().rollback()  # what this session has read before may be old
    passes = list(reading().scalars(select(Pass).order_by(Pass.number)))
    found = [*_one_pass_each(passes), *_tokens(passes), *_sheets(passes, has_sheet_jobs)]
    found += [*_suspensions(passes), *_bits(passes, at), *_decisions(passes), *_batches(passes)]
    return [*found, *_audit(passes), *_trips(passes), *_events(), *_rows()]


def _one_pass_each(passes: list[Pass]) -> Iterator[str]:
    """A pass is live until it ended; nobody has two live ones of a profile."""
    live = Counter((row.person_key, row.profile) for row in passes if row.is_live)
    yield from (f"{count} live passes of one person" for count in live.values() if count > 1)
    for row in passes:
        if row.is_live is any((row.revoked_at, row.replaced_at, row.in_at)):
            yield f"{row.number}: live {row.is_live}, but ended at {_ends(row)}"


def _ends(row: Pass) -> list[datetime | None]:
    return [row.revoked_at, row.replaced_at, row.in_at]


def _tokens(passes: list[Pass]) -> Iterator[str]:
    """Each pass has its token: genuine, and it says what the row says."""
    keys = key_set()
    for row in passes:
        token = parse(token_of(row))
        claims, payload = token.claims, token.claims.payload
        entry = keys.find_entry(token.kid)
        if entry is None or not is_signed_by(token.envelope, entry.public_key):
            yield f"{row.number}: its token is not genuine"
        said = (claims.cti, payload.number, claims.iat, claims.exp, claims.status_idx, payload.good_until)
        stored = (row.id.bytes, row.number, row.issued_at, row.expires_at, row.status_index, row.good_until)
        said, stored = (*said, payload.medium), (*stored, row.medium)
        places = (payload.origin_id, payload.destination_id, claims.status_uri)
        if said != _whole(stored) or places != (row.building_id, row.site_id, status_uri(row.shard)):
            yield f"{row.number}: its token says something else"


def _whole(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """A token's moments are whole seconds."""
    return tuple(v.replace(microsecond=0) if isinstance(v, datetime) else v for v in values)


def _sheets(passes: list[Pass], has_jobs: bool) -> Iterator[str]:
    """A sheet is the file whose hash is kept; a paper pass without one has a job that makes it."""
    hashes = {row.pass_id: row.sha256 for row in reading().execute(select(Sheet.pass_id, Sheet.sha256))}
    for file in read_sheets([(row.id, row.number) for row in passes if row.id in hashes]):
        if hashlib.sha256(file.pdf).hexdigest() != file.sha256:
            yield f"{file.number}: its sheet is not the file that was kept"
    if has_jobs:
        jobs = set(reading().scalars(select(Job.key).where(Job.kind == SHEET_JOB, Job.state != "done")))
        paper = [row for row in passes if row.medium == "paper"]
        lost = (row.number for row in paper if row.id not in hashes and str(row.id) not in jobs)
        yield from (f"{number}: neither sheet nor job" for number in lost)


def _suspensions(passes: list[Pass]) -> Iterator[str]:
    """The pass's own mark and its open suspensions say the same; an ended pass has none."""
    held = set(reading().scalars(select(Suspension.pass_id).where(Suspension.ended_at.is_(None))))
    for row in passes:
        if row.is_suspended != (row.id in held):
            yield f"{row.number}: marked suspended {row.is_suspended}, open causes {row.id in held}"
        if not row.is_live and row.id in held:
            yield f"{row.number}: ended, yet held"


def _bits(passes: list[Pass], at: datetime) -> Iterator[str]:
    """The signed status lists say of every pass what the pass says."""
    keys = key_set()
    lists = {
        shard: open_status_list(make_list(shard, at=at), keys, uri=status_uri(shard), at=at)
        for shard in shards()
    }
    for row in passes:
        status = status_of(row, at=at)
        bits = lists[row.shard].status_at(row.status_index)
        if status in BITS and bits != BITS[status]:
            yield f"{row.number}: {status}, but its bits are {bits}"


def _decisions(passes: list[Pass]) -> Iterator[str]:
    """Each decision replayed from its sealed inputs comes out as it was; approved is eligible, and a pass
    (with those that were replaced on the way from paper to a phone and back)."""
    issued = Counter(row.decision_id for row in passes)
    former = Counter(row.decision_id for row in passes if row.replaced_at is not None)
    for row in reading().scalars(select(Decision)):
        content = json.loads(sealer().open_bytes(row.sealed, place=f"decision:sealed:{row.id}"))
        verdict = decide(facts_from_json(content["facts"]), profile=content["profile"], at=row.at)
        said = (content["outcome"], content["policy_version"])
        if (verdict.outcome.value, verdict.policy_version) != said:
            yield f"decision {row.id}: replayed {verdict.outcome}, was {said}"
        if row.is_approved and verdict.outcome.value != "eligible":
            yield f"decision {row.id}: approved outside the policy"
        if bool(issued[row.id]) is not row.is_approved or issued[row.id] - former[row.id] > 1:
            yield f"decision {row.id}: approved {row.is_approved}, passes {issued[row.id]}"


def _batches(passes: list[Pass]) -> Iterator[str]:
    """A batch's numbers are its decisions; a case keeps those of its last batch."""
    count = func.count()
    query = select(Decision.batch_id, Decision.is_approved, count).group_by(
        Decision.batch_id, Decision.is_approved
    )
    counted = {(batch, is_approved): number for batch, is_approved, number in reading().execute(query)}
    batches: dict[UUID, list[Batch]] = defaultdict(list)
    for batch in reading().scalars(select(Batch).order_by(Batch.at, Batch.id)):
        batches[batch.application_id].append(batch)
        stored = (counted.get((batch.id, True), 0), counted.get((batch.id, False), 0))
        if (batch.approved, batch.withheld) != stored:
            yield f"batch {batch.id}: says {batch.approved} and {batch.withheld}, has {stored}"
    for case in reading().scalars(select(Application).where(Application.state == "approved")):
        last = {batch.withheld for batch in batches[case.id] if batch.at == batches[case.id][-1].at}
        if case.withheld not in last:
            yield f"case {case.id}: withheld {case.withheld}, its last batch {last}"


def _audit(passes: list[Pass]) -> Iterator[str]:
    """The chain is whole; every batch and every revocation stands in it."""
    report = audit.verify()
    if not report.is_whole:
        yield f"audit: breaks at {report.first_break}"
    entries = list(reading().scalars(select(audit.AuditEntry)))
    subjects = {(entry.action, entry.subject) for entry in entries}
    batches = {json.loads(entry.detail)["batch"] for entry in entries if entry.action == "passes.issued"}
    for batch_id in reading().scalars(select(Batch.id)):
        if str(batch_id) not in batches:
            yield f"batch {batch_id}: not in the audit"
    for row in passes:
        if row.revoked_at is not None and ("pass.revoked", f"pass:{row.number}") not in subjects:
            yield f"{row.number}: its revocation is not in the audit"


def _trips(passes: list[Pass]) -> Iterator[str]:
    """A passage is the earliest scan that let him through that way and was not annulled; a trip is there if
    and only if he went out; more than one such scan is a conflict, open or closed."""
    query = select(Scan).where(Scan.action == "let_through", Scan.annulled_at.is_(None))
    went: dict[tuple[UUID, str], list[Scan]] = defaultdict(list)
    for scan in reading().scalars(query.order_by(Scan.acted_at, Scan.received_at, Scan.nonce)):
        if scan.pass_id is not None:
            went[scan.pass_id, scan.lane].append(scan)
        elif not scan.is_forced and scan.person_key is None:
            yield f"scan {scan.nonce}: let through without a pass, yet not forced"
    trips = {trip.pass_id: trip for trip in reading().scalars(select(Trip))}
    conflicts = {(row.pass_id, row.kind): row.scans for row in reading().scalars(select(PassageConflict))}
    for row in passes:
        for lane, moment, gate_id in (
            ("out", row.out_at, row.out_gate_id),
            ("in", row.in_at, row.in_gate_id),
        ):
            scans = went[row.id, lane]
            if moment is not None and not scans:
                yield f"trip {row.id}: {lane} without its scan"
            elif scans and (moment, gate_id) != (scans[0].acted_at, scans[0].gate_id):
                yield f"scan of {row.id}: let through {lane} without a step"
            if conflicts.get((row.id, lane), 0) != (len(scans) if len(scans) > 1 else 0):
                yield f"trip {row.id}: {len(scans)} scans {lane}, conflict of {conflicts.get((row.id, lane))}"
        if row.out_at and row.in_at and row.in_at < row.out_at and not conflicts.get((row.id, "order")):
            yield f"{row.number}: in before out"
        if (row.out_at is not None) is not (row.id in trips):
            yield f"{row.number}: out at {row.out_at}, trip {row.id in trips}"


def _events() -> Iterator[str]:
    """A medical exit reported by a device is one; only what let somebody through is forced or annulled."""
    exits = set(reading().scalars(select(MedicalExit.id)))
    for scan in reading().scalars(select(Scan)):
        if scan.action == "medical" and scan.nonce not in exits:
            yield f"scan {scan.nonce}: a medical exit that is not listed"
        if scan.action != "let_through" and (scan.is_forced or scan.annulled_at is not None):
            yield f"scan {scan.nonce}: {scan.action}, yet forced or annulled"
        if scan.at > scan.received_at or scan.lane not in ("out", "in"):
            yield f"scan {scan.nonce}: at {scan.at}, received {scan.received_at}, lane {scan.lane!r}"


def _rows() -> Iterator[str]:
    """Good rows are workers, bad rows have their errors, and together they are the rows of the file."""
    good = _count(Worker.list_id, func.count())
    bad = _count(RowError.list_id, func.count(func.distinct(RowError.row)))
    for made in reading().scalars(select(WorkerList).where(WorkerList.state.not_in(["dropped", "reading"]))):
        stored = (good.get(made.id, 0), bad.get(made.id, 0))
        if made.good_count != stored[0] or made.row_count != sum(stored):
            yield f"list {made.id}: {made.row_count} rows, {made.good_count} good; stored {stored}"


def _count(column: Any, what: Any) -> dict[UUID, int]:
    return {row[0]: row[1] for row in reading().execute(select(column, what).group_by(column))}
