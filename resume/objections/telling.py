"""The one place that is told of every step of an objection: whoever sends messages registers here.

What a listener writes joins the objection's own transaction. HR must learn nothing: that one of its workers
objects, and about what, is between him and the district.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from resume.objections.lifecycle import Step
from resume.objections.models import Objection

Listener = Callable[[Objection, Step, datetime], None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> Listener:
    """Call `listener(objection, step, at)` inside the door of every step from now on."""
    _listeners.append(listener)
    return listener


def tell(objection: Objection, step: Step, *, at: datetime) -> None:
    """A step: tell all of them."""
    for listener in _listeners:
        listener(objection, step, at)
