"""Serial of a pass -> shard and index of its status.

Indices must look drawn at random (neighbours on a list must not tell who was approved together:
draft-ietf-oauth-status-list, unlinkability), never collide, and need no look-up in the database.
So each shard is a keyed permutation of its 2^17 places: a Feistel network over 8 + 9 bits whose
round functions are tables drawn from BLAKE2b under a secret.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b

SHARD_BITS = 17
SHARD_SIZE = 1 << SHARD_BITS
_LEFT_BITS, _RIGHT_BITS = 8, 9
_ROUNDS = 8  # four on each half

_Tables = tuple[tuple[int, ...], ...]


def shard_index(serial: int, secret: bytes) -> tuple[int, int]:
    """`(shard, index)` of a serial >= 0: different for every serial, the same at every call.

    `secret` is 16 to 64 bytes, kept as long as the lists are: another secret moves every pass.
    """
    if serial < 0:
        raise ValueError("a serial is not negative")
    if not 16 <= len(secret) <= 64:
        raise ValueError("the secret of the status indices has 16 to 64 bytes")
    shard, place = divmod(serial, SHARD_SIZE)
    return shard, _permuted(place, _round_tables(shard, secret))


def shard_indices(serials: Iterable[int], secret: bytes) -> list[tuple[int, int]]:
    """`shard_index` of each serial, in order."""
    return [shard_index(serial, secret) for serial in serials]


def _permuted(place: int, tables: _Tables) -> int:
    left, right = place >> _RIGHT_BITS, place & ((1 << _RIGHT_BITS) - 1)
    for turn in range(0, _ROUNDS, 2):
        left ^= tables[turn][right]
        right ^= tables[turn + 1][left]
    return left << _RIGHT_BITS | right


@lru_cache(maxsize=256)
def _round_tables(shard: int, secret: bytes) -> _Tables:
    return tuple(
        _table(shard, secret, turn, inputs=1 << (_LEFT_BITS if turn % 2 else _RIGHT_BITS))
        for turn in range(_ROUNDS)
    )


def _table(shard: int, secret: bytes, turn: int, *, inputs: int) -> tuple[int, ...]:
    """What one round adds to the other half, for each value of this half."""
    mask = (1 << (_RIGHT_BITS if turn % 2 else _LEFT_BITS)) - 1
    label = shard.to_bytes(8, "big") + bytes([turn])
    return tuple(
        int.from_bytes(
            blake2b(
                label + value.to_bytes(2, "big"), key=secret, person=b"status index", digest_size=2
            ).digest()
        )
        & mask
        for value in range(inputs)
    )
