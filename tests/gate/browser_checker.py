"""Both checkers, asked the same: Python's here, the browser's in one Node process behind a pipe.

A question is a dict that JSON can carry, with `what` naming the kind: `check`, `key_list`, `status_list`,
`zlib`, `number`. An answer is what both must come to, or `{"failed": name of the exception}`.
"""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from collections.abc import Iterable
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization import load_der_public_key

from resume.credential.check import check
from resume.credential.cose import Malformed
from resume.credential.keys import KeySet, NotGenuine, open_key_list
from resume.credential.number import BadNumber, parse_number
from resume.credential.payload import Claims
from resume.credential.status import decompress, open_status_list
from resume.credential.views import EvidenceAnswer, GateView, PassStatus, TripView

SCRIPT = Path(__file__).with_suffix(".mjs")
NODE = shutil.which("node")

Question = dict[str, Any]


class BrowserChecker:
    """The modules of `static/gate/check` in Node. Use as a context."""

    def __init__(self, keys: KeySet) -> None:
        assert NODE is not None
        self._keys = keys
        self._node = subprocess.Popen(
            [NODE, str(SCRIPT)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
        )

    def __enter__(self) -> BrowserChecker:
        rows = [
            {
                "certificate": base64.b64encode(entry.certificate).decode(),
                "state": entry.state,
                "since": int(entry.since.timestamp()),
                "purpose": entry.purpose,
            }
            for entry in self._keys.entries
        ]
        kids = self.ask([{"what": "keys", "issuer": self._keys.issuer, "rows": rows}])[0]
        assert kids == [entry.kid.hex() for entry in self._keys.entries]
        return self

    def __exit__(self, *_: object) -> None:
        assert self._node.stdin is not None
        self._node.stdin.close()
        self._node.wait(timeout=30)

    def send(self, questions: Iterable[Question]) -> None:
        """Ask without waiting; the answers come in the order of the questions."""
        assert self._node.stdin is not None
        self._node.stdin.write(json.dumps(list(questions)) + "\n")
        self._node.stdin.flush()

    def receive(self) -> list[Any]:
        assert self._node.stdout is not None
        answers: list[Any] = json.loads(self._node.stdout.readline())
        return answers

    def ask(self, questions: Iterable[Question]) -> list[Any]:
        self.send(questions)
        return self.receive()


def python_answer(question: Question, keys: KeySet) -> Any:
    """What Python says to the same question, in the same form."""
    asked = {key: value for key, value in question.items() if key != "what"}
    try:
        return _ANSWERS[question["what"]](keys, **asked)
    except (Malformed, NotGenuine, BadNumber) as error:
        return {"failed": type(error).__name__}


def differing(questions: list[Question], browser: BrowserChecker, keys: KeySet) -> list[tuple[Any, Any, Any]]:
    """Question, Python's answer, the browser's, wherever they are not the same to the letter."""
    return [row for row in both(questions, browser, keys) if row[1] != row[2]]


def both(questions: list[Question], browser: BrowserChecker, keys: KeySet) -> list[tuple[Any, Any, Any]]:
    """Question, Python's answer, the browser's. The two work at the same time."""
    browser.send(questions)
    here = [python_answer(question, keys) for question in questions]
    return list(zip(questions, here, browser.receive(), strict=True))


def _check(keys: KeySet, *, at: int, gate: dict[str, Any], trip: dict[str, int | None], **given: Any) -> Any:
    status, evidence, as_of = given["status"], given["evidence"], given["status_as_of"]
    answer = check(
        given["token"] if "token" in given else base64.b64decode(given["cose"]),
        keys,
        at=_moment(at),
        gate=GateView(**gate | {key: frozenset(gate[key]) for key in ("building_ids", "plant_ids")}),
        status_of=lambda _: None if status is None else PassStatus(status),
        status_as_of=None if as_of is None else _moment(as_of),
        evidence=lambda _: (
            None if evidence is None else EvidenceAnswer(evidence["outcome"], tuple(evidence["codes"]))
        ),
        trip=TripView(**{key: None if value is None else _moment(value) for key, value in trip.items()}),
        antigen=given["antigen"],
        ask_phone=given["ask_phone"],
    )
    return {
        "verdict": answer.verdict,
        "code": answer.code,
        "reasons": list(answer.reasons),
        "claims": None if answer.claims is None else claims_as_json(answer.claims),
        "layers": [list(layer) for layer in answer.layers.items()],
        "advice": answer.advice,
    }


def claims_as_json(claims: Claims) -> dict[str, Any]:
    """Claims as the browser shows them: times in seconds, bytes in hex, days in ISO."""
    key = claims.phone_key
    return {
        "iss": claims.iss,
        "cti": claims.cti.hex(),
        **{name: _seconds(getattr(claims, name)) for name in ("iat", "nbf", "exp")},
        "status_idx": claims.status_idx,
        "status_uri": claims.status_uri,
        "phone_key": None if key is None else {"x": key.x.hex(), "y": key.y.hex()},
        "payload": {
            name: _plain(getattr(claims.payload, name)) for name in type(claims.payload).__dataclass_fields__
        },
    }


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return _seconds(value)
    return value.isoformat() if isinstance(value, date) else value


def _key_list(_: KeySet, *, message: str, anchor: str, issuer: str, at: int) -> Any:
    key: Any = load_der_public_key(base64.b64decode(anchor))
    found = open_key_list(base64.b64decode(message), key, issuer=issuer, at=_moment(at))
    entries = [
        {"kid": e.kid.hex(), "state": e.state, "since": _seconds(e.since), "purpose": e.purpose}
        for e in found.keys.entries
    ]
    return {
        "issued_at": _seconds(found.issued_at),
        "changes": found.changes,
        "issuer": found.keys.issuer,
        "entries": entries,
    }


def _status_list(keys: KeySet, *, message: str, uri: str, at: int, ask: list[int]) -> Any:
    found = open_status_list(base64.b64decode(message), keys, uri=uri, at=_moment(at))
    return {
        "uri": found.uri,
        "issued_at": _seconds(found.issued_at),
        "changes": found.changes,
        "expires_at": _seconds(found.expires_at),
        "ttl": found.ttl,
        "statuses": [PassStatus.of_bits(found.status_at(idx)) for idx in ask],
    }


def _zlib(_: KeySet, *, lst: str, limit: int) -> Any:
    packed = decompress(base64.b64decode(lst), limit=limit)
    return {"length": len(packed), "digest": sha256(packed).hexdigest()}


def _number(_: KeySet, *, typed: str) -> str:
    return parse_number(typed)


_ANSWERS = {
    "check": _check,
    "key_list": _key_list,
    "status_list": _status_list,
    "zlib": _zlib,
    "number": _number,
}


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
