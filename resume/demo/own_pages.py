"""Workers' own pages in the demo: two keys to try, one objection that waits and one that was answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from resume.db import reading
from resume.demo.accounts import Accounts
from resume.demo.events import Event
from resume.demo.moments import NOW, apr
from resume.demo.world import World
from resume.objections.lifecycle import Category, Key, Outcome
from resume.objections.operations import answer, raise_objection
from resume.policy import for_hr
from resume.roles import PUBLIC
from resume.roster.details import open_details
from resume.roster.eligibility import verdicts_of
from resume.roster.models import Claim, Worker
from resume.roster.own_key import own_keys, own_link

ANSWERED_AT, WAITS_SINCE = apr(21, 15, 40), NOW - timedelta(minutes=20)
_LOOKED_AT = 2_000


def objection_events(world: World, accounts: Accounts) -> list[Event]:
    """One of C's workers asked on the day of his pass and was answered; one of A's asked this morning."""
    return [
        Event(ANSWERED_AT, "异议与答复", lambda: _answered(world, accounts)),
        Event(WAITS_SINCE, "异议", lambda: _waiting(world)),
    ]


def own_page_lines(world: World) -> list[str]:
    """Links with the last four: of somebody with a pass, and of somebody whose reason HR does not see."""
    running, waiting = world.firms.running, world.firms.waiting
    chosen = [
        (running.short_name, "有通行证", workers_of_firm(running.firm_id)[0]),
        (waiting.short_name, "健康原因，本单位看不到", _with_a_hidden_reason(waiting.firm_id, NOW)),
    ]
    keys = own_keys([worker.id for _firm, _why, worker in chosen])
    lines = ["", "员工本人查询（/w）  a worker's own page: link, last four of the document:"]
    for (firm, why, worker), key in zip(chosen, keys, strict=True):
        details = open_details(worker)
        lines.append(f"  {own_link(key)}  {details.document_number[-4:]}  {details.name}　{firm}（{why}）")
    return [*lines, "  第一次打开时自设查看密码，之后才显示健康方面的原因；reviewer 在“异议”答复"]


def _answered(world: World, accounts: Accounts) -> None:
    firm = world.firms.running
    worker = workers_of_firm(firm.firm_id)[1]
    text = "居委会说 4 月 19 日的阳性在 3 号楼，我不住 3 号楼，请核对。"
    objection = raise_objection(
        worker, Category.BUILDING, text, "", firm_id=firm.firm_id, key=Key.OWN, by=PUBLIC, at=ANSWERED_AT
    )
    reply = "已核对：您登记的楼栋没有阳性记录，通行证不受影响。3 号楼的记录归属正确，不涉及您。"
    reviewer = accounts.reviewers[firm.district_code]
    answer(objection.id, Outcome.PARTLY, reply, by=reviewer, at=ANSWERED_AT + timedelta(hours=1))


def _waiting(world: World) -> None:
    firm = world.firms.waiting
    worker = _with_a_hidden_reason(firm.firm_id, WAITS_SINCE)
    text = "昨天已经重新采样，结果是阴性，这里还没有变。请核对，我不想耽误上班。"
    raise_objection(
        worker,
        Category.EVIDENCE,
        text,
        "169 0000 0001",
        firm_id=firm.firm_id,
        key=Key.OWN,
        by=PUBLIC,
        at=WAITS_SINCE,
    )


def workers_of_firm(firm_id: int) -> Sequence[Worker]:
    """Those on its submitted list, in its order."""
    is_his = (Claim.list_id == Worker.list_id) & (Claim.person_key == Worker.person_key)
    query = select(Worker).join(Claim, is_his).where(Claim.firm_id == firm_id)
    return reading().scalars(query.order_by(Worker.row).limit(_LOOKED_AT)).all()


def _with_a_hidden_reason(firm_id: int, at: datetime) -> Worker:
    """The first of whom HR learns only that health evidence is in the way; where nobody is, the first."""
    workers = workers_of_firm(firm_id)
    for worker, verdict in zip(workers, verdicts_of(workers, at=at, plan=None), strict=True):
        if any(finding.code == "HEALTH" for finding in for_hr(verdict.findings)):
            return worker
    return workers[0]
