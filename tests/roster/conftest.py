"""A firm in a small city, its HR signed in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from resume import jobs
from resume.roles import Actor, Role
from resume.roster import operations
from resume.roster.models import WorkerList
from tests.roster import city

HR = Actor("hr", Role.HR)


@dataclass
class Firm:
    """A firm's HR: pages by `client`, the door by `upload`."""

    id: int
    client: FlaskClient
    buildings: dict[str, int]
    at: datetime

    def upload(self, *rows: dict[str, Any]) -> WorkerList:
        data = city.workbook(rows)
        return operations.upload(self.id, data, "名单.xlsx", by=HR, at=self.at)

    def post(self, data: bytes, filename: str = "名单.xlsx") -> TestResponse:
        """Hand a file in; it then waits for the worker."""
        return self.client.post("/list", data={"file": (BytesIO(data), filename)})

    def send(self, data: bytes, filename: str = "名单.xlsx") -> TestResponse:
        """Hand a file in, let the worker work, and look how it went: where that leads, or why not."""
        taken = self.post(data, filename)
        if taken.status_code != 303:
            return taken
        while jobs.work_once():
            pass
        return self.client.get(taken.location)


@pytest.fixture
def buildings(app: Flask, at: datetime) -> dict[str, int]:
    """B1, B2, B3 of 锦绣苑 (lane 锦绣路100弄); B1 without separate units."""
    return city.register(
        *((f"B{number}", "锦绣苑", "锦绣路100弄", f"{number}号") for number in (1, 2, 3)), at=at
    )


@pytest.fixture
def make_firm(
    buildings: dict[str, int], sign_in: Callable[..., FlaskClient], at: datetime
) -> Callable[[str], Firm]:
    """A firm by its credit code, with its HR signed in."""

    def make(code: str) -> Firm:
        firm_id = city.firm(code, at=at)
        return Firm(firm_id, sign_in(Role.HR, firm_id=firm_id), buildings, at)

    return make


@pytest.fixture
def firm(make_firm: Callable[[str], Firm]) -> Firm:
    return make_firm("91310115MA1K00001A")


@pytest.fixture
def evidence(app: Flask, at: datetime) -> city.Evidence:
    return city.Evidence(at)
