"""CBOR as a stranger might write it: a value taken apart, something about it changed, and written anyhow."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import cbor2


@dataclass
class Literal:
    """Bytes written as they are, whatever they say."""

    encoded: bytes


@dataclass
class Pairs:
    """A map with its pairs in order, and with a key twice where somebody wrote it twice."""

    pairs: list[list[Any]]


def taken_apart(value: Any) -> Any:
    if isinstance(value, dict):
        return Pairs([[key, taken_apart(item)] for key, item in value.items()])
    return [taken_apart(item) for item in value] if isinstance(value, list) else value


def written(node: Any) -> bytes:
    if isinstance(node, Literal):
        return node.encoded
    if isinstance(node, Pairs):
        return head(5, len(node.pairs)) + b"".join(written(key) + written(value) for key, value in node.pairs)
    if isinstance(node, list):
        return head(4, len(node)) + b"".join(map(written, node))
    return cbor2.dumps(node)


def head(major: int, argument: int, size: int | None = None) -> bytes:
    """Type and argument in the shortest form, or in the form of `size` bytes."""
    if size is None:
        size = next(
            size
            for size, most in ((0, 24), (1, 1 << 8), (2, 1 << 16), (4, 1 << 32), (8, 1 << 64))
            if argument < most
        )
    if size == 0:
        return bytes([major << 5 | argument])
    return bytes([major << 5 | 23 + size.bit_length()]) + argument.to_bytes(size, "big")


_WHOLE = (
    *(0, 1, 2, 3, 4, 9, 10, 15, 23, 24, 255, 256, 65535, -1, -2, -65537),
    *(2**31, 2**32 - 1, 2**32, 2**53 - 1, 2**53, 2**53 + 1, 2**63, 2**64 - 1),
    *(-(2**53), -(2**53) - 1, -(2**63), -(2**64)),
    *(-719_162, -719_163, 2_932_896, 2_932_897),  # days: the ends of the calendar
)
_FLOATS = (0.0, -0.0, 1.0, 1.5, 1650593700.0, 1e300, float("nan"), float("inf"))
_TEXTS = (
    *("", "A", "SH", "123X", "12345", "１２", "310115000017Z", "310115000017A", "status_list", "idx", "a\0b"),
    *("e\u0301", "\u00e9", "\ufeff王", "\u1100\u1161", "\u212b", "王\u0308\u0323", "𠮷", "\u2028"),
)
_CONTAINERS = ([], [0], [[0]], {}, {1: 1}, {"status_list": {}})
_SIMPLE = (True, False, None, cbor2.undefined, *map(cbor2.CBORSimpleValue, (0, 19, 32, 255)))
_TAGGED = ((1, 1650593700), (2, b"\1\0\0\0\0"), (55799, 0), (99, ""))
# Half and single floats, longer forms, indefinite lengths, breaks, bad UTF-8, lengths without end, odd keys.
_ODD = """
    f93c00 fa3f800000 f97e00 fb7ff0000000000000 f814 f818 ff 1c fc c24101
    1817 1900ff 1a0000ffff 1b00000000ffffffff 780161 5f4161ff 7f6161ff 9fff 9f00ff bfff
    62c328 63eda080 62c080 64f5808080 63efbbbf 63efbfbe
    9bffffffffffffffff 7bffffffffffffffff 5bffffffffffffffff
    a20100f500 a20100f93c0000 a18000 a1a000 a1f600 a1fb3ff000000000000000 a2616100616100 a200000000
