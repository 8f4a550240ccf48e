"""Writes `tests/vectors/token-*.json`: `python -m tests.credential.make_vectors`, from the root.

The files are what the Python checker and the browser's must agree on; they are plain JSON and say all
a checker needs. Keys in it are test keys. `spki` is the public key alone (base64 of its DER), for
checkers that do not read certificates.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from resume.credential.base32 import from_base32, to_base32
from resume.credential.cose import ORDER
from resume.credential.keys import KeySet, plain_key_list
from resume.credential.payload import Claims
from resume.credential.phone import STEP, phone_text, sign_proof
from resume.credential.token import mint, qr_parts, qr_text
from tests.credential.lax import lax_messages, lax_phone_messages
from tests.credential.list_vectors import LIST_KEYS, NUMBERS, anchor_spki, key_lists, status_lists
from tests.credential.samples import (
    ACTIVE,
    CLAIMS,
    DISTRUSTED,
    ISSUED,
    KEYS,
    OTHER_PHONE,
    PHONE,
    PUBLIC_URL,
    RETIRED,
    RIDER,
    STATUS,
    STRANGER,
    claims_with,
    phone,
    signer,
)

FOLDER = Path(__file__).parents[1] / "vectors"
ABOUT = (
    "One object a check: the token as it was scanned, the moment, the gate, what is known of status, "
    "evidence, trip and antigen; then the answer expected. status null: not known. evidence null: it "
    "cannot be evaluated (off line). status_as_of null: live. ask_phone false: the number was typed. "
    "expect.claims false: nothing the token says may be shown."
)
ABOUT_KEY_LISTS = (
    "One object a signed key list: its bytes (base64), the issuer asked for, the moment; then what "
    "opening it under the anchor (base64 of its SPKI) comes to: the kids it holds, or the refusal."
)
ABOUT_STATUS_LISTS = (
    "One object a status list: its bytes (base64), the address asked for, the moment; then what opening "
    "it comes to: statuses by index (null: not known), or the refusal. Of two good ones the later "
    "(issued_at, changes) counts."
)
SHANGHAI = ZoneInfo("Asia/Shanghai")
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
NOON = ISSUED + 2 * HOUR
GOOD_UNTIL = CLAIMS.payload.good_until

COMPOUND = {"id": "G1", "kind": "compound", "profile": "RTW", "building_ids": [4020, 4021], "plant_ids": []}
PLANT = {"id": "G2", "kind": "plant", "profile": "RTW", "building_ids": [], "plant_ids": [77]}
ANY = {"id": "RTW", "kind": "any", "profile": "RTW", "building_ids": [], "plant_ids": []}
TESTING_PLANT = PLANT | {"antigen_required": True}
ELIGIBLE = {"outcome": "eligible", "codes": []}
STALE = {"outcome": "not_eligible", "codes": ["PCR_EXPIRED"]}
WAITING = {"outcome": "not_known", "codes": ["PCR_PENDING"]}
OUT = {"out_at": NOON - HOUR, "in_at": None, "covers_until": NOON + 11 * HOUR}
ARRIVED = OUT | {"in_at": NOON - SECOND}


def token(claims: Claims = CLAIMS, by: int = ACTIVE) -> str:
    return qr_text(PUBLIC_URL, mint(claims, signer(by)))


def vector(name: str, answer: str, presented: str | None = None, **given: Any) -> dict[str, Any]:
    """`answer` is "verdict CODE OTHER_CODES... advice"; what is not given is a good pass at its own gate."""
    verdict, *codes, advice = answer.split()
    facts = {
        "token": presented or token(),
        "at": NOON,
        "gate": COMPOUND,
        "status": "active",
        "status_as_of": None,
        "evidence": ELIGIBLE,
        "trip": {"out_at": None, "in_at": None, "covers_until": None},
        "antigen": None,
        "ask_phone": True,
    } | given
    unproven = {"MALFORMED", "FORGED", "KEY_UNKNOWN", "KEY_RETIRED", "KEY_DISTRUSTED"}
    expect = {
        "verdict": verdict,
        "code": codes[0],
        "reasons": [code for code in codes if code != "OK"],
        "claims": codes[0] not in unproven,
        "advice": advice,
    }
    return {"name": name, **facts, "expect": expect}


def keys_and_signatures() -> Iterator[dict[str, Any]]:
    later = replace(CLAIMS, iat=ISSUED + SECOND, nbf=ISSUED + SECOND)
    genuine = mint(CLAIMS, signer(ACTIVE))
    flipped = genuine[:-1] + bytes([genuine[-1] ^ 1])
    renamed = genuine.replace("王小明".encode(), "王小亮".encode())
    yield vector("good pass", "green OK let_through")
    yield vector("good pass, base32 alone", "green OK let_through", qr_parts("", genuine)[1])
    yield vector(
        "good pass at another address", "green OK let_through", qr_text("https://other.example", genuine)
    )
    yield vector("retired key, pass issued in its time", "green OK let_through", token(by=RETIRED))
    yield vector("retired key, pass issued later", "red KEY_RETIRED refuse", token(later, RETIRED))
    yield vector("distrusted key", "red KEY_DISTRUSTED refuse", token(by=DISTRUSTED))
    yield vector("unknown key", "red KEY_UNKNOWN refuse", token(by=STRANGER))
    yield vector("key of another type of pass", "red KEY_UNKNOWN refuse", token(by=RIDER))
    yield vector("key of the status lists", "red KEY_UNKNOWN refuse", token(by=STATUS))
    yield vector("another issuer", "red KEY_UNKNOWN refuse", token(claims_with(iss="BJ")))
    yield vector("one bit of the signature", "red FORGED refuse", qr_text(PUBLIC_URL, flipped))
    yield vector("another name under the same signature", "red FORGED refuse", qr_text(PUBLIC_URL, renamed))
    yield vector(
        "retired key, later pass, signature broken",
        "red KEY_RETIRED FORGED refuse",
        qr_text(PUBLIC_URL, mint(later, signer(RETIRED)).replace("王".encode(), "李".encode())),
    )
    yield vector("key before status", "red KEY_DISTRUSTED refuse", token(by=DISTRUSTED), status="revoked")


def shapes() -> Iterator[dict[str, Any]]:
    for name, message in lax_messages().items():
        yield vector(f"shape: {name}", "red MALFORMED refuse", qr_text(PUBLIC_URL, message))
    base32 = qr_parts("", mint(CLAIMS, signer(ACTIVE)))[1]
    texts = {
        "empty": " ",
        "lower case": base32.lower(),
        "padding": base32 + "===",
        "a space inside": f"{base32[:40]} {base32[40:]}",
        "cut": base32[:-8],
        "another page": f"{PUBLIC_URL}/w#{base32}",
        "an address alone": f"{PUBLIC_URL}/v#",
        "not http": f"javascript:alert(1)/v#{base32}",
        "a pass number": CLAIMS.payload.number,
        "HC1": "HC1:6BF+70790T9WJWG.FKY*4GO0.O1CV2 O5",
    }
    for name, text in texts.items():
        yield vector(f"text: {name}", "red MALFORMED refuse", text)


def times_and_statuses() -> Iterator[dict[str, Any]]:
    yield vector("first second", "green OK let_through", at=ISSUED)
    yield vector("a second early", "red NOT_YET refuse", at=ISSUED - SECOND)
    yield vector("last second", "green OK let_through", at=CLAIMS.exp - SECOND)
    yield vector("at its end", "red EXPIRED refuse", at=CLAIMS.exp)
    yield vector("expired, then suspended, then evidence", "red EXPIRED SUSPENDED PCR_EXPIRED refuse",
                 at=CLAIMS.exp, status="suspended", evidence=STALE)  # fmt: skip
    for status in ("suspended", "revoked", "replaced", "used"):
        yield vector(status, f"red {status.upper()} refuse", status=status)
    yield vector("status not known", "amber OFFLINE_STALE go_online", status=None)
    yield vector("list 4 h old", "green OK let_through", status_as_of=NOON - 4 * HOUR)
    yield vector(
        "list older than 4 h", "amber OFFLINE_STALE go_online", status_as_of=NOON - 4 * HOUR - SECOND
    )
    yield vector("list 24 h old", "amber OFFLINE_STALE go_online", status_as_of=NOON - 24 * HOUR)
    yield vector("list older than 24 h", "red OFFLINE_STALE refuse", status_as_of=NOON - 24 * HOUR - SECOND)
    yield vector("clock before the list", "amber OFFLINE_STALE go_online", status_as_of=NOON + SECOND)
    yield vector("old list says suspended", "red SUSPENDED OFFLINE_STALE refuse",
                 status="suspended", status_as_of=NOON - 5 * HOUR)  # fmt: skip
    specimen = token(claims_with(specimen=True))
    yield vector("specimen", "grey SPECIMEN refuse", specimen)
    yield vector("specimen, revoked", "grey SPECIMEN REVOKED refuse", specimen, status="revoked")
    yield vector(
        "specimen under an unknown key", "red KEY_UNKNOWN refuse", token(claims_with(specimen=True), STRANGER)
    )


def gates_and_trips() -> Iterator[dict[str, Any]]:
    yield vector("another compound", "red WRONG_GATE refuse", gate=COMPOUND | {"building_ids": [4020]})
    yield vector("another plant", "red WRONG_GATE refuse", gate=PLANT | {"plant_ids": [4021]})
    yield vector("a gate for riders", "red WRONG_GATE refuse", gate=COMPOUND | {"profile": "RIDER"})
    yield vector("the public page", "green OK let_through", gate=ANY)
    yield vector("a gate for every profile", "green OK let_through", gate=COMPOUND | {"profile": None})
    yield vector("evidence stale at the exit", "red PCR_EXPIRED refuse", evidence=STALE)
    yield vector("evidence waiting", "amber PCR_PENDING ask_street_desk", evidence=WAITING)
    yield vector("evidence refused without a code", "red SUSPENDED_EVIDENCE refuse",
                 evidence={"outcome": "not_eligible", "codes": []})  # fmt: skip
    yield vector("two findings", "red BLDG_POS_7D PCR_EXPIRED refuse",
                 evidence={"outcome": "not_eligible", "codes": ["BLDG_POS_7D", "PCR_EXPIRED"]})  # fmt: skip
    yield vector("off line, good until now", "green OK let_through", at=GOOD_UNTIL, evidence=None)
    yield vector(
        "off line, past good until", "amber OFFLINE_STALE go_online", at=GOOD_UNTIL + SECOND, evidence=None
    )
    yield vector("on line, new evidence past good until", "green OK let_through", at=GOOD_UNTIL + SECOND)
    yield vector("unknown before wrong gate: the red one names it", "red WRONG_GATE OFFLINE_STALE refuse",
                 status=None, gate=COMPOUND | {"building_ids": []})  # fmt: skip
    yield vector("second exit", "red USED refuse", trip=OUT)
    yield vector("into the plant", "green OK let_through", gate=PLANT, trip=OUT)
    yield vector("into the plant again", "red USED refuse", gate=PLANT, trip=ARRIVED)
    yield vector(
        "into the plant, no exit recorded, evidence stale",
        "red PCR_EXPIRED refuse",
        gate=PLANT,
        evidence=STALE,
    )


def on_the_way() -> Iterator[dict[str, Any]]:
    way = {"gate": PLANT, "trip": OUT}
    observe = "admit_to_observation"
    yield vector("under way, evidence stale", f"amber PCR_EXPIRED {observe}", evidence=STALE, **way)
    yield vector("under way, suspended", f"amber SUSPENDED {observe}", status="suspended", **way)
    yield vector("under way, expired", f"amber EXPIRED {observe}", at=CLAIMS.exp, gate=PLANT,
                 trip=OUT | {"covers_until": CLAIMS.exp})  # fmt: skip
    yield vector(
        "under way for too long", "red PCR_EXPIRED refuse", at=NOON + 12 * HOUR, evidence=STALE, **way
    )
    yield vector("under way, revoked", "red REVOKED refuse", status="revoked", **way)
    yield vector(
        "under way, another plant", "red WRONG_GATE refuse", gate=PLANT | {"plant_ids": [1]}, trip=OUT
    )
    yield vector("under way, forged", "red KEY_UNKNOWN refuse", token(by=STRANGER), **way)
    test = {"gate": TESTING_PLANT, "trip": OUT}
    yield vector("antigen not made", "amber AG_REQUIRED test_antigen", **test)
    yield vector("antigen negative", "green OK let_through", antigen="negative", **test)
    yield vector("antigen positive", "red AG_POSITIVE refuse", antigen="positive", **test)
    yield vector("suspended under way, antigen not made", "amber SUSPENDED AG_REQUIRED test_antigen",
                 status="suspended", **test)  # fmt: skip
    yield vector("suspended under way, antigen negative", f"amber SUSPENDED {observe}",
                 status="suspended", antigen="negative", **test)  # fmt: skip
    yield vector("suspended under way, antigen positive", "red AG_POSITIVE SUSPENDED refuse",
                 status="suspended", antigen="positive", **test)  # fmt: skip


def phones() -> Iterator[dict[str, Any]]:
    claims = claims_with(medium="phone")
    cose = mint(claims, signer(ACTIVE))

    def live(at: datetime = NOON, *, by: int = PHONE, cti: bytes = claims.cti, message: bytes = cose) -> str:
        return phone_text(PUBLIC_URL, message, sign_proof(phone(by), cti, at))

    step, bare = timedelta(seconds=STEP), qr_text(PUBLIC_URL, cose)
    fresh = live()
    yield vector("phone: live", "green OK let_through", fresh)
    yield vector("phone: last second of the step", "green OK let_through", fresh, at=NOON + step - SECOND)
    yield vector("phone: a step behind", "green OK let_through", live(NOON - step))
    yield vector("phone: a step ahead", "green OK let_through", live(NOON + step))
    yield vector("phone: two steps behind", "red PHONE_STALE refuse", live(NOON - 2 * step))
    yield vector("phone: two steps ahead", "red PHONE_STALE refuse", live(NOON + 2 * step))
    yield vector("phone: no proof", "red PHONE_STALE refuse", bare)
    yield vector("phone: base32 alone", "red PHONE_STALE refuse", qr_parts("", cose)[1])
    yield vector("phone: its number typed", "green OK let_through", bare, ask_phone=False)
    yield vector("phone: proof of another phone", "red FORGED refuse", live(by=OTHER_PHONE))
    yield vector("phone: proof of another pass", "red FORGED refuse", live(cti=bytes(16)))
    yield vector("phone: old proof of another phone", "red FORGED refuse", live(ISSUED, by=OTHER_PHONE))
    yield vector("phone: typed, proof of another phone", "red FORGED refuse", live(by=OTHER_PHONE),
                 ask_phone=False)  # fmt: skip
    yield vector("phone: a picture, revoked since", "red PHONE_STALE REVOKED refuse", bare, status="revoked")
    yield vector("phone: a picture, under way", "red PHONE_STALE refuse", bare, gate=PLANT, trip=OUT)
    yield vector("phone: live, status not known", "amber OFFLINE_STALE go_online", fresh, status=None)
    specimen = mint(claims_with(medium="phone", specimen=True), signer(ACTIVE))
    yield vector("phone: specimen, live", "grey SPECIMEN refuse", live(message=specimen))
    yield vector("phone: specimen, no proof", "grey SPECIMEN PHONE_STALE refuse",
                 qr_text(PUBLIC_URL, specimen))  # fmt: skip
    stranger, distrusted = mint(claims, signer(STRANGER)), mint(claims, signer(DISTRUSTED))
    yield vector("phone: unknown key", "red KEY_UNKNOWN refuse", live(message=stranger))
    yield vector("phone: distrusted key, old proof", "red KEY_DISTRUSTED refuse",
                 live(ISSUED, message=distrusted))  # fmt: skip
    yield from phone_shapes(fresh)


def phone_shapes(fresh: str) -> Iterator[dict[str, Any]]:
    bare, proof = fresh.rsplit(".", 1)
    step, r, s = (from_base32(proof)[part] for part in (slice(4), slice(4, 36), slice(36, None)))
    high = (ORDER - int.from_bytes(s, "big")).to_bytes(32, "big")
    texts = {
        "a proof beside paper": f"{token()}.{proof}",
        "an empty proof": f"{bare}.",
        "two proofs": f"{fresh}.{proof}",
        "lower case": f"{bare}.{proof.lower()}",
        "padding": fresh + "===",
        "a space before the proof": f"{bare}. {proof}",
        "a byte short": f"{bare}.{to_base32(step + r + s[:-1])}",
        "a byte more": f"{bare}.{to_base32(step + r + s + bytes(1))}",
        "another spelling": fresh[:-1] + ("B" if fresh[-1] == "A" else chr(ord(fresh[-1]) + 1)),
        "high s": f"{bare}.{to_base32(step + r + high)}",
        "r of zero": f"{bare}.{to_base32(step + bytes(32) + s)}",
        "the proof alone": f"{PUBLIC_URL}/v#.{proof}",
    }
    for name, text in texts.items():
        yield vector(f"phone: {name}", "red MALFORMED refuse", text)
    for name, message in lax_phone_messages().items():
        yield vector(f"phone: {name}", "red MALFORMED refuse", f"{qr_text(PUBLIC_URL, message)}.{proof}")


def key_rows(keys: KeySet) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [*plain_key_list(keys)]
    for row, entry in zip(rows, keys.entries, strict=True):
        spki = entry.public_key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        row |= {"since": entry.since, "purpose": entry.purpose, "spki": base64.b64encode(spki).decode()}
    return rows


def documents() -> dict[str, dict[str, Any]]:
    """What stands in each file, by its name."""
    parts = (keys_and_signatures(), shapes(), times_and_statuses(), gates_and_trips(), on_the_way(), phones())
    keys = {"issuer": KEYS.issuer, "keys": key_rows(KEYS)}
    list_keys = {"issuer": LIST_KEYS.issuer, "keys": key_rows(LIST_KEYS)}
    return {
        "token-check": {"about": ABOUT, **keys, "vectors": [one for part in parts for one in part]},
        "token-keylist": {"about": ABOUT_KEY_LISTS, "anchor": anchor_spki(), "vectors": [*key_lists()]},
        "token-statuslists": {"about": ABOUT_STATUS_LISTS, **list_keys, "vectors": [*status_lists()]},
        "token-numbers": {
            "about": "A pass number as it is typed, and the one that is meant; null: it is none.",
            "vectors": [{"typed": typed, "number": number} for typed, number in NUMBERS.items()],
        },
    }


def rendered() -> dict[Path, str]:
    """The text of each file; control characters and the like are spelt out where numbers are typed."""
    return {
        FOLDER / f"{name}.json": _as_text(document, ensure_ascii=name == "token-numbers")
        for name, document in documents().items()
    }


def _as_text(document: dict[str, Any], *, ensure_ascii: bool) -> str:
    def moment(value: datetime) -> str:
        return value.astimezone(SHANGHAI).isoformat()

    return json.dumps(document, ensure_ascii=ensure_ascii, indent=1, default=moment) + "\n"


if __name__ == "__main__":
    for file, text in rendered().items():
        file.write_text(text, encoding="utf-8")
