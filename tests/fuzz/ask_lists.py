"""Questions about status lists, key lists, packed data and typed numbers."""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import cbor2

from resume.credential.cose import Sealer
from resume.credential.keys import KEY_LIST_TYPE, KEYS, mint_key_list
from resume.credential.status import STATUS_LIST_TYPE, mint_status_list, pack
from tests.credential.list_vectors import LIST_KEYS, RETIRED_STATUS, anchor_spki, base64_of
from tests.credential.samples import (
    ACTIVE,
    ANCHOR,
    CLAIMS,
    ISSUED,
    ISSUER,
    STATUS,
    STATUS_URI,
    STRANGER,
    certificate,
    signer,
)
from tests.fuzz import wild
from tests.fuzz.presented import (
    END,
    altered,
    assigned,
)
from tests.gate.browser_checker import Question


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
            message = altered(whole, chance.randrange(len(whole)), chance.randrange(1, 256))
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
            else altered(whole, chance.randrange(len(whole)), chance.randrange(1, 256))
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
