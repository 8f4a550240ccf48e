"""A small invented city for the browser: its feeds as files, and a worker list as a workbook."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter

from resume.people.documents import check_character

DISTRICT = "310115"
CREDIT_CODE = "91310115MA10001800"
FIRM = "虚构电驱动系统有限公司"
COMPOUND = "虚构新村"
SITE = "虚构一厂"


@dataclass(frozen=True)
class Person:
    """An invented worker: who, where, and how many hours before 09:00 of 22 April his sample was taken."""

    name: str
    number: str
    building: str
    sampled_at: str | None


def document(serial: int) -> str:
    """An invented resident id: address code 319999, which was never given."""
    body = f"31999919900101{serial:03d}"
    return body + check_character(body)


#: Two eligible in building 1, one eligible in building 2, one whose PCR is too old, one without any.
PEOPLE = (
    Person("陈一舟", document(1), "1", "2022-04-21T20:00:00+08:00"),
    Person("阿卜杜拉·买买提", document(3), "1", "2022-04-21T20:30:00+08:00"),
    Person("欧阳若兰", document(5), "2", "2022-04-21T21:00:00+08:00"),
    Person("郑迟", document(7), "2", "2022-04-19T08:00:00+08:00"),
    Person("吴缺", document(9), "2", None),
)

LIST_HEADERS = (
    "姓名", "证件类型", "证件号码", "手机号码", "现住区", "现住街镇", "小区", "楼号", "单元", "室号",
    "岗位", "关键岗位", "班组", "工作厂区", "接送车牌", "计划到岗日期", "备注",
)  # fmt: skip


def write_csv(path: Path, headers: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headers)
        writer.writerows(rows)
    return path


def write_feeds(folder: Path) -> dict[str, Path]:
    """places, screenings, tests and codes of the city, by feed."""
    buildings = ["1", "2"]
    places = [
        [f"SH-XG-{n}", DISTRICT, "虚构街道", "310115001001", COMPOUND, "88弄", n, "false"] for n in buildings
    ]
    tests = [
        [
            f"T{index}", "resident_id", person.number, "pcr", "mixed", person.sampled_at,
            f"{person.sampled_at[:10]}T23:30:00+08:00",
            "negative", "lab", "虚构检测所", "", "", "", "",
        ]
        for index, person in enumerate(PEOPLE)
        if person.sampled_at
    ]  # fmt: skip
    codes = [
        ["resident_id", person.number, "green", "2022-04-01T00:00:00+08:00", "例行"] for person in PEOPLE
    ]
    return {
        "places": write_csv(
            folder / "places.csv",
            [
                "place_code", "district_code", "street", "committee_code",
                "compound", "lane", "number", "has_units",
            ],
            places,
        ),
        "screenings": write_csv(
            folder / "screenings.csv",
            ["place_code", "screened_on", "complete"],
            [[f"SH-XG-{n}", "2022-04-21", "true"] for n in buildings],
        ),
        "tests": write_csv(
            folder / "tests.csv",
            [
                "record_id", "document_type", "document_number", "kind", "method", "sampled_at",
                "reported_at", "result", "source", "lab", "site_code", "box_code", "tube_code", "supersedes",
            ],
            tests,
        ),
        "codes": write_csv(
            folder / "codes.csv",
            ["document_type", "document_number", "colour", "changed_at", "reason"],
            codes,
        ),
    }  # fmt: skip


def write_positive(folder: Path, *, reported_at: str, number: str = "1") -> Path:
    """A cases feed with one positive in building `number`."""
    return write_csv(
        folder / "cases.csv",
        [
            "case_id", "kind", "place_code", "unit", "reported_at", "transferred_at", "disinfected_at",
            "excluded", "supersedes",
        ],
        [["C1", "asymptomatic", f"SH-XG-{number}", "", reported_at, "", "", "", ""]],
    )  # fmt: skip


def write_list(folder: Path) -> Path:
    """The worker list as HR keeps it: five good rows and one with a wrong check digit."""
    path = folder / "花名册.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    bad = PEOPLE[0].number[:-1] + ("0" if PEOPLE[0].number[-1] != "0" else "1")
    numbers = [*((person.name, person.number, person.building) for person in PEOPLE), ("孙误", bad, "1")]
    sheet.write_row(0, 0, LIST_HEADERS)
    for row, (name, number, building) in enumerate(numbers, 1):
        values = [
            name, "居民身份证", number, "13800000000", "浦东新区", "虚构街道", COMPOUND, building, "",
            f"{row}01", "装配工" if row % 2 else "质检员", "是" if row < 3 else "否", "甲班", SITE, "",
            "2022-04-23", "",
        ]  # fmt: skip
        for column, value in enumerate(values):
            sheet.write_string(row, column, value)
    book.close()
    return path
