"""One row as a person types it in a form: read by the very readers of a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from resume.people.documents import DocumentType
from resume.places.districts import DISTRICTS
from resume.roster.columns import WORKER_LIST
from resume.roster.details import WorkerDetails, open_details
from resume.roster.models import Worker
from resume.roster.sheet import CellError, WorkerRow, read_worker_list
from resume.tables.model import Row, Table

_HEADERS = [column.zh for column in WORKER_LIST]
NAMES = tuple(column.name for column in WORKER_LIST)


def read_typed(
    texts: Mapping[str, str], *, row: int, sites: Mapping[str, object], today: date
) -> WorkerRow | Sequence[CellError]:
    """The worker, or every problem of the row. `texts`: column's name -> what was typed."""
    cells = Row(row, row, [texts.get(name, "") for name in NAMES])
    read = read_worker_list(Table("form", _HEADERS, iter([cells])), sites=sites, today=today)
    return read.rows[0] if read.rows else read.errors


def texts_of(
    worker: Worker, *, sites: Mapping[int, str], details: WorkerDetails | None = None
) -> dict[str, str]:
    """A stored worker as he would be typed. `sites`: names of the firm's plants by id."""
    details = details or open_details(worker)
    return {
        "name": details.name,
        "document_type": DocumentType(details.document_type).zh,
        "document_number": details.document_number,
        "phone": details.phone,
        "district": DISTRICTS.get(details.district, details.district),
        "street": details.street,
        "compound": details.compound,
        "building": details.building,
        "unit": details.unit,
        "room": details.room,
        "post": worker.post,
        "key_post": "是" if worker.key_post else "否",
        "shift": worker.shift,
        "site": sites.get(worker.site_id or 0, ""),
        "plate": worker.plate,
        "arrive_on": worker.arrive_on.isoformat(),
        "remarks": details.remarks,
    }
