"""The forty named attacks of the scorecard on whoever reads an uploaded list.

Each is a file, the name it comes with, and the answers that are right: codes of `FileRefused`, or `read`.
"""

from __future__ import annotations

import gzip
import io
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from tests.tables.xlsx import HEADER, MAIN, OFFICE, PACKAGE, PARTS, crafted, inline, sheet_xml, strings_part

READ = "read"


@dataclass(frozen=True, slots=True)
class Attack:
    """A hostile file; `make` builds it when asked, since some are large."""

    make: Callable[[], bytes]
    answers: frozenset[str]
    name: str = "list.xlsx"


def _of(make: Callable[[], bytes], *answers: str, name: str = "list.xlsx") -> Attack:
    return Attack(make, frozenset(answers), name)


def _sheet(rows: str, extra: dict[str, str | bytes] | None = None) -> Callable[[], bytes]:
    return lambda: crafted(sheet_xml(rows), extra)


def _bomb() -> bytes:
    return crafted(sheet_xml(HEADER), {"xl/sharedStrings.xml": b"<sst>" + b" " * (8 << 20) + b"</sst>"})


def _many_members() -> bytes:
    return crafted(sheet_xml(HEADER), {f"xl/media/{i}.xml": "" for i in range(10_000)}, packed=False)


def _lying_size() -> bytes:
    """The directory declares 100 bytes for a sheet of 40 kB."""
    data = crafted(sheet_xml(HEADER + "<!--" + "x" * 40_000 + "-->"))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    return data.replace(size.to_bytes(4, "little"), (100).to_bytes(4, "little"))


def _with_flag(data: bytes, local: int, central: int, value: int) -> bytes:
    """Every member's header changed: at `local` of the local one, at `central` of the directory's."""
    changed = bytearray(data)
    for signature, offset in ((b"PK\x03\x04", local), (b"PK\x01\x02", central)):
        place = changed.find(signature)
        while place >= 0:
            changed[place + offset] |= value
            place = changed.find(signature, place + 4)
    return bytes(changed)


def _wrong_checksum() -> bytes:
    data = crafted(sheet_xml(HEADER), packed=False)
    return data.replace("姓名".encode(), "名姓".encode())


def _shared_amplifier() -> bytes:
    """One text of 30,000 characters in 60,000 cells: 1.8 GB of rows out of 300 kB."""
    cells = "".join(f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(1, 60_001))
    return crafted(sheet_xml(cells, dimension="A1:A60000"), strings_part("x" * 30_000))


def _twice_the_sheet() -> bytes:
    """Two members of one name: two readers of ZIP would see two different files."""
    target = io.BytesIO(crafted(sheet_xml(HEADER)))
    with zipfile.ZipFile(target, "a") as archive, warnings.catch_warnings(action="ignore"):
        archive.writestr(zipfile.ZipInfo("xl/worksheets/sheet1.xml"), sheet_xml(""))  # zipfile warns of it
    return target.getvalue()


def _overlapping() -> bytes:
    """Every entry of the directory points at the same packed bytes."""
    data = bytearray(crafted(sheet_xml(HEADER + " " * 200_000)))
    first = data.find(b"PK\x01\x02")
    place = data.find(b"PK\x01\x02", first + 4)
    while place >= 0:
        data[place + 42 : place + 46] = data[first + 42 : first + 46]
        place = data.find(b"PK\x01\x02", place + 4)
    return bytes(data)


def _climbing_name() -> bytes:
    return crafted(sheet_xml(HEADER), {"../../../../tmp/evil.xml": "<x/>", "/etc/evil.xml": "<x/>"})


def _elsewhere(target: str) -> bytes:
    """The workbook's relations name a worksheet that lies outside of the package."""
    relations = (
        f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" TargetMode="External" '
        f'Type="{OFFICE}/worksheet" Target="{target}"/></Relationships>'
    )
    return crafted(sheet_xml(HEADER), {"xl/_rels/workbook.xml.rels": relations})


def _endless_rows() -> bytes:
    rows = "".join(f'<row r="{n}"><c r="A{n}" s="1"/></row>' for n in range(2, 200_002))
    return crafted(sheet_xml(HEADER + rows, dimension="A1:B200001"))


def _xlsb() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("[Content_Types].xml", PARTS["[Content_Types].xml"])
        archive.writestr("xl/workbook.bin", b"\x83\x01\x00")
    return target.getvalue()


def _ods() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<x/>")
    return target.getvalue()


def _formula(text: str) -> str:
    return f'<row r="2"><c r="A2" t="str"><f>{text}</f><v>x</v></c></row>'


ENTITIES = '<!DOCTYPE w [<!ENTITY a "xxxx"><!ENTITY b "&a;&a;&a;">]>'
EXTERNAL = '<!DOCTYPE w SYSTEM "file:///etc/passwd">'
_SPARSE = HEADER + f'<row r="1048576">{inline("XFD1048576", "x")}</row>'
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENDED = ("too_many_rows", "reader_gave_up", "damaged")

