"""A review is closed by hand: cleared, or confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask_babel import lazy_gettext as _

from resume.clock import parse_time
from resume.corrections.kinds.kind import (
    Change,
    Concern,
    Correctable,
    content_of,
    counting_row,
    kept_row,
    shown,
)
from resume.evidence.models import ReviewRecord
from resume.evidence.shapes import REVIEWS, Entry
from resume.people.queries import persons_of_number
from resume.places.queries import buildings_by_id
from resume.refusals import Text

OUTCOMES: dict[str, Text] = {"cleared": _("排除，解除待复核"), "confirmed": _("确认为阳性")}


@dataclass(frozen=True)
class CloseReview(Correctable):
    """The review's outcome (OUTCOMES) and the moment it is closed, an ISO time."""

    kind: ClassVar[str] = "review_close"
    title: ClassVar[Text] = _("待复核结论")

    row_id: int
    outcome: str
    cleared_at: str

    @property
    def subject(self) -> str:
        return f"review:{self.row_id}"

    def concerns(self) -> Concern:
        review = self._review()
        persons = persons_of_number(review.number_key) if review.number_key is not None else ()
        return Concern(frozenset([review.building_id]), frozenset(persons))

    def changes(self, mark: str) -> Sequence[Change]:  # noqa: ARG002 - a review keeps its id
        closed = {"outcome": self.outcome, "cleared_at": parse_time(self.cleared_at)}
        return [Change("reviews", (Entry(1, content_of(REVIEWS, self._review()) | closed),))]

    def described(self) -> Sequence[tuple[Text, Text]]:
        review = kept_row(ReviewRecord, self.row_id)
        name = buildings_by_id({review.building_id})[review.building_id].short_name
        return [
            (_("复核编号"), review.review_id),
            (_("楼栋"), name),
            (_("开始时间"), shown(review.opened_at)),
            (_("结论"), OUTCOMES[self.outcome]),
            (_("解除时间"), shown(parse_time(self.cleared_at))),
        ]

    def _review(self) -> ReviewRecord:
        return counting_row(ReviewRecord, self.row_id)
