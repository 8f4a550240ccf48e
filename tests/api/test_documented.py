"""The page of the machine interface: its curl examples run as they stand, and its scopes are all of them."""

from __future__ import annotations

import json
import os
import re
import subprocess
from typing import Any

import pytest
from flask import Flask

from resume.api.routes.admission import LIMIT
from resume.api.scopes import SCOPES
from resume.settings import ROOT
from tests.api.conftest import MakeParty
from tests.api.serving import served
from tests.roster.conftest import Firm, buildings, firm, make_firm

__all__ = ["buildings", "firm", "make_firm"]

PAGE = (ROOT / "docs" / "api.md").read_text("utf-8")


@pytest.fixture
def examples(app: Flask, firm: Firm, party: MakeParty) -> dict[str, Any]:
    """What each curl of the page prints, by the address it asks."""
    tokens = {
        "LAB_TOKEN": party("tests:write").text,
        "HR_TOKEN": party("lists:write", firm_id=firm.id).text,
        "GATE_TOKEN": party("passes:check").text,
    }
    printed = {}
    with served(app) as address:
        for example in re.findall(r"^```bash\n(.*?)^```", PAGE, re.M | re.S):
            done = subprocess.run(
                ["bash", "-c", example],
                env={"PATH": os.environ["PATH"], "NO_PROXY": "*", "RESUME": address, **tokens},
                capture_output=True,
                check=True,
                timeout=60,
            )
            printed[re.search(r"/api/v1/([\w/]+)", example)[1]] = json.loads(done.stdout)
    return printed


def test_the_examples_run_as_they_stand(examples: dict[str, Any]) -> None:
    assert set(examples) == {"tests", "lists", "passes/check"}
    statuses = [record["status"] for record in examples["tests"]["records"]]
    assert statuses == ["accepted", "refused"]
    assert examples["tests"]["records"][1]["reason"] == "time without offset"
    assert (examples["lists"]["state"], examples["lists"]["good"]) == ("preview", 1)
    assert examples["passes/check"]["code"] == "NOT_LISTED"
    shown = json.loads(re.search(r"^```json\n(.*?)^```", PAGE, re.M | re.S)[1])
    assert shown.keys() == examples["tests"].keys()
    assert shown["records"][1].keys() == examples["tests"]["records"][1].keys()


def test_every_scope_and_the_limit_are_on_the_page() -> None:
    assert [scope for scope in SCOPES if f"`{scope}`" not in PAGE] == []
    assert f"{LIMIT} requests a minute" in PAGE
