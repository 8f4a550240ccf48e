"""Cells that hold an error of the spreadsheet, which the reader hands out as empty. Child process only."""

import posixpath
import re
from xml.etree import ElementTree  # only parts without a DTD, in the limited process

# One cell with its content; `<c r="B2" t="e"><f>NA()</f><v>#N/A</v></c>`.
_CELL = re.compile(
    rb"""<(?:\w+:)?c\s([^>]*?\br=["']([A-Z]{1,3})([0-9]{1,7})["'][^>]*)(?<!/)>(.*?)</(?:\w+:)?c>""", re.DOTALL
)
_ERROR_TYPE = re.compile(rb"""\bt=["']e["']""")
_STRING_TYPE = re.compile(rb"""\bt=["'](?:str|inlineStr|s)["']""")
_VALUE = re.compile(rb"<(?:\w+:)?v\b[^>/]*>([^<]+)<")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
# What a sheet with an error or a formula holds somewhere; most sheets hold neither.
_SIGNS = (b'="e"', b"='e'", b"<f", b":f>", b":f ", b":f/")
_RELATION_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

UNCALCULATED = "uncalculated"


def faults(parts: dict[str, bytes], sheet: str) -> dict[tuple[int, int], str]:
    """(row, column), counted from 0 -> ``#N/A``, ``#REF!``, ... or ``uncalculated``, in one sheet.

    Uncalculated is a formula written by a program and never opened in a spreadsheet: it has no value yet.
    """
    content = parts.get(_part_of(parts, sheet) or "", b"")
    if not any(sign in content for sign in _SIGNS):
        return {}
    found: dict[tuple[int, int], str] = {}
    for attributes, letters, row, inside in _CELL.findall(content):
        value = _VALUE.search(inside)
        if _ERROR_TYPE.search(attributes):
            code = value[1].decode("utf-8", "replace").strip()[:12] if value else "#N/A"
        elif value is None and _FORMULA.search(inside) and not _STRING_TYPE.search(attributes):
            code = UNCALCULATED
        else:
            continue
        column = 0
        for letter in letters:
            column = column * 26 + letter - 64
        found[int(row) - 1, column - 1] = code
    return found


def _part_of(parts: dict[str, bytes], sheet: str) -> str | None:
    """The part of a sheet, through the workbook's relations; None where they do not tell."""
    try:
        workbook = ElementTree.fromstring(parts["xl/workbook.xml"])  # noqa: S314
        relations = ElementTree.fromstring(parts["xl/_rels/workbook.xml.rels"])  # noqa: S314
    except (KeyError, ElementTree.ParseError):
        return None
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    for element in workbook.iterfind(".//{*}sheet"):
        if element.get("name") == sheet:
            target = targets.get(element.get(_RELATION_ID), "")
            return target[1:] if target.startswith("/") else posixpath.normpath(f"xl/{target}")
    return None
