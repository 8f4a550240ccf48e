"""A person's samples as the policy's tests; what his tubes and disagreeing results add. Pure.

The tube: "everyone whose sample lies in a tube with a pending or positive mixed result is pending with it,
also without a row of his own". The conflict: "two results for one sample, or CDC against lab, are an open
self review until settled" (both formats, Feeds): results that disagree, until one of them is superseded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import combinations
from typing import NamedTuple

from resume.policy import Review, Test
from resume.policy.facts import Kind, Method, Result, Source


class Sample(NamedTuple):
    """One row that counts of the tests ledger."""

    person_key: bytes
    record_id: str
    kind: Kind
    method: Method | None
    sampled_at: datetime
    reported_at: datetime | None
    result: Result | None
    source: Source
    tube_code: str


class TubeResult(NamedTuple):
    """A pending or positive result of a mixed tube, whoever's row it is."""

    record_id: str
    reported_at: datetime
    result: Result
    source: Source


def tests_and_conflicts(
    samples: Sequence[Sample], tubes: Mapping[str, Sequence[TubeResult]]
) -> tuple[tuple[Test, ...], tuple[Review, ...]]:
    """All tests of a person, oldest sample first, and his conflicts; whatever order the samples are in."""
    if len(samples) > 1:
        samples = sorted(samples, key=lambda sample: (sample.sampled_at, sample.record_id))
    tests = [_test(sample) for sample in samples]
    if tubes:
        tests += _from_tubes(samples, tubes)
        tests.sort(key=lambda test: (test.sampled_at, test.ref or ""))
    # Only different results can disagree, and nearly everybody has one kind: half a second in 10,000 workers.
    may_disagree = len({sample.result for sample in samples}) > 1
    return tuple(tests), tuple(map(_review_of, conflicts(samples))) if may_disagree else ()


def _test(sample: Sample) -> Test:
    return Test(
        sample.kind,
        sample.method,
        sample.sampled_at,
        sample.reported_at,
        sample.result,
        sample.source,
        f"test:{sample.record_id}",
    )


def _from_tubes(samples: Iterable[Sample], tubes: Mapping[str, Sequence[TubeResult]]) -> Iterator[Test]:
    """The results of others in his tubes, dated by his own sample (the later one where he has two there)."""
    own = {sample.record_id for sample in samples}
    latest: dict[str, datetime] = {}
    for sample in samples:
        if sample.tube_code in tubes:
            latest[sample.tube_code] = max(sample.sampled_at, latest.get(sample.tube_code, sample.sampled_at))
    for tube_code, sampled_at in latest.items():
        for found in tubes[tube_code]:
            if found.record_id not in own:
                reported_at = max(found.reported_at, sampled_at)
                ref = f"test:{found.record_id}"
                yield Test("pcr", "mixed", sampled_at, reported_at, found.result, found.source, ref)


class Conflict(NamedTuple):
    """Results of one sample that disagree: the ids of the tests, sorted, and since when it was known."""

    record_ids: tuple[str, ...]
    opened_at: datetime


def _review_of(conflict: Conflict) -> Review:
    return Review("self", "conflict", conflict.opened_at, None, "test:" + "+".join(conflict.record_ids))


def conflicts(samples: Iterable[Sample]) -> Iterator[Conflict]:
    """One for each sample whose results disagree, opened when the first disagreement was reported.

    One sample: the same kind and sampling time, or the same tube. An invalid result disagrees with nothing.
    """
    by_sample: dict[Hashable, list[Sample]] = defaultdict(list)
    for sample in samples:
        if sample.result in ("negative", "positive", "pending_review"):
            by_sample[sample.kind, sample.sampled_at].append(sample)
            if sample.tube_code:
                by_sample[sample.tube_code].append(sample)
    seen: set[tuple[str, ...]] = set()
    for group in by_sample.values():
        disagreeing = [pair for pair in combinations(group, 2) if pair[0].result != pair[1].result]
        ids = tuple(sorted({sample.record_id for pair in disagreeing for sample in pair}))
        if disagreeing and ids not in seen:
            seen.add(ids)
            opened_at = min(_later_report(*pair) for pair in disagreeing)
            yield Conflict(ids, opened_at)


def _later_report(one: Sample, other: Sample) -> datetime:
    assert one.reported_at is not None
    assert other.reported_at is not None, "a result has its report"
    return max(one.reported_at, other.reported_at)
