"""The same questions to both checkers of passes, server and browser; any difference is wrong.

Most of what is asked is signed by a key that both trust, so that what lies behind the signature is compared
too.
"""

import itertools
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from tests.credential.list_vectors import LIST_KEYS
from tests.fuzz import ask_claims, ask_lists, ask_texts
from tests.fuzz.result import Result
from tests.gate.browser_checker import BrowserChecker, Question, both

BATCH = 500


def compared(name: str, questions: Iterable[Question], browser: BrowserChecker) -> Result:
    """Ask both; a fault for each question that they do not answer alike, with the question."""
    result = Result(f"two checkers, {name}")
    waiting = iter(questions)
    while batch := list(itertools.islice(waiting, BATCH)):
        for question, here, there in both(batch, browser, LIST_KEYS):
            fault = None if here == there else f"{question}: Python {here}, browser {there}"
            result.note(_short(here), fault)
    return result


def _short(answer: Any) -> str:
    if isinstance(answer, dict):
        return str(answer.get("failed") or answer.get("code") or "opened")
    return "a number"


PARTS: dict[str, Callable[..., Iterator[Question]]] = {
    "one-byte changes": ask_texts.one_byte_changes,
    "one-character changes": ask_texts.one_character_changes,
    "cuts": ask_texts.cuts,
    "texts": ask_texts.texts,
    "claims signed again": ask_claims.claims_resigned,
    "bytes of claims signed again": ask_claims.claim_bytes_resigned,
    "envelopes": ask_claims.envelopes,
    "situations": ask_claims.situations,
    "status lists": ask_lists.status_lists,
    "key lists": ask_lists.key_lists,
    "zlib": ask_lists.zlib_data,
    "numbers": ask_lists.numbers,
}
#: How many of each go with the tests; and how many make the whole campaign: all there are, or so many.
SAMPLE = {
    "one-byte changes": 500,
    "one-character changes": 300,
    "cuts": 300,
    "texts": 600,
    "claims signed again": 1_200,
    "bytes of claims signed again": 400,
    "envelopes": 400,
    "situations": 1_000,
    "status lists": 400,
    "key lists": 200,
    "zlib": 500,
    "numbers": 500,
}
WHOLE = {
    "one-byte changes": sys.maxsize,
    "one-character changes": sys.maxsize,
    "cuts": sys.maxsize,
    "texts": 1_000_000,
    "claims signed again": 200_000,
    "bytes of claims signed again": sys.maxsize,
    "envelopes": 50_000,
    "situations": 100_000,
    "status lists": 50_000,
    "key lists": 20_000,
    "zlib": 100_000,
    "numbers": 100_000,
}


def campaign(part: str) -> Result:
    """One part of the whole campaign, with a Node process of its own."""
    with BrowserChecker(LIST_KEYS) as browser:
        return compared(part, PARTS[part](WHOLE[part], seed=4), browser)
