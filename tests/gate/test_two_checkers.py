"""The checker of the server and that of the browser: one set of vectors, one answer to anything else.

`make fuzz` asks them a million times and more; here is a sample.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from resume.credential.keys import KeySet
from resume.credential.phone import parse_proof
from tests.credential.list_vectors import LIST_KEYS, base64_of
from tests.credential.samples import PHONE, PHONE_KEY, claims_with, phone
from tests.fuzz import ask_texts, checkers
from tests.gate.browser_checker import NODE, BrowserChecker, Question, differing, python_answer

VECTORS = Path(__file__).parents[1] / "vectors"

pytestmark = pytest.mark.skipif(NODE is None, reason="no Node here: the browser's checker cannot be asked")


@pytest.fixture(scope="module")
def browser() -> Iterator[BrowserChecker]:
    with BrowserChecker(LIST_KEYS) as running:
        yield running


def read(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))
    return document


def seconds(moment: str | None) -> int | None:
    return None if moment is None else int(datetime.fromisoformat(moment).timestamp())


def assert_same(questions: list[Question], browser: BrowserChecker, keys: KeySet = LIST_KEYS) -> None:
    assert differing(questions, browser, keys) == []


def test_the_vectors_of_passes(browser):
    vectors = read("token-check")["vectors"]
    questions = [
        {
            "what": "check",
            **{key: one[key] for key in ("token", "gate", "status", "evidence", "antigen", "ask_phone")},
            **{key: seconds(one[key]) for key in ("at", "status_as_of")},
            "trip": {key: seconds(value) for key, value in one["trip"].items()},
        }
        for one in vectors
    ]
    assert_same(questions, browser)
    for one, answer in zip(vectors, browser.ask(questions), strict=True):
        said = {key: answer[key] for key in ("verdict", "code", "reasons", "advice")}
        assert said | {"claims": answer["claims"] is not None} == one["expect"], one["name"]


def test_the_vectors_of_key_lists(browser):
    document = read("token-keylist")
    vectors = document["vectors"]
    questions = [
        {
            "what": "key_list",
            **{key: one[key] for key in ("message", "issuer")},
            "anchor": document["anchor"],
            "at": seconds(one["at"]),
        }
        for one in vectors
    ]
    assert_same(questions, browser)
    for one, answer in zip(vectors, browser.ask(questions), strict=True):
        said = answer
        if "failed" not in answer:
            said = {
                "issued_at": answer["issued_at"],
                "changes": answer["changes"],
                "keys": [entry["kid"] for entry in answer["entries"]],
            }
        expect = one["expect"]
        assert said == expect | ({} if "failed" in expect else {"issued_at": seconds(expect["issued_at"])}), (
            one["name"]
        )


def test_the_vectors_of_status_lists(browser):
    vectors = read("token-statuslists")["vectors"]
    questions = [
        {
            "what": "status_list",
            **{key: one[key] for key in ("message", "uri")},
            "at": seconds(one["at"]),
            "ask": [int(idx) for idx in one["expect"].get("statuses", {})],
        }
        for one in vectors
    ]
    assert_same(questions, browser)
    for one, answer in zip(vectors, browser.ask(questions), strict=True):
        expect = one["expect"]
        if "failed" not in expect:
            times = {key: seconds(expect[key]) for key in ("issued_at", "expires_at")}
            expect = expect | times | {"statuses": list(expect["statuses"].values()), "uri": one["uri"]}
        assert answer == expect, one["name"]


def test_the_lists_of_the_draft(browser):
    for one in read("token-status-list")["vectors"]:
        standard = one["lst"].replace("-", "+").replace("_", "/")
        lst = standard + "=" * (-len(standard) % 4)
        assert_same([{"what": "zlib", "lst": lst, "limit": one["places"] // 4}], browser)


def test_the_vectors_of_typed_numbers(browser):
    vectors = read("token-numbers")["vectors"]
    questions = [{"what": "number", "typed": one["typed"]} for one in vectors]
    assert_same(questions, browser)
    for one, answer in zip(vectors, browser.ask(questions), strict=True):
        assert answer == (one["number"] or {"failed": "BadNumber"}), one["typed"]


def test_what_a_phone_shows_is_what_the_server_would_have_it_show(browser):
    cti, at = claims_with().cti, int(claims_with().iat.timestamp()) + 59
    pkcs8 = base64_of(phone(PHONE).key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
    # An ECDSA signature has a high s half of the time; the phone must never show that one.
    texts = browser.ask([{"what": "proof", "pkcs8": pkcs8, "cti": cti.hex(), "at": at}] * 24)
    for text in texts:
        proof = parse_proof(text)
        assert proof.step == at // 30
        assert proof.is_made_by(PHONE_KEY, cti)


@pytest.mark.parametrize("part", checkers.PARTS)
def test_both_answer_a_sample_alike(part, browser):
    result = checkers.compared(part, checkers.PARTS[part](checkers.SAMPLE[part], seed=41), browser)
    assert result.wrong == []
    assert result.tried >= checkers.SAMPLE[part]
    if (
        part != "texts"
    ):  # nobody finds a pass by chance; elsewhere a sample that is always refused shows nothing
        assert len(result.answers) >= 2


def test_a_careless_checker_is_found(browser, monkeypatch):
    """The comparison can fail: here Python forgives what the browser does not."""

    def forgiving(question: Question, keys: KeySet) -> Any:
        return python_answer(question, keys) | {"advice": "let_through"}

    monkeypatch.setattr("tests.gate.browser_checker.python_answer", forgiving)
    result = checkers.compared("texts", ask_texts.texts(50, seed=42), browser)
    assert len(result.wrong) == 50
