"""Questions about what is scanned: bytes and characters changed, cut, invented."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from tests.fuzz.presented import (
    PROOF,
    altered,
    asked,
    genuine,
    shown,
    some,
)
from tests.gate.browser_checker import Question


def one_byte_changes(count: int, seed: int) -> Iterator[Question]:
    """Every other value of every byte of every kind of token, and of a proof: bare and as text."""
    whole = [(name, at) for name, (token, _) in genuine().items() for at in range(len(token))]
    whole += [("proof", at) for at in range(len(PROOF))]
    for number in some(len(whole) * 255, count, seed):
        (name, at), change = whole[number // 255], number % 255 + 1
        if name == "proof":
            yield asked(shown(genuine()["phone"][0], altered(PROOF, at, change)))
            continue
        token, proof = genuine()[name]
        changed = altered(token, at, change)
        yield asked(shown(changed, proof) if proof or number % 2 else changed)


def one_character_changes(count: int, seed: int) -> Iterator[Question]:
    """Every character of a live phone's text exchanged for others, for nothing, or doubled."""
    text = shown(*genuine()["phone"])
    others = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567.#/ a018=\n\u3000\ufeff\x1c"
    for number in some(len(text) * (len(others) + 2), count, seed):
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
    for number in some(len(made), count, seed):
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
