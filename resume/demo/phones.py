"""Passes on phones in the demo: one that somebody's phone carries, and one to put on the visitor's own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from cryptography.hazmat.primitives.asymmetric import ec

from resume.credential.phone import PhoneKey
from resume.demo.events import Event
from resume.demo.moments import NOW
from resume.demo.own_pages import workers_of_firm
from resume.demo.world import World
from resume.passes.lifecycle import Status
from resume.passes.models import Pass
from resume.passes.queries import find_in_force, status_of
from resume.passes.reissue import reissue
from resume.roles import PUBLIC
from resume.roster.details import open_details
from resume.roster.models import Worker
from resume.roster.own_key import own_keys, phone_link

_PUT_AT = NOW - timedelta(minutes=5)
#: The first two of C's list have stories of their own.
_FROM = 2


def phone_events(world: World) -> list[Event]:
    """One of C's workers put his pass on his phone this morning: HR sees it among the others."""
    return [Event(_PUT_AT, "手机动态证", lambda: _put(world))]


def phone_lines(world: World) -> list[str]:
    """A link to try: it puts a pass of C's on whatever phone (or browser) opens it."""
    running = world.firms.running
    on_paper = [(worker, found) for worker, found in _candidates(world) if found.medium == "paper"]
    if not on_paper:
        return []
    counted = Counter(found.building_id for _worker, found in on_paper)
    # guard-home stands where most of them live: his first scan of the phone is green.
    worker, _found = max(on_paper, key=lambda each: (counted[each[1].building_id], -each[1].building_id))
    details = open_details(worker)
    link = phone_link(own_keys([worker.id])[0])
    return [
        "",
        "手机动态证（/p）  a pass on a phone, its code changes every 30 s: link, last four of the document:",
        f"  {link}  {details.document_number[-4:]}  {details.name}　{running.short_name}",
        "  放入后原纸质证作废；guard-home 扫手机上的二维码，截图会被拒；hr-c 在“通行证”可换回纸质证",
    ]


def _put(world: World) -> None:
    for _worker, found in _candidates(world):
        # The phone is nobody's: its key is made here and forgotten.
        key = PhoneKey.of(ec.generate_private_key(ec.SECP256R1()).public_key())
        reissue(found.id, medium="phone", phone_key=key, by=PUBLIC, at=_PUT_AT)
        return


def _candidates(world: World) -> Iterator[tuple[Worker, Pass]]:
    """Those of C's list who hold a pass that is good now, in its order."""
    firm_id = world.firms.running.firm_id
    for worker in workers_of_firm(firm_id)[_FROM:]:
        found = find_in_force(worker.person_key, firm_id=firm_id, at=_PUT_AT)
        if found is not None and found.out_at is None and status_of(found, at=_PUT_AT) is Status.ACTIVE:
            yield worker, found