"""
AWKWARD: tuple[Any, ...] = (
    *_WHOLE,
    *_FLOATS,
    *_TEXTS,
    *map(bytes, (0, 8, 15, 16, 32)),
    *_CONTAINERS,
    *_SIMPLE,
    *(cbor2.CBORTag(tag, value) for tag, value in _TAGGED),
    *(Literal(bytes.fromhex(odd)) for odd in _ODD.split()),
    *(Literal(b"\x81" * depth + inner) for depth in (5, 6, 7, 8, 9) for inner in (b"\0", b"\x80")),
    Literal(b""),
)


def mutant(value: Any, chance: random.Random) -> bytes:
    """`value` with one to three things about it changed."""
    root = Pairs([["root", taken_apart(value)]])
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        place, index = chance.choice(_slots(root))
        chance.choice(_CHANGES)(place, index, chance)
    return b"".join(written(item) for _, item in root.pairs[:1])


def _slots(node: Any) -> list[tuple[Any, int]]:
    """Every place in the tree that holds a value: its container and where in it."""
    if isinstance(node, Pairs):
        here = [(node, index) for index in range(len(node.pairs))]
        return here + [slot for _, item in node.pairs for slot in _slots(item)]
    if isinstance(node, list):
        return [(node, index) for index in range(len(node))] + [
            slot for item in node for slot in _slots(item)
        ]
    return []


def _get(place: Any, index: int) -> Any:
    return place.pairs[index][1] if isinstance(place, Pairs) else place[index]


def _put(place: Any, index: int, value: Any) -> None:
    if isinstance(place, Pairs):
        place.pairs[index][1] = value
    else:
        place[index] = value


def _list(place: Any) -> list[Any]:
    rows: list[Any] = place.pairs if isinstance(place, Pairs) else place
    return rows


def _replace(place: Any, index: int, chance: random.Random) -> None:
    _put(place, index, chance.choice(AWKWARD))


def _nudge(place: Any, index: int, chance: random.Random) -> None:
    value = _get(place, index)
    if type(value) is int:
        value += chance.choice((-1, 1, 2, -(2**32), 2**32, 3600, -3600))
    elif isinstance(value, (str, bytes)) and value:
        cut = chance.randrange(len(value))
        value = value[:cut] + value[cut + 1 :] if chance.random() < 0.5 else value + value[cut : cut + 1]
    _put(place, index, value)


def _drop(place: Any, index: int, chance: random.Random) -> None:
    if len(_list(place)) > 1:
        del _list(place)[index]


def _twice(place: Any, index: int, chance: random.Random) -> None:
    row = _list(place)[index]
    _list(place).insert(
        chance.randrange(len(_list(place)) + 1), list(row) if isinstance(place, Pairs) else row
    )


def _swap(place: Any, index: int, chance: random.Random) -> None:
    rows, other = _list(place), chance.randrange(len(_list(place)))
    rows[index], rows[other] = rows[other], rows[index]


def _rename(place: Any, index: int, chance: random.Random) -> None:
    if isinstance(place, Pairs):
        place.pairs[index][0] = chance.choice(AWKWARD)


def _add(place: Any, index: int, chance: random.Random) -> None:
    value = chance.choice(AWKWARD)
    _list(place).insert(index + 1, [chance.choice(AWKWARD), value] if isinstance(place, Pairs) else value)


def _lengthen(place: Any, index: int, chance: random.Random) -> None:
    """The same value with a longer head than it needs."""
    encoded = written(_get(place, index))
    if not encoded or encoded[0] >> 5 == 7:
        return
    major, info = encoded[0] >> 5, encoded[0] & 31
    size = 0 if info < 24 else 1 << (info - 24) if info < 28 else None
    if size is None:
        return
    argument = info if size == 0 else int.from_bytes(encoded[1 : 1 + size], "big")
    longer = [more for more in (1, 2, 4, 8) if more > size]
    if longer:
        _put(place, index, Literal(head(major, argument, chance.choice(longer)) + encoded[1 + size :]))


def _wrap(place: Any, index: int, chance: random.Random) -> None:
    encoded = written(_get(place, index))
    around = chance.choice((b"\xc1", b"\x81", b"\xd9\xd9\xf7", b"\xa1\0", b"\x9f", b"\xd8\x63"))
    _put(place, index, Literal(around + encoded + (b"\xff" if around == b"\x9f" else b"")))


def _garble(place: Any, index: int, chance: random.Random) -> None:
    encoded = bytearray(written(_get(place, index)))
    if encoded:
        encoded[chance.randrange(len(encoded))] = chance.randrange(256)
    _put(place, index, Literal(bytes(encoded)))


_CHANGES: tuple[Callable[[Any, int, random.Random], None], ...] = (
    _replace, _replace, _nudge, _nudge, _drop, _twice, _swap, _rename, _add, _lengthen, _wrap, _garble,
)  # fmt: skip
