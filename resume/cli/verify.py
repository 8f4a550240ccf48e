"""`resume verify`: a sheet or a token, every layer checked against this home, as JSON."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from resume import clock
from resume.cli.home_app import Moment, in_home

if TYPE_CHECKING:
    from resume.credential.views import Answer, GateView

_MOST_BYTES = 20 * 1024 * 1024
_MOST_LINE = 4096  # characters; a longer line is no token, however long it is


@click.command()
@click.argument("presented", metavar="[FILE.pdf|TOKEN]", required=False)
@click.option("--gate", "gate_name", required=True, help="A profile such as RTW, or a gate's id.")
@click.option(
    "--at", "moment", type=Moment(), default=None, help="The moment of the check; now if not given."
)
@click.option("--lines", is_flag=True, help="One token a line on standard input, one verdict a line.")
@in_home
def verify(presented: str | None, gate_name: str, moment: datetime | None, *, lines: bool) -> int:
    """Check a pass. Exit code 0: green; 1: anything else; 2: unusable arguments."""
    from resume.policy import NoPolicy, UnknownProfile

    if lines == (presented is not None):
        raise click.UsageError("give a file or a token, or --lines and tokens on standard input")
    at = moment or clock.now()
    try:
        gate = _gate(gate_name, at)
        if lines:
            return _verify_lines(gate, at)
        return _verify_one(presented or "", gate, at)
    except (NoPolicy, UnknownProfile) as error:
        raise click.UsageError(str(error)) from None


def _gate(name: str, at: datetime) -> GateView:
    """The gate of an id, or the one of a profile, which stands nowhere."""
    from resume.credential.views import GateView
    from resume.gate.lanes import gate_view, lane_of
    from resume.places.queries import get_gate
    from resume.policy import policy_at
    from resume.refusals import NotFound

    policy = policy_at(at)
    if name.isascii() and name.isdigit():
        try:
            if int(name) > 2**31 - 1:
                raise NotFound
            gate = get_gate(int(name))
            return gate_view(gate, lane_of(gate, at=at))
        except NotFound:
            raise click.UsageError(f"--gate: no gate has the id {name[:20]}") from None
    policy.profile(name)
    return GateView(name, profile=name)


def _verify_one(presented: str, gate: GateView, at: datetime) -> int:
    path = _file(presented)
    if path is None:
        return _verify_token(presented, gate, at)
    from resume.gate.sheet_check import check_sheet

    # What pyHanko finds in a stranger's file is in the layers; its own log would be tracebacks.
    for name in ("pyhanko", "pyhanko_certvalidator"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    try:
        with path.open("rb") as file:
            checked = check_sheet(file.read(_MOST_BYTES), gate=gate, at=at)
    except OSError as error:
        raise click.UsageError(f"{path}: {error.strerror}") from None
    return _report(checked.answer, checked.layers)


def _file(presented: str) -> Path | None:
    """The file that is meant, or None for a token. UsageError for a file that is not there."""
    path = Path(presented)
    try:
        if path.is_file():
            return path
    except (OSError, ValueError):  # a text too long or too strange for a name is none
        return None
    if presented.lower().endswith(".pdf"):
        raise click.UsageError(f"{presented}: no such file")
    return None


def _verify_token(presented: str, gate: GateView, at: datetime) -> int:
    from resume.gate.answer import answer_for

    answer = answer_for(presented, gate=gate, at=at, by_number=False).answer
    return _report(answer, answer.layers)


def _verify_lines(gate: GateView, at: datetime) -> int:
    """A verdict for each line as it comes; 0 where all were green."""
    codes = [
        _verify_token(line.decode("utf-8", "replace")[: _MOST_LINE + 1], gate, at)
        for line in sys.stdin.buffer
    ]
    return max(codes, default=0)


def _report(answer: Answer, layers: Mapping[str, str]) -> int:
    content = {
        "verdict": answer.verdict.value,
        "code": str(answer.code),
        "reasons": [str(code) for code in answer.reasons],
        "layers": dict(layers),
    }
    click.echo(json.dumps(content, ensure_ascii=False))
    return 0 if answer.verdict == "green" else 1
