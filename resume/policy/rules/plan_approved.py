"""Rule 1 of RTW: the firm's plan is approved and not suspended."""

from datetime import datetime

from resume.policy.facts import Facts
from resume.policy.findings import Finding, Outcome, Sentence
from resume.policy.parameters import Terms

_RULE = "plan_approved"
_MET = Finding(_RULE, Outcome.MET, "OK", Sentence(zh="企业方案已批准。", en="The firm's plan is approved."))
_SUSPENDED = Sentence(
    zh="企业方案已暂停；请由企业按暂停通知整改并联系审核部门，恢复后重新判断。",
    en="The firm's plan is suspended; the firm acts on the notice and asks its reviewer, "
    "then this is judged again.",
)
_NOT_APPROVED = Sentence(
    zh="企业方案尚未批准；请由企业完成方案和名单的提交，批准后重新判断。",
    en="The firm's plan is not approved yet; the firm submits plan and list, "
    "after approval this is judged again.",
)


def plan_approved(facts: Facts, terms: Terms, at: datetime) -> Finding | None:  # noqa: ARG001
    """By "approved is met; suspended PLAN_SUSPENDED, anything else PLAN_NOT_APPROVED" (formats, RTW 1).

    Not known: the plan was not asked, as in a preview of workers; there is then no finding.
    """
    if facts.plan is None:
        return None
    if facts.plan == "approved":
        return _MET
    refs = (facts.plan_ref,) if facts.plan_ref else ()
    if facts.plan == "suspended":
        return Finding(_RULE, Outcome.NOT_MET, "PLAN_SUSPENDED", _SUSPENDED, refs=refs)
    return Finding(_RULE, Outcome.NOT_MET, "PLAN_NOT_APPROVED", _NOT_APPROVED, refs=refs)
