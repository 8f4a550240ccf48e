"""Looked up by a document: the pass of that person, or the person's own evidence where a lane asks no pass.

What is known by a document alone are the person's tests, code, contact, discharge and reviews; not where he
lives. So the building is not asked (no profile here asks it), his flat has no reviews, and the level of his
zone is not known: for that the guard looks at a consent on paper. A document that nobody knows has no
evidence, which is not known and never green.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from resume.credential.views import Advice, Answer, Antigen, Verdict
from resume.db import reading
from resume.evidence.facts import Subject, facts_for
from resume.gate.answer import NOT_REGISTERED, Check, answer_again
from resume.gate.lanes import BY_PERSON, Lane, gate_view
from resume.passes.models import Pass
from resume.people.models import Person
from resume.places.models import Gate
from resume.policy import Facts, Finding, Outcome, Test, decide

_ANTIGEN = "AG_EXPIRED"
_POSITIVE = "AG_POSITIVE"


class Seen(NamedTuple):
    """What the guard saw himself: the test on the spot, and when he looked at a consent on paper."""

    antigen: Antigen | None = None
    consented_at: datetime | None = None


NOTHING_SEEN = Seen()


def answer_for_document(
    person_key: bytes, *, gate: Gate, lane: Lane, at: datetime, seen: Seen = NOTHING_SEEN
) -> Check:
    """The answer of a lane to a person: of his pass as if it had been scanned, or of his own evidence.

    Nine queries at most. Raises NoPolicy before the first policy.
    """
    if lane.profile in BY_PERSON:
        return answer_for_person(person_key, profile=lane.profile, seen=seen, at=at)
    pass_id = _pass_of(person_key, lane.profile)
    if pass_id is not None:
        return answer_again(pass_id, gate=gate_view(gate, lane), at=at, antigen=seen.antigen)
    known = reading().get(Person, person_key) is not None
    # Who is known here holds no pass; who is not may hold one under another document.
    return _without_pass(Verdict.RED if known else Verdict.AMBER)


def answer_for_person(person_key: bytes, *, profile: str, at: datetime, seen: Seen = NOTHING_SEEN) -> Check:
    """The policy's verdict on this person's evidence at `at`, with what the guard saw. Five queries."""
    verdict = decide(_facts(person_key, seen, at), profile=profile, at=at)
    against = [finding for finding in verdict.findings if finding.outcome is not Outcome.MET]
    if seen.antigen == "positive":
        return Check(_answer(Verdict.RED, (_POSITIVE, *_codes(against)), Advice.REFUSE), None)
    if verdict.outcome == "eligible":
        return Check(_answer(Verdict.GREEN, (), Advice.LET_THROUGH), None)
    codes = _codes(against)
    if codes == (_ANTIGEN,):
        # Nothing but the antigen is in the way, and that can be made here.
        return Check(_answer(Verdict.AMBER, codes, Advice.TEST_ANTIGEN), None)
    if verdict.outcome == "not_eligible":
        return Check(_answer(Verdict.RED, codes, Advice.REFUSE), None)
    return Check(_answer(Verdict.AMBER, codes, Advice.ASK_STREET_DESK), None)


def _pass_of(person_key: bytes, profile: str) -> UUID | None:
    """His live pass, else the one he used last. Two queries at most, each by its partial index."""
    mine = select(Pass.id).where(Pass.person_key == person_key, Pass.profile == profile)
    live = reading().scalar(mine.where(Pass.is_live))
    if live is not None:
        return live
    used = mine.where(Pass.in_at.is_not(None)).order_by(Pass.in_at.desc(), Pass.id)
    return reading().scalar(used.limit(1))


def _facts(person_key: bytes, seen: Seen, at: datetime) -> Facts:
    person = reading().get(Person, person_key)
    number_key = b"" if person is None else person.number_key
    subject = Subject(person_key, number_key, building_id=None, unit="", flat_key=None)
    facts = facts_for([subject], at=at, plan=None, flatmates_of=lambda _: {})[0]
    facts = replace(facts, consented_at=seen.consented_at)
    if seen.antigen != "negative":
        return facts
    made_here = Test("antigen", None, sampled_at=at, reported_at=at, result="negative", source="self")
    return replace(facts, tests=(*facts.tests, made_here))


def _codes(against: Sequence[Finding]) -> tuple[str, ...]:
    """What is not met, then what is not known, each in the order of the rules."""
    ordered = sorted(against, key=lambda finding: finding.outcome is not Outcome.NOT_MET)
    return tuple(dict.fromkeys(finding.code for finding in ordered))


def _without_pass(verdict: Verdict) -> Check:
    advice = Advice.REFUSE if verdict is Verdict.RED else Advice.ASK_STREET_DESK
    return Check(_answer(verdict, (NOT_REGISTERED,), advice), None)


def _answer(verdict: Verdict, codes: tuple[str, ...], advice: Advice) -> Answer:
    return Answer(verdict, codes[0] if codes else "OK", codes, None, {}, advice)
