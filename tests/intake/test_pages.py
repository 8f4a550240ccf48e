"""The steward's pages and the command."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient

from resume.cli.intake import intake
from resume.intake.queries import list_receipts
from resume.roles import Role
from resume.settings import Settings
from tests.intake.feeding import as_csv, feed, sample_row

SignIn = Callable[..., FlaskClient]


def test_a_file_goes_in_and_its_receipt_comes_back(places: Flask, sign_in: SignIn) -> None:
    steward = sign_in(Role.STEWARD)
    assert "数据接收" in steward.get("/intake").text
    rows = [sample_row("R1"), sample_row("R2", sampled_at="2022-04-20 08:00")]
    upload = (io.BytesIO(as_csv(rows)), "../核酸.csv")
    answer = steward.post("/intake", data={"feed": "tests", "file": upload})
    assert answer.status_code == 303
    preview = steward.get(answer.location).text
    for text in (
        "1</span> 行可以收下",
        "1</span> 行不能收下",
        "时间没有时区偏移",
        "记录编号、证件类型",
        "核酸.csv",
    ):
        assert text in preview
    assert answer.location in steward.get("/intake").text
    answer = steward.post(f"{answer.location}/confirm")
    assert answer.status_code == 303
    receipt = steward.get(answer.location).text
    for text in ("1</span> 行收下", "1</span> 行未收", "采样时间", "2022-04-20 08:00", "时间没有时区偏移"):
        assert text in receipt
    assert ">核酸.csv<" in receipt
    assert answer.location in steward.get("/intake").text


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("tests", None, "请选择要接收的文件"),
        ("tests", b"a,b\n1,2\n", "缺少必需的列"),
        ("weather", b"a,b\n1,2\n", "请从列出的选项中选择"),
    ],
)
def test_a_file_that_is_refused_says_why(
    app: Flask, sign_in: SignIn, name: str, content: bytes | None, said: str
) -> None:
    upload = {} if content is None else {"file": (io.BytesIO(content), "x.csv")}
    data: dict[str, object] = {"feed": name, **upload}
    answer = sign_in(Role.STEWARD).post("/intake", data=data)
    assert answer.status_code == 422
    assert said in answer.text
    assert list_receipts() == []


def test_refused_lines_come_as_a_file_without_formulas(places: Flask, sign_in: SignIn) -> None:
    report = feed("tests", sample_row("R1", result="=HYPERLINK(1)"), sample_row("R2", source="@x"))
    answer = sign_in(Role.STEWARD).get(f"/intake/{report.intake_id}/refused.csv")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [row[:3] for row in rows[1:]] == [["2", "结果", "'=HYPERLINK(1)"], ["3", "来源", "'@x"]]


def test_only_the_steward(app: Flask, sign_in: SignIn) -> None:
    assert sign_in(Role.REVIEWER, district_code="310115").get("/intake").status_code == 403
    assert sign_in(Role.STEWARD).get("/intake/99").status_code == 404


@pytest.fixture
def run(
    places: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[..., object]:
    monkeypatch.setenv("RESUME_HOME", str(settings.home))
    monkeypatch.setenv("RESUME_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("RESUME_CLOCK", "2022-04-22T09:00:00+08:00")

    def command(name: str, content: bytes) -> object:
        file = tmp_path / "feed.csv"
        file.write_bytes(content)
        return CliRunner().invoke(intake, [name, str(file)], standalone_mode=False)

    return command


def test_the_command_prints_the_receipt(run: Callable[..., object]) -> None:
    done = run("tests", as_csv([sample_row("R1") | {"memo": "x"}]))
    assert done.return_value == 0  # type: ignore[attr-defined]
    printed = json.loads(done.stdout)  # type: ignore[attr-defined]
    assert (printed["accepted"], printed["unknown_columns"]) == (1, ["memo"])
    assert done.stderr == "resume: columns ignored: memo\n"  # type: ignore[attr-defined]
    done = run("tests", as_csv([sample_row("R2", kind="cough")]))
    assert done.return_value == 1  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("name", "content"), [("tests", b"x\n1\n"), ("weather", b"x\n1\n"), ("tests", b"\x00\n")]
)
def test_the_command_refuses_a_file_or_feed(run: Callable[..., object], name: str, content: bytes) -> None:
    import click

    done = run(name, content)
    assert isinstance(done.exception, click.UsageError)  # type: ignore[attr-defined]
    assert done.stdout == ""  # type: ignore[attr-defined]
