"""Status lists: IETF Token Status List in its CWT form (draft-ietf-oauth-status-list-17 and later).

Two bits a pass, index 0 in the least significant bits of byte 0, zlib-compressed. Claims: 2 sub
(the list's own URI), 6 iat, 4 exp, 65534 ttl, 65533 status_list {bits, lst}, and the private -65539
(`CHANGES`); `typ` in the protected header; no tag. A list has 2^17 places, so that a pass hides among many.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any

import cbor2

from resume.credential.claims import (
    CHANGES,
    EXP,
    IAT,
    count_of,
    from_seconds,
    map_of,
    octets_of,
    text_of,
    to_seconds,
    whole_of,
)
from resume.credential.codes import Code
from resume.credential.cose import Malformed, Sealer, Signer, decode_strict, is_signed_by, open_envelope
from resume.credential.indices import SHARD_SIZE
from resume.credential.keys import STATUS_PURPOSE, KeySet, NotGenuine

STATUS_LIST_TYPE = "application/statuslist+cwt"
STATUS_LIST_LIMIT = 64 * 1024  # bytes; an incompressible list of 2^17 places has 32 kB
SUB, STATUS_LIST, TTL = 2, 65533, 65534
BITS = 2
_PER_BYTE = 8 // BITS


class StatusBits(IntEnum):
    """What two bits say; 3 is the application's own in the draft and not used here."""

    VALID = 0
    INVALID = 1
    SUSPENDED = 2


_MEANINGS = {int(meaning): meaning for meaning in StatusBits}


@dataclass(frozen=True, slots=True)
class StatusList:
    """A list whose signature was verified. `ttl` in seconds: how long it may be kept unrefreshed.

    Of two the one with the later (`issued_at`, `changes`) is the one to believe.
    """

    uri: str
    issued_at: datetime
    expires_at: datetime
    ttl: int
    packed: bytes
    changes: int = 0

    def status_at(self, idx: int) -> StatusBits | None:
        """The status at an index; None outside the list and for a value nobody has defined."""
        if not 0 <= idx < len(self.packed) * _PER_BYTE:
            return None
        return _MEANINGS.get(value_at(self.packed, idx))


def pack(values: Mapping[int, int], *, places: int = SHARD_SIZE) -> bytes:
    """The uncompressed list of `places` entries: 0 but for `{index: value}`.

    Raises `ValueError` for an index outside or a value that two bits do not hold.
    """
    packed = bytearray(-(-places // _PER_BYTE))
    for idx, value in values.items():
        if not 0 <= idx < places or not 0 <= value < 1 << BITS:
            raise ValueError(f"status {value} at {idx} does not fit a list of {places}")
        packed[idx // _PER_BYTE] |= value << idx % _PER_BYTE * BITS
    return bytes(packed)


def value_at(packed: bytes, idx: int) -> int:
    """The two bits at an index. Raises `IndexError` outside the list."""
    return packed[idx // _PER_BYTE] >> idx % _PER_BYTE * BITS & (1 << BITS) - 1


def compress(packed: bytes) -> bytes:
    """The `lst` of the draft: DEFLATE in the ZLIB format, the shorter of two strategies."""
    return min(
        (_deflate(packed, strategy) for strategy in (zlib.Z_DEFAULT_STRATEGY, zlib.Z_FILTERED)), key=len
    )


def decompress(lst: bytes, *, limit: int = SHARD_SIZE // _PER_BYTE) -> bytes:
    """The uncompressed list of at most `limit` bytes; `Malformed` for more, less or something else."""
    inflating = zlib.decompressobj()
    try:
        packed = inflating.decompress(lst, limit)
        more = b"" if inflating.eof else inflating.decompress(inflating.unconsumed_tail, 1)
    except zlib.error as error:
        raise Malformed("the list is not zlib data") from error
    if more or not inflating.eof or inflating.unused_data:
        raise Malformed("the list is cut short, too long, or followed by something")
    return packed


def mint_status_list(
    values: Mapping[int, int],
    *,
    uri: str,
    issued_at: datetime,
    expires_at: datetime,
    ttl: int,
    signer: Signer,
    changes: int = 0,
    aggregation_uri: str | None = None,
) -> bytes:
    """`status-N.cwt`: the signed list of one shard. `values` holds only what is not 0; `ttl` seconds.

    `changes` is how many changes of status it was made after: times are whole seconds.

    `aggregation_uri`, where all lists are named, is optional in the draft; the reader
    `@owf/token-status-list` 0.3.0 does not read a list without it.
    """
    listed: dict[str, bytes | int | str] = {"lst": compress(pack(values)), "bits": BITS}
    if aggregation_uri is not None:
        listed["aggregation_uri"] = aggregation_uri
    claims = {
        SUB: uri,
        EXP: to_seconds(expires_at),
        IAT: to_seconds(issued_at),
        STATUS_LIST: listed,
        TTL: ttl,
        CHANGES: changes,
    }
    return Sealer(signer, STATUS_LIST_TYPE).seal(cbor2.dumps(claims))


def open_status_list(message: bytes, keys: KeySet, *, uri: str, at: datetime) -> StatusList:
    """The verified list at `uri`.

    Raises `Malformed`, or `NotGenuine` when no trusted status key signed it, its `sub` is not
    `uri`, it is dated after `at` or `at` is at or past its end.
    """
    envelope = open_envelope(message, limit=STATUS_LIST_LIMIT, typ=STATUS_LIST_TYPE)
    try:
        found = _list_of(decode_strict(envelope.payload))
    except (LookupError, TypeError, ValueError) as error:
        raise Malformed("not a status list") from error
    entry = keys.find_entry(envelope.kid)
    verdict = keys.judge(envelope.kid, issuer=keys.issuer, purpose=STATUS_PURPOSE, issued_at=found.issued_at)
    if entry is None or verdict is not Code.OK or not is_signed_by(envelope, entry.public_key):
        raise NotGenuine("no trusted key signed this status list")
    if found.uri != uri:
        raise NotGenuine("the status list of another address")
    if not found.issued_at <= at < found.expires_at:
        raise NotGenuine("the status list is out of date, or of a time to come")
    return found


def _list_of(claims: Any) -> StatusList:
    listed = map_of(map_of(claims)[STATUS_LIST])
    if whole_of(listed["bits"]) != BITS:
        raise ValueError("not a list of two bits a pass")
    return StatusList(
        uri=text_of(claims[SUB]),
        issued_at=from_seconds(claims[IAT]),
        expires_at=from_seconds(claims[EXP]),
        ttl=count_of(claims[TTL]),
        packed=decompress(octets_of(listed["lst"])),
        changes=count_of(claims.get(CHANGES, 0)),
    )


def _deflate(data: bytes, strategy: int) -> bytes:
    deflating = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS, 7, strategy)
    return deflating.compress(data) + deflating.flush()
