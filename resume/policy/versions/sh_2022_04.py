"""SH-2022-04: the first version."""

from types import MappingProxyType

from resume.policy.duties import DUTIES_2022_04
from resume.policy.moments import parse_moment
from resume.policy.parameters import Policy, Profile, Terms
from resume.policy.rules import LEAVE, MEDICAL, MOVER, RTW
from resume.policy.versions.persons_2022_04 import LEAVE_2022_04, MOVER_2022_04
from resume.policy.versions.rtw_2022_04 import RTW_2022_04

SH_2022_04 = Policy(
    version="SH-2022-04",
    in_force_from=parse_moment("2022-04-01T00:00:00+08:00"),
    profiles=MappingProxyType(
        {
            "RTW": Profile(RTW, RTW_2022_04),
            "LEAVE": Profile(LEAVE, LEAVE_2022_04),
            "MOVER": Profile(MOVER, MOVER_2022_04),
            "MEDICAL": Profile(MEDICAL, Terms()),
        }
    ),
    duties=DUTIES_2022_04,
)
