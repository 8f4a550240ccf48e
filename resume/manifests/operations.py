"""The door of manifests: keep a paper that was made; and its file, opened again."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import select

from resume import audit
from resume.db import bulk_insert, new_id, transaction
from resume.manifests.models import Manifest, ManifestLine
from resume.manifests.queries import Expected, get_manifest
from resume.roles import Actor
from resume.sealing import sealer


def keep_manifest(expected: Expected, number: int, pdf: bytes, *, by: Actor, at: datetime) -> Manifest:
    """Store a paper with its lines. Where two made the same number at once, the first one's stays.

    The paper that is handed out is the one this returns.
    """
    made = Manifest(
        id=new_id(),
        compound_id=expected.compound.id,
        day=expected.day,
        number=number,
        made_at=at,
        made_by=by.name,
        digest=expected.digest,
        sha256=hashlib.sha256(pdf).hexdigest(),
    )
    made.sealed_pdf = sealer().seal_bytes(pdf, place=_place(made))
    with transaction() as session:
        there = select(Manifest).where(
            Manifest.compound_id == made.compound_id, Manifest.day == made.day, Manifest.number == number
        )
        first = session.scalars(there).first()
        if first is not None:
            return first
        session.add(made)
        session.flush()
        lines = [
            {"manifest_id": made.id, "position": position, "pass_id": line.pass_id}
            for position, line in enumerate(expected.lines, start=1)
        ]
        bulk_insert(ManifestLine, lines)
        audit.record(
            "manifest.made",
            f"manifest:{made.id}",
            by=by,
            at=at,
            compound=made.compound_id,
            day=made.day.isoformat(),
            number=number,
            lines=len(lines),
            sha256=made.sha256,
        )
    return made


def read_file(made: Manifest) -> bytes:
    """The PDF of a paper, as it was made."""
    kept = get_manifest(made.id, with_file=True)
    return sealer().open_bytes(kept.sealed_pdf, place=_place(kept))


def _place(made: Manifest) -> str:
    return f"manifest:sealed_pdf:{made.id}"
