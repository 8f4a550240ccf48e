"""The doors of intake: feeds come in and act."""

from resume.intake.operations.take_in import (
    AlreadyUnderWay,
    FileNotTaken,
    Progress,
    UnknownFeed,
    known_feed,
    opened,
    shown_name,
    take_in,
)

__all__ = [
    "AlreadyUnderWay",
    "FileNotTaken",
    "Progress",
    "UnknownFeed",
    "known_feed",
    "opened",
    "shown_name",
    "take_in",
]
