"""`resume policy decide`: what it prints, its exit codes, its lines of errors."""

import json
import subprocess
import sys
from typing import Any

import pytest
from click.testing import CliRunner, Result

from resume.cli.policy import policy
from tests.policy.vectors import BASE, vectors

AT = "2022-04-24T09:00+08:00"
GOOD = json.dumps(BASE)
RED = json.dumps(BASE | {"code": BASE["code"] | {"colour": "red"}})


def run(*arguments: str, data: str | bytes = "") -> Result:
    """The command in this process."""
    return CliRunner().invoke(policy, ["decide", *arguments], input=data)


def answers(result: Result) -> list[dict[str, Any]]:
    """The printed lines."""
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_the_other_profiles_through_the_command() -> None:
    """LEAVE, MOVER and MEDICAL: the same verdicts as the pure decision's."""
    for case in vectors("profiles"):
        facts = json.dumps(BASE | case["with"])
        (verdict,) = answers(run("--profile", case["profile"], "--at", case["at"], data=facts))
        assert (verdict["outcome"], verdict["profile"]) == (case["expect"]["outcome"], case["profile"])


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in vectors("rtw")])
def test_table_through_the_command(case: dict[str, Any]) -> None:
    """One facts object, one verdict, exit code 0 for eligible and 1 otherwise."""
    result = run("--profile", "RTW", "--at", case["at"], data=json.dumps(BASE | case.get("with", {})))
    (verdict,) = answers(result)
    assert {key: verdict[key] for key in ("outcome", "eligible_from", "good_until")} == {
        key: case["expect"][key] for key in ("outcome", "eligible_from", "good_until")
    }
    assert result.exit_code == (0 if verdict["outcome"] == "eligible" else 1)
    assert result.stderr == ""


def test_chinese_is_printed_as_it_is() -> None:
    """Not escaped."""
    assert "企业方案已批准" in run("--profile", "RTW", "--at", AT, data=GOOD).stdout


UNUSABLE: list[tuple[list[str], str | bytes, str]] = [
    (["--at", AT], GOOD, "--profile: missing"),
    (["--profile", "RTW"], GOOD, "--at: missing"),
    (["--profile", "RIDER", "--at", AT], GOOD, "--profile: no profile 'RIDER' in SH-2022-04; there is RTW"),
    (["--profile", "RTW", "--at", "2022-04-24T09:00"], GOOD, "--at: time without offset"),
    (["--profile", "RTW", "--at", "9999-01-01T00:00Z"], GOOD, "--at: time out of range"),
    (
        ["--profile", "RTW", "--at", "2022-03-31T23:59:59+08:00"],
        GOOD,
        "--at: no policy before 2022-04-01T00:00:00",
    ),
    (["--profile", "RTW", "--at", AT], "", "facts: not JSON"),
    (["--profile", "RTW", "--at", AT], b"\xff\xfe", "facts: not UTF-8"),
    (["--profile", "RTW", "--at", AT], "[]", "facts: not an object"),
    (["--profile", "RTW", "--at", AT], json.dumps(BASE | {"zone": "x"}), "zone: not one of sealed"),
]


@pytest.mark.parametrize(("arguments", "data", "reason"), UNUSABLE)
def test_unusable_is_two_and_one_line(arguments: list[str], data: str | bytes, reason: str) -> None:
    """Nothing on standard output."""
    result = run(*arguments, data=data)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(reason)
    assert len(result.stderr.splitlines()) == 1


def test_the_first_second_of_the_first_policy() -> None:
    """It is in force then."""
    assert run("--profile", "RTW", "--at", "2022-04-01T00:00:00+08:00", data=GOOD).exit_code == 1


def test_each_fault_has_its_line() -> None:
    """On standard error."""
    result = run("--profile", "RTW", "--at", AT, data=json.dumps(BASE | {"zone": "x", "plan": 1}))
    assert [line.split(":")[0] for line in result.stderr.splitlines()] == ["zone", "plan"]


