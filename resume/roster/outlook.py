"""The days ahead of a whole list: how many may come on each day, and who has to be sampled by when.

Facts are read once, as for verdicts: five queries for any number of workers, the rest in memory.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from resume.clock import SHANGHAI, shanghai_date, start_of_day
from resume.policy import DAYS_AHEAD, Facts, Outlook, Span, Verdict, outlook, policy_at
from resume.roster.eligibility import PROFILE, Flats, facts_of_subjects, judge, subject_of
from resume.roster.models import Worker

MORNING, EVENING = timedelta(hours=8), timedelta(hours=20)
"""When people go to be sampled or to work; deadlines are rounded down to one of the two."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A worker, his verdict, and the days after it."""

    worker: Worker
    verdict: Verdict
    ahead: Outlook


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the curve: how many are eligible at `at`, with evidence in hand and if sampled in time."""

    at: datetime
    in_hand: int
    if_sampled: int


@dataclass(frozen=True, slots=True)
class Sampling:
    """How many have to be sampled by a round hour; `deadline` None: at once."""

    deadline: datetime | None
    count: int

    @property
    def key(self) -> str:
        """As addresses name it."""
        return sampling_key(self.deadline)


def look_ahead(
    workers: Sequence[Worker],
    *,
    at: datetime,
    plan: str | None,
    plan_ref: str | None = None,
    flats: Flats | None = None,
) -> list[Judged]:
    """Verdict and outlook of each worker, in the order given. Raises NoPolicy before the first policy.

    `flats`: who lives together on their list; None: the workers are the whole list.
    """
    subjects = [subject_of(worker) for worker in workers]
    facts = facts_of_subjects(subjects, at=at, plan=plan, plan_ref=plan_ref, flats=flats)
    verdicts = judge(facts, at=at)
    outlooks = outlooks_of(facts, verdicts, at=at)
    return [Judged(*row) for row in zip(workers, verdicts, outlooks, strict=True)]


def outlooks_of(facts: Iterable[Facts], verdicts: Iterable[Verdict], *, at: datetime) -> list[Outlook]:
    """The outlook of each by his verdict at `at`; no queries."""
    policy = policy_at(at)
    return [
        outlook(each, profile=PROFILE, at=at, policy=policy, verdict=verdict)
        for each, verdict in zip(facts, verdicts, strict=True)
    ]


def curves(outlooks: Sequence[Outlook], *, at: datetime, days: int = DAYS_AHEAD) -> list[Day]:
    """Today now (or at 08:00, where that is to come), then each day at 08:00: `days` days in Shanghai."""
    today = shanghai_date(at)
    moments = [max(at, start_of_day(today, day) + MORNING) for day in range(days)]
    in_hand = _counted(moments, (span for ahead in outlooks for span in ahead.in_hand))
    if_sampled = _counted(moments, (span for ahead in outlooks for span in ahead.if_sampled))
    return [Day(*row) for row in zip(moments, in_hand, if_sampled, strict=True)]


def to_sample(outlooks: Iterable[Outlook], *, at: datetime) -> list[Sampling]:
    """Those whom a negative helps, counted by deadline, the most urgent first."""
    counts = Counter(deadline_of(ahead, at=at) for ahead in outlooks if ahead.sample_by is not None)
    return sorted(
        (Sampling(deadline, count) for deadline, count in counts.items()),
        key=lambda one: one.deadline or at,
    )


def deadline_of(ahead: Outlook, *, at: datetime) -> datetime | None:
    """The round hour by which to be sampled; None: at once (or not at all, where `sample_by` is None)."""
    deadline = rounded_deadline(ahead)
    return deadline if deadline is not None and deadline > at else None


def rounded_deadline(ahead: Outlook) -> datetime | None:
    """The round hour by which to be sampled, also where it is past; None: a sample helps nothing."""
    return None if ahead.sample_by is None else round_hour(ahead.sample_by)


def lab_hours(at: datetime) -> int:
    """The hours allowed from a sample to its result; an assumption, and shown as one."""
    return policy_at(at).profile(PROFILE).terms.lab_hours.value


def sampling_key(deadline: datetime | None) -> str:
    """`now`, or the Shanghai time as `2022-04-24T08:00`."""
    return "now" if deadline is None else f"{deadline.astimezone(SHANGHAI):%Y-%m-%dT%H:%M}"


@lru_cache(maxsize=4096)  # workers are sampled in groups: few moments, many workers
def round_hour(moment: datetime) -> datetime:
    """The latest 08:00 or 20:00 in Shanghai that is not after the moment."""
    midnight = start_of_day(shanghai_date(moment))
    if moment >= midnight + EVENING:
        return midnight + EVENING
    if moment >= midnight + MORNING:
        return midnight + MORNING
    return start_of_day(shanghai_date(moment), -1) + EVENING


def _counted(moments: Sequence[datetime], spans: Iterable[Span]) -> list[int]:
    """How many spans hold each of the moments, which are in order."""
    change = [0] * (len(moments) + 1)
    for span in spans:
        change[bisect_left(moments, span.start)] += 1
        change[bisect_right(moments, span.until)] -= 1
    counts, so_far = [], 0
    for step in change[:-1]:
        so_far += step
        counts.append(so_far)
    return counts
