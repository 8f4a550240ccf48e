"""The policy: facts about one worker at one moment go in, a verdict with all its reasons comes out.

Pure: standard library only, no clock, no database, no web. Everything other floors need is named here.
"""

from resume.policy.audience import for_hr, outlook_for_hr
from resume.policy.codes import REASONS, Reason, reason
from resume.policy.decide import Answer, RuleFault, Verdict, decide
from resume.policy.facts import Building, Case, Code, Facts, Review, Test
from resume.policy.facts_json import BadFacts, facts_from_json, facts_to_json
from resume.policy.findings import Finding, Outcome, Text
from resume.policy.json_part import FactError
from resume.policy.moments import SHANGHAI, BadMoment, parse_moment, shown
from resume.policy.outlook import DAYS_AHEAD, Outlook, Span, outlook
from resume.policy.own_advice import OWN_ADVICE
from resume.policy.parameters import (
    Duties,
    LeaveTerms,
    Mark,
    Parameter,
    PersonTerms,
    Policy,
    Profile,
    Terms,
    UnknownProfile,
    WorkTerms,
)
from resume.policy.versions import VERSIONS, NoPolicy, UnknownVersion, policy_at, policy_named

__all__ = [
    "DAYS_AHEAD",
    "OWN_ADVICE",
    "REASONS",
    "SHANGHAI",
    "VERSIONS",
    "Answer",
    "BadFacts",
    "BadMoment",
    "Building",
    "Case",
    "Code",
    "Duties",
    "FactError",
    "Facts",
    "Finding",
    "LeaveTerms",
    "Mark",
    "NoPolicy",
    "Outcome",
    "Outlook",
    "Parameter",
    "PersonTerms",
    "Policy",
    "Profile",
    "Reason",
    "Review",
    "RuleFault",
    "Span",
    "Terms",
    "Test",
    "Text",
    "UnknownProfile",
    "UnknownVersion",
    "Verdict",
    "WorkTerms",
    "decide",
    "facts_from_json",
    "facts_to_json",
    "for_hr",
    "outlook",
    "outlook_for_hr",
    "parse_moment",
    "policy_at",
    "policy_named",
    "reason",
    "shown",
]
