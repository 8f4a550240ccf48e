"""The rules: one rule, one file, one line in the list of each profile that asks it."""

from resume.policy.parameters import LeaveTerms, PersonTerms, Rule, Terms, WorkTerms
from resume.policy.rules.antigen_fresh import antigen_fresh
from resume.policy.rules.building_clear import building_clear
from resume.policy.rules.building_review import building_review
from resume.policy.rules.code_green import code_green
from resume.policy.rules.no_co_resident_review import no_co_resident_review
from resume.policy.rules.no_contact import no_contact
from resume.policy.rules.no_evidence import no_evidence
from resume.policy.rules.no_positive import no_positive
from resume.policy.rules.no_review import no_review
from resume.policy.rules.pcr_fresh import pcr_fresh
from resume.policy.rules.plan_approved import plan_approved
from resume.policy.rules.zone_consent import zone_consent

RTW: tuple[Rule[WorkTerms], ...] = (
    plan_approved,
    building_clear,
    building_review,
    no_positive,
    no_review,
    no_co_resident_review,
    pcr_fresh,
    code_green,
    no_contact,
)

LEAVE: tuple[Rule[LeaveTerms], ...] = (
    zone_consent,
    no_positive,
    no_review,
    no_co_resident_review,
    pcr_fresh,
    antigen_fresh,
    code_green,
    no_contact,
)

MOVER: tuple[Rule[PersonTerms], ...] = (
    no_positive,
    no_review,
    no_co_resident_review,
    pcr_fresh,
    code_green,
    no_contact,
)

MEDICAL: tuple[Rule[Terms], ...] = (no_evidence,)
