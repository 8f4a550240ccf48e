"""Firms that have registered themselves: some wait in the story's district, one of them is known already.

And an invitation of a colleague that nobody has accepted yet, of the firm that waits for review.
"""

from __future__ import annotations

from datetime import datetime

from resume.accounts.operations.invitations import NewInvitation, invite
from resume.clock import real_now
from resume.demo.accounts import MAIL_DOMAIN
from resume.demo.city import STORY_DISTRICT
from resume.demo.events import Event
from resume.demo.firms import DemoFirm, credit_code
from resume.demo.moments import apr
from resume.firms.operations import NewFirm
from resume.registrations.details import Contact
from resume.registrations.operations import NewRegistration, content_key, refuse, sign_up
from resume.registrations.queries import find_waiting_same
from resume.roles import Actor, Role

#: Serial numbers of invented credit codes that no firm of the city has.
_FIRST_SERIAL = 901
_REASON = "名称与营业执照不一致：请按执照上的全称填写后重新提交。"


def registration_events(known: DemoFirm, *, by: Actor) -> list[Event]:
    """Three registrations wait, one of them of the firm `known`; one was refused by the reviewer `by`."""
    refused = _new(_FIRST_SERIAL, "海沧阀门", "李演示", "16900001234")
    twice = NewFirm(known.credit_code, known.name, known.short_name, STORY_DISTRICT)
    return [
        _received(refused, apr(20, 10)),
        Event(apr(20, 15), "registration refused", lambda: _refuse(refused, by=by, at=apr(20, 15))),
        _received(_new(_FIRST_SERIAL + 1, "云帆精密", "周演示", "16900001235"), apr(21, 13, 20)),
        _received(_new(_FIRST_SERIAL + 2, "澄湖包装", "吴演示", "16900001236"), apr(22, 8, 5)),
        _received(
            NewRegistration(twice, _contact("twice", "郑演示", "16900001237"), "zh_Hans"), apr(22, 8, 40)
        ),
    ]


def invitation_event(hr: Actor) -> Event:
    """HR has invited a colleague."""
    new = NewInvitation(Role.HR, f"colleague@{MAIL_DOMAIN}", firm_id=hr.firm_id)
    at = apr(22, 8, 50)
    return Event(at, "colleague invited", lambda: invite(new, by=hr, at=at, real_at=real_now()))


def _new(serial: int, name: str, contact: str, phone: str) -> NewRegistration:
    firm = NewFirm(credit_code(serial), f"{name}（演示）有限公司", name, STORY_DISTRICT)
    return NewRegistration(firm, _contact(f"hr-{serial}", contact, phone), "zh_Hans")


def _contact(mailbox: str, name: str, phone: str) -> Contact:
    return Contact(name, phone, f"{mailbox}@{MAIL_DOMAIN}")


def _received(new: NewRegistration, at: datetime) -> Event:
    name = f"{new.firm.short_name} registers itself"
    return Event(at, name, lambda: sign_up(new, address="demo", at=at, real_at=real_now()))


def _refuse(new: NewRegistration, *, by: Actor, at: datetime) -> None:
    found = find_waiting_same(content_key(new))
    assert found is not None
    refuse(found.id, _REASON, by=by, at=at, real_at=real_now())
