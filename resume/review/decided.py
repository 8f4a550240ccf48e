"""One past decision as a reviewer reads it: what was known, what followed from it, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import lazy_gettext as _

from resume.applications.inputs import open_inputs, said_by
from resume.applications.models import Application, Batch, Decision
from resume.applications.replay import verdict_again
from resume.db import reading
from resume.evidence.models import Intake
from resume.policy import Building, Case, Facts, Finding, Review, Test, Verdict
from resume.refusals import NotFound, Text
from resume.roster.details import WorkerDetails, open_details
from resume.roster.models import Worker

_METHODS = {"single": _("单管核酸"), "mixed": _("混管核酸"), None: _("抗原")}
_RESULTS = {
    "negative": _("阴性"),
    "positive": _("阳性"),
    "pending_review": _("待复核"),
    "invalid": _("无效"),
    None: _("未出结果"),
}
_SOURCES = {"cdc": _("疾控"), "lab": _("检测机构"), "self": _("自测")}
_COLOURS = {"green": _("绿码"), "yellow": _("黄码"), "red": _("红码")}
_CONTACTS = {"close": _("密接"), "secondary": _("次密接")}
_UNDER_REVIEW = {
    "self": _("本人待复核"),
    "co_resident": _("同住人员待复核"),
    "building": _("楼内有人待复核"),
}
_EXCLUDED = {
    "re_positive": _("复阳，不计入"),
    "found_in_isolation": _("隔离点发现，不计入"),
    "corrected": _("已更正，不计入"),
}
_ZONES = {"sealed": _("封控区"), "controlled": _("管控区"), "precaution": _("防范区")}


@dataclass(frozen=True, slots=True)
class Line:
    """One record of what was known: its words, its own times by name, and the ledger's name for it."""

    text: Text
    moments: Sequence[tuple[Text, datetime]]
    ref: str | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision with what it was made from. `verdict`: judged again, which gives the findings their words.

    `is_same`: whether that is what was stored. `intake`: the last feed it was judged with, or None.
    """

    decision: Decision
    batch: Batch
    worker: Worker
    person: WorkerDetails
    known: Sequence[Line]
    verdict: Verdict
    is_same: bool
    intake: Intake | None

    @property
    def findings(self) -> list[Finding]:
        """What is in the way first."""
        return sorted(self.verdict.findings, key=lambda finding: finding.outcome == "met")


def get_decided(decision_id: UUID, *, application: Application) -> Decided:
    """One decision of the case, or NotFound. Raises Unsealable where its inputs were tampered with."""
    decision = reading().get(Decision, decision_id)
    if decision is None:
        raise NotFound
    batch = reading().get_one(Batch, decision.batch_id)
    if batch.application_id != application.id:
        raise NotFound
    worker = reading().get_one(Worker, decision.worker_id)
    inputs = open_inputs(decision.id, decision.sealed)
    verdict = verdict_again(inputs, batch)
    return Decided(
        decision,
        batch,
        worker,
        open_details(worker),
        tuple(lines_of(inputs.facts)),
        verdict,
        said_by(verdict) == inputs.said,
        None if batch.intake_id is None else reading().get(Intake, batch.intake_id),
    )


def lines_of(facts: Facts) -> Iterator[Line]:
    """The facts in the order of the rules: building, reviews, tests, discharge, code, contact, zone."""
    yield _building(facts.building)
    yield from map(_case, facts.building.cases)
    yield from map(_review, facts.reviews)
    yield from map(_test, facts.tests)
    if facts.discharged_at is not None:
        yield Line(_("本人已出院或解除隔离"), _when((_("时间"), facts.discharged_at)))
    if facts.code is not None:
        colour = _COLOURS[facts.code.colour]
        changed = _when((_("赋码"), facts.code.changed_at))
        yield Line(_("随申码：%(colour)s", colour=colour), changed, facts.code.ref)
    if facts.contact is not None:
        yield Line(_("本人是%(kind)s", kind=_CONTACTS[facts.contact]), (), facts.contact_ref)
    if facts.zone is not None:
        yield Line(_("所在区域：%(level)s", level=_ZONES[facts.zone]), ())


def _building(building: Building) -> Line:
    text = _("所住楼栋有完整筛查") if building.known else _("查不到所住楼栋的完整筛查")
    return Line(text, _when((_("有效至"), building.known_until)), building.ref)


def _case(case: Case) -> Line:
    moments = _when(
        (_("报告"), case.reported_at),
        (_("转运"), case.transferred_at),
        (_("终末消毒"), case.disinfected_at),
    )
    if case.excluded is None:
        return Line(_("楼内阳性"), moments, case.ref)
    return Line(_("楼内阳性（%(why)s）", why=_EXCLUDED[case.excluded]), moments, case.ref)


def _review(review: Review) -> Line:
    moments = _when((_("开始"), review.opened_at), (_("结束"), review.cleared_at))
    return Line(_UNDER_REVIEW[review.of], moments, review.ref)


def _test(test: Test) -> Line:
    text = _(
        "%(kind)s：%(result)s（%(source)s）",
        kind=_METHODS[test.method],
        result=_RESULTS[test.result],
        source=_SOURCES[test.source],
    )
    return Line(text, _when((_("采样"), test.sampled_at), (_("报告"), test.reported_at)), test.ref)


def _when(*moments: tuple[Text, datetime | None]) -> Sequence[tuple[Text, datetime]]:
    return tuple((name, moment) for name, moment in moments if moment is not None)
