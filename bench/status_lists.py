"""P9: how large the signed status lists of a city are, and what another implementation reads in them.

A pass of ten that is set is suspended, the others are ended (used, replaced, revoked). Where node and the
package `@owf/token-status-list` are installed (NODE_PATH names its folder), every list is read back by it.
"""

from __future__ import annotations

import base64
import json
import random
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec

from bench.measurement import Measurement, seconds
from resume.credential.cose import Signer
from resume.credential.indices import SHARD_SIZE, shard_indices
from resume.credential.status import StatusBits, mint_status_list

AT = datetime(2022, 4, 22, 1, 0, tzinfo=UTC)
SIGNER = Signer(bytes(8), ec.generate_private_key(ec.SECP256R1()))
SEED = 20220422
#: passes, share that is set, most kilobytes of all their lists
SIZES = ((1_000_000, 0.02, 30.0), (100_000, 0.05, 6.0), (10_000, 0.05, 1.5))


def measure() -> Iterator[Measurement]:
    """The sizes, and how long one list of a full shard takes to make."""
    for passes, share, most in SIZES:
        messages = lists(passes, share)
        kilobytes = sum(map(len, messages)) / 1000
        name = f"P9 lists of {passes:,} passes, {share:.0%} set, signed"
        yield Measurement(name, "kB", kilobytes, None, most, "lower")
    yield from read_elsewhere(shards(100_000, 0.05))
    values = next(iter(shards(SHARD_SIZE, 0.02).values()))
    milliseconds = seconds(lambda: minted(0, values)) * 1000
    yield Measurement("P9 one full list made and signed", "ms", milliseconds, None, 300, "lower")


def read_elsewhere(expected: Mapping[int, Mapping[int, int]]) -> Iterator[Measurement]:
    """In how many lists `@owf/token-status-list` reads what was written; nothing where it is not there."""
    messages = [minted(shard, values) for shard, values in expected.items()]
    asked = "".join(f"{base64.b64encode(message).decode()}\n" for message in messages)
    command = ["node", str(Path(__file__).with_name("read_status_list.cjs"))]
    try:
        done = subprocess.run(command, input=asked, capture_output=True, text=True, timeout=120, check=True)
    except (OSError, subprocess.CalledProcessError):
        print(
            "bench: node or @owf/token-status-list is not installed; lists are not read back", file=sys.stderr
        )
        return
    read = [dict(json.loads(line)) for line in done.stdout.splitlines()]
    alike = sum(one == dict(values) for one, values in zip(read, expected.values(), strict=True))
    name = "P9 lists that @owf/token-status-list reads alike"
    yield Measurement(name, "lists", alike, None, len(messages))


def lists(passes: int, share: float) -> list[bytes]:
    """The signed list of every shard."""
    return [minted(shard, values) for shard, values in shards(passes, share).items()]


def minted(shard: int, values: Mapping[int, int]) -> bytes:
    return mint_status_list(
        values,
        uri=f"http://127.0.0.1:8000/status/{shard}",
        issued_at=AT,
        expires_at=AT + timedelta(hours=24),
        ttl=900,
        signer=SIGNER,
        aggregation_uri="http://127.0.0.1:8000/status",
    )


def shards(passes: int, share: float) -> dict[int, dict[int, int]]:
    """Shard -> {index: bits} of what is set among `passes`, placed as the application places them."""
    drawn = random.Random(SEED)
    chosen = drawn.sample(range(passes), round(passes * share))
    places = list(shard_indices(range(passes), bytes(16)))
    found: dict[int, dict[int, int]] = {shard: {} for shard in range(-(-passes // SHARD_SIZE))}
    for serial in chosen:
        shard, index = places[serial]
        is_held = drawn.random() < 0.1
        found[shard][index] = int(StatusBits.SUSPENDED if is_held else StatusBits.INVALID)
    return found


if __name__ == "__main__":
    for line in measure():
        print(f"{line.name}: {line.ours:.3g} {line.unit}")
