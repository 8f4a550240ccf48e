"""The sample token in encodings that a lax reader takes for it."""

from __future__ import annotations

import cbor2

from resume.credential.cose import ORDER, Sealer
from resume.credential.token import mint
from tests.credential.samples import ACTIVE, CLAIMS, claims_with, signer

TOKEN = mint(CLAIMS, signer(ACTIVE))


def lax_messages() -> dict[str, bytes]:
    """By what is wrong with them; all but those of the header carry a genuine signature."""
    protected, _, payload, signature = cbor2.loads(TOKEN)
    header, claims = cbor2.loads(protected), cbor2.loads(payload)
    r, s = signature[:32], int.from_bytes(signature[32:], "big")

    def message(**parts):
        whole = {
            "protected": protected,
            "unprotected": {},
            "payload": payload,
            "signature": signature,
        } | parts
        return cbor2.dumps(list(whole.values()))

    def resigned(body):
        return Sealer(signer(ACTIVE)).seal(body)

    inner = claims[-65537]
    return {
        "tag 18": b"\xd2" + TOKEN,
        "tag 61": b"\xd8\x3d" + TOKEN,
        "high s": message(signature=r + (ORDER - s).to_bytes(32, "big")),
        "s of zero": message(signature=r + bytes(32)),
        "DER signature": message(signature=signature + b"\0\0"),
        "unprotected alg": message(unprotected={1: -7}),
        "unprotected kid": message(unprotected={4: header[4]}),
        "alg ES384": message(protected=cbor2.dumps(header | {1: -35})),
        "alg HMAC": message(protected=cbor2.dumps(header | {1: 5})),
        "no alg": message(protected=cbor2.dumps({4: header[4]})),
        "no kid": message(protected=cbor2.dumps({1: -7}), unprotected={4: header[4]}),
        "header the other way round": message(protected=cbor2.dumps({4: header[4], 1: -7})),
        "header with more": message(protected=cbor2.dumps(header | {3: 60})),
        "header as a map": message(protected=header),
        "empty header": message(protected=b""),
        "payload as text": message(payload="no"),
        "payload detached": message(payload=None),
        "five parts": cbor2.dumps([*cbor2.loads(TOKEN), 0]),
        "indefinite array": b"\x9f" + TOKEN[1:] + b"\xff",
        "longer head": b"\x98\x04" + TOKEN[1:],
        "unsorted claims": resigned(cbor2.dumps(dict(reversed(claims.items())))),
        "unsorted pass": resigned(cbor2.dumps(claims | {-65537: dict(reversed(inner.items()))})),
        "duplicate key": resigned(b"\xa8" + payload[1:] + b"\x01\x62SH"),
        "indefinite map": resigned(b"\xbf" + payload[1:] + b"\xff"),
        "trailing byte in the payload": resigned(payload + b"\0"),
        "float time": resigned(cbor2.dumps(claims | {4: float(claims[4])})),
        "time with a tag": resigned(cbor2.dumps(claims | {4: cbor2.CBORTag(1, claims[4])})),
        "no exp": resigned(cbor2.dumps({key: value for key, value in claims.items() if key != 4})),
        "exp null": resigned(cbor2.dumps(claims | {4: None})),
        "exp before nbf": resigned(cbor2.dumps(claims | {4: claims[5] - 1})),
        "one claim more": resigned(cbor2.dumps(claims | {3: "aud"})),
        "one pass field more": resigned(cbor2.dumps(claims | {-65537: inner | {16: 1}})),
        "flags of zero": resigned(cbor2.dumps(claims | {-65537: inner | {15: 0}})),
        "unknown flag": resigned(cbor2.dumps(claims | {-65537: inner | {15: 4}})),
        "unknown profile": resigned(cbor2.dumps(claims | {-65537: inner | {2: 99}})),
        "schema of tomorrow": resigned(cbor2.dumps(claims | {-65537: inner | {1: 2}})),
        "schema true": resigned(cbor2.dumps(claims | {-65537: inner | {1: True}})),
        "wrong check character": resigned(cbor2.dumps(claims | {-65537: inner | {3: "310115000017A"}})),
        "name not in NFC": resigned(cbor2.dumps(claims | {-65537: inner | {4: "e\u0301"}})),
        "no pass": resigned(cbor2.dumps({key: value for key, value in claims.items() if key > 0})),
        "status as a list": resigned(cbor2.dumps(claims | {65535: [0]})),
        "an array of claims": resigned(cbor2.dumps([claims])),
        "a date beyond the calendar": resigned(cbor2.dumps(claims | {-65537: inner | {14: 2**60}})),
        "another type": Sealer(signer(ACTIVE), "application/statuslist+cwt").seal(payload),
        "too long": resigned(cbor2.dumps(claims | {-65537: inner | {4: "长" * 400}})),
        "deep": b"\x81" * 900 + b"\0",
    }  # fmt: skip


def lax_phone_messages() -> dict[str, bytes]:
    """Tokens on a phone that name its key wrongly; all of them carry a genuine signature."""
    claims = cbor2.loads(cbor2.loads(mint(claims_with(medium="phone"), signer(ACTIVE)))[2])
    inner, key = claims[-65537], claims[8][1]

    def resigned(changed):
        # In the order of the profile, so that the key alone is what is wrong.
        ordered = {name: changed[name] for name in (1, 4, 5, 6, 7, 8, 65535, -65537) if name in changed}
        return Sealer(signer(ACTIVE)).seal(cbor2.dumps(ordered))

    def bound_to(value):
        return resigned(claims | {8: value})

    return {
        "flag without key": resigned({name: value for name, value in claims.items() if name != 8}),
        "key without flag": resigned(claims | {-65537: {k: v for k, v in inner.items() if k != 15}}),
        "key of nobody": bound_to({}),
        "key null": bound_to(None),
        "key by its id": bound_to({3: b"12345678"}),
        "key with an id": bound_to({1: {1: 2, 2: b"1", -1: 1, -2: key[-2], -3: key[-3]}}),
        "key and id": bound_to({1: key, 3: b"1"}),
        "key on P-384": bound_to({1: key | {-1: 2}}),
        "key of another kind": bound_to({1: key | {1: 1}}),
        "point compressed": bound_to({1: key | {-3: True}}),
        "point off the curve": bound_to({1: key | {-3: key[-3][:-1] + bytes([key[-3][-1] ^ 1])}}),
        "point of zeros": bound_to({1: key | {-2: bytes(32), -3: bytes(32)}}),
        "coordinate of 31 bytes": bound_to({1: key | {-2: key[-2][1:]}}),
        "coordinate past the field": bound_to({1: key | {-2: b"\xff" * 32}}),
        "key in another order": bound_to({1: dict(reversed(key.items()))}),
    }
