"""The feeds of formats.md: what comes in, one file each."""

from __future__ import annotations

from resume.intake.feeds.cases import CASES
from resume.intake.feeds.codes import CODES
from resume.intake.feeds.contacts import CONTACTS
from resume.intake.feeds.discharges import DISCHARGES
from resume.intake.feeds.feed import Feed
from resume.intake.feeds.places import PLACES
from resume.intake.feeds.reviews import REVIEWS
from resume.intake.feeds.screenings import SCREENINGS
from resume.intake.feeds.tests import TESTS
from resume.intake.feeds.zones import ZONES

FEEDS: dict[str, Feed] = {
    feed.name: feed
    for feed in (PLACES, TESTS, CASES, REVIEWS, SCREENINGS, ZONES, CODES, CONTACTS, DISCHARGES)
}

__all__ = ["FEEDS", "Feed"]
