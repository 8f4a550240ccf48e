"""What HR of the firms that sign in is told of besides its case: a false alarm, and samples that run out."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from resume.applications.running_out import look_for_running_out
from resume.db import reading
from resume.demo.accounts import Accounts
from resume.demo.cases import DemoCase
from resume.demo.events import Event
from resume.demo.feeds import as_csv
from resume.demo.moments import apr
from resume.demo.world import World
from resume.intake.operations import take_in
from resume.notices.operations import mark_all_read
from resume.passes.models import Pass
from resume.passes.reassess import live_condition
from resume.places.models import Building
from resume.review.overdue import look_for_overdue
from resume.roles import Actor

_ALARM, _CORRECTION = apr(22, 7, 30), apr(22, 8, 20)


class Alerts:
    """A case of the morning of 22 April is booked to a building of the running firm, and soon corrected."""

    def __init__(self, world: World, accounts: Accounts, hr: Actor) -> None:
        self._world, self._accounts, self._hr = world, accounts, hr
        self._case: DemoCase | None = None

    @property
    def events(self) -> list[Event]:
        """In order: what was read by evening, alarm, correction, samples that run out, late cases."""
        firms = self._world.firms
        evening = apr(21, 18)
        return [
            Event(evening, "通知已读", lambda: mark_all_read(until=evening, by=self._hr, at=evening)),
            Event(_ALARM, "误报病例", lambda: self._alarm(_ALARM)),
            Event(_CORRECTION, "更正病例", lambda: self._correct(_CORRECTION)),
            *(
                Event(
                    apr(22, 8, 40),
                    "核酸到期",
                    lambda firm=firm: _look(firm.firm_id, apr(22, 8, 40)),  # type: ignore[misc]
                )
                for firm in (firms.waiting, firms.running)
            ),
            Event(apr(22, 8, 45), "超过时限", lambda: look_for_overdue(at=apr(22, 8, 45))),
        ]

    def _alarm(self, at: datetime) -> None:
        place_code = self._home_of_a_few(at)
        place = next((one for one in self._world.city.places if one.place_code == place_code), None)
        if place is not None:
            self._case = DemoCase("YX-DEMO-0", "asymptomatic", place, "", at.replace(minute=5), None)
            self._feed(self._case, at)

    def _correct(self, at: datetime) -> None:
        if self._case is not None:
            name = self._case.case_id
            self._feed(replace(self._case, case_id=f"{name}-G", excluded="corrected", supersedes=name), at)

    def _feed(self, case: DemoCase, at: datetime) -> None:
        content, by = as_csv([case.line(is_transferred=False)]), self._accounts.steward
        take_in("cases", content, f"cases-{at:%m%d-%H%M}.csv", by=by, at=at)

    def _home_of_a_few(self, at: datetime) -> str | None:
        """The building of the fewest live passes of the firm, if possible two or more; never the busiest."""
        mine = (Pass.firm_id == self._world.firms.running.firm_id, live_condition(at))
        query = select(Building.place_code).join(Pass, Pass.building_id == Building.id)
        counted = Counter(reading().scalars(query.where(*mine, Pass.is_suspended.is_(False))))
        if len(counted) < 2:
            return None
        counted.pop(max(counted, key=lambda code: (counted[code], code)))
        return min(counted, key=lambda code: (counted[code] < 2, counted[code], code))


def _look(firm_id: int, at: datetime) -> int:
    return look_for_running_out(firm_id=firm_id, at=at)
