"""The same questions to both checkers of passes, server and browser; any difference is wrong.

Most of what is asked is signed by a key that both trust, so that what lies behind the signature is compared
too.
"""

from __future__ import annotations

import itertools
import random
import sys
import unicodedata
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from typing import Any

import cbor2
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from resume.credential.cose import Sealer
from resume.credential.keys import KEY_LIST_TYPE, KEYS, mint_key_list
from resume.credential.phone import phone_text, sign_proof
from resume.credential.status import STATUS_LIST_TYPE, mint_status_list, pack
from resume.credential.token import mint, qr_text
from tests.credential import make_vectors as given
from tests.credential.list_vectors import LIST_KEYS, RETIRED_STATUS, anchor_spki, base64_of
from tests.credential.samples import (
    ACTIVE,
    ANCHOR,
    CLAIMS,
    DISTRUSTED,
    ISSUED,
    ISSUER,
    OTHER_PHONE,
    PHONE,
    PUBLIC_URL,
    RETIRED,
    RIDER,
    STATUS,
    STATUS_URI,
    STRANGER,
    certificate,
    claims_with,
    phone,
    signer,
)
from tests.fuzz import wild
from tests.fuzz.result import Result
from tests.gate.browser_checker import BrowserChecker, Question, both

BATCH = 500
NOON = int(given.NOON.timestamp())
END = ISSUED + given.HOUR * 24
NO_TRIP: dict[str, int | None] = {"out_at": None, "in_at": None, "covers_until": None}
_PHONE_CLAIMS = claims_with(medium="phone")
_PROOF = sign_proof(phone(PHONE), _PHONE_CLAIMS.cti, given.NOON)


def pkcs8_of(key: Any) -> bytes:
    """A sample phone's private key in DER."""
    der: bytes = key.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return der


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


def asked(presented: str | bytes, **situation: Any) -> Question:
    """A check of this; a good moment at its own gate but for what is said."""
    text = {"token": presented} if isinstance(presented, str) else {"cose": base64_of(presented)}
    return (
        {
            "what": "check",
            "at": NOON,
            "gate": given.COMPOUND,
            "status": "active",
            "status_as_of": None,
            "evidence": given.ELIGIBLE,
            "trip": NO_TRIP,
            "antigen": None,
            "ask_phone": True,
        }
        | text
        | situation
    )


@cache
def genuine() -> dict[str, tuple[bytes, bytes | None]]:
    """Tokens of several kinds, and the proof beside those on a phone."""
    later = claims_with(iat=ISSUED + given.SECOND, nbf=ISSUED + given.SECOND)
    return {
        "paper": (mint(CLAIMS, signer(ACTIVE)), None),
        "phone": (mint(_PHONE_CLAIMS, signer(ACTIVE)), _PROOF),
        "specimen": (mint(claims_with(specimen=True, building_clear_from=None), signer(ACTIVE)), None),
        "retired": (mint(later, signer(RETIRED)), None),
        "longest": (
            mint(claims_with(name="𠮷" * 15, firm="精" * 30, origin_name="苑" * 9), signer(ACTIVE)),
            None,
        ),
    }


def shown(token: bytes, proof: bytes | None = None) -> str:
    return qr_text(PUBLIC_URL, token) if proof is None else phone_text(PUBLIC_URL, token, proof)


def _some(total: int, count: int, seed: int) -> Iterable[int]:
    """All of `range(total)`, or a sample of `count`."""
    return range(total) if count >= total else random.Random(seed).sample(range(total), count)


