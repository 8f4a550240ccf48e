"""Feeds act on passes at scale: the statements do not grow with the passes."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Flask

from resume.intake.operations import take_in
from resume.review.operations import sign_off
from resume.roles import WORKER
from tests.intake.feeding import as_csv, case_row
from tests.passes.city import SIGNER
from tests.passes.conftest import MakeCity, city_of

__all__ = ["city_of"]


def test_a_positive_costs_the_same_statements_for_10_and_300_passes(
    app: Flask, city_of: MakeCity, at: datetime, statements: list[str]
) -> None:
    few, many = city_of(workers=10, firm=1), city_of(workers=300, firm=2)
    for city in (few, many):
        sign_off(city.application_id, revision=2, by=SIGNER, at=at)
    now = at + timedelta(hours=1)
    sent: dict[str, list[int]] = {"suspends": [], "heals": []}
    take_in("cases", as_csv([case_row("C0", "B9")]), "c.csv", by=WORKER, at=now)  # what is asked only once
    for firm, count in ((1, 10), (2, 300)):
        case = case_row(f"C{firm}", f"B{firm}-1", reported_at=now.isoformat())
        statements.clear()
        report = take_in("cases", as_csv([case]), "c.csv", by=WORKER, at=now)
        assert (report.suspended, report.firms) == (count, 1)
        sent["suspends"].append(len(statements))
        correction = case | {"case_id": f"D{firm}", "excluded": "corrected", "supersedes": f"C{firm}"}
        statements.clear()
        report = take_in("cases", as_csv([correction]), "c.csv", by=WORKER, at=now + timedelta(minutes=1))
        assert report.healed == count
        sent["heals"].append(len(statements))
    assert sent["suspends"][0] == sent["suspends"][1]
    assert sent["heals"][0] == sent["heals"][1]
