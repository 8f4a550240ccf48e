"""Sheets: the signed PDF of a pass, made once, kept sealed, handed out as the very bytes that were kept.

The worker process renders after the commit of the issue; whoever asks earlier has it rendered now. Either
way the first one that is stored is the sheet: a second rendering is thrown away.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import current_app
from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from resume import jobs
from resume.clock import real_now, shanghai_date
from resume.credential.payload import DOCUMENT_TYPES
from resume.credential.token import qr_text
from resume.db import in_chunks, reading, transaction
from resume.firms.models import Firm, Site
from resume.passes.choice import Choice
from resume.passes.drafts import token_place
from resume.passes.issue import SHEET_JOB
from resume.passes.keys import sheet_signer
from resume.passes.models import Pass, Sheet
from resume.passes.press import DIRECTIONS, HOTLINE, ISSUING_ORGAN, PROFILE_NAMES, press
from resume.passes.queries import EVERYTHING, chosen
from resume.passes.sheet.facts import SheetFacts
from resume.people.masking import mask_number
from resume.places.districts import DISTRICTS
from resume.places.models import Building
from resume.refusals import Conflict, Unprocessable
from resume.roster.details import open_details
from resume.roster.models import Worker
from resume.sealing import sealer
from resume.sets import within
from resume.settings import Settings

DOCUMENT_NAMES = {
    "resident_id": "居民身份证",
    "hk_macao_permit": "港澳居民来往内地通行证",
    "taiwan_permit": "台湾居民来往大陆通行证",
    "hmt_residence": "港澳台居民居住证",
    "foreign_residence": "外国人永久居留身份证",
    "passport": "护照",
}
assert DOCUMENT_NAMES.keys() == DOCUMENT_TYPES.keys()
#: A page of ticked passes: half a second of printing.
MAKE_AT_ONCE = 50
#: Sealed sheets held in memory at once while an archive is sent: about a megabyte.
READ_AT_ONCE = 25


class SheetNotReady(Conflict):
    """No sheet of the choice is ready yet."""

    code = "sheet_not_ready"
    message = _("还没有可下载的通行证文件")
    advice = _("通行证正在制作，请稍后刷新；也可以逐张下载，系统会立即制作")


class NothingChosen(Unprocessable):
    """No pass was ticked, or none of the firm's own."""

    code = "nothing_chosen"
    message = _("没有选中通行证")
    advice = _("请先在列表中勾选，再下载所选；也可以下载全部")


class TooManyToMake(Conflict):
    """More sheets of the choice are missing than one download makes."""

    code = "too_many_to_make"
    message = _("所选通行证中，尚未制作的超过 50 张")
    advice = _("请等制作完成后再下载，或分次选择；单张下载会立即制作")


class OnAPhone(Conflict):
    """The pass is on its bearer's phone: it has no sheet, and a printed code of it would be refused."""

    code = "on_a_phone"
    message = _("这张通行证在员工本人的手机上，没有纸质文件")
    advice = _("需要纸质证的，请先换回纸质证，再下载新的一张")


@dataclass(frozen=True, slots=True)
class SheetFile:
    """A sheet as handed out; the name of the file says the pass number and nothing of its holder."""

    number: str
    pdf: bytes
    sha256: str

    @property
    def file_name(self) -> str:
        return f"{self.number}.pdf"


def token_of(found: Pass) -> bytes:
    """The token of a pass: COSE bytes."""
    return sealer().open_bytes(found.sealed_token, place=token_place(found.id))


def token_text(found: Pass) -> str:
    """The whole text of the QR."""
    settings: Settings = current_app.config["RESUME_SETTINGS"]
    return qr_text(settings.public_url, token_of(found))


def sheet_of(pass_id: UUID) -> SheetFile:
    """The sheet of a pass, rendered now if it was not yet. A door, where it renders. Raises OnAPhone."""
    kept = _find(pass_id)
    if kept is not None:
        return kept
    row = render(pass_id)
    with transaction() as session:
        _keep(session, row)
    kept = _find(pass_id)
    assert kept is not None
    return kept


def render(pass_id: UUID) -> dict[str, Any]:
    """A new row of `sheet`: rendered, signed, sealed. Five queries, no transaction.

    The signature is made in real time, in which certificates live. Raises SheetRefused, NoSigningKey,
    OnAPhone.
    """
    found = reading().get_one(Pass, pass_id)
    if found.medium == "phone":
        raise OnAPhone
    facts = _facts(found)
    pdf = sheet_signer(found.profile).sign(press().render(facts), at=real_now())
    return {
        "pass_id": pass_id,
        "sha256": hashlib.sha256(pdf).hexdigest(),
        "sealed_pdf": sealer().seal_bytes(pdf, place=_place(pass_id)),
        "rendered_at": real_now(),
    }


@jobs.handler(SHEET_JOB)
def _render_later(payload: dict[str, Any]) -> jobs.Effect:
    """The job: nothing to do where somebody asked for the sheet before the worker came to it."""
    pass_id = UUID(payload["pass"])
    if _find(pass_id) is not None:
        return lambda _session, _at: None
    row = render(pass_id)
    return lambda session, _at: _keep(session, row)


def _keep(session: Session, row: dict[str, Any]) -> None:
    """Store the sheet unless there is one: doors are one at a time, so the first stays."""
    if session.get(Sheet, row["pass_id"]) is None:
        session.add(Sheet(**row))
        session.flush()