def one_byte_changes(count: int, seed: int) -> Iterator[Question]:
    """Every other value of every byte of every kind of token, and of a proof: bare and as text."""
    whole = [(name, at) for name, (token, _) in genuine().items() for at in range(len(token))]
    whole += [("proof", at) for at in range(len(_PROOF))]
    for number in _some(len(whole) * 255, count, seed):
        (name, at), change = whole[number // 255], number % 255 + 1
        if name == "proof":
            yield asked(shown(genuine()["phone"][0], _changed(_PROOF, at, change)))
            continue
        token, proof = genuine()[name]
        changed = _changed(token, at, change)
        yield asked(shown(changed, proof) if proof or number % 2 else changed)


def _changed(octets: bytes, at: int, change: int) -> bytes:
    return octets[:at] + bytes([octets[at] ^ change]) + octets[at + 1 :]


def one_character_changes(count: int, seed: int) -> Iterator[Question]:
    """Every character of a live phone's text exchanged for others, for nothing, or doubled."""
    text = shown(*genuine()["phone"])
    others = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567.#/ a018=\n\u3000\ufeff\x1c"
    for number in _some(len(text) * (len(others) + 2), count, seed):
        at, which = divmod(number, len(others) + 2)
        new = (*others, "", text[at] * 2)[which]
        yield asked(text[:at] + new + text[at + 1 :])


def cuts(count: int, seed: int) -> Iterator[Question]:
    """Everything cut short at either end, as bytes and as text, and followed by something."""
    made: list[str | bytes] = []
    for token, proof in genuine().values():
        text = shown(token, proof)
        made += [token[:at] for at in range(len(token))] + [token[at:] for at in range(1, len(token))]
        made += [text[:at] for at in range(len(text))] + [text[at:] for at in range(1, len(text))]
        made += [token + tail for tail in (b"\0", b"\xf6", token)]
        made += [
            text + tail
            for tail in ("A", "=", ".", ".A", " ", "\n", "\u2003", "\x1f", "\ufeff", "\u180e", text)
        ]
        made += [head + text for head in (" ", "\x85", "\ufeff", "\x0b", "A", "http://x/v#")]
    for number in _some(len(made), count, seed):
        yield asked(made[number])


def texts(count: int, seed: int) -> Iterator[Question]:
    """Random strings: of any characters, of base32, of a pass with a bit of luck, of bytes in base32."""
    chance = random.Random(seed)
    for _ in range(count):
        yield asked(chance.choice(_TEXTS)(chance))


def _any_text(chance: random.Random) -> str:
    return "".join(chr(chance.choice(_CHARACTERS)(chance)) for _ in range(chance.randrange(60)))


def _base32_text(chance: random.Random) -> str:
    length = chance.randrange(1, 500 if chance.random() < 0.9 else 5000)
    return "".join(chance.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", k=length))


def _address_text(chance: random.Random) -> str:
    address = chance.choice(("http://", "https://", "HTTP://", "ftp://", "")) + _any_text(chance)[:9]
    return address + chance.choice(("/v#", "/v", "#", "/v##", "/w#")) + _base32_text(chance)[:400]


def _cose_text(chance: random.Random) -> str:
    start = b"\x84\x4d\xa2\x01\x26\x04\x48" + bytes.fromhex("2a1b3c4d5e6f7081") + b"\xa0\x58"
    return shown(start + bytes([chance.randrange(256)]) + chance.randbytes(chance.randrange(300)))


def _bytes_text(chance: random.Random) -> str:
    return shown(chance.randbytes(chance.randrange(400)), chance.choice((None, chance.randbytes(68))))


_CHARACTERS: tuple[Callable[[random.Random], int], ...] = (
    lambda chance: chance.randrange(0x20, 0x7F),
    lambda chance: chance.randrange(0x20),
    lambda chance: chance.randrange(0x80, 0x3400),
    lambda chance: chance.randrange(0x110000),
    lambda chance: chance.choice(
        (0x20, 0x85, 0xA0, 0x1C, 0xFEFF, 0x200B, 0x2028, 0x3000, 0xD800, 0x2E, 0x23)
    ),
)
_TEXTS = (_any_text, _base32_text, _address_text, _cose_text, _bytes_text)


def claims_resigned(count: int, seed: int) -> Iterator[Question]:
    """Claims that somebody changed and the active key signed, on paper and on a phone."""
    chance, sealer = random.Random(seed), Sealer(signer(ACTIVE))
    bodies = [(cbor2.loads(cbor2.loads(token)[2]), proof) for token, proof in genuine().values()]
    for _ in range(count):
        claims, proof = chance.choice(bodies)
        changed = _renamed(claims, chance) if chance.random() < 0.2 else wild.mutant(claims, chance)
        message = sealer.seal(changed)
        yield asked(shown(message, proof) if proof or chance.random() < 0.5 else message)


def _renamed(claims: dict[int, Any], chance: random.Random) -> bytes:
    """Well-formed claims with other values; every one of these may be good."""
    inner = dict(claims[-65537])
    for field in chance.sample((4, 7, 9, 11), 2):
        inner[field] = _name(chance)
    inner[2], inner[5] = chance.randrange(11), chance.randrange(8)
    if chance.random() < 0.5:
        inner = dict(
            sorted(
                (inner | {14: chance.choice((-719_163, -719_162, 0, 19_000, 2_932_896, 2_932_897))}).items()
            )
        )
    times = sorted(chance.randrange(2**32) for _ in range(3))
    return cbor2.dumps(claims | {4: times[2], 5: times[1], 6: times[0], -65537: inner})


def _name(chance: random.Random) -> str:
    return "".join(chance.choices(assigned(), k=chance.randrange(5)))


@cache
def assigned() -> list[str]:
    """Characters that compose, decompose or change their order, and a few of all others that Python knows.

    What a later Unicode assigned is left out: an older table takes it as it is, a newer one may reorder it.
    """
    known = [
        chr(code) for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)) not in ("Cn", "Cs")
    ]
    moving = [c for c in known if unicodedata.combining(c) or unicodedata.decomposition(c)]
    return moving + known[::97] + list("ae王oAK\u1100\u1161\u11a8") * 200


