"""A firm's passes as an XLSX for its HR: every cell is text, no name a formula; rows go to disk at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from io import BytesIO

import xlsxwriter
from sqlalchemy import select

from resume.clock import SHANGHAI
from resume.db import reading
from resume.firms.queries import list_sites
from resume.passes.choice import Choice
from resume.passes.lifecycle import MEDIUM_NAMES, STATUS_NAMES, Status
from resume.passes.models import Pass
from resume.passes.queries import chosen, status_column
from resume.roster.details import open_details
from resume.roster.models import Worker
from resume.roster.own_key import own_keys, own_link

_COLUMNS = (
    ("通行证编号", 18),
    ("姓名", 14),
    ("证件末四位", 12),
    ("岗位", 16),
    ("班组", 12),
    ("厂区", 18),
    ("状态", 10),
    ("签发", 18),
    ("可用至", 18),
    ("最迟有效至", 18),
    ("本人查询链接", 62),
    ("介质", 12),
)
_AT_ONCE = 1000
Row = tuple[Pass, Worker, str]


def list_file(*, firm_id: int, at: datetime, choice: Choice) -> bytes:
    """The passes of `choice` by number. HR reads its workers' names whole, and nothing of why a pass is held.

    The link opens the worker's own page: the file is as confidential as the slips. Two queries.
    """
    sites = {site.id: site.name for site in list_sites(firm_id=firm_id)}
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("通行证")
        text = book.add_format({"num_format": "@"})
        head = book.add_format({"num_format": "@", "bold": True, "bg_color": "#EEF1F4", "bottom": 1})
        sheet.freeze_panes(1, 2)
        for place, (name, width) in enumerate(_COLUMNS):
            sheet.set_column(place, place, width, text)
            sheet.write_string(0, place, name, head)
        for number, cells in enumerate(_lines(firm_id, at, choice, sites), start=1):
            for place, value in enumerate(cells):
                sheet.write_string(number, place, value, text)
    return target.getvalue()


def _lines(firm_id: int, at: datetime, choice: Choice, sites: dict[int, str]) -> Iterator[tuple[str, ...]]:
    query = (
        select(Pass, Worker, status_column(at))
        .join(Worker, Worker.id == Pass.worker_id)
        .where(*chosen(choice, firm_id=firm_id, at=at))
        .order_by(Pass.number)
        .execution_options(yield_per=_AT_ONCE)
    )
    for rows in reading().execute(query).partitions():
        keys = own_keys([worker.id for _pass, worker, _status in rows])
        for (found, worker, status), key in zip(rows, keys, strict=True):
            yield _cells((found, worker, status), sites.get(found.site_id, ""), own_link(key))


def _cells(row: Row, site: str, link: str) -> tuple[str, ...]:
    found, worker, status = row
    details = open_details(worker)
    return (
        found.number,
        details.name,
        details.document_number[-4:],
        worker.post,
        worker.shift,
        site,
        str(STATUS_NAMES[Status(status)]),
        _written(found.issued_at),
        _written(found.good_until),
        _written(found.expires_at),
        link,
        str(MEDIUM_NAMES[found.medium]),
    )


def _written(moment: datetime) -> str:
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
