"""A check by a device: the verdict alone, in what a gate may know. Nothing is logged, nobody goes through."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _

from resume.api.queries import get_gate_for
from resume.api.scopes import Caller
from resume.clock import iso
from resume.credential.number import BadNumber
from resume.credential.views import Antigen, GateView
from resume.gate.answer import PROFILE, Check, answer_for
from resume.gate.lanes import gate_view, lane_of
from resume.gate.wording import for_guard, guard_codes
from resume.refusals import NotFound


class NoSuchNumber(NotFound):
    """Nobody was ever given such a number: its check character does not fit."""

    code = "bad_number"
    message = _("没有这个编号的通行证：编号应为 12 位数字加 1 位校验符，且校验符相符")
    advice = _("请核对编号后再试")


def check_pass(
    *,
    token: str | None,
    number: str | None,
    gate_id: int | None,
    antigen: Antigen | None,
    by: Caller,
    at: datetime,
) -> dict[str, Any]:
    """The answer to a scanned token or a typed number at a gate, or at no particular one.

    Raises NotFound for a gate that is not the token's to check at, NoSuchNumber.
    """
    asked = by.gate_id if gate_id is None else gate_id
    if asked is None:
        view = GateView(PROFILE, profile=PROFILE)
    else:
        gate = get_gate_for(asked, by=by)
        view = gate_view(gate, lane_of(gate, at=at))
    try:
        checked = answer_for(
            number or token or "", gate=view, at=at, antigen=antigen, by_number=number is not None
        )
    except BadNumber:
        raise NoSuchNumber from None
    return _answer(checked, asked, at)


def _answer(checked: Check, gate_id: int | None, at: datetime) -> dict[str, Any]:
    answer = checked.answer
    codes = guard_codes(answer)
    words = {language: for_guard(answer, language=language) for language in ("zh", "en")}
    return {
        "verdict": answer.verdict.value,
        "code": codes[0],
        "reasons": [] if codes == ("OK",) else list(codes),
        "advice": answer.advice.value,
        "text": {language: f"{said.reason} {said.advice}".strip() for language, said in words.items()},
        "pass": None if answer.claims is None else answer.claims.payload.number,
        "gate": gate_id,
        "as_of": iso(at),
    }
