"""Each boundary of the policy is caught when shifted by a second: mutants of its code against the tables.

A mutant moves one side of one comparison, or one end of a window, by a second (numbers that are no moments:
by one; a span of days: by a day), in one place of the rules, of what they ask of records, of moments, or of
the verdict. The tables of tests/vectors must notice each of them, and each parameter that is off by one.
"""

from __future__ import annotations

import ast
import copy
import inspect
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import FunctionType, ModuleType
from typing import Any

import pytest

from resume.policy import decide, moments, parse_moment, records
from resume.policy import decide as _decide_function
from resume.policy.findings import Finding
from tests.policy.test_rules import RULES, TABLE, as_expected
from tests.policy.vectors import OF_OTHERS, facts_of, terms_for, vectors

decide_module = inspect.getmodule(_decide_function)
assert decide_module is not None
RULE_MODULES = [inspect.getmodule(rule) for rule in RULES.values()]
MODULES = [module for module in (*RULE_MODULES, records, moments, decide_module) if module is not None]

DAY = 86_400  # a span of days has no seconds to shift
WINDOWS = ("start_of_day", "datetime.combine", "timedelta")


def shifted(value: Any, by: int) -> Any:
    """A moment or a span so many seconds later; a number so much larger; anything else as it is."""
    if isinstance(value, (datetime, timedelta)):
        return value + timedelta(seconds=by)
    return value + by if isinstance(value, int) and not isinstance(value, bool) else value


@dataclass(frozen=True)
class Mutant:
    """One place of a module shifted: `code` is that of the module's functions, by name."""

    module: ModuleType
    where: str
    tree: ast.Module

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """The module's own functions run the mutant's code."""
        names = dict(vars(self.module))
        exec(compile(self.tree, self.module.__file__ or "", "exec"), names)
        vars(self.module)["_shifted"] = shifted
        kept = {}
        for node in self.tree.body:
            if isinstance(node, ast.FunctionDef):
                function = inspect.unwrap(getattr(self.module, node.name))
                assert isinstance(function, FunctionType)
                kept[function] = function.__code__
                function.__code__ = inspect.unwrap(names[node.name]).__code__
        moments.start_of_day.cache_clear()
        try:
            yield
        finally:
            del vars(self.module)["_shifted"]
            for function, code in kept.items():
                function.__code__ = code
            moments.start_of_day.cache_clear()


def mutants() -> Iterator[Mutant]:
    for module in MODULES:
        tree = ast.parse(inspect.getsource(module))
        for path, node, which in places_of(tree):
            for by in (-1, 1):
                changed = copy.deepcopy(tree)
                found = list(places_of(changed))
                _, twin, _ = next(one for one in found if one[0] == path and one[2] == which)
                text = ast.unparse(node)
                shift(twin, which, by * DAY if text.startswith("timedelta(days=") else by)
                where = f"{module.__name__.rpartition('.')[2]}:{path[-1]} {text} [{which}] {by:+d}"
                yield Mutant(module, where, ast.fix_missing_locations(changed))


def places_of(tree: ast.Module) -> Iterator[tuple[tuple[int, ...], ast.expr, int]]:
    """Comparisons in order (each of their right sides), and the ends of windows: of hours, of days."""
    inside = [node for top in tree.body if isinstance(top, ast.FunctionDef) for node in ast.walk(top)]
    for number, node in enumerate(inside):
        if isinstance(node, ast.Compare):
            for which, operator in enumerate(node.ops):
                if isinstance(operator, (ast.Lt, ast.LtE, ast.Gt, ast.GtE)):
                    yield (number, node.lineno), node, which
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in WINDOWS:
            yield (number, node.lineno), node, 0


def shift(node: ast.expr, which: int, by: int) -> None:
    """Put `_shifted(..., by)` around the side or the call."""
    if isinstance(node, ast.Compare):
        node.comparators[which] = _around(node.comparators[which], by)
        return
    assert isinstance(node, ast.Call)
    inner = copy.copy(node)
    node.func, node.args, node.keywords = _around(inner, by).func, [inner, ast.Constant(by)], []


def _around(node: ast.expr, by: int) -> ast.Call:
    return ast.Call(ast.Name("_shifted", ast.Load()), [node, ast.Constant(by)], [])


Check = tuple[str, Callable[[], Any], Any]


def rule_checks(**changed: Any) -> Iterator[Check]:
    """Every row of the rules' tables; with other parameters where the row does not set them itself."""
    for name, case in TABLE:
        own = changed if name not in OF_OTHERS else {}
        terms = terms_for(name, **own | case.get("terms", {}))
        facts, at = facts_of(case), parse_moment(case["at"])

        def ask(name: str = name, arguments: Any = (facts, terms, at), case: Any = case) -> Any:
            found: Finding | None = RULES[name](*arguments)
            return as_expected(found, case["expect"])

        yield f"{name}: {case['name']}", ask, case["expect"]


def verdict_checks() -> Iterator[Check]:
    """Every row of the table of verdicts."""
    for case in vectors("rtw"):
        facts, at = facts_of(case), parse_moment(case["at"])

        def ask(facts: Any = facts, at: datetime = at) -> Any:
            printed: Any = decide(facts, profile="RTW", at=at).to_json()
            found = {key: printed[key] for key in ("outcome", "eligible_from", "good_until")}
            return found | {"codes": [finding["code"] for finding in printed["findings"]]}

        yield f"rtw: {case['name']}", ask, case["expect"]


CHECKS = [*rule_checks(), *verdict_checks()]
MUTANTS = list(mutants())


def first_noticed(checks: Iterable[Check] = CHECKS) -> str | None:
    """The first row of a table that comes out otherwise."""
    for name, ask, expected in checks:
        try:
            if ask() != expected:
                return name
        except Exception:
            return name
    return None


def test_the_tables_hold_without_a_mutant() -> None:
    assert first_noticed() is None
    assert len(MUTANTS) > 50


@pytest.mark.parametrize("mutant", [pytest.param(each, id=each.where) for each in MUTANTS])
def test_a_shifted_boundary_is_noticed(mutant: Mutant) -> None:
    with mutant.at_work():
        assert first_noticed() is not None
    assert first_noticed() is None


@pytest.mark.parametrize(
    "changed",
    [
        {"pcr_hours": 47},
        {"pcr_hours": 49},
        {"hours_inclusive": False},
        {"pcr_clock": "reported_at"},
        {"clean_days": 6},
        {"clean_days": 8},
        {"lenient": True},
        {"anchor": "max_report_transfer"},
    ],
    ids=str,
)
def test_a_parameter_off_by_one_is_noticed(changed: dict[str, Any]) -> None:
    assert first_noticed(rule_checks(**changed)) is not None
