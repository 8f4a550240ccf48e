"""Reading decoded JSON strictly: each value is checked for what it must be, each fault kept with its path."""

from collections.abc import Callable, Mapping
from typing import Any, TypedDict, TypeVar, cast

from resume.policy.moments import BadMoment, parse_moment

T = TypeVar("T")
_ABSENT: Any = object()


class FactError(TypedDict):
    """Where in the object (`tests[0].sampled_at`) and why it cannot be read."""

    path: str
    reason: str


class Part:
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

    def choice(self, key: str, names: tuple[str, ...], *, nullable: bool = False) -> Any:
        """One of the texts `names`, or None where that is allowed."""
        value = self._take(key)
        if value is _ABSENT or (nullable and value is None):
            return None
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

    def part(self, key: str, read: Callable[["Part"], T], *, nullable: bool = False) -> T | None:
        """The object under `key`."""
        value = self._take(key)
        if value is _ABSENT or (nullable and value is None):
            return None
        return read(Part(value, self._at(key), self._errors))

    def parts(self, key: str, read: Callable[["Part"], T]) -> tuple[T, ...]:
        """The list of objects under `key`."""
        value = self._take(key)
        if value is _ABSENT:
            return ()
        if not isinstance(value, list):
            self.wrong(key, "not a list")
            return ()
        path = self._at(key)
        return tuple(read(Part(item, f"{path}[{place}]", self._errors)) for place, item in enumerate(value))

    def is_null(self, key: str) -> bool:
        """Whether the key is there with null."""
        return self._keys.get(key, _ABSENT) is None

    def has_value(self, key: str) -> bool:
        """Whether the key is there with something other than null."""
        return self._keys.get(key) is not None
