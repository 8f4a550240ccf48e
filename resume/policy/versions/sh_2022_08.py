"""SH-2022-08: as SH-2022-04, but a PCR's hours run from its report."""

from dataclasses import replace
from types import MappingProxyType

from resume.policy.moments import parse_moment
from resume.policy.parameters import Mark, Parameter, PcrClock, Policy
from resume.policy.versions.sh_2022_04 import SH_2022_04

_RTW = SH_2022_04.profiles["RTW"]

_FROM_REPORT: Parameter[PcrClock] = Parameter(
    "reported_at",
    Mark.PUBLISHED,
    "S32: national notice on mutual recognition, from 5 August 2022",
    {"zh": "核酸时效的起算点：报告时间", "en": "A PCR's hours run from its report"},
)

SH_2022_08 = Policy(
    version="SH-2022-08",
    in_force_from=parse_moment("2022-08-05T00:00:00+08:00"),
    profiles=MappingProxyType({"RTW": replace(_RTW, terms=replace(_RTW.terms, pcr_clock=_FROM_REPORT))}),
    duties=SH_2022_04.duties,
)
