"""The empty worker list for download: every column as text, so that Excel destroys no digits."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

import xlsxwriter

from resume.people.documents import DocumentType
from resume.places.districts import DISTRICTS
from resume.roster.columns import WORKER_LIST

ROWS = 5_000  # as many are given their format and drop-downs
_LONGEST_CHOICE = 255  # characters of all choices together, with commas; a limit of the file format
_WIDTHS = {"document_type": 26, "document_number": 22, "phone": 14, "compound": 20, "remarks": 24}
_MARKS = {True: "", False: "（选填）"}


def template_file(sites: Sequence[str]) -> bytes:
    """An XLSX with the headers, drop-downs for types, districts, booleans and the firm's plants."""
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet("名单")
        text = book.add_format({"num_format": "@"})
        head = book.add_format({"num_format": "@", "bold": True, "bg_color": "#EEF1F4", "bottom": 1})
        sheet.freeze_panes(1, 1)
        choices = _choices(sites)
        for place, column in enumerate(WORKER_LIST):
            sheet.set_column(place, place, _WIDTHS.get(column.name, 12), text)
            sheet.write_string(0, place, column.zh + _MARKS[column.required], head)
            listed = choices.get(column.name)
            if listed and len(",".join(listed)) <= _LONGEST_CHOICE:
                sheet.data_validation(1, place, ROWS, place, {"validate": "list", "source": listed})
    return target.getvalue()


def _choices(sites: Sequence[str]) -> dict[str, list[str]]:
    return {
        "document_type": [kind.zh for kind in DocumentType],
        "district": list(DISTRICTS.values()),
        "key_post": ["是", "否"],
        # The file format keeps the choices in one quoted text, with commas between them.
        "site": [site for site in sites if not {",", '"'} & set(site)],
    }
