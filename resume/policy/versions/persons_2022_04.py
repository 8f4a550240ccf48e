"""The parameters of those who pass without a plan or a list, as of April 2022: LEAVE and MOVER.

MEDICAL has none. What every profile reads alike (clock, inclusive hours, what ends a positive) is RTW's own
value: the domain page's boundary semantics (9.1) hold for every profile. S numbers are those of its list.
"""

from resume.policy.findings import Text
from resume.policy.parameters import LeaveTerms, Mark, Parameter, PersonTerms
from resume.policy.versions.rtw_2022_04 import RTW_2022_04

_PCR: Text = {"zh": "核酸阴性的有效小时数", "en": "Hours for which a negative PCR counts"}

LEAVE_2022_04 = LeaveTerms(
    pcr_hours=Parameter(48, Mark.SEED, "domain 9.2 P5; S31: 48小时核酸阴性", _PCR),
    pcr_clock=RTW_2022_04.pcr_clock,
    hours_inclusive=RTW_2022_04.hours_inclusive,
    colours=Parameter(
        frozenset({"green"}),
        Mark.SEED,
        "domain 9.2 P5; S31: 随申码绿码",
        {"zh": "可通行的随申码颜色", "en": "Colours of the health code that pass"},
    ),
    positive_ends=RTW_2022_04.positive_ends,
    mixed_positive=RTW_2022_04.mixed_positive,
    lab_hours=RTW_2022_04.lab_hours,
    antigen_hours=Parameter(
        24,
        Mark.SEED,
        "domain 9.2 P5; S31: 24小时抗原阴性",
        {"zh": "抗原阴性的有效小时数", "en": "Hours for which a negative antigen test counts"},
    ),
    antigen_upload_minutes=Parameter(
        30,
        Mark.ASSUMED,
        "domain 9.1 B9",
        {
            "zh": "抗原检测到上传的最长分钟数；超过的从上传起算",
            "en": "Minutes from an antigen test to its upload; a later upload is itself the beginning",
        },
    ),
    antigen_waived_pcr_hours=Parameter(
        None,
        Mark.SEED,
        "domain 9.2 P5: off before 29 May 2022",
        {"zh": "免查抗原的核酸小时数：不免", "en": "Hours of a PCR that waives the antigen: none does"},
    ),
    consent_zones=Parameter(
        frozenset({"sealed", "controlled"}),
        Mark.SEED,
        "domain 9.2 P5: 封控、管控区非必要不出区; that committee and street consent is assumed",
        {"zh": "出行须经居（村）委会和街镇同意的区域", "en": "Zones that are left with consent only"},
    ),
)

MOVER_2022_04 = PersonTerms(
    pcr_hours=Parameter(24, Mark.SEED, "domain 9.2 P7: 24小时核酸阴性", _PCR),
    pcr_clock=RTW_2022_04.pcr_clock,
    hours_inclusive=RTW_2022_04.hours_inclusive,
    colours=Parameter(
        frozenset({"green"}),
        Mark.ASSUMED,
        "domain 9.2 P7: the code is asked for; that it must be green is assumed",
        {"zh": "可通行的随申码颜色", "en": "Colours of the health code that pass"},
    ),
    positive_ends=RTW_2022_04.positive_ends,
    mixed_positive=RTW_2022_04.mixed_positive,
    lab_hours=RTW_2022_04.lab_hours,
)
