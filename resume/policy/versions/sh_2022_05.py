"""SH-2022-05-29: as SH-2022-04, but who leaves with a PCR of the last 24 hours needs no antigen."""

from dataclasses import replace
from types import MappingProxyType

from resume.policy.moments import parse_moment
from resume.policy.parameters import Mark, Parameter
from resume.policy.versions.sh_2022_04 import SH_2022_04

_LEAVE = SH_2022_04.profile("LEAVE")

_WAIVED: Parameter[int | None] = Parameter(
    24,
    Mark.PUBLISHED,
    "S30: from 29 May 2022 at latest, 持24小时内核酸阴性 needs no antigen",
    {"zh": "免查抗原的核酸小时数", "en": "Hours of a PCR that waives the antigen"},
)

SH_2022_05 = replace(
    SH_2022_04,
    version="SH-2022-05-29",
    in_force_from=parse_moment("2022-05-29T00:00:00+08:00"),
    profiles=MappingProxyType(
        {
            **SH_2022_04.profiles,
            "LEAVE": replace(_LEAVE, terms=replace(_LEAVE.terms, antigen_waived_pcr_hours=_WAIVED)),
        }
    ),
)
