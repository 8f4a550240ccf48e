"""Claims <-> deterministic CBOR.

Registered claims: 1 iss, 4 exp, 5 nbf, 6 iat, 7 cti, 65535 status (RFC 8392,
draft-ietf-oauth-status-list); on a phone also 8 cnf (RFC 8747) with the phone's key as a COSE_Key,
`{1: {1: 2, -1: 1, -2: x, -3: y}}`. The pass is the private claim -65537, a map with these integer keys:

    1 schema version     6 last four characters   11 destination (plant) short name
    2 profile, a number  7 firm short name        12 PCR sampled at, seconds
    3 pass number        8 origin (building) id   13 good until, seconds
    4 name               9 origin short name      14 building clear from, days since 1970; absent: none
    5 document type     10 destination id         15 flags: 1 specimen, 2 phone; absent: none set

The dicts below are written in the order of RFC 8949 4.2.1, so plain `dumps` is deterministic.
"""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime, timedelta
from typing import Any

import cbor2

from resume.credential.cose import Malformed, decode_strict
from resume.credential.payload import DOCUMENT_TYPES, PROFILES, Claims, Medium, PassPayload
from resume.credential.phone import PhoneKey

ISS, EXP, NBF, IAT, CTI, CNF, STATUS, PASS = 1, 4, 5, 6, 7, 8, 65535, -65537
#: Private claim of lists: how many changes they were made after, 32 bits; absent: 0. Of two lists of one
#: second the one with more is the later.
CHANGES = -65539
_COSE_KEY, _KTY, _CRV, _X, _Y = 1, 1, -1, -2, -3
_EC2, _P256 = 2, 1
_SPECIMEN, _PHONE = 1, 2
_EPOCH_DAY = date(1970, 1, 1)
_PROFILE_OF = {number: profile for profile, number in PROFILES.items()}
_DOCUMENT_TYPE_OF = {number: name for name, number in DOCUMENT_TYPES.items()}


def to_seconds(moment: datetime) -> int:
    """Seconds since 1970, fractions cut. Raises `ValueError` without an offset or outside 1970-2106."""
    if moment.tzinfo is None:
        raise ValueError("a moment without an offset")
    seconds = int(moment.timestamp())
    if not 0 <= seconds < 2**32:
        raise ValueError("a moment outside 1970-2106")
    return seconds


def from_seconds(seconds: int) -> datetime:
    """The moment in UTC. Raises as `count_of` does."""
    return datetime.fromtimestamp(count_of(seconds), UTC)


def encode_claims(claims: Claims) -> bytes:
    """The one encoding of these claims; names as they are, in NFC."""
    status_list = {"idx": claims.status_idx, "uri": claims.status_uri}
    return cbor2.dumps(
        {
            ISS: claims.iss,
            EXP: to_seconds(claims.exp),
            NBF: to_seconds(claims.nbf),
            IAT: to_seconds(claims.iat),
            CTI: claims.cti,
            **({} if claims.phone_key is None else {CNF: _encode_key(claims.phone_key)}),
            STATUS: {"status_list": status_list},
            PASS: _encode_pass(claims.payload),
        }
    )


def decode_claims(encoded: bytes) -> Claims:
    """The claims, or `Malformed` unless they are complete, well typed and in their one encoding."""
    try:
        claims = _claims_of(decode_strict(encoded))
        same = encode_claims(claims) == encoded
    except (LookupError, TypeError, ValueError, OverflowError, AttributeError) as error:
        raise Malformed("not the claims of a pass") from error
    if not same:
        raise Malformed("not the deterministic encoding of the claims of a pass")
    return claims


def _encode_key(key: PhoneKey) -> dict[int, dict[int, int | bytes]]:
    return {_COSE_KEY: {_KTY: _EC2, _CRV: _P256, _X: key.x, _Y: key.y}}


def _encode_pass(payload: PassPayload) -> dict[int, int | str]:
    name, firm, origin, destination = (unicodedata.normalize("NFC", text) for text in payload.names)
    encoded: dict[int, int | str] = {
        1: payload.schema_version,
        2: PROFILES[payload.profile],
        3: payload.number,
        4: name,
        5: DOCUMENT_TYPES[payload.document_type],
        6: payload.last_four,
        7: firm,
        8: payload.origin_id,
        9: origin,
        10: payload.destination_id,
        11: destination,
        12: to_seconds(payload.pcr_sampled_at),
        13: to_seconds(payload.good_until),
    }
    if payload.building_clear_from is not None:
        encoded[14] = (payload.building_clear_from - _EPOCH_DAY).days
    flags = _SPECIMEN * payload.specimen | _PHONE * (payload.medium == "phone")
    if flags:
        encoded[15] = flags
    return encoded


def _claims_of(raw: Any) -> Claims:
    status = raw[STATUS]["status_list"]
    return Claims(
        iss=text_of(raw[ISS]),
        cti=octets_of(raw[CTI]),
        iat=from_seconds(raw[IAT]),
        nbf=from_seconds(raw[NBF]),
        exp=from_seconds(raw[EXP]),
        status_idx=whole_of(status["idx"]),
        status_uri=text_of(status["uri"]),
        payload=_pass_of(raw[PASS]),
        phone_key=_key_of(raw[CNF][_COSE_KEY]) if CNF in raw else None,
    )


def _key_of(raw: Any) -> PhoneKey:
    return PhoneKey(octets_of(raw[_X]), octets_of(raw[_Y]))


def _pass_of(raw: Any) -> PassPayload:
    flags = whole_of(raw.get(15, 0))
    medium: Medium = "phone" if flags & _PHONE else "paper"
    return PassPayload(
        schema_version=whole_of(raw[1]),
        profile=_PROFILE_OF[whole_of(raw[2])],
        number=text_of(raw[3]),
        name=text_of(raw[4]),
        document_type=_DOCUMENT_TYPE_OF[whole_of(raw[5])],
        last_four=text_of(raw[6]),
        firm=text_of(raw[7]),
        origin_id=whole_of(raw[8]),
        origin_name=text_of(raw[9]),
        destination_id=whole_of(raw[10]),
        destination_name=text_of(raw[11]),
        pcr_sampled_at=from_seconds(raw[12]),
        good_until=from_seconds(raw[13]),
        building_clear_from=_EPOCH_DAY + timedelta(days=whole_of(raw[14])) if 14 in raw else None,
        specimen=bool(flags & _SPECIMEN),
        medium=medium,
    )


def text_of(value: Any) -> str:
    """The value if it is a text, else `TypeError`; likewise below."""
    if type(value) is not str:
        raise TypeError("text expected")
    return value


def octets_of(value: Any) -> bytes:
    if type(value) is not bytes:
        raise TypeError("bytes expected")
    return value


def whole_of(value: Any) -> int:
    if type(value) is not int:
        raise TypeError("an integer expected")
    return value


def count_of(value: Any) -> int:
    """The value if it is an integer of 32 bits; `ValueError` outside."""
    count = whole_of(value)
    if not 0 <= count < 2**32:
        raise ValueError("not an integer of 32 bits")
    return count


def map_of(value: Any) -> dict[Any, Any]:
    if type(value) is not dict:
        raise TypeError("a map expected")
    return value
