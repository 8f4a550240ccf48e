"""What one row of a list says, as the row of the table, and a key of it by which the same row is known."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from resume.db import new_id
from resume.roster.details import WorkerDetails, details_of, seal_details
from resume.roster.models import Worker
from resume.roster.resolving import Resolved
from resume.sealing import sealer


def worker_values(
    one: Resolved, list_id: UUID, sites: Mapping[str, int], worker_id: UUID | None = None
) -> dict[str, Any]:
    """The row of the table of workers for a row as read and matched; a new one where no id is given."""
    row, worker_id = one.row, worker_id or new_id()
    details = details_of(row)
    rest: dict[str, Any] = {
        "post": row.post,
        "key_post": row.key_post,
        "shift": row.shift,
        "site_id": sites[row.site],
        "plate": row.plate,
        "arrive_on": row.arrive_on,
    }
    return rest | {
        "id": worker_id,
        "list_id": list_id,
        "row": row.row,
        "person_key": one.keys.key,
        "number_key": one.keys.number_key,
        "document_type": row.document.type.value,
        "sealed": seal_details(worker_id, details),
        "building_id": one.match.building_id,
        "unit": row.unit,
        "flat_key": one.flat_key,
        "content_key": content_key(details, **rest),
    }


def content_key(
    details: WorkerDetails,
    *,
    post: str,
    key_post: bool,
    shift: str,
    site_id: int | None,
    plate: str,
    arrive_on: date,
) -> bytes:
    """The blind index (16 bytes) of all a row says: equal for equal rows, whichever list they stand on.

    The building is not in it: it follows from the address and the register of the day.
    """
    said = [*(getattr(details, name) for name in _DETAILS), post, key_post, shift, site_id, plate]
    return sealer().index("worker", json.dumps([*said, arrive_on.isoformat()], ensure_ascii=False))


def key_of(worker: Worker, details: WorkerDetails) -> bytes:
    """The key of a stored worker with these details."""
    return content_key(
        details,
        post=worker.post,
        key_post=worker.key_post,
        shift=worker.shift,
        site_id=worker.site_id,
        plate=worker.plate,
        arrive_on=worker.arrive_on,
    )


_DETAILS = tuple(WorkerDetails.__dataclass_fields__)
