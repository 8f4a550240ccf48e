"""Workers whose address matched no building, by address: one choice settles all of the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from resume.db import reading
from resume.places.matching import Address
from resume.roster.details import open_details
from resume.roster.models import Worker


def same_address(worker: Worker) -> list[Worker]:
    """Everybody of his list whose building is not known and whose address is the same, himself among them."""
    address = open_details(worker).matched_by
    return [other for other in _lost(worker.list_id) if open_details(other).matched_by == address]


def count_addresses(list_id: UUID) -> Counter[Address]:
    """Address -> how many workers of the list have it, of those whose building is not known. One query."""
    return Counter(open_details(worker).matched_by for worker in _lost(list_id))


def _lost(list_id: UUID) -> Sequence[Worker]:
    query = select(Worker).where(Worker.list_id == list_id, Worker.building_id.is_(None))
    return reading().scalars(query.order_by(Worker.row, Worker.id)).all()
