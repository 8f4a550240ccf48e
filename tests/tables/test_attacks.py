"""Cut and swollen packages; the named attacks are in tests/fuzz. This process outlives all of them."""

from dataclasses import replace

import pytest

from resume.tables.model import LIST_LIMITS
from resume.tables.reading import read_table
from resume.tables.refused import FileRefused
from tests.tables.xlsx import HEADER, crafted, sheet_xml, written


def refused(data: bytes) -> FileRefused:
    with pytest.raises(FileRefused) as caught:
        read_table(data, "list.xlsx")
    assert "{" not in caught.value.zh + caught.value.en
    return caught.value


def test_every_truncation_is_refused_or_read() -> None:
    data = written([["a", "b"], ["x", 1]])
    for size in range(0, len(data), 997):
        assert refused(data[:size]).code in {"damaged", "renamed"}


def test_unpacked_size_is_counted_over_all_parts() -> None:
    filler = "".join(map(str, range(200_000)))
    data = crafted(sheet_xml(HEADER), {f"xl/{part}.xml": filler for part in range(3)})
    assert read_table(data, "a.xlsx").headers
    with pytest.raises(FileRefused) as caught:
        read_table(data, "a.xlsx", replace(LIST_LIMITS, max_unpacked=3 * len(filler)))
    assert caught.value.code == "bomb"
