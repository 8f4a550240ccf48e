"""Doors of firms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _

from resume import audit
from resume.db import joined, transaction
from resume.firms.models import Firm
from resume.firms.queries import find_by_credit_code
from resume.refusals import Conflict
from resume.roles import Actor


class FirmExists(Conflict):
    """A firm with this credit code is registered already."""

    code = "firm_exists"
    message = _("这个统一社会信用代码已经登记")
    advice = _("请在企业列表中查找该企业")


@dataclass(frozen=True, slots=True)
class NewFirm:
    """A firm as registered; `credit_code` has passed its check digit."""

    credit_code: str
    name: str
    short_name: str
    district_code: str


def register_firm(new: NewFirm, *, by: Actor, at: datetime) -> Firm:
    """Register a firm. Raises FirmExists."""
    with transaction():
        return add_firm(new, by=by, at=at)


def add_firm(new: NewFirm, *, by: Actor, at: datetime) -> Firm:
    """As `register_firm`, as a step."""
    if find_by_credit_code(new.credit_code) is not None:
        raise FirmExists
    firm = Firm(
        credit_code=new.credit_code,
        name=new.name,
        short_name=new.short_name,
        district_code=new.district_code,
        created_at=at,
    )
    joined().add(firm)
    joined().flush()
    audit.record("firm.registered", f"firm:{firm.id}", by=by, at=at, credit_code=firm.credit_code)
    return firm