BAD_LINES = [
    b"",
    b"\xff\xfe{}",
    b"not json",
    b"[1]",
    b"{} {}",
    b'{"at": NaN}',
    b"9" * 5000,
    b"[" * 100_000,
    b'{"plan": "suspended", "plan": "approved"}',
    json.dumps(BASE | {"at": "2022-04-24T09:00"}).encode(),
    json.dumps(BASE | {"at": "2022-03-01T09:00Z"}).encode(),
    json.dumps(BASE | {"at": 7}).encode(),
    json.dumps(BASE | {"tests": None}).encode(),
]


@pytest.mark.parametrize("bad", BAD_LINES, ids=range(len(BAD_LINES)))
def test_a_bad_line_is_told_and_passed_over(bad: bytes) -> None:
    """The lines around it have their verdicts."""
    result = run(
        "--profile", "RTW", "--at", AT, "--lines", data=b"\n".join([GOOD.encode(), bad, RED.encode()])
    )
    first, second, third = answers(result)
    assert (first["outcome"], third["outcome"]) == ("eligible", "not_eligible")
    assert set(second) == {"outcome", "errors"}
    assert second["outcome"] == "invalid"
    assert second["errors"]
    assert all(set(error) == {"path", "reason"} for error in second["errors"])
    assert result.exit_code == 1


def test_lines_exit_code() -> None:
    """0 where all are eligible, 1 where one is not or cannot be read, wherever it stands."""
    arguments = ("--profile", "RTW", "--at", AT, "--lines")
    assert run(*arguments, data=f"{GOOD}\n{GOOD}\n").exit_code == 0
    assert run(*arguments, data=f"{RED}\n{GOOD}\n").exit_code == 1
    assert run(*arguments, data=f"{GOOD}\n{GOOD}\nx\n").exit_code == 1


def test_a_line_may_have_its_own_moment() -> None:
    """It overrides --at, which then may be left out; another version of the policy may be in force."""
    late = json.dumps(BASE | {"at": "2022-04-25T08:30:01+08:00"})
    august = json.dumps(BASE | {"at": "2022-08-05T00:00:00+08:00"})
    with_at = answers(run("--profile", "RTW", "--at", AT, "--lines", data=f"{GOOD}\n{late}\n"))
    assert [verdict["outcome"] for verdict in with_at] == ["eligible", "not_eligible"]
    own, newer, none = answers(run("--profile", "RTW", "--lines", data=f"{late}\n{august}\n{GOOD}\n"))
    assert own["at"] == "2022-04-25T08:30:01+08:00"
    assert newer["policy_version"] == "SH-2022-08"
    assert none == {
        "outcome": "invalid",
        "errors": [{"path": "at", "reason": "missing, and there is no --at"}],
    }


def test_without_lines_the_key_at_is_an_unknown_key() -> None:
    """--at alone says the moment."""
    result = run("--profile", "RTW", "--at", AT, data=json.dumps(BASE | {"at": "2022-04-25T08:30:01+08:00"}))
    assert answers(result)[0]["at"] == "2022-04-24T09:00:00+08:00"


def test_a_mark_of_byte_order_is_no_fault() -> None:
    """As editors on Windows write it."""
    assert run("--profile", "RTW", "--at", AT, data=b"\xef\xbb\xbf" + GOOD.encode()).exit_code == 0


def test_a_verdict_comes_before_the_next_line_is_sent() -> None:
    """A caller can talk line by line; and neither web nor database is loaded for it."""
    program = (
        "import sys; from resume.cli.policy import policy\n"
        "assert not {'flask', 'sqlalchemy'} & set(sys.modules)\n"
        "policy()"
    )
    command = [sys.executable, "-c", program, "decide", "--profile", "RTW", "--at", AT, "--lines"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for line, outcome in ((GOOD, "eligible"), ("x", "invalid"), (RED, "not_eligible")):
            process.stdin.write(line.encode() + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["outcome"] == outcome
        process.stdin.close()
        assert process.wait(timeout=10) == 1
