from __future__ import annotations

import base64
import json
import random
import zlib
from datetime import timedelta
from pathlib import Path

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resume.credential.cose import Malformed, Sealer
from resume.credential.indices import SHARD_SIZE
from resume.credential.keys import NotGenuine
from resume.credential.status import (
    STATUS_LIST_TYPE,
    StatusBits,
    compress,
    decompress,
    mint_status_list,
    open_status_list,
    pack,
    value_at,
)
from tests.credential.samples import ACTIVE, ISSUED, KEYS, STATUS, STATUS_URI, signer

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "token-status-list.json").read_text())[
    "vectors"
]


def from_base64url(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def minted(values=None, *, ttl=14400, by=STATUS) -> bytes:
    return mint_status_list(
        values or {70001: 2, 5: 1},
        uri=STATUS_URI,
        issued_at=ISSUED,
        expires_at=ISSUED + timedelta(hours=24),
        ttl=ttl,
        signer=signer(by),
    )


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_the_lists_of_the_draft(vector):
    values = {int(idx): value for idx, value in vector["set"].items()}
    packed = decompress(from_base64url(vector["lst"]), limit=vector["places"] // 4)
    assert packed == pack(values, places=vector["places"])
    assert all(value_at(packed, idx) == value for idx, value in values.items())
    assert decompress(compress(packed), limit=len(packed)) == packed


@given(st.dictionaries(st.integers(0, SHARD_SIZE - 1), st.integers(1, 2), max_size=200))
def test_a_list_says_what_was_set(values):
    packed = decompress(compress(pack(values)))
    assert len(packed) == SHARD_SIZE // 4
    assert all(value_at(packed, idx) == value for idx, value in values.items())
    assert sum(value_at(packed, idx) for idx in range(0, SHARD_SIZE, 4099)) == sum(
        values.get(idx, 0) for idx in range(0, SHARD_SIZE, 4099)
    )


@pytest.mark.parametrize("values", [{-1: 1}, {SHARD_SIZE: 1}, {0: 4}, {0: -1}])
def test_what_does_not_fit_a_list_is_refused(values):
    with pytest.raises(ValueError):
        pack(values)


def test_a_signed_list_is_read_back():
    found = open_status_list(minted(), KEYS, uri=STATUS_URI, at=ISSUED + timedelta(hours=3))
    assert found.status_at(70001) is StatusBits.SUSPENDED
    assert found.status_at(5) is StatusBits.INVALID
    assert found.status_at(6) is StatusBits.VALID
    assert found.status_at(SHARD_SIZE) is None
    assert found.status_at(-1) is None
    assert (found.uri, found.issued_at, found.ttl) == (STATUS_URI, ISSUED, 14400)


def test_a_list_may_name_where_all_lists_are():
    message = mint_status_list(
        {5: 1},
        uri=STATUS_URI,
        issued_at=ISSUED,
        expires_at=ISSUED + timedelta(hours=24),
        ttl=60,
        signer=signer(STATUS),
        aggregation_uri="http://127.0.0.1:8000/s",
    )
    assert cbor2.loads(cbor2.loads(message)[2])[65533]["aggregation_uri"] == "http://127.0.0.1:8000/s"
    assert open_status_list(message, KEYS, uri=STATUS_URI, at=ISSUED).status_at(5) is StatusBits.INVALID


def test_a_value_nobody_defined_is_not_known():
    found = open_status_list(minted({9: 3}), KEYS, uri=STATUS_URI, at=ISSUED)
    assert found.status_at(9) is None


def test_the_form_of_the_draft():
    protected, unprotected, payload, signature = cbor2.loads(minted())
    assert cbor2.loads(protected) | {4: b""} == {1: -7, 4: b"", 16: "application/statuslist+cwt"}
    assert unprotected == {}
    assert len(signature) == 64
    claims = cbor2.loads(payload)
    assert claims[2] == STATUS_URI
    assert claims[4] - claims[6] == 24 * 3600
    assert claims[65534] == 14400
    assert claims[65533]["bits"] == 2
    assert zlib.decompress(claims[65533]["lst"]) == pack({70001: 2, 5: 1})


@pytest.mark.parametrize(
    ("by", "uri", "hours"),
    [
        (ACTIVE, STATUS_URI, 1),
        (STATUS, STATUS_URI + "1", 1),
        (STATUS, STATUS_URI, 24),
        (STATUS, STATUS_URI, -1),
    ],
)
def test_a_list_of_another_key_address_or_time_is_not_genuine(by, uri, hours):
    with pytest.raises(NotGenuine):
        open_status_list(minted(by=by), KEYS, uri=uri, at=ISSUED + timedelta(hours=hours))


def test_every_changed_byte_of_a_list_is_found():
    message = minted()
    for position in range(len(message)):
        changed = (
            message[:position] + bytes([message[position] ^ 1 << position % 8]) + message[position + 1 :]
        )
        with pytest.raises((Malformed, NotGenuine)):
            open_status_list(changed, KEYS, uri=STATUS_URI, at=ISSUED)


@pytest.mark.parametrize(
    "listed",
    [
        {"lst": compress(bytes(8)), "bits": 1},
        {"lst": compress(bytes(SHARD_SIZE)), "bits": 2},
        {"lst": zlib.compress(bytes(10**7)), "bits": 2},
        {"lst": compress(bytes(8))[:-1], "bits": 2},
        {"lst": compress(bytes(8)) + b"\0", "bits": 2},
        {"lst": b"no zlib", "bits": 2},
        {"bits": 2},
        [],
    ],
)
def test_other_lists_are_malformed(listed):
    claims = {2: STATUS_URI, 4: 2**31, 6: 0, 65533: listed, 65534: 60}
    message = Sealer(signer(STATUS), STATUS_LIST_TYPE).seal(cbor2.dumps(claims))
    with pytest.raises(Malformed):
        open_status_list(message, KEYS, uri=STATUS_URI, at=ISSUED)


def test_a_million_passes_with_two_in_a_hundred_set_take_at_most_30_kilobytes():
    rng = random.Random(9)
    whole = 0
    for start in range(0, 1_000_000, SHARD_SIZE):
        places = min(SHARD_SIZE, 1_000_000 - start)
        chosen = rng.sample(range(SHARD_SIZE), places // 50)
        whole += len(minted({idx: rng.choice((1, 2)) for idx in chosen}))
    assert whole <= 30_000
