"""Questions about what stands behind the signature, and about every situation at a gate."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache
from typing import Any

import cbor2

from resume.credential.cose import Sealer
from resume.credential.phone import sign_proof
from resume.credential.token import mint
from tests.credential import make_vectors as given
from tests.credential.list_vectors import RETIRED_STATUS
from tests.credential.samples import (
    ACTIVE,
    CLAIMS,
    DISTRUSTED,
    ISSUED,
    OTHER_PHONE,
    PHONE,
    RETIRED,
    RIDER,
    STATUS,
    STRANGER,
    claims_with,
    phone,
    signer,
)
from tests.fuzz import wild
from tests.fuzz.presented import (
    NO_TRIP,
    PHONE_CLAIMS,
    PROOF,
    altered,
    asked,
    assigned,
    genuine,
    shown,
    some,
)
from tests.gate.browser_checker import Question


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


def claim_bytes_resigned(count: int, seed: int) -> Iterator[Question]:
    """Every other value of every byte of the claims, signed by the active key."""
    sealer = Sealer(signer(ACTIVE))
    bodies = {name: cbor2.loads(genuine()[name][0])[2] for name in ("paper", "phone")}
    whole = [(name, at) for name, body in bodies.items() for at in range(len(body))]
    for number in some(len(whole) * 255, count, seed):
        name, at = whole[number // 255]
        message = sealer.seal(altered(bodies[name], at, number % 255 + 1))
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
    stranger = mint(PHONE_CLAIMS, signer(STRANGER))
    marks = (ISSUED, given.NOON, given.GOOD_UNTIL)
    proofs = [sign_proof(phone(key), PHONE_CLAIMS.cti, at) for key in (PHONE, OTHER_PHONE) for at in marks]
    live = [shown(genuine()["phone"][0], proof) for proof in (*proofs, None)]
    papers = [shown(token, proof) for token, proof in genuine().values()]
    return [*papers, *live, shown(medical), shown(stranger, PROOF)]


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