def ready_of_firm(
    *, firm_id: int, at: datetime | None = None, choice: Choice = EVERYTHING
) -> list[tuple[UUID, str]]:
    """Pass and number of each of a firm's passes whose sheet is ready, by number.

    Those in force, unless `choice` (with its moment `at`) names a status. One query.
    """
    query = select(Pass.id, Pass.number).join(Sheet, Sheet.pass_id == Pass.id)
    query = query.where(*_archived(firm_id, at, choice)).order_by(Pass.number)
    return [(pass_id, number) for pass_id, number in reading().execute(query)]


def count_ready(*, firm_id: int, at: datetime, choice: Choice) -> int:
    """How many `ready_of_firm` finds. One query."""
    query = select(func.count()).select_from(Pass).join(Sheet, Sheet.pass_id == Pass.id)
    return reading().scalar(query.where(*_archived(firm_id, at, choice))) or 0


def _archived(firm_id: int, at: datetime | None, choice: Choice) -> list[ColumnElement[bool]]:
    asked = [Pass.firm_id == firm_id] if at is None else chosen(choice, firm_id=firm_id, at=at)
    return asked if choice.status is not None else [*asked, Pass.is_live.is_(True)]


def make_chosen(pass_ids: Collection[UUID], *, firm_id: int) -> list[tuple[UUID, str]]:
    """Pass and number of these passes of the firm, by number; sheets that are missing are made now.

    Another firm's passes are left out as if they were not there, and so are those on phones. Raises
    NothingChosen, TooManyToMake where more than MAKE_AT_ONCE are missing.
    """
    query = (
        select(Pass.id, Pass.number, Sheet.pass_id.is_not(None))
        .outerjoin(Sheet, Sheet.pass_id == Pass.id)
        .where(Pass.firm_id == firm_id, Pass.medium == "paper", within(Pass.id, pass_ids))
        .order_by(Pass.number)
    )
    rows = reading().execute(query).all()
    if not rows:
        raise NothingChosen
    missing = [pass_id for pass_id, _number, is_ready in rows if not is_ready]
    if len(missing) > MAKE_AT_ONCE:
        raise TooManyToMake
    for pass_id in missing:
        sheet_of(pass_id)
    return [(pass_id, number) for pass_id, number, _is_ready in rows]


def read_sheets(passes: Iterable[tuple[UUID, str]]) -> Iterator[SheetFile]:
    """The stored sheets of these passes in their order, READ_AT_ONCE at a time; who has none is left out."""
    columns = select(Sheet.pass_id, Sheet.sealed_pdf, Sheet.sha256)
    for chunk in in_chunks(list(passes), READ_AT_ONCE):
        ids = [pass_id for pass_id, _number in chunk]
        rows = {row.pass_id: row for row in reading().execute(columns.where(Sheet.pass_id.in_(ids)))}
        for pass_id, number in chunk:
            if pass_id in rows:
                row = rows.pop(pass_id)
                yield SheetFile(number, _pdf_of(row.pass_id, row.sealed_pdf), row.sha256)


def _find(pass_id: UUID) -> SheetFile | None:
    query = select(Sheet, Pass.number).join(Pass, Pass.id == Sheet.pass_id).where(Sheet.pass_id == pass_id)
    row = reading().execute(query).first()
    return None if row is None else _opened(row[0], row[1])


def _opened(sheet: Sheet, number: str) -> SheetFile:
    return SheetFile(number, _pdf_of(sheet.pass_id, sheet.sealed_pdf), sheet.sha256)


def _pdf_of(pass_id: UUID, sealed_pdf: bytes) -> bytes:
    return sealer().open_bytes(sealed_pdf, place=_place(pass_id))


def _place(pass_id: UUID) -> str:
    return f"sheet:sealed_pdf:{pass_id}"


def _facts(found: Pass) -> SheetFacts:
    """What is printed: the token's facts, with names whole."""
    session = reading()
    person = open_details(session.get_one(Worker, found.worker_id))
    building = session.get_one(Building, found.building_id)
    compound = building.compound
    site = session.get_one(Site, found.site_id)
    return SheetFacts(
        number=found.number,
        profile=PROFILE_NAMES[found.profile],
        name=person.name,
        document_type=DOCUMENT_NAMES[person.document_type],
        document_masked=mask_number(person.document_number),
        firm=session.get_one(Firm, found.firm_id).name,
        origin=f"{DISTRICTS[compound.district_code]}{compound.street} {building.short_name}",
        destination=f"{DISTRICTS[site.district_code]} {site.name}",
        direction=DIRECTIONS[found.profile],
        exit_uses=1,
        entry_uses=1,
        pcr_sampled_at=found.pcr_sampled_at,
        building_clear_since=found.building_clear_from,
        valid_from=found.issued_at,
        valid_to=found.expires_at,
        good_until=found.good_until,
        issuing_organ=ISSUING_ORGAN,
        issued_on=shanghai_date(found.issued_at),
        hotline=HOTLINE,
        qr_text=token_text(found),
        is_demo=is_demo(found.profile),
        exit_gate=building.short_name,
        entry_gate=site.name,
    )


def is_demo(profile: str) -> bool:
    """Whether the key that signs is the demo authority's; its seal says 演示."""
    return "演示" in sheet_signer(profile).certificate.subject.rfc4514_string()
