"""Which data are stored of a worker, from whom, and until when: counted, never copied. One query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import Select, func, literal, select, union_all

from resume.applications.models import Decision
from resume.db import reading
from resume.evidence.models import CodeRecord, ContactRecord, DischargeRecord, ReviewRecord, TestRecord
from resume.gate.models import Scan
from resume.objections.models import Objection
from resume.passes.models import Pass
from resume.policy import Parameter, policy_at
from resume.refusals import Text
from resume.roster.models import Worker
from resume.roster.queries import rows_of_person

#: What each kind of record is, and from whom it comes.
KINDS: dict[str, tuple[Text, Text]] = {
    "list": (_("名单内容：姓名、证件、手机、住址、岗位"), _("您的单位")),
    "tests": (_("核酸和抗原：采样时间、结果、机构"), _("检测机构和疾控部门")),
    "codes": (_("随申码的颜色和变化时间"), _("随申码数据")),
    "contacts": (_("密接、次密接的认定"), _("疾控部门")),
    "discharges": (_("出院或解除隔离"), _("疾控部门")),
    "reviews": (_("本人结果的复核"), _("疾控部门")),
    "decisions": (_("每次审批的结论和当时的依据（加密）"), _("本系统")),
    "passes": (_("通行证和纸证"), _("本系统")),
    "scans": (_("门岗查验的时间、门岗和结果"), _("门岗")),
    "objections": (_("您的异议和答复（加密）"), _("您本人和审核人员")),
}


@dataclass(frozen=True, slots=True)
class Held:
    """One kind of data. `count` and `newest_at` None: not told, for the page was opened without the code."""

    kind: str
    what: Text
    whence: Text
    days: Parameter[int]
    count: int | None
    newest_at: datetime | None

    @property
    def until(self) -> datetime | None:
        """The first moment at which it may have to go, if it is not used again."""
        return None if self.newest_at is None else self.newest_at + timedelta(days=self.days.value)


def list_held(worker: Worker, *, firm_id: int, at: datetime, is_told: bool) -> list[Held]:
    """Every kind, in order; counted only for the person himself: that somebody is in `contacts` is health."""
    found = _counted(worker, firm_id) if is_told else {}
    duties = policy_at(at).duties
    days = dict.fromkeys(KINDS, duties.pass_days) | dict.fromkeys(
        ("tests", "codes", "contacts", "discharges", "reviews"), duties.tests_days
    )
    days["scans"] = duties.scans_days
    return [
        Held(kind, what, whence, days[kind], *(found.get(kind, (0, None)) if is_told else (None, None)))
        for kind, (what, whence) in KINDS.items()
    ]


def _counted(worker: Worker, firm_id: int) -> dict[str, tuple[int, datetime | None]]:
    person, number = worker.person_key, worker.number_key
    passes = (Pass.person_key == person, Pass.firm_id == firm_id)
    his_rows = rows_of_person(person, firm_id=firm_id)
    his_passes = select(Pass.id).where(*passes)
    parts: Sequence[Select[Any]] = (
        _part("tests", TestRecord.sampled_at, TestRecord.person_key == person),
        _part("codes", CodeRecord.changed_at, CodeRecord.person_key == person),
        _part("contacts", ContactRecord.since, ContactRecord.person_key == person),
        _part("discharges", DischargeRecord.discharged_at, DischargeRecord.person_key == person),
        _part("reviews", ReviewRecord.opened_at, ReviewRecord.number_key == number),
        _part("decisions", Decision.at, Decision.worker_id.in_(his_rows)),
        _part("passes", Pass.expires_at, *passes),
        _part("scans", Scan.at, Scan.pass_id.in_(his_passes) | (Scan.person_key == person)),
        _part(
            "objections", Objection.opened_at, Objection.person_key == person, Objection.firm_id == firm_id
        ),
    )
    rows = reading().execute(union_all(*parts)).all()
    return {"list": (1, None)} | {kind: (count, newest) for kind, count, newest in rows}


def _part(kind: str, moment: Any, *conditions: Any) -> Select[Any]:
    counted = (literal(kind).label("kind"), func.count().label("count"), func.max(moment).label("newest"))
    return select(*counted).select_from(moment.class_).where(*conditions)
