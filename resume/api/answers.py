"""What is answered: the shapes of answers in the OpenAPI document. The doors write the answers themselves."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

_Count = Annotated[int, Field(ge=0)]


class Answer(BaseModel):
    """An answer has the fields that are said here and no others."""

    model_config = ConfigDict(extra="forbid")


class Said(Answer):
    """One text in both languages."""

    zh: str
    en: str


class Effects(Answer):
    """What an intake set off: passes suspended and healed, buildings whose zone was raised."""

    suspended: _Count
    healed: _Count
    raised_zones: _Count


class Taken(Answer):
    """A record that was taken in, or changed nothing since it was there already."""

    index: _Count
    status: Literal["accepted", "unchanged"]


class Refused(Answer):
    """A record that was not taken in: which column, and why."""

    index: _Count
    status: Literal["refused"]
    column: str
    reason: str
    reason_zh: str


class ReceiptHead(Answer):
    """A batch as a whole; accepted + unchanged + refused are all its records."""

    intake: int
    feed: str
    accepted: _Count
    unchanged: _Count
    refused: _Count
    effects: Effects
    unknown_columns: list[str]


class BatchAnswer(ReceiptHead):
    """A batch with the status of each record, in the order sent."""

    records: list[Taken | Refused]


class Receipt(ReceiptHead):
    """A batch that was taken in earlier, with the records that were refused."""

    received_at: str
    records: list[Refused]


class Finding(Answer):
    """What stands in a worker's way, as his firm may see it."""

    rule: str
    outcome: Literal["not_met", "not_known"]
    code: str
    clears_at: str | None
    text: Said


class CellError(Answer):
    """A bad cell of a worker's row; `column` is its Chinese name."""

    column: str
    code: str
    text: Said


class JudgedRow(Answer):
    """A worker's verdict now. Health evidence is one finding, HEALTH, without its cause."""

    index: _Count
    outcome: Literal["eligible", "not_eligible", "not_known"]
    eligible_from: str | None
    good_until: str | None
    findings: list[Finding]


class InvalidRow(Answer):
    """A row that cannot be read, with everything wrong with it."""

    index: _Count
    outcome: Literal["invalid"]
    errors: list[CellError]


class ListHead(Answer):
    """A worker list: a `preview` waits for the firm's HR to confirm it on its page."""

    list_id: UUID = Field(alias="list")
    state: Literal["preview", "confirmed", "submitted", "dropped"]
    good: _Count
    invalid: _Count
    unknown_columns: list[str]


class ListAnswer(ListHead):
    """A list with the verdict or the errors of each row, in the order sent."""

    rows: list[JudgedRow | InvalidRow]


class CheckAnswer(Answer):
    """A check alone: what the gate's screen would say, without a name.

    `pass` is the number where the signature proves it, `as_of` the moment of the evidence.
    """

    verdict: Literal["green", "amber", "red", "grey"]
    code: str
    reasons: list[str]
    advice: str
    text: Said
    pass_number: str | None = Field(alias="pass")
    gate: int | None
    as_of: str


class Place(Answer):
    """Where a request's shape is wrong: `records[3].sampled_at`."""

    path: str
    code: str
    text: Said


class Problem(BaseModel):
    """RFC 9457. `code` is stable; `zh` is title and detail in Chinese."""

    model_config = ConfigDict(extra="forbid")

    type: str
    title: str
    status: int
    detail: str
    code: str
    zh: ProblemZh
    errors: list[Place] = Field(default_factory=list)


class ProblemZh(Answer):
    """The problem's texts in Chinese."""

    title: str
    detail: str


Problem.model_rebuild()
