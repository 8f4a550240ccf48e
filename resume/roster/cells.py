"""One cell of a worker list -> a typed value, or the problem with it. Nothing here knows of rows.

Spreadsheets hand out what they made of the typing: numbers as floats, dates as dates or day counts, long
numbers without their last digits. Each reader says which of these it can take back and which it must refuse.
"""

import datetime as dt
import re
from collections.abc import Callable

from resume.people.problem import Problem
from resume.people.typed_text import compact, tidy, unprintable
from resume.tables.model import Cell, CellFault

_FAULT_TEXT = re.compile(r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!)")
_ISO = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})(?:[ T]0{1,2}:00(?::00)?)?")
_CHINESE = re.compile(r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日?")
_EIGHT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_EPOCH = dt.date(1899, 12, 30)  # day 0 of a spreadsheet's count, for every day after 1900-02-28
_EXACT = 10**15  # a double keeps 15 significant digits
_TRUE = frozenset({"是", "TRUE", "1", "1.0"})
_FALSE = frozenset({"否", "FALSE", "0", "0.0"})

EMPTY = Problem("empty", "此项必填，不能为空。", "This is required. Fill it in.")
_BECAME_DATE = Problem(
    "became_date",
    "Excel 已把内容变成日期或时间，请把该列设置为“文本”格式后重新填写。",
    "Excel has turned this into a date or time. Format the column as text, then type it again.",
)
_NOT_BOOLEAN = Problem("boolean", "请填写“是”或“否”。", "Fill in yes (是, true, 1) or no (否, false, 0).")
_NOT_DATE = Problem(
    "date",
    "日期无法识别，请按 2022-04-25 的格式填写。",
    "This is not a date that exists. Write it like 2022-04-25.",
)


def fault_of(cell: Cell) -> Problem | None:
    """The problem of a cell that shows an error instead of a value, in either kind of file."""
    if isinstance(cell, CellFault):
        code = cell.code
    elif isinstance(cell, str) and cell.startswith("#") and _FAULT_TEXT.fullmatch(cell.strip()):
        code = cell.strip()
    else:
        return None
    if code == "uncalculated":
        return Problem(
            "formula_error",
            "公式还没有计算结果，请在 Excel 中打开并保存，或改为直接填写内容。",
            "The formula has no result yet. Open and save the file in Excel, or type the value itself.",
        )
    return Problem(
        "formula_error",
        f"单元格是公式错误 {code}，请改为直接填写内容。",
        f"The cell holds the formula error {code}. Type the value itself.",
    )


def as_typed(cell: Cell) -> str:
    """The text a person would have typed: ``12.0`` -> ``12``; dates in ISO form."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, CellFault):
        return cell.code
    return cell.isoformat() if isinstance(cell, dt.date | dt.time) else str(cell)


def text_reader(longest: int, *, required: bool) -> Callable[[Cell], str | Problem]:
    """A reader of plain text of at most ``longest`` code points; absent and not required gives ""."""
    too_long = Problem("too_long", f"最多 {longest} 个字符。", f"At most {longest} characters.")

    def read(cell: Cell) -> str | Problem:
        if not isinstance(cell, str | float | bool):
            return _BECAME_DATE
        text = tidy(as_typed(cell))
        if not text:
            return EMPTY if required else ""
        if len(text) > longest:
            return too_long
        bad = unprintable(text)
        return _characters(bad) if bad else text

    return read


def _characters(points: list[str]) -> Problem:
    return Problem(
        "characters",
        f"含有不能使用的字符（{'、'.join(points[:5])}），请删除后重新填写。",
        f"Holds characters that cannot be used ({', '.join(points[:5])}). Remove them.",
    )


def read_boolean(cell: Cell) -> bool | Problem:
    """是/否, true/false, 1/0, as text, number or truth value."""
    word = compact(as_typed(cell))
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    return _NOT_BOOLEAN if word else EMPTY


def read_date(cell: Cell) -> dt.date | Problem:
    """A date cell, a day count, 2022-04-25, 2022/4/25, 20220425 or 2022年4月25日; years 2000 to 2099."""
    if isinstance(cell, dt.datetime):
        day: dt.date | None = cell.date()
    elif isinstance(cell, dt.date):
        day = cell
    elif isinstance(cell, bool):
        day = None
    else:
        text = compact(as_typed(cell)) if not isinstance(cell, str) else tidy(cell)
        if not text:
            return EMPTY
        day = _date_of(text)
    return day if day is not None and 2000 <= day.year <= 2099 else _NOT_DATE


def _date_of(text: str) -> dt.date | None:
    found = _ISO.fullmatch(text)
    parts = found.group(1, 3, 4) if found else None
    if not found:
        text = compact(text)
        found = _CHINESE.fullmatch(text) or _EIGHT.fullmatch(text)
        parts = found.group(1, 2, 3) if found else None
    if parts:
        try:
            return dt.date(*map(int, parts))
        except ValueError:
            return None
    # 36526 is 2000-01-01, 73050 the last day of 2099.
    is_count = re.fullmatch(r"[0-9]{5}(?:\.[0-9]+)?", text)
    return _EPOCH + dt.timedelta(days=int(float(text))) if is_count else None


def destroyed(cell: Cell, address: str) -> Problem | None:
    """The problem of a document number kept as a number of more than 15 digits; its last ones are gone."""
    if not isinstance(cell, float) or abs(cell) < _EXACT:
        return None
    return Problem(
        "digits_destroyed",
        f"{address} 是数字格式，Excel 只保留前 15 位，末几位已丢失。请设置为“文本”格式后重新填写。",
        f"{address} is a number: Excel keeps only 15 digits and has lost the last ones. "
        "Format the column as text, then type the number again.",
    )
