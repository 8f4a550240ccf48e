"""The parameters of RTW, for workers who return to a closed plant, as of April 2022.

Sources: S numbers are those of the domain page's list; 9.5 is its list of this project's own decisions.
"""

from resume.policy.parameters import Mark, Parameter, WorkTerms

_SEED = "解放日报 2022-04-22"

RTW_2022_04 = WorkTerms(
    pcr_hours=Parameter(
        48,
        Mark.SEED,
        f"{_SEED}: 本人48小时核酸阴性",
        {"zh": "核酸阴性的有效小时数", "en": "Hours for which a negative PCR counts"},
    ),
    pcr_clock=Parameter(
        "sampled_at",
        Mark.PUBLISHED,
        "S29, S30b: 采样时间, until 4 August 2022",
        {"zh": "核酸时效的起算点：采样时间", "en": "A PCR's hours run from its sampling"},
    ),
    hours_inclusive=Parameter(
        True,
        Mark.ASSUMED,
        "9.5 no. 9; 民法典 第一千二百五十九条: 以内 includes the number",
        {"zh": "恰满时效的一秒仍有效", "en": "The very last second of the hours still counts"},
    ),
    clean_days=Parameter(
        7,
        Mark.SEED,
        f"{_SEED}: 楼内7日没有阳性病例",
        {"zh": "楼内无阳性的天数", "en": "Days without a positive in the building"},
    ),
    lenient=Parameter(
        False,
        Mark.ASSUMED,
        "9.5 no. 1; S81: 民法典 第二百零一条, the first day is not counted",
        {"zh": "报告当日计入天数", "en": "The day of the report is counted"},
    ),
    anchor=Parameter(
        "reported_at",
        Mark.ASSUMED,
        "9.5 no. 1; S33: 近7天内有阳性感染者报告; stricter options S36",
        {"zh": "天数的起算点：阳性报告时间", "en": "Days run from the report of the last positive"},
    ),
    uncounted=Parameter(
        frozenset({"re_positive", "found_in_isolation", "corrected"}),
        Mark.ASSUMED,
        "S38, S39 (re-positive); 9.5 no. 3 (found in isolation); corrected: the record is of another place",
        {"zh": "不计入的阳性：复阳、隔离点发现、已更正", "en": "Positives that do not count"},
    ),
    screening_days=Parameter(
        7,
        Mark.ASSUMED,
        "formats: facts and verdict",
        {"zh": "楼栋筛查结果的有效天数", "en": "Days for which a complete screening makes a building known"},
    ),
    colours=Parameter(
        frozenset({"green"}),
        Mark.ASSUMED,
        "S20 for commerce: green code; 9.2 P1",
        {"zh": "可通行的随申码颜色", "en": "Colours of the health code that pass"},
    ),
    positive_ends=Parameter(
        "discharge",
        Mark.ASSUMED,
        "formats: RTW rule 4",
        {"zh": "阳性的解除：出院或解除隔离", "en": "What ends a positive: the discharge"},
    ),
    mixed_positive=Parameter(
        "review",
        Mark.ASSUMED,
        "formats: RTW rule 5; S40: mixed tubes are reviewed singly",
        {"zh": "混管阳性视为待复核", "en": "A positive mixed tube is a review"},
    ),
    pass_hours=Parameter(
        168,
        Mark.ASSUMED,
        "9.2 P1: hard end 7 days after issue",
        {"zh": "通行证的最长小时数", "en": "Hours after which a pass ends"},
    ),
    trip_hours=Parameter(
        12,
        Mark.ASSUMED,
        "9.2 P1: one exit and one entry within 12 hours",
        {"zh": "途中的最长小时数", "en": "Hours within which the trip is complete"},
    ),
    quiet_days=Parameter(
        2,
        Mark.ASSUMED,
        "9.5 no. 5; S3, S18 (commerce and construction)",
        {"zh": "到岗后静止期的天数", "en": "Days of the quiet period of an arrival"},
    ),
    antigen_at_compound=Parameter(
        "off",
        Mark.ASSUMED,
        "9.5 no. 4; S21",
        {"zh": "小区门口的现场抗原：不要求", "en": "Antigen on the spot at the compound: not required"},
    ),
    antigen_at_plant=Parameter(
        "on_spot",
        Mark.ASSUMED,
        "9.5 no. 4; S85: common practice",
        {"zh": "厂门口的现场抗原：要求", "en": "Antigen on the spot at the plant: required"},
    ),
    lab_hours=Parameter(
        12,
        Mark.ASSUMED,
        "this project's reading: a mixed tube sampled in the evening is reported by the next morning",
        {"zh": "采样到出结果预留的小时数", "en": "Hours allowed from a sample to its result, to advise by"},
    ),
)
