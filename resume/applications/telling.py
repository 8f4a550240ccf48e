"""What is told of a case, as steps of the doors that move it: to the firm's HR, to its district."""

from __future__ import annotations

from datetime import datetime

from resume.applications.models import Application
from resume.firms.queries import get_firm
from resume.notices.telling import tell_district, tell_firm
from resume.roles import Role


def tell_hr(kind: str, case: Application, *, key: str = "", at: datetime, **values: object) -> int:
    """A step: tell the firm's HR of its case. `key` "": once a step of the case."""
    return tell_firm(
        kind,
        case.firm_id,
        key=key or f"{case.id}:{case.revision}",
        reference=reference_to(case),
        link=f"/case/{case.id}",
        at=at,
        **values,
    )


def tell_reviewers(
    kind: str, case: Application, *, role: Role, key: str = "", at: datetime, **values: object
) -> int:
    """A step: tell those of the case's district who have this role. `key` "": once a step of the case."""
    return tell_district(
        kind,
        case.district_code,
        role=role,
        firm_id=case.firm_id,
        key=key or f"{case.id}:{case.revision}",
        reference=reference_to(case),
        link=f"/review/{case.id}",
        at=at,
        firm=get_firm(case.firm_id).short_name,
        workers=case.worker_count,
        **values,
    )


def reference_to(case: Application) -> str:
    """A case as the audit names it."""
    return f"application:{case.id}"
