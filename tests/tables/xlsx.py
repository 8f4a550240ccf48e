"""XLSX packages for tests: whole ones by XlsxWriter, crafted ones part by part."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"

PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    "_rels/.rels": (
        f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="名单" sheetId="1" r:id="rId1"/>'
        "</sheets></workbook>"
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{OFFICE}/worksheet" '
        'Target="worksheets/sheet1.xml"/></Relationships>'
    ),
}


def written(rows: Sequence[Sequence[Any]], **options: Any) -> bytes:
    """Rows as a person's Excel file would hold them."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"strings_to_numbers": False, **options}) as workbook:
        sheet = workbook.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return target.getvalue()


def sheet_xml(cells: str, *, before: str = "", dimension: str = "A1:B2") -> str:
    """A worksheet part around ready-made ``<row>`` elements."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<worksheet xmlns="{MAIN}">'
        f'<dimension ref="{dimension}"/><sheetData>{cells}</sheetData></worksheet>'
    )


def inline(reference: str, text: str) -> str:
    """A cell with its own text."""
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


HEADER = f'<row r="1">{inline("A1", "姓名")}{inline("B1", "数")}</row>'


def strings_part(text: str) -> dict[str, str]:
    """A table of shared texts with one entry, and the relations that make it known."""
    relations = PARTS["xl/_rels/workbook.xml.rels"].replace(
        "</Relationships>",
        f'<Relationship Id="rId2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
    )
    strings = f'<sst xmlns="{MAIN}"><si><t>{text}</t></si></sst>'
    return {"xl/sharedStrings.xml": strings, "xl/_rels/workbook.xml.rels": relations}


def crafted(sheet: str, extra: Mapping[str, str | bytes] | None = None, *, packed: bool = True) -> bytes:
    """A package with this one worksheet part and whatever else."""
    target = io.BytesIO()
    method = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in {**PARTS, "xl/worksheets/sheet1.xml": sheet, **(extra or {})}.items():
            archive.writestr(name, content)
    return target.getvalue()
