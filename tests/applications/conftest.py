"""Firms with a complete plan and a confirmed list, made through the doors."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask

from resume.applications import operations
from resume.applications.models import Application
from resume.applications.steps import touch_by_edit
from resume.db import new_id, transaction
from resume.firms.models import Firm
from resume.people.models import Person
from resume.plans.sections import SECTIONS
from resume.roles import Actor, Role
from resume.roster.models import Worker, WorkerList
from tests.plans.complete import complete_sections

MakeFirm = Callable[..., int]


@pytest.fixture
def make_firm(app: Flask, at: datetime) -> MakeFirm:
    """`make_firm()`: the id of a new firm in Pudong."""
    codes = iter(["91310115MA10001800", "91310115MA1000367Y"])

    def make() -> int:
        with transaction() as session:
            code = next(codes)
            firm = Firm(
                credit_code=code, name=f"虚构电驱动{code[-4:]}有限公司", short_name="虚构电驱动",
                district_code="310115", created_at=at,
            )  # fmt: skip
            session.add(firm)
            session.flush()
            return firm.id

    return make


def hr(firm_id: int) -> Actor:
    """An HR person of a firm, for doors."""
    return Actor("hr", Role.HR, firm_id=firm_id)


def fill_plan(firm_id: int, *, at: datetime) -> None:
    """Save every section of a complete plan, as HR does page by page."""
    sections = complete_sections()
    for number, section in enumerate(SECTIONS):
        operations.save_section(
            section.key, sections[section.key], firm_id=firm_id, revision=number, by=hr(firm_id), at=at
        )


def add_list(firm_id: int, persons: list[bytes], *, at: datetime) -> UUID:
    """A confirmed list of these persons, rows 2, 3, ..., attached to the firm's case."""
    with transaction() as session:
        worker_list = WorkerList(
            firm_id=firm_id, state="confirmed", file_name="名单.xlsx", uploaded_at=at,
            row_count=len(persons), good_count=len(persons), unknown_columns=[],
        )  # fmt: skip
        session.add(worker_list)
        session.flush()
        for row, key in enumerate(persons, 2):
            if session.get(Person, key) is None:
                session.add(Person(key=key, number_key=key, document_type="resident_id", sealed_number=b"-"))
            session.add(
                Worker(
                    id=new_id(), list_id=worker_list.id, row=row, person_key=key, number_key=key,
                    document_type="resident_id", sealed=b"-", post="装配工", key_post=True,
                    arrive_on=date(2022, 4, 25),
                )
            )  # fmt: skip
        application = touch_by_edit(firm_id, by=hr(firm_id), at=at)
        application.list_id, application.worker_count = worker_list.id, len(persons)
        return worker_list.id


def person(number: int) -> bytes:
    """The blind index of an invented person."""
    return number.to_bytes(16, "big")


def submitted_case(firm_id: int, *, at: datetime, persons: int = 3) -> Application:
    """A case of a complete plan and a list, submitted."""
    fill_plan(firm_id, at=at)
    add_list(firm_id, [person(firm_id * 1000 + number) for number in range(persons)], at=at)
    return operations.submit(firm_id, revision=0, by=hr(firm_id), at=at + timedelta(minutes=5))
