"""An archive of 5,000 stored sheets, as the firm downloads it: its speed, and its memory.

The obvious way reads every sheet, writes the ZIP in memory and hands it out as one piece. The sheets are
40 kB of noise, sealed as real ones are; no database is behind them: the ways differ by the archive alone.
"""

import os
import time
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile

from bench.measurement import Measurement
from resume.passes.archive import stream_zip
from resume.sealing import Sealer

SHEETS, BYTES = 5_000, 40_000
PLACE = "sheet:sealed_pdf:bench"
AT = datetime(2022, 4, 22, 1, 0, tzinfo=UTC)


def stored(sealer: Sealer, sealed: bytes) -> Iterator[tuple[str, bytes]]:
    """The sheets as they come from the store: opened one after another."""
    for place in range(SHEETS):
        yield f"{place:012d}K.pdf", sealer.open_bytes(sealed, place=PLACE)


def ours(files: Iterator[tuple[str, bytes]]) -> int:
    return sum(len(part) for part in stream_zip(files, at=AT))


def obvious(files: Iterator[tuple[str, bytes]]) -> int:
    target = BytesIO()
    with ZipFile(target, "w", ZIP_STORED) as archive:
        for name, content in list(files):
            archive.writestr(name, content)
    return len(target.getvalue())


def measure() -> Iterator[Measurement]:
    """Sheets a second of both ways, and the most memory each takes."""
    sealer = Sealer(keys={1: os.urandom(32)}, current=1, index_key=os.urandom(32))
    sealed = sealer.seal_bytes(os.urandom(BYTES), place=PLACE)

    def seconds(way: Callable[[Iterator[tuple[str, bytes]]], int]) -> float:
        start = time.process_time()
        assert way(stored(sealer, sealed)) > SHEETS * BYTES
        return time.process_time() - start

    def megabytes(way: Callable[[Iterator[tuple[str, bytes]]], int]) -> float:
        tracemalloc.start()
        way(stored(sealer, sealed))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak / 1e6

    fast, slow = (SHEETS / min(seconds(way) for _ in range(3)) for way in (ours, obvious))
    yield Measurement("archive of 5,000 sheets", "sheets/s", fast, slow, 0.5)
    little, much = megabytes(ours), megabytes(obvious)
    yield Measurement("archive of 5,000 sheets, memory", "MB", little, much, 10, better="lower")
