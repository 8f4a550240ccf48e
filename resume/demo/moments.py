"""When things happened in the fortnight before 22 April 2022, 09:00."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from resume.clock import SHANGHAI


def apr(day: int, hour: int = 0, minute: int = 0) -> datetime:
    """A moment of April 2022 in Shanghai."""
    return datetime(2022, 4, day, hour, minute, tzinfo=SHANGHAI)


#: The demo home's clock stands here when it is loaded.
NOW = apr(22, 9)
BEGIN = apr(7, 8)


@dataclass(frozen=True, slots=True)
class Round:
    """A round of sampling: samples within three hours of `begins_at`, all results out by `ends_at`."""

    name: str
    begins_at: datetime
    ends_at: datetime

    @property
    def taken_at(self) -> datetime:
        """When the feed is taken in."""
        return self.ends_at + timedelta(minutes=20)


EARLIER = Round("p", apr(7, 8), apr(7, 20))
ROUNDS = (
    Round("a", apr(10, 13), apr(10, 22)),
    Round("b", apr(13, 13), apr(13, 22)),
    Round("c", apr(17, 13), apr(17, 22)),
    Round("d", apr(19, 13), apr(19, 22)),
    Round("e", apr(20, 13), apr(20, 22)),
    Round("f", apr(21, 8), apr(21, 14)),
)
#: When batches were signed; each lies within 48 h of a round.
BATCHES = (apr(14, 10), apr(18, 10), apr(20, 10), apr(21, 15))
