"""Appending to the ledger: whole files, a few statements for each chunk whatever its number of rows.

How a chunk goes in:

1. One query reads every earlier state of the keys in the chunk and of the records that it corrects; for
   tests and cases a second one tells which of the keys an earlier correction already named (and one more for
   each step that corrections of corrections go back).
2. In memory, in the file's order, each entry is judged against the states of its key, those of earlier lines
   of the file among them: *unchanged* (nothing is written), *refused*, or *accepted* as a new row.
3. One insert (COPY) of many rows, one update that closes those replaced. Closing is the only update there is.

A test or case has one content for ever: the same id with the same content is unchanged, with other content
refused, except that what was empty may be completed once (the waiting row is closed, the completed one
counts). A correction closes the record it names; where it arrives first, the named record comes in closed.
So the rows that count do not depend on the order of arrival, nor on how lines are cut into files. Only
corrections in a circle do: all would be closed and a positive be gone, so the one that closes it is refused.

Any other record has a natural key: other content is its next state, which closes the one before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from resume import bulk
from resume.db import in_chunks, joined
from resume.evidence.shapes import Entry, Shape
from resume.evidence.staging import Written, merge, write_aside
from resume.sets import within

CHUNK = 10_000
Values = tuple[Any, ...]

OTHER_CONTENT = "this id is already taken in with other content"
OTHER_CONTENT_ZH = "该编号已收到且内容不同；更正请用新编号，并在“更正的编号”一列写明原编号"

CIRCLE = "the record it supersedes is itself a correction of this one"
CIRCLE_ZH = "所更正的记录本身就是对本记录的更正；两条互相更正会使两条都不算数"


@dataclass(frozen=True, slots=True)
class Rejected:
    """A line that contradicts the ledger. `column` is the one to look at."""

    line: int
    column: str
    value: str
    reason: str
    reason_zh: str


@dataclass(slots=True)
class Appended:
    """What came of the entries. `touched`: the content of every row that was added or closed."""

    accepted: int = 0
    unchanged_lines: list[int] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    touched: list[dict[str, Any]] = field(default_factory=list)

    @property
    def unchanged(self) -> int:
        return len(self.unchanged_lines)

    def touched_values(self, column: str) -> set[Any]:
        """The values of one column over all touched rows, without the empty ones."""
        return {row[column] for row in self.touched if row.get(column)}


@dataclass(slots=True)
class _State:
    """A row of the ledger: stored (`row_id`), or waiting for the insert (`pending`)."""

    values: Values
    row_id: int | None
    counts: bool
    is_ours: bool = False
    pending: dict[str, Any] | None = None


class _Chunk:
    """The states of a chunk's keys, and what is to be written."""

    def __init__(self, shape: Shape, entries: Sequence[Entry], *, intake_id: int, at: datetime) -> None:
        self.shape = shape
        self.at = at
        self.intake_id = intake_id
        self.states: dict[Values, list[_State]] = defaultdict(list)
        self.superseded: set[str] = set()
        self.inserts: list[dict[str, Any]] = []
        self.closed: list[int] = []
        self.touched: list[dict[str, Any]] = []
        self._load(entries)

    def _load(self, entries: Sequence[Entry]) -> None:
        shape = self.shape
        firsts = {entry.values[shape.key[0]] for entry in entries}
        named = {entry.values["supersedes"] for entry in entries} - {None} if shape.is_fixed else set()
        self._remember(firsts | named)
        if shape.is_fixed:
            self._follow(named, known=firsts | named)
            supersedes = shape.model.supersedes  # type: ignore[attr-defined]
            self.superseded = set(joined().scalars(select(supersedes).where(within(supersedes, firsts))))

    def _remember(self, firsts: Collection[Any]) -> None:
        for row_id, counts, ours, values in _stored(self.shape, firsts):
            self.states[self.shape.key_of(values)].append(_State(values, row_id, counts, ours))

    def _follow(self, named: Collection[Any], *, known: set[Any]) -> None:
        """Read what the named records correct in their turn, step by step: one query each, mostly none."""
        while further := {self._corrects(record_id) for record_id in named} - {None} - known:
            self._remember(further)
            known |= further
            named = further

    def _corrects(self, record_id: str) -> str | None:
        states = self.states.get((record_id,))
        return states[-1].values[self.shape.content.index("supersedes")] if states else None

    def leads_back(self, record_id: str, corrected: str | None) -> bool:
        """Whether correcting that record would, by what it corrects itself, correct this one."""
        seen = {record_id}
        while corrected is not None and corrected not in seen:
            seen.add(corrected)
            corrected = self._corrects(corrected)
        return corrected == record_id

    def add(self, values: Values) -> None:
        """A new row that counts, unless a correction already named its record."""
        row = dict(zip(self.shape.content, values, strict=True))
        counts = not (self.shape.is_fixed and row[self.shape.key[0]] in self.superseded)
        ledger = {
            "received_at": self.at,
            "replaced_at": None if counts else self.at,
            "intake_id": self.intake_id,
            "replaced_in": None if counts else self.intake_id,
        }
        pending = row | ledger
        self.inserts.append(pending)
        self.touched.append(row)
        self.states[self.shape.key_of(values)].append(_State(values, None, counts, pending=pending))

    def close(self, states: Iterable[_State]) -> None:
        """Close those of `states` that count."""
        for state in states:
            if not state.counts:
                continue
            state.counts = False
            self.touched.append(dict(zip(self.shape.content, state.values, strict=True)))
            if state.pending is not None:
                state.pending["replaced_at"] = self.at
                state.pending["replaced_in"] = self.intake_id
            else:
                assert state.row_id is not None
                self.closed.append(state.row_id)

    def supersede(self, record_id: str) -> None:
        """Close the record a correction names, and whatever may still arrive under that id."""
        self.superseded.add(record_id)
        self.close(self.states.get((record_id,), ()))

    def write(self) -> None:
        insert_rows(self.shape, self.inserts)
        close_rows(self.shape, self.closed, intake_id=self.intake_id, at=self.at)


