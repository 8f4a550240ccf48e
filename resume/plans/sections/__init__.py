"""The sections of a plan (一企一方案), in the order of their pages: one file each, listed here.

What each asks follows domain.md 1.4, which joins the items of the guideline of 16 April 2022 (S1-S4), the
annexes of Minhang (S16) and, marked as assumed, this project's own numbers. The plants are a page of their
own, the annex of the first section: saving it writes the register that worker lists and passes refer to.
"""

from __future__ import annotations

from resume.plans.sections.attachments import ATTACHMENTS
from resume.plans.sections.commitment import COMMITMENT
from resume.plans.sections.describe import Section
from resume.plans.sections.emergency import EMERGENCY
from resume.plans.sections.firm import FIRM
from resume.plans.sections.headcount import HEADCOUNT
from resume.plans.sections.lodging import LODGING
from resume.plans.sections.logistics import LOGISTICS
from resume.plans.sections.organisation import ORGANISATION
from resume.plans.sections.quiet import QUIET
from resume.plans.sections.safety import SAFETY
from resume.plans.sections.sites import SITES
from resume.plans.sections.supplies import SUPPLIES
from resume.plans.sections.testing import TESTING
from resume.plans.sections.transport import TRANSPORT
from resume.plans.sections.welfare import WELFARE
from resume.plans.sections.zones import ZONES

SECTIONS: tuple[Section, ...] = (
    FIRM,
    SITES,
    ORGANISATION,
    HEADCOUNT,
    ZONES,
    LODGING,
    QUIET,
    TESTING,
    SUPPLIES,
    LOGISTICS,
    TRANSPORT,
    EMERGENCY,
    SAFETY,
    WELFARE,
    COMMITMENT,
    ATTACHMENTS,
)
BY_KEY: dict[str, Section] = {section.key: section for section in SECTIONS}
