"""The feed `tests`: samples and their results."""

from __future__ import annotations

from typing import Any

from resume.evidence import shapes
from resume.intake.cells import Cells, Context, spelled
from resume.intake.feeds.feed import DOCUMENT_NUMBER, DOCUMENT_TYPE, SUPERSEDES, Feed
from resume.tables.headers import Column

_KIND = spelled(("pcr", "antigen"), pcr=("核酸",), antigen=("抗原",))
_METHOD = spelled(("single", "mixed"), single=("单管", "单采"), mixed=("混管", "混采"))
_SOURCE = spelled(("cdc", "lab", "self"), cdc=("疾控",), lab=("检测机构", "实验室"), self=("自测",))
_RESULT = spelled(
    ("negative", "positive", "pending_review", "invalid"),
    negative=("阴性",),
    positive=("阳性",),
    pending_review=("待复核",),
    invalid=("无效",),
)


def _parse(cells: Cells, context: Context) -> dict[str, Any]:
    record_id = cells.name("record_id")
    person = cells.document(context)
    kind = cells.choice("kind", _KIND)
    sampled_at = cells.past("sampled_at", cells.moment("sampled_at"), context)
    result = cells.choice_or_none("result", _RESULT)
    reported_at = cells.moment_or_none("reported_at")
    if (result is None) != (reported_at is None):
        missing = "result" if result is None else "reported_at"
        raise cells.bad(missing, "reported_at and result go together", "报告时间与结果须同时填写或同时为空")
    if reported_at is not None:
        cells.past("reported_at", reported_at, context)
        cells.not_before("reported_at", reported_at, sampled_at, "sampled_at")
    source = cells.choice("source", _SOURCE)
    if kind == "pcr" and source == "self":
        raise cells.bad("source", "a PCR cannot come from source self", "核酸结果的来源不能是自测")
    return {
        "record_id": record_id,
        "person_key": person.key,
        "kind": kind,
        "method": _method(cells, kind),
        "sampled_at": sampled_at,
        "reported_at": reported_at,
        "result": result,
        "source": source,
        "lab": cells.text("lab", 60),
        "site_code": cells.text("site_code", 40),
        "box_code": cells.text("box_code", 40),
        "tube_code": cells.text("tube_code", 40),
        "supersedes": supersedes(cells, record_id),
    }


def _method(cells: Cells, kind: str) -> str | None:
    method = cells.choice_or_none("method", _METHOD)
    if kind == "antigen":
        return (
            None  # whatever is filled in: a positive must not be lost over a column that says nothing of it
        )
    if method is None:
        raise cells.bad("method", "required for a PCR", "核酸必须填写采样方式")
    return method


def supersedes(cells: Cells, own_id: str) -> str | None:
    """The id of the record that this one corrects."""
    named = cells.text("supersedes", 64) or None
    if named == own_id:
        raise cells.bad("supersedes", "a record cannot supersede itself", "不能更正自己，请用新编号")
    return named


TESTS = Feed(
    "tests",
    "核酸与抗原检测",
    "Tests",
    (
        Column("record_id", "记录编号"),
        DOCUMENT_TYPE,
        DOCUMENT_NUMBER,
        Column("kind", "检测类型"),
        Column("method", "采样方式"),
        Column("sampled_at", "采样时间"),
        Column("reported_at", "报告时间"),
        Column("result", "结果"),
        Column("source", "来源"),
        Column("lab", "检测机构", required=False),
        Column("site_code", "采样点编码", required=False),
        Column("box_code", "箱码", required=False),
        Column("tube_code", "管码", required=False),
        SUPERSEDES,
    ),
    _parse,
    shapes.TESTS,
)
