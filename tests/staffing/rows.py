"""Bad rows, workers and forms as HR meets them."""

from __future__ import annotations

import csv
import io
import re
from typing import Any
from uuid import UUID

from sqlalchemy import select

from resume.applications import operations as applications
from resume.applications.models import Application
from resume.applications.queries import find_current
from resume.db import reading, transaction
from resume.roster import queries
from resume.roster.columns import WORKER_LIST
from resume.roster.details import WorkerDetails, open_details
from resume.roster.models import BadRow, Worker, WorkerList
from resume.roster.steps import begin_submitted
from tests.roster import city
from tests.roster.conftest import HR, Firm

NAMES = {column.zh: column.name for column in WORKER_LIST}


def as_csv(rows: list[dict[str, Any]]) -> bytes:
    """A file in which nothing is a formula, whatever it begins with."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerows([city.HEADERS, *(row.values() for row in rows)])
    return file.getvalue().encode()


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", response.get_data(as_text=True)))


def texts(sequence: int, **cells: Any) -> dict[str, str]:
    """A good row by the columns' names."""
    return {NAMES[zh]: value for zh, value in city.worker(sequence, **cells).items()}


def posted(values: dict[str, str], key: str) -> dict[str, str]:
    """As a form sends it."""
    return {f"{key}-{name}": value for name, value in values.items()}


def bad_row(made: WorkerList, row: int) -> BadRow:
    query = select(BadRow).where(BadRow.list_id == made.id, BadRow.row == row)
    return reading().scalars(query).one()


def list_of(firm: Firm, list_id: UUID) -> WorkerList:
    """A list as it is stored now."""
    reading().expire_all()
    return queries.get_list(list_id, firm_id=firm.id)


def current_of(firm: Firm) -> WorkerList:
    """The list that stands, as it is stored now."""
    reading().expire_all()
    found = queries.find_current_list(firm_id=firm.id)
    assert found is not None
    return found


def by_name(list_id: UUID) -> dict[str, tuple[Worker, WorkerDetails]]:
    reading().expire_all()
    found = [(worker, open_details(worker)) for worker in queries.workers_of(list_id)]
    return {details.name: (worker, details) for worker, details in found}


def confirmed(firm: Firm, *rows: dict[str, Any]) -> WorkerList:
    """An uploaded list that stands, attached to the firm's case."""
    made = firm.upload(*rows)
    applications.confirm_list(made.id, firm_id=firm.id, by=HR, at=firm.at)
    return queries.get_list(made.id, firm_id=firm.id)


def submitted(firm: Firm, *rows: dict[str, Any], state: str = "submitted") -> WorkerList:
    """A list under review, or of a case decided as `state` says."""
    made = confirmed(firm, *rows)
    with transaction() as session:
        session.get_one(WorkerList, made.id).state = "submitted"
        begin_submitted(made.id, at=firm.at)
        case = session.get_one(Application, case_of(firm).id)
        case.state, case.submitted_at = state, firm.at
        case.revision += 1
    return queries.get_list(made.id, firm_id=firm.id)


def case_of(firm: Firm) -> Application:
    reading().expire_all()
    found = find_current(firm_id=firm.id)
    assert found is not None
    return found
