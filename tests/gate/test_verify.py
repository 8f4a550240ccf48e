"""`resume verify`: tokens and sheets, layer by layer, as JSON with its exit codes."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click import ClickException
from click.testing import CliRunner
from flask import Flask

from resume.cli import cli
from resume.clock import iso
from resume.db import db, transaction
from resume.gate.operations.scans import check_scan, let_through
from resume.passes.operations import revoke
from resume.passes.sheets import sheet_of
from resume.settings import Settings
from tests.conftest import AT
from tests.gate.conftest import Way, guard_of
from tests.passes.city import REVIEWER, add_contact

Run = Callable[..., tuple[int, list[dict[str, Any]]]]


@pytest.fixture
def verify(settings: Settings, way: Way) -> Run:
    """`verify("TOKEN", gate="RTW")`: exit code and the JSON lines."""
    environment = {
        "RESUME_HOME": str(settings.home),
        "RESUME_DATABASE_URL": settings.database_url,
        "RESUME_CLOCK": AT.isoformat(),
    }

    def run(*presented: str, gate: object = "RTW", at: datetime = AT, lines: bytes | None = None) -> Any:
        db.session.rollback()
        arguments = ["verify", *presented, "--gate", str(gate), "--at", iso(at)]
        if lines is not None:
            arguments.append("--lines")
        done = CliRunner().invoke(cli, arguments, env=environment, input=lines, standalone_mode=False)
        assert done.exception is None or isinstance(done.exception, ClickException), done.exception
        said = [json.loads(line) for line in done.stdout.splitlines()]
        return (2 if done.exception else done.return_value), said

    return run


def one(result: tuple[int, list[dict[str, Any]]]) -> tuple[int, str, str]:
    code, said = result
    return code, said[0]["verdict"], said[0]["code"]


def test_a_token_in_each_form(verify: Run, way: Way) -> None:
    text = way.token()
    for presented in (text, text.split("#")[1]):
        assert one(verify(presented)) == (0, "green", "OK")
    _, said = verify(text)
    assert said[0]["reasons"] == []
    assert set(said[0]["layers"].values()) == {"good"}


def test_gates_and_moments(verify: Run, way: Way, at: datetime) -> None:
    token = way.token()
    assert one(verify(token, gate=way.home)) == (0, "green", "OK")
    assert one(verify(token, gate=way.elsewhere)) == (1, "red", "WRONG_GATE")
    assert one(verify(token, gate=way.plant)) == (1, "amber", "AG_REQUIRED")
    assert one(verify(token, at=at + timedelta(hours=38))) == (0, "green", "OK")
    assert one(verify(token, at=at + timedelta(hours=38, seconds=1))) == (1, "red", "PCR_EXPIRED")
    assert one(verify(token, at=at + timedelta(hours=168))) == (1, "red", "EXPIRED")
    assert one(verify(token, at=at - timedelta(seconds=1))) == (1, "red", "NOT_YET")


def test_what_became_of_the_pass(verify: Run, way: Way, at: datetime) -> None:
    token = way.token()
    check_scan(token, nonce=(nonce := way.first().id), by=guard_of(way.home), at=at)
    let_through(nonce, by=guard_of(way.home), at=at + timedelta(minutes=5))
    assert one(verify(token, gate=way.home, at=at)) == (0, "green", "OK")  # it had not happened then
    assert one(verify(token, gate=way.home, at=at + timedelta(minutes=5))) == (1, "red", "USED")
    with transaction():
        add_contact(way.city, 0, at=at + timedelta(hours=1), until=None)
    assert one(verify(token, at=at + timedelta(hours=1))) == (1, "red", "CONTACT")
    revoke(way.first().id, reason="test", by=REVIEWER, at=at + timedelta(hours=2))
    assert one(verify(token, at=at + timedelta(hours=3))) == (1, "red", "REVOKED")


def test_lines(verify: Run, way: Way) -> None:
    token = way.token()
    body = token.split("#")[1]
    forged = body[:-8] + "A" * 8
    lines = "\n".join([token, body, forged, "", "\x00", "A" * 100_000]).encode() + b"\n\xff\xfe\n"
    code, said = verify(lines=lines)
    assert code == 1
    assert [line["verdict"] for line in said] == ["green", "green", *["red"] * 5]
    assert {line["code"] for line in said[2:]} <= {"MALFORMED", "FORGED"}
    assert verify(lines=f"{token}\n{body}\n".encode())[0] == 0


def test_unusable(verify: Run, way: Way, at: datetime, tmp_path: Path) -> None:
    token = way.token()
    for arguments, options in (
        (["nosuch.pdf"], {}),
        ([token], {"gate": "NOPE"}),
        ([token], {"gate": 999}),
        ([token], {"gate": "9" * 40}),
        ([token], {"at": at - timedelta(days=60)}),
        ([token], {"lines": b""}),
        ([], {}),
    ):
        assert verify(*arguments, **options)[0] == 2, (arguments, options)


@pytest.fixture
def sheet(app: Flask, way: Way, tmp_path: Path) -> Path:
    """The first pass's sheet as handed out."""
    path = tmp_path / "pass.pdf"
    path.write_bytes(sheet_of(way.first().id).pdf)
    return path


