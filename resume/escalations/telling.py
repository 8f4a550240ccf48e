"""Who is told: the street's desk at once, the firm's HR, the district's reviewers when nobody answered.

No worker and no reason of health is in a notice: the page it leads to shows a masked name.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from resume.clock import iso
from resume.db import joined
from resume.escalations.lifecycle import Outcome, told_to_firm
from resume.escalations.models import Escalation, ExitNotice
from resume.firms.models import Firm
from resume.notices.telling import News, settle, tell, tell_firm
from resume.passes.press import HOTLINE
from resume.places.models import Compound, Gate
from resume.policy import policy_at
from resume.roles import Role
from resume.sets import within

#: What waits for an answer, and is read once there is one.
_WAITING = ("gate_refusal", "refusal_overdue")
EXIT_JOB = "medical-exit"


def tell_refusals(cases: Sequence[Escalation], gates: Mapping[int, Gate], *, at: datetime) -> None:
    """A step: the desk has to answer, the firm has to know. A fixed number of statements."""
    names = _firm_names({case.firm_id for case in cases})
    news = []
    for case in cases:
        gate, due = gates[case.gate_id].name, iso(case.due_at)
        news.append(_to_desk(case, "gate_refusal", gate=gate, firm=names[case.firm_id], due=due))
        values = {
            "gate": gate,
            "at": iso(case.refused_at),
            "due": due,
            "reason": told_to_firm(case.reason),
            "hotline": HOTLINE,
        }
        news.append(News("pass_refused", _key(case), case.subject, _link(case), values, case.firm_id))
    tell(news, at=at)


def tell_answer(case: Escalation, *, at: datetime) -> None:
    """A step: the firm learns the answer; what waited for it waits no more."""
    settle(case.subject, _WAITING, at=at)
    gate = joined().get_one(Gate, case.gate_id)
    tell_firm(
        "refusal_answered",
        case.firm_id,
        key=_key(case),
        reference=case.subject,
        link=_link(case),
        at=at,
        gate=gate.name,
        outcome=Outcome(case.outcome).value,
    )


def tell_overdue(*, at: datetime) -> int:
    """A step: each open case whose time is up is told once to the district, and to its desk again.

    Returns how many cases. A fixed number of statements.
    """
    query = (
        select(Escalation, Gate.name, Firm.short_name)
        .join(Gate, Gate.id == Escalation.gate_id)
        .join(Firm, Firm.id == Escalation.firm_id)
        .where(Escalation.outcome == "", Escalation.due_at <= at, Escalation.told_at.is_(None))
        .order_by(Escalation.due_at, Escalation.nonce)
    )
    rows = [(case, gate, firm) for case, gate, firm in joined().execute(query)]
    minutes = policy_at(at).duties.refusal_minutes.value if rows else 0
    news = []
    for case, gate, firm in rows:
        case.told_at = at
        values = {"gate": gate, "firm": firm, "minutes": minutes}
        news.append(_to_desk(case, "refusal_overdue", **values))
        args = (_key(case), case.subject, _link(case), values, case.firm_id, case.district_code)
        news.append(News("refusal_overdue", *args, Role.REVIEWER))
    tell(news, at=at)
    return len(rows)


def tell_exit(exit_id: UUID, *, at: datetime) -> None:
    """A step: the desk learns which compound somebody left for care, unless its committee knows."""
    query = (
        select(ExitNotice, Gate, Compound)
        .join(Gate, Gate.id == ExitNotice.gate_id)
        .outerjoin(Compound, Compound.id == Gate.compound_id)
        .where(ExitNotice.exit_id == exit_id, ExitNotice.acknowledged_at.is_(None))
    )
    row = joined().execute(query).first()
    if row is None:
        return
    one, gate, compound = row
    values = {
        "gate": gate.name,
        "compound": compound.name if compound else gate.name,
        "committee": compound.committee_code if compound else "—",
        "at": iso(one.at),
    }
    place = (one.district_code, Role.STREET, one.street)
    args = (str(exit_id), f"exit:{exit_id}", "/medical-exits", values)
    tell([News("medical_exit", *args, None, *place)], at=at)


def settle_exit(one: ExitNotice, *, at: datetime) -> None:
    """A step: somebody has informed the committee."""
    settle(f"exit:{one.exit_id}", ("medical_exit",), at=at)


def _to_desk(case: Escalation, kind: str, **values: object) -> News:
    place = (case.district_code, Role.STREET, case.street)
    return News(kind, _key(case), case.subject, _link(case), values, case.firm_id, *place)


def _key(case: Escalation) -> str:
    return str(case.nonce)


def _link(case: Escalation) -> str:
    return f"/refusals/{case.nonce}"


def _firm_names(ids: Collection[int]) -> dict[int, str]:
    query = select(Firm.id, Firm.short_name).where(within(Firm.id, ids))
    return dict(joined().execute(query).all())
