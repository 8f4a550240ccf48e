"""The named attacks of reliability.md on the reader of XLSX. This process outlives all of them."""

import io
import random
import zipfile
from contextlib import suppress
from dataclasses import replace

import pytest

from resume.tables.model import LIST_LIMITS
from resume.tables.reading import read_table
from resume.tables.refused import FileRefused
from tests.tables.xlsx import HEADER, crafted, inline, sheet_xml, strings_part, written


def refused(data: bytes) -> FileRefused:
    with pytest.raises(FileRefused) as caught:
        read_table(data, "list.xlsx")
    assert "{" not in caught.value.zh + caught.value.en
    return caught.value


def bomb(size: int) -> bytes:
    return crafted(sheet_xml(HEADER), {"xl/sharedStrings.xml": b"<sst>" + b" " * size + b"</sst>"})


def many_members() -> bytes:
    return crafted(sheet_xml(HEADER), {f"xl/media/{i}.xml": "" for i in range(10_000)}, packed=False)


def lying_size() -> bytes:
    """The directory declares 100 bytes for a sheet of 40 kB."""
    data = crafted(sheet_xml(HEADER + "<!--" + "x" * 40_000 + "-->"))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    return data.replace(size.to_bytes(4, "little"), (100).to_bytes(4, "little"))


def encrypted_member() -> bytes:
    data = bytearray(crafted(sheet_xml(HEADER)))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(signature)
        while place >= 0:
            data[place + offset] |= 1
            place = data.find(signature, place + 4)
    return bytes(data)


def shared_amplifier() -> bytes:
    """One text of 30,000 characters in 60,000 cells: 1.8 GB of rows out of 300 kB."""
    cells = "".join(f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(1, 60_001))
    return crafted(sheet_xml(cells, dimension="A1:A60000"), strings_part("x" * 30_000))


ENTITIES = '<!DOCTYPE w [<!ENTITY a "xxxx"><!ENTITY b "&a;&a;&a;">]>'
EXTERNAL = '<!DOCTYPE w SYSTEM "file:///etc/passwd">'
SPARSE = HEADER + f'<row r="1048576">{inline("XFD1048576", "x")}</row>'
# The same with single quotes, and with blanks around "=", which the quick search does not see.
SPARSE_SINGLE = SPARSE.replace('r="XFD1048576"', "r='XFD1048576'")
SPARSE_BLANK = SPARSE.replace('r="XFD1048576"', 'r = "XFD1048576"')

ATTACKS = {
    "bomb_by_ratio": (bomb(8 << 20), {"bomb"}),
    "ten_thousand_members": (many_members(), {"too_many_members"}),
    "lying_size": (lying_size(), {"damaged"}),
    "encrypted_member": (encrypted_member(), {"encrypted"}),
    "shared_amplifier": (shared_amplifier(), {"bomb", "reader_gave_up"}),
    "entities": (crafted(sheet_xml(HEADER, before=ENTITIES)), {"dtd"}),
    "external_entity": (crafted(sheet_xml(HEADER, before=EXTERNAL)), {"dtd"}),
    "dtd_in_workbook": (crafted(sheet_xml(HEADER), {"xl/workbook.xml": ENTITIES + "<workbook/>"}), {"dtd"}),
    "dtd_in_utf16": (crafted(sheet_xml(HEADER), {"xl/styles.xml": ENTITIES.encode("utf-16")}), {"damaged"}),
    "sparse_far_corner": (crafted(sheet_xml(SPARSE)), {"too_many_rows"}),
    "sparse_single_quotes": (
        crafted(sheet_xml(SPARSE_SINGLE)),
        {"too_many_rows", "reader_gave_up", "damaged"},
    ),
    "sparse_blanks": (crafted(sheet_xml(SPARSE_BLANK)), {"too_many_rows", "reader_gave_up", "damaged"}),
    "wide": (
        crafted(sheet_xml(f'<row r="1">{inline("A1", "a")}{inline("XFD1", "x")}</row>')),
        {"too_many_columns"},
    ),
    "no_sheet_part": (
        crafted(sheet_xml(HEADER), {"xl/_rels/workbook.xml.rels": "<Relationships/>"}),
        {"damaged", "no_sheet"},
    ),
    "sheet_is_no_xml": (crafted("not xml at all <<<<"), {"damaged", "empty"}),
    "deep_nesting": (crafted(sheet_xml("<row>" * 200_000)), {"damaged", "empty", "reader_gave_up", "bomb"}),
    "negative_shared_index": (
        crafted(sheet_xml('<row r="1"><c r="A1" t="s"><v>-1</v></c></row>')),
        {"damaged", "empty"},
    ),
    "huge_shared_index": (
        crafted(sheet_xml('<row r="1"><c r="A1" t="s"><v>999999999</v></c></row>')),
        {"damaged", "empty"},
    ),
    "empty_zip": (b"PK\x05\x06" + bytes(18), {"renamed"}),
    "zip_start_only": (b"PK\x03\x04", {"damaged"}),
    "word_document": (
        crafted(sheet_xml(HEADER)).replace(b"xl/workbook.xml", b"xl/workbook.xmx"),
        {"not_a_table"},
    ),
    "old_excel": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096), {"old_excel"}),
    "encrypted_package": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
        {"encrypted"},
    ),
    "pdf_renamed": (b"%PDF-1.7\n", {"renamed"}),
    "html_renamed": (b"<html><table><tr><td>x</td></tr></table></html>", {"renamed"}),
    "csv_renamed": ("姓名,数\n".encode(), {"renamed"}),
    "empty_file": (b"", {"renamed"}),
    "empty_sheet": (crafted(sheet_xml("")), {"empty"}),
    "first_row_blank": (crafted(sheet_xml(f'<row r="2">{inline("A2", "x")}</row>')), {"empty"}),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_named_attacks(name: str) -> None:
    data, codes = ATTACKS[name]
    assert refused(data).code in codes


def test_every_truncation_is_refused_or_read() -> None:
    data = written([["a", "b"], ["x", 1]])
    for size in range(0, len(data), 997):
        assert refused(data[:size]).code in {"damaged", "renamed"}


def test_mutants_end_in_an_answer() -> None:
    """A bounded sample; the long run of reliability.md is a bench."""
    source, chance = written([["a", "b"], ["x", 1]]), random.Random(7)
    for _ in range(25):
        mutant = bytearray(source)
        for _ in range(chance.randrange(1, 6)):
            mutant[chance.randrange(len(mutant))] = chance.randrange(256)
        with suppress(FileRefused):
            read_table(bytes(mutant), "list.xlsx")


def test_unpacked_size_is_counted_over_all_parts() -> None:
    filler = "".join(map(str, range(200_000)))
    data = crafted(sheet_xml(HEADER), {f"xl/{part}.xml": filler for part in range(3)})
    assert read_table(data, "a.xlsx").headers
    with pytest.raises(FileRefused) as caught:
        read_table(data, "a.xlsx", replace(LIST_LIMITS, max_unpacked=3 * len(filler)))
    assert caught.value.code == "bomb"
