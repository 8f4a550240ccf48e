"""Rule 8 of RTW: the health code is green."""

from datetime import datetime

from resume.policy.facts import Facts
from resume.policy.findings import Finding, Outcome, Sentence, Value
from resume.policy.parameters import PersonTerms
from resume.policy.records import refs_of

_RULE = "code_green"
_COLOURS = {"green": ("绿码", "green"), "yellow": ("黄码", "yellow"), "red": ("红码", "red")}
_MET = Sentence(zh="随申码为{colour}。", en="The health code is {colour_en}.")
_NOT_GREEN = Sentence(
    zh="随申码{since:day}起为{colour}；请在随申办查看赋码原因并按提示办理，或拨打12345，转绿后重新判断。",
    en="The health code has been {colour_en} since {since:day}; see the reason in Suishenban, act on it, "
    "or call 12345; when it is green this is judged again.",
)
_UNKNOWN = Sentence(
    zh="随申码状态未知；请打开随申办更新随申码，有状态后重新判断。",
    en="The colour of the health code is not known; refresh it in Suishenban, then this is judged again.",
)
_UNKNOWN_FINDING = Finding(_RULE, Outcome.NOT_KNOWN, "CODE_UNKNOWN", _UNKNOWN)


def code_green(facts: Facts, terms: PersonTerms, at: datetime) -> Finding:
    """By "null CODE_UNKNOWN, not known; not green CODE_NOT_GREEN, not met" (formats, RTW 8).

    Not known: no colour, or only one that was given after T.
    """
    code = facts.code
    if code is None or code.changed_at > at:
        return _UNKNOWN_FINDING
    colour, colour_en = _COLOURS[code.colour]
    values: dict[str, Value] = {"colour": colour, "colour_en": colour_en, "since": code.changed_at}
    if code.colour in terms.colours.value:
        return Finding(_RULE, Outcome.MET, "OK", _MET, values, refs=refs_of((code,)))
    return Finding(_RULE, Outcome.NOT_MET, "CODE_NOT_GREEN", _NOT_GREEN, values, refs=refs_of((code,)))
