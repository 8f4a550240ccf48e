"""A case as a line of steps with dates, and whose turn it is. Pure but for the words."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict

from flask_babel import gettext as _

from resume.applications.lifecycle import State
from resume.applications.queries import CaseView
from resume.refusals import Text


class Step(TypedDict):
    """One step of the line, as the macro `steps` writes it: done, current, next or stopped."""

    text: Text
    at: datetime | None
    state: str
    note: Text


#: How many steps lie behind a case in each state.
_DONE = {
    State.DRAFT: 0,
    State.RETURNED: 0,
    State.SUBMITTED: 2,
    State.RECOMMENDED: 3,
    State.APPROVED: 4,
    State.REFUSED: 2,
}


def progress(case: CaseView, *, issued_at: datetime | None = None) -> list[Step]:
    """草稿 → 已提交 → 区级审核 → 签发 → 发证, with the date of each step that lies behind."""
    application = case.application
    done = 5 if issued_at is not None and case.state is State.APPROVED else _DONE[case.state]
    dated: list[tuple[Text, datetime | None]] = [
        (_("草稿"), application.created_at if application else None),
        (_("已提交"), application.submitted_at if application else None),
        (_("区级审核"), application.recommended_at if application else None),
        (_("签发"), application.decided_at if application else None),
        (_("发证"), issued_at),
    ]
    return [_step(number, done, text, at, case.state) for number, (text, at) in enumerate(dated)]


def whose_turn(state: State) -> str:
    """Who has to do the next thing, in one sentence."""
    turns: dict[State, str] = {
        State.DRAFT: _("轮到本企业：填写方案、上传花名册后提交"),
        State.SUBMITTED: _("轮到区级审核员"),
        State.RECOMMENDED: _("轮到签发人"),
        State.APPROVED: _("已批准，按批次发证"),
        State.RETURNED: _("轮到本企业：按退回理由修改后重新提交"),
        State.REFUSED: _("已结束；修改方案或花名册即开始新的申请"),
    }
    return turns[state]


def _step(number: int, done: int, text: Text, at: datetime | None, state: State) -> Step:
    if number < done:
        return Step(text=text, at=at, state="done", note="")
    if number > done:
        return Step(text=text, at=None, state="next", note="")
    word = "stopped" if state in (State.RETURNED, State.REFUSED) else "current"
    note = {State.RETURNED: _("已退回"), State.REFUSED: _("不予批准")}.get(state, "")
    return Step(text=text, at=None, state=word, note=note)
