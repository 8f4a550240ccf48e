"""Loading the demo: an empty home lives through the fortnight; its clock is set to 22 April 2022, 09:00."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _
from sqlalchemy import delete, select

from resume import audit
from resume.accounts.models import Account
from resume.db import in_chunks, joined, reading, transaction
from resume.demo.accounts import Accounts
from resume.demo.city import STORY_DISTRICT
from resume.demo.courses import FirmSteps, course_events, register
from resume.demo.events import Event, live_through
from resume.demo.evidence import feed_events, take_places
from resume.demo.gates import register_city_exit, register_compound_gates
from resume.demo.keys import key_events, let_keys_begin
from resume.demo.moments import BEGIN, NOW
from resume.demo.own_pages import objection_events, own_page_lines
from resume.demo.phones import phone_events, phone_lines
from resume.demo.registrations import registration_events
from resume.demo.scans import scan_events
from resume.demo.sizes import Sizes
from resume.demo.story import Story
from resume.demo.troubles import trouble_events
from resume.demo.world import World, imagine
from resume.evidence.models import Intake
from resume.firms.models import Firm
from resume.home import make_home, settle_home
from resume.home_clock import set_clock
from resume.jobs import Job
from resume.passes.issue import SHEET_JOB
from resume.people.models import Person
from resume.places.models import Compound
from resume.refusals import Conflict
from resume.roles import CLI
from resume.settings import Settings

SIGN_INS = "demo-sign-ins.txt"
QUIET_SECONDS = 2.0
Progress = Callable[[str], None]


class HomeInUse(Conflict):
    """The home holds data already; the demo city is loaded into an empty one only."""

    code = "home_in_use"
    message = _("这里已有数据，没有载入演示城市")
    advice = _("请换一个空的 RESUME_HOME（和空的数据库）后再执行 resume demo")


def on_standard_error(line: str) -> None:
    """Where progress goes unless the caller says otherwise: what is printed stays the sign-ins alone."""
    print(line, file=sys.stderr, flush=True)


def load_demo(scale: float = 1.0, *, progress: Progress = on_standard_error) -> Iterator[str]:
    """Load the invented city at `scale` into the running application's home; the lines to print.

    A home that is not made yet is made. `progress` is told every two seconds or so how far it is.
    Raises HomeInUse, also for a home whose loading was interrupted.
    """
    settle_home(make_home(), at=BEGIN)
    _refuse_used_home()
    let_keys_begin()
    world = imagine(Sizes.scaled(scale))
    accounts = Accounts()
    accounts.open_city()
    take_places(world, by=accounts.steward)
    register_compound_gates(by=accounts.administrator, at=BEGIN)
    register_city_exit(by=accounts.administrator, at=BEGIN)
    for firm in world.firms.all:
        register(firm, at=BEGIN)
    story = Story(world, accounts)
    _live(_events(world, accounts, story), progress)
    story.finish(_settings().home / "demo")
    _close(story)
    yield from _keep_sign_ins([*accounts.lines, *story.lines, *own_page_lines(world), *phone_lines(world)])


def _refuse_used_home() -> None:
    for model in (Compound, Firm, Person, Account, Intake):
        if reading().scalars(select(model).limit(1)).first() is not None:
            raise HomeInUse


def _events(world: World, accounts: Accounts, story: Story) -> list[Event]:
    """Everything that happened; of two things at one moment the earlier one here comes first."""
    events = feed_events(world, by=accounts.steward)
    events += story.events
    for firm in (world.firms.crowd, *world.firms.others):
        events += course_events(firm, FirmSteps(firm, accounts))
    events += registration_events(world.firms.running, by=accounts.reviewers[STORY_DISTRICT])
    events += trouble_events(world, accounts) + objection_events(world, accounts) + phone_events(world)
    events += key_events(accounts)
    return events + scan_events(world)


def _live(events: Sequence[Event], progress: Progress) -> None:
    told_at = monotonic()
    with _collector_resting():
        for done, event in enumerate(live_through(events), 1):
            if monotonic() - told_at >= QUIET_SECONDS:
                progress(f"{event.at:%m-%d %H:%M}  {event.name}  ({done}/{len(events)})")
                told_at = monotonic()


@contextmanager
def _collector_resting() -> Iterator[None]:
    """Millions of small rows and hardly a cycle among them: looking for one costs a tenth of the load."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _close(story: Story) -> None:
    """Set the clock. Sheets are made when they are asked for; those of the story's passes by the worker."""
    kept = {str(pass_id) for pass_id in story.passes_to_print()}
    with transaction() as session:
        waiting = select(Job.key).where(Job.kind == SHEET_JOB, Job.state == "open")
        dropped = [key for key in session.scalars(waiting) if key not in kept]
        _drop_jobs(dropped)
        set_clock(session, start=NOW)
        audit.record("demo.loaded", "home", by=CLI, at=NOW, sheets_on_demand=len(dropped))
    clock: Any = current_app.extensions["resume-clock"]
    clock.forget()


def _drop_jobs(keys: Iterable[str]) -> None:
    for chunk in in_chunks(sorted(keys)):
        joined().execute(delete(Job).where(Job.kind == SHEET_JOB, Job.key.in_(chunk)))


def _keep_sign_ins(lines: Sequence[str]) -> Sequence[str]:
    """Written last: where the file is, the load was whole."""
    path = _settings().home / SIGN_INS
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    return lines


def _settings() -> Settings:
    settings: Settings = current_app.config["RESUME_SETTINGS"]
    return settings
