"""Doors of photographs: the firm gives one, or takes it back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select

from resume import audit
from resume.db import joined, new_id, transaction
from resume.papers.kinds import IMAGES, Limits
from resume.papers.reading import CheckedPaper, check_paper
from resume.papers.refused import PaperRefused
from resume.portraits.models import Portrait
from resume.portraits.queries import place_of
from resume.roles import Actor
from resume.roster.queries import get_worker
from resume.sealing import sealer

#: At arm's length nobody sees more; and a gate's network is slow.
LIMITS = Limits(max_bytes=5 * 2**20, longest_side=640)


def give_portrait(
    worker_id: UUID, data: bytes, name: str, *, firm_id: int, by: Actor, at: datetime
) -> Portrait:
    """Keep the photograph of a worker's document in place of the one before.

    Opened in a child process and written anew, small and upright, without place or camera. Raises
    PaperRefused for what is no JPEG or PNG, NotFound for another firm's worker.
    """
    worker, _list = get_worker(worker_id, firm_id=firm_id)
    paper = check_picture(data, name)
    made = Portrait(
        id=new_id(),
        firm_id=firm_id,
        person_key=worker.person_key,
        media_type=paper.media_type,
        added_by=by.name,
        added_at=at,
    )
    made.sealed = sealer().seal_bytes(paper.data, place=place_of(made.id))
    with transaction() as session:
        _take_away(worker.person_key, firm_id)
        session.add(made)
        session.flush()
        audit.record("portrait.given", f"portrait:{made.id}", by=by, at=at, sha256=paper.sha256)
    return made


def take_back(worker_id: UUID, *, firm_id: int, by: Actor, at: datetime) -> None:
    """Delete the photograph. Where there is none, nothing happens. NotFound for another firm's worker."""
    worker, _list = get_worker(worker_id, firm_id=firm_id)
    with transaction():
        for portrait_id in _take_away(worker.person_key, firm_id):
            audit.record("portrait.taken_back", f"portrait:{portrait_id}", by=by, at=at)


def check_picture(data: bytes, name: str) -> CheckedPaper:
    """The picture as it may be kept. Raises PaperRefused."""
    paper = check_paper(data, name, LIMITS)
    if paper.media_type not in IMAGES:
        raise PaperRefused("no_picture")
    return paper


def _take_away(person_key: bytes, firm_id: int) -> list[UUID]:
    mine = (Portrait.person_key == person_key, Portrait.firm_id == firm_id)
    there = list(joined().scalars(select(Portrait.id).where(*mine)))
    joined().execute(delete(Portrait).where(*mine))
    return there