def test_a_sheet_as_handed_out(verify: Run, sheet: Path, way: Way, at: datetime) -> None:
    code, said = verify(str(sheet))
    assert (code, said[0]["verdict"], said[0]["code"]) == (0, "green", "OK")
    layers = said[0]["layers"]
    assert {name: layers[name] for name in ("signature", "qr", "text", "file")} == dict.fromkeys(
        ("signature", "qr", "text", "file"), "good"
    )
    assert one(verify(str(sheet), at=at + timedelta(hours=40))) == (1, "red", "PCR_EXPIRED")


def test_a_changed_sheet_is_named(verify: Run, sheet: Path, way: Way) -> None:
    pdf = sheet.read_bytes()
    changed = {
        "flipped": pdf[:3000] + bytes([pdf[3000] ^ 1]) + pdf[3001:],
        "first byte": b"\x00" + pdf[1:],
        "appended": pdf + b"\n",
        "cut": pdf[: len(pdf) // 2],
        "empty": b"",
        "no pdf": b"hello",
        "zeros": bytes(100_000),
        "header alone": b"%PDF-1.7\n%%EOF\n",
    }
    for name, content in changed.items():
        sheet.write_bytes(content)
        code, said = verify(str(sheet))
        assert (code, said[0]["verdict"], said[0]["code"]) == (1, "red", "ALTERED"), name
        assert said[0]["layers"]["signature"] in ("broken", "missing"), name


def test_a_sheet_with_another_text_around_a_genuine_qr(verify: Run, sheet: Path, way: Way) -> None:
    """Rendered again with another name and signed by somebody: the QR alone is genuine."""
    from dataclasses import replace

    from resume.clock import real_now
    from resume.passes import sheets
    from resume.passes.keys import sheet_signer
    from resume.passes.press import press

    facts = replace(sheets._facts(way.first()), name="李大力")
    pdf = press().render(facts)
    sheet.write_bytes(sheet_signer("RTW").sign(pdf, at=real_now()))
    code, said = verify(str(sheet))
    layers = said[0]["layers"]
    assert (code, said[0]["code"]) == (1, "ALTERED")
    assert {name: layers[name] for name in ("signature", "qr", "text", "file")} == {
        "signature": "good",  # our own key: the worst case
        "qr": "good",
        "text": "differs",
        "file": "differs",
    }


def test_one_bit_in_the_token_is_refused(verify: Run, way: Way) -> None:
    body = way.token().split("#")[1]
    cose = base64.b32decode(body + "=" * (-len(body) % 8))
    flipped = [
        base64.b32encode(cose[:place] + bytes([cose[place] ^ 1]) + cose[place + 1 :]).decode().rstrip("=")
        for place in range(len(cose))
    ]
    code, said = verify(lines="\n".join(flipped).encode())
    assert code == 1
    assert {line["verdict"] for line in said} == {"red"}
    assert len(said) == len(cose)
