"""`resume policy`: the pure decision on the command line, and past decisions judged again.

`decide` imports neither the web nor the database; `replay` loads them when it is called.
"""

import json
import sys
from datetime import datetime
from typing import IO, Any, NoReturn

import click

from resume.cli.home_app import in_home
from resume.policy import (
    VERSIONS,
    Answer,
    BadFacts,
    BadMoment,
    FactError,
    NoPolicy,
    UnknownProfile,
    Verdict,
    decide,
    facts_from_json,
    parse_moment,
    policy_at,
)

_BOM = b"\xef\xbb\xbf"
_LAST_YEAR = 9998  # windows and days that start at T must still end within the calendar


class Refused(click.ClickException):
    """Unusable arguments or input: one line for each reason on standard error, exit code 2."""

    exit_code = 2

    def __init__(self, *reasons: str) -> None:
        super().__init__("\n".join(reasons))

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the reasons, one a line."""
        click.echo(self.format_message(), file=file, err=True)


@click.group()
def policy() -> None:
    """The policy: what is asked of a worker, and the verdict."""


@policy.command("decide")
@click.option("--profile", help="The kind of pass, such as RTW.")
@click.option("--at", "at_text", metavar="TIME", help="The moment of the check, ISO 8601 with an offset.")
@click.option("--lines", is_flag=True, help="One facts object a line; its key `at` overrides --at.")
@click.pass_context
def decide_command(context: click.Context, profile: str | None, at_text: str | None, *, lines: bool) -> None:
    """Judge the facts on standard input: a verdict, or with --lines one a line.

    Exit code 0: all eligible; 1: not all, or invalid lines; 2: unusable arguments or facts.
    """
    at = _at(at_text)
    profile = _profile(profile, at)
    context.exit(0 if (_decide_lines(profile, at) if lines else _decide_one(profile, at)) else 1)


@policy.command("replay")
@click.argument("case")
@click.option("--known", is_flag=True, help="Also read the facts anew, as they were known to each decision.")
@in_home
def replay_command(case: str, *, known: bool) -> int:
    """Judge every decision of CASE (an application's id, or the number of one of its passes) again.

    Each is judged from its stored inputs, under its policy version, at its moment; what it found and until
    when it is good must come out the same. Exit code 0: all the same; 1: some differ; 2: no such case.
    """
    from resume.applications.replay import replay_known, replay_stored
    from resume.passes.queries import get_case_of

    application = get_case_of(case)
    stored = replay_stored(application)
    printed = {"case": str(application.id)} | stored.to_json()
    differs = bool(stored.differing)
    if known:
        anew = replay_known(application)
        printed["known"] = anew.to_json()
        differs = differs or bool(anew.differing)
    _print(printed)
    return 1 if differs else 0


def _at(text: str | None) -> datetime | None:
    try:
        return None if text is None else _moment(text)
    except (BadMoment, NoPolicy) as error:
        raise Refused(f"--at: {error}") from None


def _profile(name: str | None, at: datetime | None) -> str:
    if name is None:
        raise Refused("--profile: missing")
    try:
        # Without --at each line has its own moment; the newest version has every profile there is.
        (VERSIONS[-1] if at is None else policy_at(at)).profile(name)
    except UnknownProfile as error:
        raise Refused(f"--profile: {error}") from None
    return name


def _moment(text: object) -> datetime:
    """A moment with a policy. Raises BadMoment, NoPolicy."""
    if not isinstance(text, str):
        raise BadMoment("not a text with an ISO 8601 time")
    at = parse_moment(text)
    if at.year > _LAST_YEAR:
        raise BadMoment("time out of range")
    policy_at(at)
    return at


def _decide_one(profile: str, at: datetime | None) -> bool:
    if at is None:
        raise Refused("--at: missing")
    try:
        facts = facts_from_json(_decoded(sys.stdin.buffer.read()))
    except BadFacts as error:
        raise Refused(*(f"{fault['path']}: {fault['reason']}" for fault in error.errors)) from None
    verdict = decide(facts, profile=profile, at=at)
    _print(verdict.to_json())
    _report(verdict)
    return verdict.outcome is Answer.ELIGIBLE


def _decide_lines(profile: str, at: datetime | None) -> bool:
    """Print a verdict for each line as it comes; whether all were eligible."""
    all_eligible = True
    for line in sys.stdin.buffer:
        try:
            verdict = _line_verdict(_decoded(line), profile, at)
        except BadFacts as error:
            _print({"outcome": "invalid", "errors": error.errors})
            all_eligible = False
            continue
        _print(verdict.to_json())
        _report(verdict)
        all_eligible = all_eligible and verdict.outcome is Answer.ELIGIBLE
    return all_eligible


def _line_verdict(obj: object, profile: str, at: datetime | None) -> Verdict:
    """The verdict of one line, at its own moment where it has one. Raises BadFacts."""
    errors: list[FactError] = []
    if isinstance(obj, dict) and "at" in obj:
        try:
            at = _moment(obj["at"])
        except (BadMoment, NoPolicy) as error:
            errors.append({"path": "at", "reason": str(error)})
    elif at is None:
        errors.append({"path": "at", "reason": "missing, and there is no --at"})
    try:
        facts = facts_from_json(obj)
    except BadFacts as error:
        raise BadFacts(errors + error.errors) from None
    if errors or at is None:
        raise BadFacts(errors)
    try:
        return decide(facts, profile=profile, at=at)
    except UnknownProfile as error:
        raise BadFacts([{"path": "at", "reason": str(error)}]) from None


def _decoded(data: bytes) -> object:
    """The JSON value of the bytes (UTF-8, a BOM is allowed). Raises BadFacts, whatever is wrong with them."""
    try:
        return json.loads(
            data.removeprefix(_BOM).decode("utf-8"),
            object_pairs_hook=_keys_once,
            parse_constant=_no_constant,
        )
    except UnicodeDecodeError:
        reason = "not UTF-8"
    except json.JSONDecodeError as error:
        reason = f"not JSON: {error.msg} at line {error.lineno}, column {error.colno}"
    except ValueError as error:
        reason = f"not JSON: {error}"
    except RecursionError:
        reason = "not readable: nested too deeply"
    raise BadFacts([{"path": "facts", "reason": reason}])


def _keys_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object whose keys are all different: of two values under one key nobody knows which is meant."""
    obj = dict(pairs)
    if len(obj) < len(pairs):
        raise ValueError("a key is there twice")
    return obj


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def _print(answer: dict[str, Any]) -> None:
    """One line of JSON, written through at once so that a caller can talk line by line."""
    out = sys.stdout.buffer
    out.write(json.dumps(answer, ensure_ascii=False).encode() + b"\n")
    out.flush()


def _report(verdict: Verdict) -> None:
    """Tell of rules that failed; the verdict already counts them as not known."""
    for fault in verdict.faults:
        click.echo(f"rule {fault.rule} failed: {type(fault.error).__name__}", err=True)
