"""Rule 9 of RTW: the worker is no contact of a case."""

from datetime import datetime

from resume.policy.facts import Facts
from resume.policy.findings import Finding, Outcome, Sentence
from resume.policy.parameters import Terms

_RULE = "no_contact"
_MET = Finding(
    _RULE,
    Outcome.MET,
    "OK",
    Sentence(zh="不是密接或次密接。", en="The worker is no close or secondary contact."),
)
_CONTACT = Sentence(
    zh="本人是{kind}；请按疾控部门安排隔离观察，期满后再申请。",
    en="The worker is a {kind_en} contact; follow the district CDC's isolation, apply again when it is over.",
)
_KINDS = {"close": ("密接", "close"), "secondary": ("次密接", "secondary")}


def no_contact(facts: Facts, terms: Terms, at: datetime) -> Finding:  # noqa: ARG001
    """By "close or secondary: CONTACT, not met" (formats, RTW 9; S41).

    Not known does not occur: only the district CDC makes somebody a contact, and says so.
    """
    if facts.contact is None:
        return _MET
    kind, kind_en = _KINDS[facts.contact]
    refs = (facts.contact_ref,) if facts.contact_ref else ()
    return Finding(_RULE, Outcome.NOT_MET, "CONTACT", _CONTACT, {"kind": kind, "kind_en": kind_en}, refs=refs)
