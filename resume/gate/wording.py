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
from resume.gate.lanes import LEAVE, MOVER, ROTATE, RTW
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
_SAMPLE_AGAIN: Text = {
    "zh": "不放行；请本人重新采样，出阴性结果后再来。",
    "en": "Do not let through; the person is sampled again and comes back with the negative result.",
}
_NO_WAY_HOME: tuple[Text, Text] = (
    {
        "zh": "出厂返家须凭轮换通行证，返岗通行证不适用。",
        "en": "The way home needs a rotation pass; a pass for the way to work is not for it.",
    },
    {
        "zh": "不放行；请本人联系企业向区里申请返家轮换。就医请用“紧急就医”。",
        "en": "Do not let through; the person asks the firm, which applies to the district for his way home. "
        "For a doctor use the medical exit.",
    },
)
_BY_DOCUMENT: Text = {
    "zh": "本通道不看返岗通行证，查验本人的核酸和随申码。",
    "en": "This lane takes no pass for the way to work; it asks for the person's own PCR and code.",
}
#: What a code says in a lane that is not the way to work, by profile and code.
_IN_LANE: Mapping[tuple[str, str], tuple[Text, Text]] = {
    (ROTATE, "WRONG_GATE"): _NO_WAY_HOME,
    (ROTATE, "NOT_LISTED"): _NO_WAY_HOME,
    (MOVER, "WRONG_GATE"): (
        _BY_DOCUMENT,
        {
            "zh": "请用“证件查验”输入本人证件号码；要出小区返岗的，请换通道。",
            "en": "Look the person up by his document; who leaves for work takes the other lane.",
        },
    ),
    (LEAVE, "WRONG_GATE"): (
        _BY_DOCUMENT,
        {
            "zh": "请用“证件查验”输入本人证件号码。",
            "en": "Look the person up by his document.",
        },
    ),
    (MOVER, "PCR_EXPIRED"): (
        {
            "zh": "核酸已超24小时（采样起算）。",
            "en": "The PCR is older than 24 hours, counted from its sampling.",
        },
        _SAMPLE_AGAIN,
    ),
    (LEAVE, "PCR_EXPIRED"): (REASONS["PCR_EXPIRED"].sentence, _SAMPLE_AGAIN),
    (LEAVE, "AG_EXPIRED"): (
        REASONS["AG_EXPIRED"].sentence,
        {
            "zh": "请本人现场做抗原；阴性后登记并放行。",
            "en": "The person takes an antigen test here; record it and let through when it is negative.",
        },
    ),
    (LEAVE, "ZONE_CONSENT"): (
        {
            "zh": "所住区域的管控等级未知，封控、管控区须有居（村）委会和街镇的同意。",
            "en": "The level of his zone is not known; from a sealed or controlled one committee and street "
            "must agree.",
        },
        {
            "zh": "请查看书面同意或居住证明，看到的，用“证件查验”勾选后再查；没有的，联系街镇值班台。",
            "en": "Ask for the consent or statement on paper; with it tick the box and look up again, "
            "without it call the street's desk.",
        },
    ),
}
#: Of somebody who was looked up by his document.
_LOOKED_UP: Text = {
    "zh": "按证件号码查到，没有扫描通行证；请核对证件原件是本人。",
    "en": "Looked up by the document, no pass was scanned; compare the document itself with the person.",
}
_NO_PASS_OF_HIS: tuple[Text, Text] = (
    {"zh": "查不到此人可用的通行证。", "en": "No pass of this person was found that can be used."},
    {
        "zh": "不放行；请核对证件类型和号码，仍查不到的，联系街镇值班台。",
        "en": "Do not let through; compare type and number of the document, then call the street's desk.",
    },
)
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


def for_guard(answer: Answer, *, language: Language, profile: str = RTW, by_document: bool = False) -> Words:
    """In the guard's words, without medical detail, for the lane of that profile.

    `by_document`: the person was looked up, which is said.
    """
    codes = guard_codes(answer)
    said = [_in_lane(code, profile, by_document=by_document) for code in codes]
    advice = said[0][1]
    if answer.advice is Advice.ADMIT_TO_OBSERVATION:
        advice = _OBSERVATION
    others = [sentence for sentence, _advice_of in said[1:]] + [_LOOKED_UP] * by_document
    return Words(
        tone=GUARD_TONES[answer.verdict],
        reason=said[0][0][language],
        advice=advice[language],
        others=tuple(sentence[language] for sentence in others),
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


def lane_words(profile: str, *, language: Language) -> dict[str, dict[str, str]]:
    """What codes say in a lane of that profile, where that is not what they say elsewhere."""
    return {
        code: {"reason": sentence[language], "advice": advice[language]}
        for (of_profile, code), (sentence, advice) in _IN_LANE.items()
        if of_profile == profile
    }


def language_of(text: str) -> Language:
    """The key of a text in the reader's language."""
    return "en" if text == "en" else "zh"


def guard_code(code: str) -> str:
    """One code as a gate may know it."""
    return "HEALTH" if code in _MEDICAL else code


def _in_lane(code: str, profile: str, *, by_document: bool) -> tuple[Text, Text]:
    """Sentence and advice of a code where this profile is asked."""
    if (profile, code) in _IN_LANE:
        return _IN_LANE[profile, code]
    if by_document and code == "NOT_LISTED":
        return _NO_PASS_OF_HIS
    return _sentence(code), _advice(code)


def _sentence(code: str) -> Text:
    if code in _ON_LINE:
        return _ON_LINE[code][0]
    return REASONS[code if code in REASONS else "RULE_FAILED"].sentence


def _advice(code: str) -> Text:
    if code in _ON_LINE:
        return _ON_LINE[code][1]
    return REASONS[code if code in REASONS else "RULE_FAILED"].guard
