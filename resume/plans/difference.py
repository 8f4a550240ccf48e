"""What changed between two versions of a plan, section by section and field by field, in words. Pure.

Rows are compared as what they are, not by their place: equal rows first, then those of one record, of one key
(the first name or plate that is asked), and at last those that agree in most answers. A moved row is no
change.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from resume.plans.display import NOTHING, shown
from resume.plans.sections import SECTIONS
from resume.plans.sections.attachments import ATTACHMENTS, KINDS
from resume.plans.sections.describe import Field, Kind, Paper, Rows, Section
from resume.refusals import Text

Values = Mapping[str, Any]
_KEYS = (Kind.LINE, Kind.PLATE)


class Change(StrEnum):
    """What happened to an answer, or to a whole row."""

    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One answer, old and new in words. `row` names its row; a whole row has no single `field`."""

    kind: Change
    label: Text
    before: str
    after: str
    row: str = ""
    field: Field | None = None


@dataclass(frozen=True, slots=True)
class SectionChange:
    """A section that is not as it was, with every answer that differs."""

    section: Section
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class Content:
    """What a version of a plan holds: its answers as they are asked today, and its files."""

    sections: Mapping[str, Values]
    papers: Sequence[Paper] = ()


def changed_sections(before: Content, after: Content) -> tuple[SectionChange, ...]:
    """The sections that differ, in the order of the plan."""
    found = (
        SectionChange(
            one,
            section_changes(one, before.sections.get(one.key, {}), after.sections.get(one.key, {}))
            + (paper_changes(before.papers, after.papers) if one.key == ATTACHMENTS.key else ()),
        )
        for one in SECTIONS
    )
    return tuple(change for change in found if change.fields)


def paper_changes(before: Sequence[Paper], after: Sequence[Paper]) -> tuple[FieldChange, ...]:
    """The files that one version has and the other has not."""
    titles = dict(KINDS)
    old, new = {paper.id for paper in before}, {paper.id for paper in after}
    gone = [
        FieldChange(Change.REMOVED, titles.get(paper.kind, paper.kind), paper.file_name, NOTHING)
        for paper in before
        if paper.id not in new
    ]
    come = [
        FieldChange(Change.ADDED, titles.get(paper.kind, paper.kind), NOTHING, paper.file_name)
        for paper in after
        if paper.id not in old
    ]
    return (*gone, *come)


def section_changes(section: Section, before: Values, after: Values) -> tuple[FieldChange, ...]:
    """Every answer of a section that differs."""
    changes = list(_field_changes(section.fields, before, after))
    if section.rows is not None:
        changes += _row_changes(section.rows, before.get("rows") or [], after.get("rows") or [])
    return tuple(changes)


def _field_changes(
    fields: Sequence[Field], before: Values, after: Values, row: str = ""
) -> Iterator[FieldChange]:
    for field in fields:
        old, new = _answer(field, before), _answer(field, after)
        if field.kind is not Kind.ROW_ID and old != new:
            was, now = shown(field, before.get(field.key)), shown(field, after.get(field.key))
            yield FieldChange(Change.CHANGED, field.label, was, now, row, field)


def _row_changes(rows: Rows, before: Sequence[Values], after: Sequence[Values]) -> Iterator[FieldChange]:
    pairs = match_rows(rows, before, after)
    for old, new in pairs:
        yield from _field_changes(rows.fields, before[old], after[new], _named(rows, after[new], new))
    gone = sorted(set(range(len(before))) - {old for old, _new in pairs})
    come = sorted(set(range(len(after))) - {new for _old, new in pairs})
    for number in gone:
        yield FieldChange(Change.REMOVED, rows.noun, _told(rows, before[number]), NOTHING)
    for number in come:
        yield FieldChange(Change.ADDED, rows.noun, NOTHING, _told(rows, after[number]))


def match_rows(rows: Rows, before: Sequence[Values], after: Sequence[Values]) -> list[tuple[int, int]]:
    """Which row became which, as pairs of places, in the order of the new rows."""
    left, right = list(range(len(before))), list(range(len(after)))
    pairs: list[tuple[int, int]] = []
    for key_of in _keys(rows):
        for new in list(right):
            key = key_of(after[new])
            old = next((one for one in left if key is not None and key_of(before[one]) == key), None)
            if old is not None:
                pairs.append((old, new))
                left.remove(old)
                right.remove(new)
    pairs += _alike(rows, before, after, left, right)
    return sorted(pairs, key=lambda pair: pair[1])


def _keys(rows: Rows) -> list[Callable[[Values], Hashable | None]]:
    """What tells rows apart, the surest first: everything, the record's id, the name or plate."""
    ids = [field for field in rows.fields if field.kind is Kind.ROW_ID]
    names = [field for field in rows.fields if field.kind in _KEYS][:1]

    def whole(row: Values) -> Hashable:
        return tuple(repr(_answer(field, row)) for field in rows.fields if field.kind is not Kind.ROW_ID)

    def whole_of_one(row: Values) -> Hashable:
        return (whole(row), *(repr(row.get(field.key)) for field in ids))

    single = [_key_of(field) for field in [*ids, *names]]
    return [whole_of_one, *single[: len(ids)], whole, *single[len(ids) :]]


def _key_of(field: Field) -> Callable[[Values], Hashable | None]:
    def key(row: Values) -> Hashable | None:
        answer = _answer(field, row)
        return None if answer is None else repr(answer)

    return key


def _alike(
    rows: Rows, before: Sequence[Values], after: Sequence[Values], left: list[int], right: list[int]
) -> list[tuple[int, int]]:
    """Those left over that agree in at least half of what was answered, the most alike first."""
    fields = [field for field in rows.fields if field.kind is not Kind.ROW_ID]
    scored = []
    for old in left:
        for new in right:
            both = [(_answer(field, before[old]), _answer(field, after[new])) for field in fields]
            answered = [pair for pair in both if pair != (None, None)]
            same = sum(was == now for was, now in answered)
            if answered and same * 2 >= len(answered):
                scored.append((-same, abs(old - new), old, new))
    pairs: list[tuple[int, int]] = []
    for _same, _apart, old, new in sorted(scored):
        if old in left and new in right:
            pairs.append((old, new))
            left.remove(old)
            right.remove(new)
    return pairs


def _answer(field: Field, values: Values) -> Any:
    """An answer to be compared: nothing is nothing, however it is kept."""
    value = values.get(field.key)
    return None if value is None or value is False or value in ("", [], ()) else value


def _named(rows: Rows, row: Values, number: int) -> str:
    """A row's name where it has one: 车辆 沪A12345; else its place: 车辆 2."""
    key = next((field for field in rows.fields if field.kind in _KEYS), None)
    name = _answer(key, row) if key is not None else None
    return f"{rows.noun} {name if name is not None else number + 1}"


def _told(rows: Rows, row: Values) -> str:
    """A whole row in one line."""
    fields = [field for field in rows.fields if field.kind is not Kind.ROW_ID]
    told = [
        f"{field.label} {shown(field, row.get(field.key))}"
        for field in fields
        if _answer(field, row) is not None
    ]
    return "；".join(told)
