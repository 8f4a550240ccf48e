"""What is owed to the persons whose data are held: how long data stay, how soon an objection is answered.

No rule of the sources gives a number for any of them: every value is this project's, and shown as assumed.
"""

from resume.policy.parameters import Duties, Mark, Parameter

_PROPOSAL = "domain 6.1: retention proposal"


DUTIES_2022_04 = Duties(
    objection_hours=Parameter(
        24,
        Mark.ASSUMED,
        "domain 7 no. 14: an appeal with reason and deadline; no number was found",
        {"zh": "异议答复的小时数", "en": "Hours within which an objection is answered"},
    ),
    tests_days=Parameter(
        14,
        Mark.ASSUMED,
        f"{_PROPOSAL}, 14 days after the last use",
        {"zh": "检测、随申码和密接记录的保存天数", "en": "Days for which tests, codes and contacts are kept"},
    ),
    cases_days=Parameter(
        30,
        Mark.ASSUMED,
        f"{_PROPOSAL}, positives of buildings",
        {"zh": "楼栋阳性记录的保存天数", "en": "Days for which positives of buildings are kept"},
    ),
    scans_days=Parameter(
        30,
        Mark.ASSUMED,
        f"{_PROPOSAL}, scans at gates",
        {"zh": "门岗查验记录的保存天数", "en": "Days for which scans at gates are kept"},
    ),
    pass_days=Parameter(
        30,
        Mark.ASSUMED,
        f"{_PROPOSAL}, 30 days after the end of a pass, then without the person",
        {"zh": "通行证失效后的保存天数", "en": "Days for which a pass is kept after its end"},
    ),
    audit_days=Parameter(
        180,
        Mark.ASSUMED,
        f"{_PROPOSAL}; domain 6.2: logs at least 6 months",
        {"zh": "操作记录的最短保存天数", "en": "Days for which the audit is kept at least"},
    ),
    refusal_minutes=Parameter(
        30,
        Mark.ASSUMED,
        "domain 7 no. 1 and 9.5 no. 8: a gate's refusal of a valid pass goes to the street's desk",
        {"zh": "街镇值班台答复拒行的分钟数", "en": "Minutes within which a street's desk answers"},
    ),
    refusal_percent=Parameter(
        10,
        Mark.ASSUMED,
        "domain 7 no. 3: extra thresholds at gates; no number was found",
        {
            "zh": "有效通行证被拒行的百分比，达到的列为多拒行门岗",
            "en": "Percent of valid passes refused from which a gate is listed as refusing often",
        },
    ),
    refusal_least=Parameter(
        3,
        Mark.ASSUMED,
        "domain 7 no. 3: one refusal of few passes says little",
        {
            "zh": "列为多拒行门岗所需的最少拒行次数",
            "en": "Refusals a gate needs at least to be listed as refusing often",
        },
    ),
)