def append(
    shape: Shape, entries: Sequence[Entry], *, intake_id: int, at: datetime, written: Written | None = None
) -> Appended:
    """A step: take `entries` in, in their order. Four statements for each 10,000 entries, and one
    for each step that corrections of corrections go back.

    On PostgreSQL many tests or cases are merged as a set first (staging.py), and only what is left goes that
    way. `written`: what `write_aside` made of these entries before the door.
    """
    result = Appended()
    written = written or write_aside(shape, entries)
    if written is not None:
        plain, entries = merge(shape, entries, written, intake_id=intake_id, at=at)
        result.accepted = len(plain)
        result.touched = [entry.values for entry in plain]
    for part in in_chunks(entries, CHUNK):
        chunk = _Chunk(shape, part, intake_id=intake_id, at=at)
        for entry in part:
            (_take_fixed if shape.is_fixed else _take_state)(chunk, entry, result)
        chunk.write()
        result.touched += chunk.touched
    return result


def insert_rows(shape: Shape, rows: Sequence[dict[str, Any]]) -> None:
    """A step: one insert for all rows, each complete with its ledger columns. COPY on PostgreSQL."""
    bulk.insert_rows(shape.model, rows)


def close_rows(shape: Shape, ids: Collection[int], *, intake_id: int, at: datetime) -> None:
    """A step: these rows no longer count from `at` on, by that feed."""
    if ids:
        model: Any = shape.model
        statement = update(model).where(within(model.id, ids)).values(replaced_at=at, replaced_in=intake_id)
        joined().execute(statement, execution_options={"synchronize_session": False})


def _take_fixed(chunk: _Chunk, entry: Entry, result: Appended) -> None:
    shape = chunk.shape
    values = shape.values_of(entry.values)
    states = chunk.states.get(shape.key_of(values), [])
    if any(state.values == values for state in states):
        result.unchanged_lines.append(entry.line)
        return
    if states and not _completes(shape, states[-1].values, values):
        column = shape.key[0]
        record_id = entry.values[column]
        result.rejected.append(Rejected(entry.line, column, record_id, OTHER_CONTENT, OTHER_CONTENT_ZH))
        return
    corrected = entry.values["supersedes"]
    if chunk.leads_back(entry.values[shape.key[0]], corrected):
        result.rejected.append(Rejected(entry.line, "supersedes", corrected, CIRCLE, CIRCLE_ZH))
        return
    chunk.close(states)
    chunk.add(values)
    if corrected is not None:
        chunk.supersede(corrected)
    result.accepted += 1


def _take_state(chunk: _Chunk, entry: Entry, result: Appended) -> None:
    values = chunk.shape.values_of(entry.values)
    states = chunk.states.get(chunk.shape.key_of(values), [])
    newest = next((state for state in reversed(states) if not state.is_ours), None)
    if newest is not None and newest.values == values:
        result.unchanged_lines.append(entry.line)
        return
    chunk.close(states)
    chunk.add(values)
    result.accepted += 1


def _completes(shape: Shape, old: Values, new: Values) -> bool:
    """Whether `new` only fills in what `old` left empty, each group of columns at one go."""
    before = dict(zip(shape.content, old, strict=True))
    changed = {name for name, value in zip(shape.content, new, strict=True) if before[name] != value}
    for group in shape.completions:
        if changed.intersection(group) and all(before[name] is None for name in group):
            changed -= set(group)
    return not changed


def _stored(shape: Shape, firsts: Collection[Any]) -> Iterator[tuple[int, bool, bool, Values]]:
    """Row id, whether it counts, whether intake concluded it, content; in the order they were written."""
    model: Any = shape.model
    columns = [getattr(model, name) for name in shape.content]
    ours = [getattr(model, shape.concluded_by)] if shape.concluded_by else []
    query = select(model.id, model.replaced_at, *columns, *ours).order_by(model.id)
    query = query.where(within(getattr(model, shape.key[0]), firsts))
    if not shape.needs_closed:
        query = query.where(model.replaced_at.is_(None))
    end = 2 + len(columns)
    for row in joined().execute(query):
        yield row[0], row[1] is None, bool(ours) and row[end] is not None, tuple(row[2:end])