def claim_bytes_resigned(count: int, seed: int) -> Iterator[Question]:
    """Every other value of every byte of the claims, signed by the active key."""
    sealer = Sealer(signer(ACTIVE))
    bodies = {name: cbor2.loads(genuine()[name][0])[2] for name in ("paper", "phone")}
    whole = [(name, at) for name, body in bodies.items() for at in range(len(body))]
    for number in _some(len(whole) * 255, count, seed):
        name, at = whole[number // 255]
        message = sealer.seal(_changed(bodies[name], at, number % 255 + 1))
        yield asked(shown(message, genuine()[name][1]))


def envelopes(count: int, seed: int) -> Iterator[Question]:
    """The parts of the message itself, and its header, in every wrong form; and other signers."""
    chance = random.Random(seed)
    tokens = [cbor2.loads(token) for token, _ in genuine().values()]
    signers = [
        Sealer(signer(key)) for key in (ACTIVE, RETIRED, DISTRUSTED, STATUS, STRANGER, RIDER, RETIRED_STATUS)
    ]
    for _ in range(count):
        parts, way = chance.choice(tokens), chance.randrange(3)
        if way == 0:
            yield asked(chance.choice(signers).seal(parts[2]))
        elif way == 1:
            header = wild.mutant(cbor2.loads(parts[0]), chance)
            yield asked(cbor2.dumps([header, *parts[1:]]))
        else:
            yield asked(wild.mutant(parts, chance))


def situations(count: int, seed: int) -> Iterator[Question]:
    """Genuine passes at any gate, moment, status, age, evidence, trip and result of a test."""
    chance = random.Random(seed)
    tokens = _situated()
    marks = [
        int(moment.timestamp()) + shift
        for moment in (ISSUED, given.NOON, given.GOOD_UNTIL, CLAIMS.exp)
        for shift in (-30, -1, 0, 1, 30, 4 * 3600, 4 * 3600 + 1, 24 * 3600, 24 * 3600 + 1)
    ]
    for _ in range(count):
        yield asked(
            chance.choice(tokens),
            at=chance.choice(marks),
            gate=_gate(chance),
            status=chance.choice((None, "active", "active", "suspended", "used", "replaced", "revoked")),
            status_as_of=chance.choice((None, *marks)),
            evidence=_evidence(chance),
            trip=NO_TRIP
            if chance.random() < 0.3
            else {key: chance.choice((None, *marks)) for key in NO_TRIP},
            antigen=chance.choice((None, "negative", "positive")),
            ask_phone=chance.random() < 0.8,
        )


@cache
def _situated() -> list[str]:
    medical = mint(claims_with(profile="MEDICAL"), signer(ACTIVE))
    stranger = mint(_PHONE_CLAIMS, signer(STRANGER))
    marks = (ISSUED, given.NOON, given.GOOD_UNTIL)
    proofs = [sign_proof(phone(key), _PHONE_CLAIMS.cti, at) for key in (PHONE, OTHER_PHONE) for at in marks]
    live = [shown(genuine()["phone"][0], proof) for proof in (*proofs, None)]
    papers = [shown(token, proof) for token, proof in genuine().values()]
    return [*papers, *live, shown(medical), shown(stranger, _PROOF)]


def _gate(chance: random.Random) -> dict[str, Any]:
    gate = chance.choice((given.COMPOUND, given.PLANT, given.ANY, given.TESTING_PLANT, given.PLANT))
    if chance.random() < 0.2:
        gate = gate | {"building_ids": [], "plant_ids": [1]}
    return gate | {"profile": chance.choice((None, "RTW", "RTW", "MEDICAL"))}


def _evidence(chance: random.Random) -> dict[str, Any] | None:
    if chance.random() < 0.3:
        return None
    codes = chance.sample(
        ("PCR_EXPIRED", "BLDG_POS_7D", "PCR_PENDING", "SUSPENDED", "OFFLINE_STALE"), chance.randrange(4)
    )
    return {"outcome": chance.choice(("eligible", "not_eligible", "not_known")), "codes": codes}


def status_lists(count: int, seed: int) -> Iterator[Question]:
    """Status lists with their claims changed and signed again, with their bytes changed, by other keys."""
    chance, sealer = random.Random(seed), Sealer(signer(STATUS), STATUS_LIST_TYPE)
    made = partial(
        mint_status_list, {70001: 2, 5: 1, 9: 3}, uri=STATUS_URI, issued_at=ISSUED, expires_at=END, ttl=60
    )
    whole = made(signer=signer(STATUS))
    claims = cbor2.loads(cbor2.loads(whole)[2])
    others = [made(signer=signer(key)) for key in (STATUS, RETIRED_STATUS, ACTIVE, STRANGER)]
    for _ in range(count):
        way, message = chance.randrange(4), whole
        if way == 0:
            message = sealer.seal(wild.mutant(claims, chance))
        elif way == 1:
            message = _changed(whole, chance.randrange(len(whole)), chance.randrange(1, 256))
        elif way == 2:
            message = chance.choice(others)
        else:
            message = sealer.seal(cbor2.dumps(claims | {65533: {"lst": _packed(chance), "bits": 2}}))
        yield {
            "what": "status_list",
            "message": base64_of(message),
            "uri": chance.choice((STATUS_URI, STATUS_URI, STATUS_URI, "x")),
            "at": int(ISSUED.timestamp()) + chance.choice((-1, 0, 1, 3600, 86399, 86400)),
            "ask": [0, 1, 5, 9, 31, 32, 70001, 131_071, 131_072],
        }


def zlib_data(count: int, seed: int) -> Iterator[Question]:
    """ZLIB of every kind of block, changed, cut, doubled; and bytes that begin like it."""
    chance = random.Random(seed)
    for _ in range(count):
        yield {
            "what": "zlib",
            "lst": base64_of(_packed(chance)),
            "limit": chance.choice((1, 64, 300, 2**15)),
        }


_DATA: tuple[Callable[[random.Random], bytes], ...] = (
    lambda chance: chance.randbytes(chance.randrange(300)),
    lambda chance: bytes(chance.choices((0, 0, 0, 1, 2, 64), k=chance.randrange(2000))),
    lambda chance: pack({chance.randrange(1200): 1 for _ in range(chance.randrange(60))}, places=1200),
    lambda chance: bytes(chance.choice((0, 1, 63, 64, 65, 299, 300, 301, 2**15))),
)


def _packed(chance: random.Random) -> bytes:
    data = chance.choice(_DATA)(chance)
    level, strategy = chance.choice((0, 1, 6, 9)), chance.choice((0, 1, 2, 3, 4))
    packing = zlib.compressobj(level, zlib.DEFLATED, chance.choice((9, 12, 15)), 8, strategy)
    packed = bytearray(
        packing.compress(data)
        + packing.flush(chance.choice((zlib.Z_FINISH, zlib.Z_FINISH, zlib.Z_SYNC_FLUSH)))
    )
    way = chance.randrange(6)
    if way == 0:
        return bytes(packed)
    if way == 1:
        return bytes(packed[: chance.randrange(len(packed))])
    if way == 2:
        return bytes(packed) + chance.choice((b"\0", b"\n", bytes(packed)))
    # Nearer the beginning a changed byte changes more: the header, the kind of block, the codes.
    reach = min(len(packed), chance.choice((3, 20, len(packed))))
    for _ in range(chance.choice((1, 1, 2, 4))):
        packed[chance.randrange(reach)] ^= 1 << chance.randrange(8)
    return _summed(bytes(packed)) if way == 3 else bytes(packed)


def _summed(packed: bytes) -> bytes:
    """With the sum of what it unpacks to, where it does: else every change ends there."""
    opening = zlib.decompressobj(-15)
    try:
        data = opening.decompress(packed[2:], 2**16)
    except zlib.error:
        return packed
    if not opening.eof:
        return packed
    return packed[: len(packed) - len(opening.unused_data)] + zlib.adler32(data).to_bytes(4, "big")


def key_lists(count: int, seed: int) -> Iterator[Question]:
    """Key lists with their claims changed and signed again by the anchor, and with their bytes changed."""
    chance, sealer = random.Random(seed), Sealer(signer(ANCHOR), KEY_LIST_TYPE)
    whole = mint_key_list(LIST_KEYS, issued_at=ISSUED, expires_at=END, signer=signer(ANCHOR))
    claims = cbor2.loads(cbor2.loads(whole)[2]) | {KEYS: cbor2.loads(cbor2.loads(whole)[2])[KEYS][:2]}
    for _ in range(count):
        message = (
            sealer.seal(_other_keys(claims, chance))
            if chance.random() < 0.7
            else _changed(whole, chance.randrange(len(whole)), chance.randrange(1, 256))
        )
        yield {
            "what": "key_list",
            "message": base64_of(message),
            "anchor": anchor_spki(),
            "issuer": chance.choice((ISSUER, ISSUER, ISSUER, "BJ")),
            "at": int(ISSUED.timestamp()) + chance.choice((-1, 0, 3600, 86399, 86400)),
        }


def _other_keys(claims: dict[int, Any], chance: random.Random) -> bytes:
    """Certificates stay whole: who reads more of X.509 refuses more, and the anchor vouches for all of it."""
    changed = wild.mutant({key: value for key, value in claims.items() if key != KEYS}, chance)
    entries = [cbor2.dumps(entry) for entry in claims[KEYS]]
    if chance.random() < 0.6:
        changed = cbor2.dumps({key: value for key, value in claims.items() if key != KEYS})
        small = {key: value for key, value in claims[KEYS][0].items() if key != 2}
        other = wild.mutant(small, chance)
        if other[:1] == b"\xa4" and not other[1:].startswith(b"\x02"):
            entries[0] = b"\xa5" + other[1:] + b"\x02" + cbor2.dumps(certificate(ACTIVE))
    if not changed or not 0xA0 <= changed[0] < 0xB7:
        return changed
    return (
        bytes([changed[0] + 1])
        + changed[1:]
        + cbor2.dumps(KEYS)
        + wild.head(4, len(entries))
        + b"".join(entries)
    )


def numbers(count: int, seed: int) -> Iterator[Question]:
    """Pass numbers as somebody might type them, and worse."""
    chance = random.Random(seed)
    spice = " -\u2010\u2015\u00b7.\u3000\u00a0\t\x1c\x85\ufeff\u200b0oOlIiZz①²½Ⅰſıß１Ａ٣\u0301"
    for _ in range(count):
        typed = list(chance.choice((CLAIMS.payload.number, "310115000018X", "３１０１１５００００１７ｚ")))
        for _ in range(chance.randrange(5)):
            at = chance.randrange(len(typed) + 1)
            typed[at : at + chance.randrange(2)] = chance.choice(
                (chance.choice(spice), chance.choice(assigned()))
            )
        yield {"what": "number", "typed": "".join(typed)}


PARTS: dict[str, Callable[..., Iterator[Question]]] = {
    "one-byte changes": one_byte_changes,
    "one-character changes": one_character_changes,
    "cuts": cuts,
    "texts": texts,
    "claims signed again": claims_resigned,
    "bytes of claims signed again": claim_bytes_resigned,
    "envelopes": envelopes,
    "situations": situations,
    "status lists": status_lists,
    "key lists": key_lists,
    "zlib": zlib_data,
    "numbers": numbers,
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
    "situations": 1_500,
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
