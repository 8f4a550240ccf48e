"""The campaign: every bad input gets an answer, and no good row is lost on the way.

`make fuzz` runs all of it; a bounded sample runs with the tests.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import itertools
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from os import cpu_count

from resume.firms.credit_code import CreditCode, parse_credit_code
from resume.people.documents import Document, DocumentType, parse_document
from resume.roster.sheet import SheetRead, read_worker_list
from resume.tables.reading import read_table
from resume.tables.refused import FileRefused
from tests.fuzz import checkers
from tests.fuzz.attacks import ATTACKS, READ
from tests.fuzz.mutants import HEADERS, csv_mutants, person, xlsx_mutants
from tests.fuzz.numbers import credit_code_is_right, credit_codes, resident_is_right, residents
from tests.fuzz.result import Result
from tests.tables.standard_characters import STANDARD_CHARACTERS

TODAY = dt.date(2022, 4, 22)
SITES = {"一号厂区": 1}
ENCODINGS = ("utf-8", "utf-8-sig", "gb18030")
DELIMITERS = ",;\t|"
QUOTINGS = (csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC)
LINE_ENDS = ("\r\n", "\n")


def read_all(data: bytes, name: str) -> SheetRead:
    """A file as the worker process reads it. Raises FileRefused, and nothing else."""
    return read_worker_list(read_table(data, name), sites=SITES, today=TODAY)


def judge_file(data: bytes, name: str) -> tuple[str, str | None]:
    """The answer to a file, and what is wrong with it: a crash, or rows that do not add up."""
    try:
        table = read_table(data, name)
        seen: list[int] = []
        counted = type(table)(table.kind, table.headers, _counted(table.rows, seen), table.encoding)
        read = read_worker_list(counted, sites=SITES, today=TODAY)
    except FileRefused as refused:
        return refused.code, "an unfilled text" if "{" in refused.zh + refused.en else None
    except Exception as error:  # the campaign is there to find these
        return "crash", f"{type(error).__name__}: {error}"
    answered = {row.row for row in read.rows} | {error.row for error in read.errors}
    lost = set(seen) - answered
    return READ, f"rows without an answer: {sorted(lost)[:5]}" if lost else None


def _counted(rows: Iterable[object], seen: list[int]) -> Iterator[object]:
    for row in rows:
        seen.append(row.number)  # type: ignore[attr-defined]
        yield row


def attacks() -> Result:
    """The named attacks, each answered as it should be."""
    result = Result("named attacks")
    for name, attack in ATTACKS.items():
        answer, fault = judge_file(attack.make(), attack.name)
        if answer not in attack.answers and not (READ in attack.answers and answer == "missing_columns"):
            fault = fault or f"answered {answer}"
        result.note(answer, fault and f"{name}: {fault}")
    return result


def workbooks(count: int, seed: int = 1) -> Result:
    """Mutants of a workbook."""
    return _files("XLSX mutants", xlsx_mutants(count, seed), "list.xlsx")


def texts(count: int, seed: int = 2) -> Result:
    """Mutants of a CSV."""
    return _files("CSV mutants", csv_mutants(count, seed), "list.csv")


def _files(name: str, files: Iterator[bytes], filename: str) -> Result:
    result = Result(name)
    with ThreadPoolExecutor(cpu_count()) as pool:  # the reading is a child's, so threads are enough
        for batch in iter(lambda: list(itertools.islice(files, 500)), []):
            for number, (answer, fault) in enumerate(
                pool.map(lambda data: judge_file(data, filename), batch)
            ):
                result.note(answer, fault and f"{fault} (batch of {len(batch)}, no. {number})")
    return result


def every_character(every: int = 1) -> Result:
    """Each of the 8,105 standard characters as a name, in every encoding, separator, quoting and line end."""
    result = Result("names in every form of CSV")
    forms = itertools.product(ENCODINGS, DELIMITERS, QUOTINGS, LINE_ENDS)
    names = [f"{character}小明" for character in STANDARD_CHARACTERS]
    for encoding, delimiter, quoting, end in itertools.islice(forms, 0, None, every):
        target = io.StringIO(newline="")
        writer = csv.writer(target, delimiter=delimiter, quoting=quoting, lineterminator=end)  # type: ignore[arg-type]
        writer.writerows([HEADERS, *_people(names)])
        read = read_all(target.getvalue().encode(encoding), "list.csv")
        same = [row.name for row in read.rows] == names and not read.errors
        form = f"{encoding} {delimiter!r} {quoting} {end!r}"
        result.note("same" if same else "changed", None if same else form)
    return result


def _people(names: list[str]) -> Iterator[list[str]]:
    """A row for each name; passports, of which there are enough."""
    for number, name in enumerate(names):
        row = person(1)
        row[0], row[1], row[2] = name, "护照", f"F{number:07d}"
        yield row


def numbers(count: int, seed: int = 3) -> Result:
    """Generated numbers, judged by the program and by the second opinion."""
    result = Result("ids")
    today = (TODAY.year, TODAY.month, TODAY.day)
    for number in residents(count // 2, seed):
        judged = parse_document(DocumentType.RESIDENT_ID, number, today=TODAY)
        _compare(result, number, isinstance(judged, Document), resident_is_right(number, today=today))
    for code in credit_codes(count - count // 2, seed):
        _compare(result, code, isinstance(parse_credit_code(code), CreditCode), credit_code_is_right(code))
    return result


def _compare(result: Result, number: str, is_taken: bool, is_right: bool) -> None:
    fault = None if is_taken == is_right else f"{number}: taken {is_taken}, right {is_right}"
    result.note("taken" if is_taken else "refused", fault)


#: The whole campaign, by the numbers of the scorecard.
CAMPAIGN: tuple[Callable[[], Result], ...] = (
    attacks,
    lambda: numbers(100_000),
    every_character,
    lambda: texts(10_000),
    lambda: workbooks(10_000),
    *(partial(checkers.campaign, part) for part in checkers.PARTS),
)
