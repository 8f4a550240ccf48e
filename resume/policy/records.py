"""What the rules ask of single records: reported by T, open at T, lifted by a later negative."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from resume.policy.facts import Facts, Review, ReviewOf, Test

_RANK = {"self": 0, "lab": 1, "cdc": 2}


class Named(Protocol):
    """Any item of evidence."""

    @property
    def ref(self) -> str | None: ...


def refs_of(records: Iterable[Named]) -> tuple[str, ...]:
    """The ledger's names of the records that have one."""
    return tuple(record.ref for record in records if record.ref is not None)


def reported(test: Test, at: datetime) -> bool:
    """Whether the result was reported by T; what was reported later is not known at T."""
    return test.reported_at is not None and test.reported_at <= at


def open_reviews(facts: Facts, of: ReviewOf, at: datetime) -> tuple[Review, ...]:
    """The reviews of that kind opened by T and not cleared by T."""
    if not facts.reviews:
        return ()
    return tuple(
        review
        for review in facts.reviews
        if review.of == of
        and review.opened_at <= at
        and (review.cleared_at is None or review.cleared_at > at)
    )


def without_later_negative(tests: Iterable[Test], facts: Facts, at: datetime) -> list[Test]:
    """Those of `tests` that no single-tube negative PCR lifts.

    It lifts what was sampled before it and comes from a source not above its own (cdc over lab over self);
    an equal sampling time does not lift. A negative said to be sampled after T proves nothing at T.
    """
    lifting = [
        (test.sampled_at, _RANK[test.source])
        for test in facts.tests
        if test.result == "negative"
        and test.method == "single"
        and test.kind == "pcr"
        and test.sampled_at <= at
        and reported(test, at)
    ]
    return [
        test
        for test in tests
        if not any(sampled > test.sampled_at and rank >= _RANK[test.source] for sampled, rank in lifting)
    ]
