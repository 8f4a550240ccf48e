"""The rule of LEAVE on zones: who lives in a sealed or controlled one leaves it with consent only."""

from datetime import datetime

from resume.policy.facts import Facts
from resume.policy.findings import Finding, Outcome, Sentence
from resume.policy.parameters import LeaveTerms

_RULE = "zone_consent"
_ZONES = {
    "sealed": ("封控区", "sealed"),
    "controlled": ("管控区", "controlled"),
    "precaution": ("防范区", "precaution"),
}
_MET = Sentence(zh="住在{zone}，出行不须另行同意。", en="The zone is {zone_en}: no consent is needed.")
_CONSENTED = Finding(
    _RULE,
    Outcome.MET,
    "OK",
    Sentence(zh="居（村）委会和街镇已同意出行。", en="The residents' committee and the street have agreed."),
)
_MISSING = Sentence(
    zh="住在{zone}，非必要不出区；确需离开的，请先向居（村）委会和街镇说明理由，同意后重新判断。",
    en="The zone is {zone_en} and not left without need; state the reason to the residents' committee "
    "and the street, with their consent this is judged again.",
)
_UNKNOWN = Finding(
    _RULE,
    Outcome.NOT_KNOWN,
    "ZONE_CONSENT",
    Sentence(
        zh="所住区域的管控等级未知；请向居（村）委会和街镇取得同意或证明，再重新判断。",
        en="The level of the zone is not known; get a consent or a statement from the committee and "
        "the street, then this is judged again.",
    ),
)


def zone_consent(facts: Facts, terms: LeaveTerms, at: datetime) -> Finding:
    """By "sealed and controlled persons need 居村委 + 街镇 consent with reason" (domain 9.2, P5).

    ZONE_CONSENT, not met: he lives in such a zone and no consent was given by T. Not known: nobody knows in
    which zone he lives, and no consent was given either.
    """
    if facts.consented_at is not None and facts.consented_at <= at:
        return _CONSENTED
    if facts.zone is None:
        return _UNKNOWN
    zone, zone_en = _ZONES[facts.zone]
    values = {"zone": zone, "zone_en": zone_en}
    if facts.zone in terms.consent_zones.value:
        return Finding(_RULE, Outcome.NOT_MET, "ZONE_CONSENT", _MISSING, values)
    return Finding(_RULE, Outcome.MET, "OK", _MET, values)
