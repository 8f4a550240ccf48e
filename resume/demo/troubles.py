"""What went wrong on the way: two plans suspended, passes revoked, some suspended ones released again, and a
case that seems to be booked to the wrong building."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from resume.applications.models import Application
from resume.corrections.kinds import MoveCase
from resume.corrections.operations import propose
from resume.db import reading
from resume.demo.accounts import Accounts
from resume.demo.events import Event
from resume.demo.firms import Course, DemoFirm
from resume.demo.moments import apr
from resume.demo.world import World
from resume.evidence.models import CaseRecord
from resume.passes.models import Pass
from resume.passes.operations import release, revoke
from resume.passes.reassess import live_condition
from resume.places.models import Building
from resume.review.standing import suspend_plan
from resume.roles import Actor

_REVOKED = 6


def trouble_events(world: World, accounts: Accounts) -> list[Event]:
    """Suspensions of plans on 21 April; revocations and releases before."""
    firms = world.firms
    suspended = [_suspension(firm, accounts) for firm in firms.others if firm.course is Course.SUSPENDED]
    signer = accounts.signers[firms.crowd.district_code]
    reviewer = accounts.reviewers[firms.crowd.district_code]
    return [
        *suspended,
        Event(apr(20, 15), "吊销", lambda: _revoke_some(firms.crowd, by=signer, at=apr(20, 15))),
        Event(apr(21, 16), "解除暂停", lambda: _release_all(firms.crowd, by=reviewer, at=apr(21, 16))),
        Event(apr(22, 8, 50), "提出更正", lambda: _propose_move(by=accounts.steward, at=apr(22, 8, 50))),
    ]


def _suspension(firm: DemoFirm, accounts: Accounts) -> Event:
    at = apr(21, 17)
    return Event(at, f"{firm.short_name} 停工", lambda: _suspend_plan(firm, accounts, at))


def _suspend_plan(firm: DemoFirm, accounts: Accounts, at: datetime) -> None:
    by = accounts.signers[firm.district_code]
    suspend_plan(firm.firm_id, reason="厂区内发现阳性，停工处置", by=by, at=at)


def _revoke_some(firm: DemoFirm, *, by: Actor, at: datetime) -> None:
    """Workers who left the firm the day their pass was issued."""
    query = select(Pass.id).where(live_condition(at), Pass.firm_id == firm.firm_id, Pass.out_at.is_(None))
    for pass_id in reading().scalars(query.order_by(Pass.number).limit(_REVOKED)).all():
        revoke(pass_id, reason="员工离职", by=by, at=at)


def _release_all(firm: DemoFirm, *, by: Actor, at: datetime) -> None:
    """Whoever of the district's suspended waits for a reviewer and is eligible again holds a pass again."""
    query = (
        select(Pass.id)
        .join(Application, Application.id == Pass.application_id)
        .where(live_condition(at), Pass.is_suspended.is_(True))
        .where(Application.district_code == firm.district_code)
    )
    ids = reading().scalars(query.order_by(Pass.number).limit(400)).all()
    if ids:
        release(ids, by=by, at=at)


def _propose_move(*, by: Actor, at: datetime) -> None:
    """The newest case is to move next door; a second steward has to confirm it."""
    counting = select(CaseRecord).where(CaseRecord.replaced_at.is_(None), CaseRecord.excluded.is_(None))
    case = reading().scalars(counting.order_by(CaseRecord.reported_at.desc(), CaseRecord.id)).first()
    if case is None:
        return
    home = reading().get_one(Building, case.building_id)
    beside = select(Building.id).where(Building.compound_id == home.compound_id, Building.id != home.id)
    neighbour = reading().scalars(beside.order_by(Building.id)).first()
    if neighbour is not None:
        propose(MoveCase(case.id, neighbour), reference="流调补充报告（演示）第 7 号", by=by, at=at)
