"""Facts as JSON: read strictly, with every fault named at once, and written back the same.

The shape is "Facts and verdict" of the formats page. Unknown keys are ignored; `ref` (with `contact_ref`,
`plan_ref`) and a case's `disinfected_at` are read where they are there.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Literal, TypedDict, TypeVar, cast, get_args

from resume.policy import facts as f
from resume.policy.moments import BadMoment, parse_moment, shown

T = TypeVar("T")
_ABSENT: Any = object()


class FactError(TypedDict):
    """Where in the object (`tests[0].sampled_at`) and why it cannot be read."""

    path: str
    reason: str


class BadFacts(ValueError):
    """Facts that cannot be read; `errors` lists every fault found."""

    def __init__(self, errors: list[FactError]) -> None:
        super().__init__("; ".join(f"{error['path']}: {error['reason']}" for error in errors))
        self.errors = errors


def facts_from_json(obj: object) -> f.Facts:
    """The facts of a decoded JSON object. Raises BadFacts with the list of {path, reason}."""
    errors: list[FactError] = []
    facts = _facts(_Part(obj, "", errors))
    if errors:
        raise BadFacts(errors)
    return facts


class _Part:
    """One object of the facts under reading: faults are collected under its path.

    After a fault a reader returns None or an empty value in place of the real one; nothing of it is ever
    seen, since facts_from_json then raises.
    """

    def __init__(self, obj: object, path: str, errors: list[FactError]) -> None:
        self._path = path
        self._errors = errors
        self._is_object = isinstance(obj, dict)
        self._keys: Mapping[str, object] = cast("dict[str, object]", obj) if self._is_object else {}
        if not self._is_object:
            self._fault(path or "facts", "not an object")

    def _fault(self, path: str, reason: str) -> None:
        self._errors.append({"path": path, "reason": reason})

    def _at(self, key: str) -> str:
        return f"{self._path}.{key}" if self._path else key

    def wrong(self, key: str, reason: str) -> None:
        """Record a fault of the value under `key`."""
        self._fault(self._at(key), reason)

    def _take(self, key: str) -> Any:
        value = self._keys.get(key, _ABSENT)
        if value is _ABSENT and self._is_object:
            self.wrong(key, "missing")
        return value

    def choice(self, key: str, options: object, *, nullable: bool = False) -> Any:
        """A text of the Literal type `options`, or None where that is allowed."""
        value = self._take(key)
        if value is _ABSENT or (nullable and value is None):
            return None
        names = get_args(options)
        # The type first: 1 == True, and a list cannot be looked up.
        if not isinstance(value, str) or value not in names:
            self.wrong(key, f"not one of {', '.join(names)}{', null' if nullable else ''}")
        return value

    def moment(self, key: str, *, nullable: bool = False, optional: bool = False) -> Any:
        """A moment in UTC, or None where the key may be null or absent."""
        value = self._keys.get(key) if optional else self._take(key)
        if value is _ABSENT or (value is None and (nullable or optional)):
            return None
        if not isinstance(value, str):
            self.wrong(key, "not a text with an ISO 8601 time")
            return None
        try:
            return parse_moment(value)
        except BadMoment as error:
            self.wrong(key, str(error))
            return None

    def flag(self, key: str) -> bool:
        """true or false."""
        value = self._take(key)
        if value is not _ABSENT and not isinstance(value, bool):
            self.wrong(key, "not true or false")
        return value is True

    def text(self, key: str) -> str | None:
        """Any text, or null."""
        value = self._take(key)
        if value is _ABSENT or value is None:
            return None
        if not isinstance(value, str):
            self.wrong(key, "not a text or null")
        return cast("str", value)

    def ref(self, key: str = "ref") -> str | None:
        """The ledger's name of the record; to outsiders an unknown key, so anything else is ignored."""
        value = self._keys.get(key)
        return value if isinstance(value, str) else None

    def part(self, key: str, read: Callable[["_Part"], T], *, nullable: bool = False) -> T | None:
        """The object under `key`."""
        value = self._take(key)
        if value is _ABSENT or (nullable and value is None):
            return None
        return read(_Part(value, self._at(key), self._errors))

    def parts(self, key: str, read: Callable[["_Part"], T]) -> tuple[T, ...]:
        """The list of objects under `key`."""
        value = self._take(key)
        if value is _ABSENT:
            return ()
        if not isinstance(value, list):
            self.wrong(key, "not a list")
            return ()
        path = self._at(key)
        return tuple(read(_Part(item, f"{path}[{place}]", self._errors)) for place, item in enumerate(value))


def _facts(part: _Part) -> f.Facts:
    return f.Facts(
        tests=part.parts("tests", _test),
        discharged_at=part.moment("discharged_at", optional=True),
        code=part.part("code", _code, nullable=True),
        contact=part.choice("contact", f.Contact, nullable=True),
        reviews=part.parts("reviews", _review),
        building=cast("f.Building", part.part("building", _building)),
        zone=part.choice("zone", f.Zone, nullable=True),
        plan=part.text("plan"),
        contact_ref=part.ref("contact_ref"),
        plan_ref=part.ref("plan_ref"),
    )


def _test(part: _Part) -> f.Test:
    kind = part.choice("kind", f.Kind)
    method = part.choice("method", f.Method, nullable=True)
    if kind == "antigen" and method is not None:
        part.wrong("method", "an antigen has null")
    reported_at = part.moment("reported_at", nullable=True)
    result = part.choice("result", f.Result, nullable=True)
    test = f.Test(
        kind,
        method,
        part.moment("sampled_at"),
        reported_at,
        result,
        part.choice("source", f.Source),
        part.ref(),
    )
    _whole_report(part)
    if kind == "pcr":
        _pcr_method(part)
    return test


def _code(part: _Part) -> f.Code:
    return f.Code(part.choice("colour", f.Colour), part.moment("changed_at"), part.ref())


def _review(part: _Part) -> f.Review:
    return f.Review(
        of=part.choice("of", f.ReviewOf),
        origin=part.choice("origin", f.Origin),
        opened_at=part.moment("opened_at"),
        cleared_at=part.moment("cleared_at", nullable=True),
        ref=part.ref(),
    )


def _building(part: _Part) -> f.Building:
    return f.Building(
        known=part.flag("known"),
        known_until=part.moment("known_until", optional=True),
        cases=part.parts("cases", _case),
        ref=part.ref(),
    )


def _case(part: _Part) -> f.Case:
    return f.Case(
        reported_at=part.moment("reported_at"),
        transferred_at=part.moment("transferred_at", nullable=True),
        excluded=part.choice("excluded", f.Excluded, nullable=True),
        disinfected_at=part.moment("disinfected_at", optional=True),
        ref=part.ref(),
    )
