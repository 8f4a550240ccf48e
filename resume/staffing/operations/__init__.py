"""Doors on the list row by row, by what is done: bad rows, single workers, buildings, a second file."""

from resume.staffing.operations.bad_rows import correct_row, discard_row
from resume.staffing.operations.buildings import BuildingNotOffered, choose_building
from resume.staffing.operations.second_file import Way, settle
from resume.staffing.operations.steps import Kept, sites_of, version_of
from resume.staffing.operations.workers import (
    KEPT_IF_EMPTY,
    StillListed,
    add_worker,
    change_worker,
    remove_worker,
)

__all__ = [
    "KEPT_IF_EMPTY",
    "BuildingNotOffered",
    "Kept",
    "StillListed",
    "Way",
    "add_worker",
    "change_worker",
    "choose_building",
    "correct_row",
    "discard_row",
    "remove_worker",
    "settle",
    "sites_of",
    "version_of",
]
