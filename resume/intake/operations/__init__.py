"""The doors of intake: feeds come in and act; a steward's file is looked at before it does."""

from resume.intake.operations.files import AlreadyUnderWay, FileNotTaken, Progress, UnknownFeed, take_in

__all__ = ["AlreadyUnderWay", "FileNotTaken", "Progress", "UnknownFeed", "take_in"]
