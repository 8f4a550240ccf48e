"""An answer in the words of who reads it: the guard, or anybody with a phone.

Medical detail stays with the worker: what the policy finds about his health is one sentence here, and
anybody else learns only whether the pass is good. Unknown codes are worded as not known, never as good.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from flask_babel import lazy_gettext as _

from resume.credential.codes import Code
from resume.credential.views import Advice, Answer, Verdict
from resume.policy.codes import REASONS
from resume.policy.findings import Text
from resume.policy.reasons_pass import PASS
from resume.refusals import Text as Shown

Language = Literal["zh", "en"]

#: Told as one: health evidence does not allow it (formats, last part).
_MEDICAL = frozenset({"POSITIVE", "REVIEW_PENDING", "CORES_PENDING", "CODE_NOT_GREEN", "CONTACT"})
_OF_THE_PASS = frozenset(row[0] for row in PASS) | {"OK", "AG_REQUIRED", "AG_POSITIVE", "NOT_LISTED"}

#: On line these say something else than at a gate without network.
_ON_LINE: Mapping[str, tuple[Text, Text]] = {
    "OFFLINE_STALE": (
        {
            "zh": "签名可信，但系统中没有此证的登记。",
            "en": "The signature is good, but no such pass is registered.",
        },
        {"zh": "不放行；请联系街镇值班台核实。", "en": "Do not let through; have the street's desk check."},
    ),
    "NOT_LISTED": (
        {"zh": "系统中没有这个编号的通行证。", "en": "No pass has this number."},
        {
            "zh": "不放行；请核对编号，仍没有的，联系街镇值班台。",
            "en": "Do not let through; compare the number, call the street's desk.",
        },
    ),
}
_OBSERVATION: Text = {
    "zh": "出小区时已核验，途中情况有变化。抗原阴性的，准予进厂到观察区，并通知企业防疫负责人。",
    "en": "Checked when leaving home; something changed on the way. With a negative antigen test, admit "
    "to the observation area and tell the plant's health officer.",
}


@dataclass(frozen=True, slots=True)
class Tone:
    """Colour, word and sign of a verdict: never one alone."""

    name: str
    word: Shown
    sign: str


GUARD_TONES = {
    Verdict.GREEN: Tone("go", _("放行"), "✓"),
    Verdict.RED: Tone("stop", _("不可"), "✕"),
    Verdict.AMBER: Tone("wait", _("请核"), "？"),
    Verdict.GREY: Tone("still", _("样证"), "—"),
}
PUBLIC_TONES = {
    Verdict.GREEN: Tone("go", _("有效"), "✓"),
    Verdict.RED: Tone("stop", _("无效"), "✕"),
    Verdict.AMBER: Tone("wait", _("待核"), "？"),
    Verdict.GREY: Tone("still", _("样证"), "—"),
}


@dataclass(frozen=True, slots=True)
class Words:
    """What the screen says: tone, the reason in one sentence, what to do, what else stands against it."""

    tone: Tone
    reason: str
    advice: str
    others: tuple[str, ...] = ()


def for_guard(answer: Answer, *, language: Language) -> Words:
    """In the guard's words, without medical detail."""
    codes = guard_codes(answer)
    advice = _advice(codes[0])
    if answer.advice is Advice.ADMIT_TO_OBSERVATION:
        advice = _OBSERVATION
    return Words(
        tone=GUARD_TONES[answer.verdict],
        reason=_sentence(codes[0])[language],
        advice=advice[language],
        others=tuple(_sentence(code)[language] for code in codes[1:]),
    )


def for_anybody(answer: Answer, *, language: Language) -> Words:
    """Whether the pass is good, and no more: evidence is one sentence, whatever it is."""
    code = answer.code if answer.code in _OF_THE_PASS else "SUSPENDED_EVIDENCE"
    return Words(PUBLIC_TONES[answer.verdict], _sentence(code)[language], "")


def guard_codes(answer: Answer) -> tuple[str, ...]:
    """The codes as a gate may know them: what is medical is one code, HEALTH. The first one stops."""
    return tuple(dict.fromkeys(guard_code(code) for code in answer.reasons or (answer.code,)))


def refusal_words(code: str, *, language: Language) -> str:
    """What a guard saw for himself, on the button that refuses for it."""
    return _sentence(code)[language].rstrip("。.")


def offline_words(*, language: Language) -> dict[str, dict[str, str]]:
    """What a device says by itself: of each code of a pass, sentence and advice; health has one for all.

    `ADMIT_TO_OBSERVATION` is the advice that takes the place of a code's own at a plant.
    """
    codes = sorted((_OF_THE_PASS | {str(code) for code in Code} | {"HEALTH", "RULE_FAILED"}) - _MEDICAL)
    words = {code: REASONS[code] for code in codes if code in REASONS}
    texts = {
        code: {"reason": reason.sentence[language], "advice": reason.guard[language]}
        for code, reason in words.items()
    }
    return texts | {"ADMIT_TO_OBSERVATION": {"reason": "", "advice": _OBSERVATION[language]}}


def language_of(text: str) -> Language:
    """The key of a text in the reader's language."""
    return "en" if text == "en" else "zh"


def guard_code(code: str) -> str:
    """One code as a gate may know it."""
    return "HEALTH" if code in _MEDICAL else code


def _sentence(code: str) -> Text:
    if code in _ON_LINE:
        return _ON_LINE[code][0]
    return REASONS[code if code in REASONS else "RULE_FAILED"].sentence


def _advice(code: str) -> Text:
    if code in _ON_LINE:
        return _ON_LINE[code][1]
    return REASONS[code if code in REASONS else "RULE_FAILED"].guard
