"""What is sent: the shapes of request bodies, one source for validation and for the OpenAPI document.

A shape says only what a field may be typed as. Whether a value is good is the feed's own matter, record by
record, so a bad value refuses its record and a wrong type the request. Every column may be left out or null,
which is an empty cell; names that no column has are ignored and reported.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, cast

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    create_model,
    model_validator,
)
from pydantic_core import PydanticCustomError

from resume.api.scopes import FEED_NAMES
from resume.intake.feeds import FEEDS
from resume.roster.columns import WORKER_LIST
from resume.tables.headers import Column

MOST_RECORDS = 10_000
MOST_UNKNOWN = 20
LONGEST_TEXT = 1_000
#: Columns that may come as JSON booleans; the texts of formats.md are taken as well.
FLAGS = frozenset({"complete", "key_post"})

_Text = Annotated[StrictStr, Field(max_length=LONGEST_TEXT)]


class Body(BaseModel):
    """A request body: a field that it does not have is refused."""

    model_config = ConfigDict(extra="forbid")


class Record(BaseModel):
    """One record: what it has beyond its columns is kept apart, to be reported."""

    model_config = ConfigDict(extra="allow")

    def texts(self) -> dict[str, str]:
        """The columns as a file would have them: flags as words, null as nothing."""
        return {name: _as_text(value) for name, value in self.__dict__.items()}


class PassCheck(Body):
    """A scanned token or a typed number, one of the two; at a gate, or at none in particular."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=lambda schema: _exactly_one(schema))

    token: Annotated[
        StrictStr, Field(min_length=1, max_length=4096, description="The whole text of the QR.")
    ] = ""
    number: Annotated[
        StrictStr, Field(min_length=1, max_length=24, description="As printed on the pass.")
    ] = ""
    gate: Annotated[StrictInt, Field(ge=1, le=2**31 - 1, description="The gate's id.")] = 0
    antigen: Literal["negative", "positive"] = Field(
        default=cast(Any, None), description="Of the test made on the spot."
    )

    @model_validator(mode="before")
    @classmethod
    def one_is_given(cls, sent: Any) -> Any:
        """Refuse both and neither."""
        if isinstance(sent, dict) and ("token" in sent) is ("number" in sent):
            raise PydanticCustomError("one_of", "give either token or number")
        return sent


def _exactly_one(schema: dict[str, Any]) -> None:
    """Say in the schema what the validator asks; what is left out has no default there."""
    for described in schema["properties"].values():
        described.pop("default", None)
    schema["oneOf"] = [{"required": ["token"]}, {"required": ["number"]}]


def unknown_columns(records: Sequence[Record]) -> tuple[str, ...]:
    """Names that no column has, in the order met: at most 20 of them, cut to 60 printable characters."""
    names = dict.fromkeys(name for record in records for name in record.model_extra or ())
    shown = ("".join(c for c in name if c.isprintable())[:60] for name in names)
    return tuple(dict.fromkeys(name for name in shown if name))[:MOST_UNKNOWN]


def _as_text(value: str | bool | None) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else str(value).lower()


def _record(name: str, columns: Sequence[Column]) -> type[Record]:
    fields: dict[str, Any] = {
        column.name: (
            (StrictBool | _Text | None) if column.name in FLAGS else (_Text | None),
            Field(default=None, description=column.zh),
        )
        for column in columns
    }
    return create_model(name, __base__=Record, **fields)


def _many(model: str, field: str, record: type[Record], **others: Any) -> type[Body]:
    listed = Annotated[list[record], Field(min_length=1, max_length=MOST_RECORDS)]  # type: ignore[valid-type]
    fields: dict[str, Any] = {field: (listed, ...), **others}
    return create_model(model, __base__=Body, **fields)


def _title(name: str) -> str:
    return name.removesuffix("s").capitalize()


#: feed -> the body of its batch, `{"records": [...]}`
BATCHES: Mapping[str, type[Body]] = {
    name: _many(f"{_title(name)}Batch", "records", _record(_title(name), FEEDS[name].columns))
    for name in FEED_NAMES
}
#: The body of a worker list, `{"rows": [...], "name": "..."}`
WORKER_ROWS: type[Body] = _many(
    "WorkerRows",
    "rows",
    _record("WorkerRow", WORKER_LIST),
    name=(
        Annotated[StrictStr, Field(max_length=120)] | None,
        Field(default=None, description="What HR calls it."),
    ),
)
