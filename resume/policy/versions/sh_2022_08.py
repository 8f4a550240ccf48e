"""SH-2022-08: as SH-2022-05-29, but a PCR's hours run from its report, whatever it is asked for."""

from dataclasses import replace
from types import MappingProxyType
from typing import Any

from resume.policy.moments import parse_moment
from resume.policy.parameters import Mark, Parameter, PcrClock, PersonTerms, Profile
from resume.policy.versions.sh_2022_05 import SH_2022_05

_FROM_REPORT: Parameter[PcrClock] = Parameter(
    "reported_at",
    Mark.PUBLISHED,
    "S32: national notice on mutual recognition, from 5 August 2022",
    {"zh": "核酸时效的起算点：报告时间", "en": "A PCR's hours run from its report"},
)


def _by_report(profile: Profile[Any]) -> Profile[Any]:
    if not isinstance(profile.terms, PersonTerms):
        return profile  # it asks for no PCR
    return replace(profile, terms=replace(profile.terms, pcr_clock=_FROM_REPORT))


SH_2022_08 = replace(
    SH_2022_05,
    version="SH-2022-08",
    in_force_from=parse_moment("2022-08-05T00:00:00+08:00"),
    profiles=MappingProxyType({name: _by_report(each) for name, each in SH_2022_05.profiles.items()}),
)
