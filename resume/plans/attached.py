"""The files of a plan's versions: which there are, what is in them, adding and removing one in a draft."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import Select, or_, select
from sqlalchemy.orm import undefer

from resume import audit
from resume.db import joined, new_id, reading
from resume.papers.reading import CheckedPaper
from resume.papers.refused import PaperRefused
from resume.plans.models import Attachment, Plan, PlanVersion
from resume.plans.sections.attachments import KINDS
from resume.plans.sections.describe import Paper
from resume.refusals import NotFound, Unprocessable
from resume.roles import Actor
from resume.sealing import sealer

MOST = 30
MOST_BYTES = 40 * 2**20


class NoSuchKind(Unprocessable):
    """A file is attached as something that is not asked for."""

    code = "paper_kind"
    message = _("没有说明这是哪一类附件")
    advice = _("请选择附件类别后重新上传")


def list_papers(version: PlanVersion | None) -> tuple[Paper, ...]:
    """The files of a version by kind, then as they came. One query; contents are not read."""
    if version is None:
        return ()
    order = {kind: place for place, (kind, _title) in enumerate(KINDS)}
    papers = [_paper(row) for row in reading().scalars(_of(version))]
    return tuple(sorted(papers, key=lambda paper: (order.get(paper.kind, len(order)), paper.at, paper.id)))


def get_of_firm(attachment_id: UUID, *, firm_id: int) -> Attachment:
    """A file of any version of this firm's plan, or NotFound."""
    query = select(Attachment).join(Plan).where(Attachment.id == attachment_id, Plan.firm_id == firm_id)
    return _found(reading().scalars(query.options(undefer(Attachment.sealed))).first())


def get_of_version(attachment_id: UUID, version: PlanVersion) -> Attachment:
    """A file of that version, or NotFound."""
    query = _of(version).where(Attachment.id == attachment_id)
    return _found(reading().scalars(query.options(undefer(Attachment.sealed))).first())


def content_of(found: Attachment) -> bytes:
    """The file's bytes; raises Unsealable where they were altered."""
    return sealer().open_bytes(found.sealed, place=_place(found.id))


def attach(draft: PlanVersion, kind: str, paper: CheckedPaper, *, by: Actor, at: datetime) -> Attachment:
    """A step: add a checked file to a draft. Raises NoSuchKind, PaperRefused where there are too many.

    The same content of the same kind again is the file that is there.
    """
    if kind not in dict(KINDS):
        raise NoSuchKind
    there = joined().scalars(_of(draft)).all()
    for other in there:
        if (other.kind, other.sha256) == (kind, paper.sha256):
            return other
    held = sum(other.size for other in there)
    if len(there) >= MOST or held + len(paper.data) > MOST_BYTES:
        raise PaperRefused(
            "too_many", count=len(there), size=-(-held // 2**20), most=MOST, limit=MOST_BYTES // 2**20
        )
    number = new_id()
    added = Attachment(
        id=number,
        plan_id=draft.plan_id,
        first_version=draft.number,
        kind=kind,
        file_name=paper.name,
        media_type=paper.media_type,
        size=len(paper.data),
        sha256=paper.sha256,
        sealed=sealer().seal_bytes(paper.data, place=_place(number)),
        added_by=by.name,
        added_at=at,
    )
    joined().add(added)
    joined().flush()
    _record("plan.attach", draft, added, by, at)
    return added


def detach(draft: PlanVersion, attachment_id: UUID, *, by: Actor, at: datetime) -> None:
    """A step: take a file out of a draft; it is deleted unless an earlier version has it. Raises NotFound."""
    found = _found(joined().scalars(_of(draft).where(Attachment.id == attachment_id)).first())
    _record("plan.detach", draft, found, by, at)
    if found.first_version == draft.number:
        joined().delete(found)
    else:
        found.last_version = draft.number - 1
    joined().flush()


def _of(version: PlanVersion) -> Select[Attachment]:
    return select(Attachment).where(
        Attachment.plan_id == version.plan_id,
        Attachment.first_version <= version.number,
        or_(Attachment.last_version.is_(None), Attachment.last_version >= version.number),
    )


def _paper(row: Attachment) -> Paper:
    return Paper(
        row.id, row.kind, row.file_name, row.media_type, row.size, row.sha256, row.added_by, row.added_at
    )


def _found(row: Attachment | None) -> Attachment:
    if row is None:
        raise NotFound
    return row


def _place(attachment_id: UUID) -> str:
    return f"plan_attachment:sealed:{attachment_id}"


def _record(action: str, draft: PlanVersion, row: Attachment, by: Actor, at: datetime) -> None:
    facts = {"attachment": str(row.id), "kind": row.kind, "sha256": row.sha256}
    audit.record(action, f"plan_version:{draft.id}", by=by, at=at, **facts)
