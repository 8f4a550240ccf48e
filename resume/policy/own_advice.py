"""What a worker does about a finding in his own way. HR and guards have words of their own (`codes`)."""

from collections.abc import Mapping
from types import MappingProxyType

from resume.policy.findings import Text

#: By code; a code without an entry asks nothing more of him than the finding's own sentence says.
OWN_ADVICE: Mapping[str, Text] = MappingProxyType(
    {
        "PCR_EXPIRED": {
            "zh": "请尽快采样；从采样时间起算，通行证不作废，有新的阴性结果后自动可用。",
            "en": "Be sampled soon. The hours run from the sampling; a pass stays good and works again "
            "with the "
            "new negative.",
        },
        "PCR_NONE": {
            "zh": "请做核酸检测，登记时用与名单相同的证件；做过但查不到的，请提出异议。",
            "en": "Take a PCR with the same document as on the list. If you did and it is not here, object.",
        },
        "PCR_PENDING": {
            "zh": "请等结果；超过一天没有结果的，请重新采样或提出异议。",
            "en": "Wait for the result; after more than a day be sampled again, or object.",
        },
        "REVIEW_PENDING": {
            "zh": "待复核不等于阳性。请居家等待上门单管采样，阴性后自动解除；超过一天没有人联系的，"
            "请提出异议。",
            "en": "Under review is not positive. Wait at home for the single-tube sample; a negative ends "
            "it by "
            "itself. If nobody calls within a day, object.",
        },
        "CORES_PENDING": {
            "zh": "同住人复核为阴性后自动解除。名单上的同住人不对的，请提出异议。",
            "en": "It ends by itself when the review in your flat is negative. If nobody lives with you, "
            "object.",
        },
        "POSITIVE": {
            "zh": "请按疾控部门安排；解除隔离或出院登记后重新判断，以后不再显示。不是您本人的结果，"
            "请提出异议。",
            "en": "Follow the CDC. After the discharge is on record you are judged anew, and it is not "
            "shown any "
            "more. If it is not your result, object.",
        },
        "CODE_NOT_GREEN": {
            "zh": "请在随申办查看赋码原因；已经转绿而这里没有变，或赋码有误的，请提出异议。",
            "en": "See the reason in Suishenban. If it is green again there, or was given wrongly, object.",
        },
        "CODE_UNKNOWN": {
            "zh": "请打开随申办刷新随申码；半天后仍未知的，请提出异议。",
            "en": "Open Suishenban so that the code is refreshed; if it is still unknown after half a "
            "day, object.",
        },
        "CONTACT": {
            "zh": "请按疾控部门安排观察；期满后由审核员核对解除。认定有误的，请提出异议。",
            "en": "Follow the CDC. When the period is over a reviewer releases you. If it is wrong, object.",
        },
        "BLDG_POS_7D": {
            "zh": "日期满后须有 48 小时内的阴性结果，请在满期前一天采样。阳性不在您这栋楼的，请提出异议。",
            "en": "On that day you need a negative of the last 48 hours: be sampled the day before. If "
            "the positive "
            "is not in your building, object.",
        },
        "BLDG_HOLD": {
            "zh": "楼内复核完成后自动重新判断，您不需要做什么。",
            "en": "It is judged again by itself when the review in the building is done; nothing to do "
            "for you.",
        },
        "BLDG_UNKNOWN": {
            "zh": "请核对下面登记的住址；楼栋不对的，请提出异议或请本单位人事更正名单。",
            "en": "Check the address below. If the building is wrong, object or ask your HR to correct "
            "the list.",
        },
        "PLAN_NOT_APPROVED": {
            "zh": "这是单位的申请，您不需要做什么。",
            "en": "This is your firm's application; nothing to do for you.",
        },
        "PLAN_SUSPENDED": {
            "zh": "单位方案暂停期间通行证不能使用；恢复后自动重新判断。",
            "en": "While the firm's plan is suspended the pass cannot be used; later it is judged again.",
        },
        "HEALTH": {
            "zh": "具体原因只给您本人看：请用本人查询链接打开本页，并设置或填写查看密码。",
            "en": "The reason is for you alone: open this page by your own link, and set or enter your code.",
        },
    }
)