ATTACKS: dict[str, Attack] = {
    # The package
    "bomb_by_ratio": _of(_bomb, "bomb"),
    "ten_thousand_members": _of(_many_members, "too_many_members"),
    "lying_size": _of(_lying_size, "damaged"),
    "wrong_checksum": _of(_wrong_checksum, "damaged"),
    "encrypted_member": _of(lambda: _with_flag(crafted(sheet_xml(HEADER)), 6, 8, 1), "encrypted"),
    "unknown_compression": _of(lambda: _with_flag(crafted(sheet_xml(HEADER)), 8, 10, 0x61), "damaged"),
    "two_members_of_one_name": _of(_twice_the_sheet, "damaged"),
    "overlapping_members": _of(_overlapping, "damaged", "bomb"),
    "names_that_climb": _of(_climbing_name, READ),
    "empty_zip": _of(lambda: b"PK\x05\x06" + bytes(18), "renamed"),
    "zip_start_only": _of(lambda: b"PK\x03\x04", "damaged"),
    "something_before_the_zip": _of(lambda: b"%PDF-1.7\n" + crafted(sheet_xml(HEADER)), "renamed"),
    "gzipped": _of(lambda: gzip.compress(crafted(sheet_xml(HEADER)), mtime=0), "renamed"),
    "a_list_within_a_list": _of(_sheet(HEADER, {"xl/inner.xlsx": crafted(sheet_xml(HEADER))}), READ),
    # XML
    "entities": _of(lambda: crafted(sheet_xml(HEADER, before=ENTITIES)), "dtd"),
    "external_entity": _of(lambda: crafted(sheet_xml(HEADER, before=EXTERNAL)), "dtd"),
    "dtd_in_workbook": _of(_sheet(HEADER, {"xl/workbook.xml": ENTITIES + "<workbook/>"}), "dtd"),
    "dtd_in_utf16": _of(_sheet(HEADER, {"xl/styles.xml": ENTITIES.encode("utf-16")}), "damaged"),
    "sheet_is_no_xml": _of(lambda: crafted("not xml at all <<<<"), "damaged", "empty"),
    "deep_nesting": _of(_sheet("<row>" * 200_000), "damaged", "empty", "reader_gave_up", "bomb"),
    "characters_no_xml_has": _of(
        _sheet(f'{HEADER}<row r="2">{inline("A2", "&#0;&#xD800;&#x110000;")}</row>'), "damaged", READ
    ),
    "shared_amplifier": _of(_shared_amplifier, "bomb", "reader_gave_up"),
    "negative_shared_index": _of(
        _sheet('<row r="1"><c r="A1" t="s"><v>-1</v></c></row>'), "damaged", "empty"
    ),
    "huge_shared_index": _of(
        _sheet('<row r="1"><c r="A1" t="s"><v>999999999</v></c></row>'), "damaged", "empty"
    ),
    "sheet_outside_the_package": _of(lambda: _elsewhere("file:///etc/passwd"), "damaged", "no_sheet"),
    "sheet_on_another_machine": _of(lambda: _elsewhere("http://192.0.2.1/x.xml"), "damaged", "no_sheet"),
    "no_sheet_part": _of(
        _sheet(HEADER, {"xl/_rels/workbook.xml.rels": "<Relationships/>"}), "damaged", "no_sheet"
    ),
    # Cells
    "sparse_far_corner": _of(_sheet(_SPARSE), "too_many_rows"),
    # The same with single quotes, and with blanks around "=", which the quick search does not see.
    "sparse_single_quotes": _of(_sheet(_SPARSE.replace('r="XFD1048576"', "r='XFD1048576'")), *_ENDED),
    "sparse_blanks": _of(_sheet(_SPARSE.replace('r="XFD1048576"', 'r = "XFD1048576"')), *_ENDED),
    "wide": _of(_sheet(f'<row r="1">{inline("A1", "a")}{inline("XFD1", "x")}</row>'), "too_many_columns"),
    "rows_without_end": _of(_endless_rows, "too_many_rows", READ),
    "row_number_that_overflows": _of(
        _sheet(f'{HEADER}<row r="99999999999999">{inline("A99999999999999", "x")}</row>'), *_ENDED, "empty"
    ),
    "row_zero": _of(_sheet(f'{HEADER}<row r="0">{inline("A0", "x")}</row>'), "damaged", "empty", READ),
    "a_date_beyond_time": _of(
        _sheet(f'{HEADER}<row r="2"><c r="A2"><v>1e308</v></c></row>'), "damaged", READ
    ),
    "a_command_as_formula": _of(_sheet(HEADER + _formula("cmd|' /C calc'!A0")), READ),
    "empty_sheet": _of(_sheet(""), "empty"),
    "first_row_blank": _of(_sheet(f'<row r="2">{inline("A2", "x")}</row>'), "empty"),
    # What it says it is
    "word_document": _of(
        lambda: crafted(sheet_xml(HEADER)).replace(b"xl/workbook.xml", b"xl/workbook.xmx"), "not_a_table"
    ),
    "binary_excel": _of(_xlsb, "other_spreadsheet"),
    "open_document": _of(_ods, "other_spreadsheet"),
    "old_excel": _of(lambda: _OLE + bytes(4096), "old_excel"),
    "encrypted_package": _of(lambda: _OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
    "pdf_renamed": _of(lambda: b"%PDF-1.7\n", "renamed"),
    "html_renamed": _of(lambda: b"<html><table><tr><td>x</td></tr></table></html>", "renamed"),
    "csv_renamed": _of("姓名,数\n".encode, "renamed"),
    "excel_named_csv": _of(lambda: crafted(sheet_xml(HEADER)), "renamed", name="list.csv"),
    "program_named_csv": _of(lambda: b"\x7fELF" + bytes(64), "not_a_table", name="list.csv"),
    "empty_file": _of(lambda: b"", "renamed"),
    "name_that_climbs": _of(lambda: b"%PDF", "renamed", name="../../" + "a" * 300 + "\r\nX: y.xlsx"),
}
assert len(ATTACKS) >= 40
assert f'xmlns="{MAIN}"' in sheet_xml("")
