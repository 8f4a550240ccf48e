"""The course of each firm: plan, list, case, decision, each step through its own door at its own time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from resume.applications import operations as applications
from resume.applications.models import Application
from resume.applications.queries import find_current, view_current_case
from resume.applications.steps import touch_by_edit
from resume.db import transaction
from resume.demo.accounts import Accounts
from resume.demo.events import Event
from resume.demo.firms import Course, DemoFirm
from resume.demo.gates import register_plant_gates
from resume.demo.lists import csv_of, list_csv
from resume.demo.moments import BATCHES, apr
from resume.demo.papers import demo_papers
from resume.demo.plans import headcount, sections_of
from resume.firms.operations import NewFirm, register_firm
from resume.plans.queries import find_current_version
from resume.plans.steps import ensure_version, save_section
from resume.review import operations as review
from resume.roles import CLI, Actor, Role
from resume.roster.operations import upload

_RETURNED = Course.SUBMITTED, Course.RECOMMENDED
_SIGNED = Course.APPROVED, Course.APPROVED_TWICE, Course.EDITING, Course.SUSPENDED
_REASONS = {
    "headcount": "实行三班，请按班次核对闭环人数。",
    "quiet": "请写明静止期人员怎样不与在岗人员共用通道和卫浴。",
    "list": "请补充班组。",
}
_ANSWERS = {
    "quiet": "静止期人员走东侧楼梯，卫浴在三楼单设；平面图已标注。",
    "list": "班组按三班编排，花名册已注明；个别岗位为常白班，没有班组。",
}
Steps = list[tuple[datetime, Callable[[datetime], None]]]
_REFUSAL = "安全生产条件不具备（双否决）：停产前检修未完成。"


def register(firm: DemoFirm, *, at: datetime) -> None:
    """Register the firm through the administrator's door."""
    new = NewFirm(firm.credit_code, firm.name, firm.short_name, firm.district_code)
    firm.firm_id = register_firm(new, by=CLI, at=at).id


class FirmSteps:
    """What one firm and its district do. Its HR is an account where it signs in, else a name on record."""

    def __init__(self, firm: DemoFirm, accounts: Accounts, hr: Actor | None = None) -> None:
        self._firm = firm
        self.hr = hr or Actor(firm.hr, Role.HR, firm_id=firm.firm_id)
        self._reviewer = accounts.reviewers[firm.district_code]
        self._signer = accounts.signers[firm.district_code]
        self._administrator = accounts.administrator

    def fill_in(self, at: datetime, *, leave_out: Sequence[str] = ()) -> None:
        """Write the plan, section by section, a few minutes each."""
        firm_id = self._firm.firm_id
        sections = sections_of(self._firm, signed_on=f"{at:%Y-%m-%d}")
        with transaction():  # one door for all of them: forty firms save six hundred sections
            version = ensure_version(firm_id=firm_id, at=at)
            for number, (key, values) in enumerate(sections.items()):
                if key not in leave_out:
                    saved_at, revision = at + timedelta(minutes=6 * number), version.revision
                    version = save_section(
                        key, values, firm_id=firm_id, revision=revision, by=self.hr, at=saved_at
                    )
            touch_by_edit(firm_id, by=self.hr, at=at).plan_version_id = version.id
        register_plant_gates(self._firm.firm_id, by=self._administrator, at=at + timedelta(hours=1))

    def attach(self, at: datetime) -> None:
        """Attach a floor plan and a photograph."""
        for kind, paper in demo_papers(self._firm, sections_of(self._firm, signed_on=f"{at:%Y-%m-%d}")):
            applications.attach(self._firm.firm_id, kind, paper, by=self.hr, at=at)

    def edit(self, at: datetime) -> None:
        """One more shift: a new version of the plan, or the returned one mended."""
        values = headcount(self._firm, shifts=4)
        version = find_current_version(firm_id=self._firm.firm_id)
        assert version is not None
        applications.save_section(
            "headcount",
            values,
            firm_id=self._firm.firm_id,
            revision=version.revision,
            by=self.hr,
            at=at,
            is_agreed=True,
        )

    def explain(self, at: datetime) -> None:
        """Answer what was returned and not changed."""
        case = view_current_case(firm_id=self._firm.firm_id, at=at)
        for one in case.returned:
            if not one.is_changed:
                applications.answer_return(
                    one.row.id, firm_id=self._firm.firm_id, answer=_ANSWERS[one.part], by=self.hr, at=at
                )

    def start(self, at: datetime) -> None:
        applications.start(self._firm.firm_id, by=self.hr, at=at)

    def list_workers(self, at: datetime) -> None:
        """Upload the list and confirm it."""
        firm = self._firm
        worker_list = upload(firm.firm_id, list_csv(firm), "花名册.csv", by=self.hr, at=at)
        applications.confirm_list(worker_list.id, firm_id=firm.firm_id, by=self.hr, at=at)

    def upload_more(self, at: datetime, rows: Sequence[Sequence[str]]) -> None:
        """Upload another list and leave it to be looked through."""
        upload(self._firm.firm_id, csv_of(rows), "花名册-补充.csv", by=self.hr, at=at)

    def submit(self, at: datetime) -> None:
        applications.submit(self._firm.firm_id, revision=self._case.revision, by=self.hr, at=at)

    def recommend(self, at: datetime) -> None:
        case = self._case
        review.recommend(case.id, revision=case.revision, by=self._reviewer, at=at)

    def send_back(self, at: datetime) -> None:
        case = self._case
        review.send_back(case.id, revision=case.revision, reasons=_REASONS, by=self._reviewer, at=at)

    def refuse(self, at: datetime) -> None:
        case = self._case
        review.refuse(case.id, revision=case.revision, reason=_REFUSAL, by=self._reviewer, at=at)

    def sign_off(self, at: datetime) -> None:
        case = self._case
        review.sign_off(case.id, revision=case.revision, by=self._signer, at=at)

    def approve_withheld(self, at: datetime) -> None:
        """A later batch for those kept back."""
        case = self._case
        if case.withheld:
            review.approve_withheld(case.id, by=self._signer, at=at)

    @property
    def _case(self) -> Application:
        case = find_current(firm_id=self._firm.firm_id)
        assert case is not None
        return case


