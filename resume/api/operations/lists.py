"""The door of worker lists: rows become the firm's preview, for its HR to confirm as any upload."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from resume.api.operations.keeping import Once, act_once, answered_before
from resume.api.queries import Kept
from resume.api.scopes import Caller
from resume.notices.telling import tell_firm
from resume.policy import Verdict, for_hr
from resume.refusals import NotFound
from resume.roster.columns import WORKER_LIST
from resume.roster.eligibility import facts_of_subjects, in_the_way, judge, plan_for_preview
from resume.roster.models import WorkerList
from resume.roster.operations import Upload, keep_upload, read_upload, shown_file_name
from resume.roster.sheet import CellError
from resume.tables.model import Row, Table

FILE_NAME = "api/v1/lists"
COLUMNS = [column.name for column in WORKER_LIST]


@dataclass(frozen=True, slots=True)
class Rows:
    """A worker list as texts by column name, the names that no column has, and what its sender calls it."""

    rows: Sequence[Mapping[str, str]]
    unknown_columns: tuple[str, ...] = ()
    name: str = ""


def take_list(sent: Rows, *, once: Once, by: Caller, at: datetime, real_at: datetime) -> Kept:
    """Keep the rows as the preview of the token's firm; the answer has the verdict or the errors of each.

    Raises KeyReused, NoSites, SitesChanged; NotFound for a token without a firm.
    """
    kept = answered_before(once, by=by, real_at=real_at)
    if kept is not None:
        return kept
    firm_id = firm_of(by)
    upload = read_upload(firm_id, lambda: _table(sent), shown_file_name(sent.name) or FILE_NAME, at=at)
    upload.worker_list.unknown_columns = list(sent.unknown_columns)
    subjects = [one.subject for one in upload.resolved]
    plan = plan_for_preview(firm_id=firm_id)
    verdicts = judge(facts_of_subjects(subjects, at=at, plan=plan), at=at)
    body = json.dumps(_answer(upload, verdicts, len(sent.rows)), ensure_ascii=False, separators=(",", ":"))

    def act() -> bytes:
        keep_upload(upload, by=by.actor, at=at)
        _tell(upload.worker_list, at=at)
        return body.encode()

    return act_once(once, act, by=by, real_at=real_at)


def _tell(worker_list: WorkerList, *, at: datetime) -> None:
    """The HR system sent it; a person has to look at it and confirm it."""
    bad = worker_list.row_count - worker_list.good_count
    name = str(worker_list.id)
    tell_firm(
        "list_uploaded", worker_list.firm_id, key=name, reference=f"list:{name}", link=f"/list/{name}",
        at=at, good=worker_list.good_count, bad=bad,
    )  # fmt: skip


def firm_of(by: Caller) -> int:
    """The firm of a token; NotFound for one without."""
    if by.firm_id is None:
        raise NotFound
    return by.firm_id


def list_head(worker_list: WorkerList) -> dict[str, Any]:
    """What is said of a list as a whole."""
    return {
        "list": str(worker_list.id),
        "state": worker_list.state,
        "good": worker_list.good_count,
        "invalid": worker_list.row_count - worker_list.good_count,
        "unknown_columns": list(worker_list.unknown_columns),
    }


def _table(sent: Rows) -> Table:
    """Rows as the reader of sheets takes them, numbered from 1; a row may be all blank and is still a row."""
    rows = (
        Row(number, number, [row.get(name, "") for name in COLUMNS])
        for number, row in enumerate(sent.rows, start=1)
    )
    return Table("json", COLUMNS, rows)


def _answer(upload: Upload, verdicts: Sequence[Verdict], count: int) -> dict[str, Any]:
    errors: dict[int, list[CellError]] = defaultdict(list)
    for error in upload.read.errors:
        errors[error.row].append(error)
    judged = {one.row.row: verdict for one, verdict in zip(upload.resolved, verdicts, strict=True)}
    rows = [
        _judged(row, judged[row]) if row in judged else _invalid(row, errors[row])
        for row in range(1, count + 1)
    ]
    return list_head(upload.worker_list) | {"rows": rows}


def _judged(row: int, verdict: Verdict) -> dict[str, Any]:
    """A worker's verdict as his firm may see it: health evidence as one finding, only what is in the way."""
    printed = verdict.to_json()
    return {
        "index": row - 1,
        "outcome": verdict.outcome.value,
        "eligible_from": printed["eligible_from"],
        "good_until": printed["good_until"],
        "findings": [finding.to_json() for finding in in_the_way(verdict, for_hr)],
    }


def _invalid(row: int, cells: Sequence[CellError]) -> dict[str, Any]:
    return {"index": row - 1, "outcome": "invalid", "errors": [cell.as_json() for cell in cells]}
