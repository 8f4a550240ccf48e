"""The verdict of every worker of a list: read in a fixed number of queries, judged in memory.

Five queries for any number of workers: four of `evidence.facts`, one for those who share their flats.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from resume.evidence.facts import FlatmatesOf, Subject, facts_for
from resume.evidence.facts import facts_over as evidence_over
from resume.evidence.knowledge import Known
from resume.plans.queries import find_plan
from resume.policy import Answer, Facts, Finding, Outcome, Verdict, decide, policy_at
from resume.roster.models import Worker
from resume.roster.queries import flatmates_on_submitted_lists

PROFILE: Final = "RTW"

#: Flats and the number keys of those who live there, by one list.
Flats = Mapping[bytes, Collection[bytes]]


def plan_for_preview(*, firm_id: int) -> str | None:
    """The plan as a preview of workers asks for it: not at all before it was approved once."""
    plan = find_plan(firm_id=firm_id)
    return None if plan is None or plan.state == "none" else plan.state


def subject_of(worker: Worker) -> Subject:
    """A stored worker as evidence knows him."""
    return Subject(worker.person_key, worker.number_key, worker.building_id, worker.unit, worker.flat_key)


def facts_of(
    workers: Sequence[Worker],
    *,
    at: datetime,
    plan: str | None,
    plan_ref: str | None = None,
    known: Known | None = None,
) -> list[Facts]:
    """The facts of each worker at `at`, in the order given. `plan` None: not asked.

    `known` None: by what counts now; else by what was known then.
    """
    subjects = [subject_of(worker) for worker in workers]
    return facts_of_subjects(subjects, at=at, plan=plan, plan_ref=plan_ref, known=known)


def facts_of_subjects(
    subjects: Sequence[Subject],
    *,
    at: datetime,
    plan: str | None,
    plan_ref: str | None = None,
    known: Known | None = None,
    flats: Flats | None = None,
) -> list[Facts]:
    """As `facts_of`, also for rows that are not stored. `flats`: who lives together on the list that those
    asked about belong to; None: they are the list."""
    flatmates_of = _flatmates_with(flats_of(subjects) if flats is None else flats, known)
    return facts_for(subjects, at=at, plan=plan, plan_ref=plan_ref, flatmates_of=flatmates_of, known=known)


def facts_over(asked: Sequence[tuple[Worker, datetime, str]]) -> list[Facts | None]:
    """The facts of each worker at a moment of its own, with the state of his firm's plan then.

    Five queries for any number of workers and moments; None where no policy was in force.
    """
    subjects = [(subject_of(worker), at, plan) for worker, at, plan in asked]
    flats = flats_of(subject for subject, _at, _plan in subjects)
    return evidence_over(subjects, flatmates_of=_flatmates_with(flats, None))


def verdicts_of(
    workers: Sequence[Worker],
    *,
    at: datetime,
    plan: str | None,
    plan_ref: str | None = None,
    known: Known | None = None,
) -> list[Verdict]:
    """The verdict of each worker at `at`, in the order given. Raises NoPolicy before the first policy."""
    return judge(facts_of(workers, at=at, plan=plan, plan_ref=plan_ref, known=known), at=at)


def judge(facts: Iterable[Facts], *, at: datetime) -> list[Verdict]:
    """The verdicts on these facts under the policy in force at `at`; no queries."""
    policy = policy_at(at)
    return [decide(each, profile=PROFILE, at=at, policy=policy) for each in facts]


@dataclass(frozen=True, slots=True)
class Summary:
    """How many workers have each outcome, and each code among what is not met or not known."""

    total: int
    by_outcome: Mapping[Answer, int]
    by_code: Mapping[str, int]

    @property
    def eligible(self) -> int:
        return self.by_outcome[Answer.ELIGIBLE]

    @property
    def not_eligible(self) -> int:
        return self.by_outcome[Answer.NOT_ELIGIBLE]

    @property
    def not_known(self) -> int:
        return self.by_outcome[Answer.NOT_KNOWN]


Audience = Callable[[Iterable[Finding]], tuple[Finding, ...]]


def summary(verdicts: Sequence[Verdict], *, shown_as: Audience = tuple) -> Summary:
    """Counts by outcome and code, the most frequent code first. `shown_as`: `policy.for_hr` for the firm."""
    codes = Counter(
        code for verdict in verdicts for code in {one.code for one in in_the_way(verdict, shown_as)}
    )
    outcomes = Counter(verdict.outcome for verdict in verdicts)
    return Summary(len(verdicts), {answer: outcomes[answer] for answer in Answer}, dict(codes.most_common()))


def in_the_way(verdict: Verdict, shown_as: Audience = tuple) -> list[Finding]:
    """What is not met, then what is not known, each in the order of the rules."""
    found = [finding for finding in shown_as(verdict.findings) if finding.outcome is not Outcome.MET]
    return sorted(found, key=lambda finding: finding.outcome is not Outcome.NOT_MET)


def flats_of(subjects: Iterable[Subject]) -> Flats:
    """Who of these lives in which flat."""
    flats: dict[bytes, set[bytes]] = {}
    for subject in subjects:
        if subject.flat_key is not None:
            flats.setdefault(subject.flat_key, set()).add(subject.number_key)
    return flats


def _flatmates_with(flats: Flats, known: Known | None) -> FlatmatesOf:
    """Who lives where, by the lists submitted (now, or then) and by the list itself."""

    def flatmates_of(flat_keys: Collection[bytes]) -> Mapping[bytes, Collection[bytes]]:
        found = flatmates_on_submitted_lists(flat_keys, known_at=known.at if known else None)
        for flat_key in flat_keys:
            if flat_key in flats:
                found.setdefault(flat_key, set()).update(flats[flat_key])
        return found

    return flatmates_of