def course_events(firm: DemoFirm, steps: FirmSteps) -> list[Event]:
    """Everything a firm went through until 22 April."""
    decided_at = firm.approved_at or apr(21, 16)
    begun = decided_at - timedelta(hours=20)
    plan: Steps = [
        (begun, steps.start),
        (begun + timedelta(minutes=10), steps.fill_in),
        (begun + timedelta(hours=2), steps.list_workers),
    ]
    if firm.course is Course.DRAFT:
        return _events(firm, plan[:2])
    submitted = [*plan, (begun + timedelta(hours=3), steps.submit)]
    if firm.course in _SIGNED:
        return _events(firm, [*submitted, *_signed(steps, decided_at), *_afterwards(firm, steps)])
    answer = steps.refuse if firm.course is Course.REFUSED else steps.send_back
    course = [*submitted, (begun + timedelta(hours=12), answer)]
    if firm.course in _RETURNED:
        course += [
            (begun + timedelta(hours=14), steps.edit),
            (begun + timedelta(hours=14, minutes=20), steps.explain),
            (begun + timedelta(hours=15), steps.submit),
        ]
    if firm.course is Course.RECOMMENDED:
        course.append((decided_at, steps.recommend))
    return _events(firm, course)


def _signed(steps: FirmSteps, at: datetime) -> Steps:
    return [(at - timedelta(hours=1), steps.recommend), (at, steps.sign_off)]


def _afterwards(firm: DemoFirm, steps: FirmSteps) -> Steps:
    """What followed the first approval."""
    if firm.course is Course.APPROVED_TWICE:
        again = apr(21, 15)
        return [
            (again - timedelta(hours=8), steps.edit),
            (again - timedelta(hours=7), steps.submit),
            *_signed(steps, again + timedelta(minutes=20)),
        ]
    if firm.course is Course.EDITING:
        return [(apr(21, 20), steps.edit)]
    if firm.approved_at == BATCHES[3]:
        return [(apr(21, 16, 30), steps.approve_withheld)]  # some buildings were screened meanwhile
    return []


def _events(firm: DemoFirm, steps: Steps) -> list[Event]:
    def event(at: datetime, step: Callable[[datetime], None]) -> Event:
        return Event(at, f"{firm.short_name} {step.__name__}", lambda: step(at))

    return [event(at, step) for at, step in steps]
