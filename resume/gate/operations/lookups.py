"""The door of a look-up by document: one scan, whose answer is that of a pass or of the person's evidence.

The number is gone with the request: the scan keeps the person's blind index, and nothing is shown again.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from resume.gate.document import Seen, answer_for_document
from resume.gate.lanes import lane_of
from resume.gate.operations.scans import ScanResult, gate_of, log_once, scan_row
from resume.people.documents import Document
from resume.people.identify import keys_of
from resume.roles import Actor
from resume.sealing import sealer


def look_up(
    document: Document, *, lane: str = "", has_consent: bool = False, nonce: UUID, by: Actor, at: datetime
) -> ScanResult:
    """Look up who bears this document in a lane of the guard's gate, and log it once.

    `has_consent`: the guard looked at a consent of committee and street. Raises NotFound, NonceTaken.
    """
    gate = gate_of(by)
    chosen = lane_of(gate, lane, at=at)
    key = keys_of(document).key
    seen = Seen(consented_at=at if has_consent else None)
    checked = answer_for_document(key, gate=gate, lane=chosen, at=at, seen=seen)
    digest = sealer().index("scan", f"document:{key.hex()}:{chosen.direction}:{has_consent}")
    scan = scan_row(nonce, digest, checked, gate_id=gate.id, lane=chosen.direction, by=by, at=at)
    scan.person_key, scan.consented_at = key, seen.consented_at
    return log_once(scan, checked)
