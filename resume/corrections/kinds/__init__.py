"""The kinds of corrections, one file for each thing that is corrected."""

from __future__ import annotations

from resume.corrections.kinds.cases import ExcludeCase, MoveCase
from resume.corrections.kinds.conflicts import SettleConflict
from resume.corrections.kinds.kind import Change, Concern, Correctable, SubjectMoved
from resume.corrections.kinds.reviews import CloseReview
from resume.corrections.kinds.zones import DeclareZone

KINDS: dict[str, type[Correctable]] = {
    kind.kind: kind for kind in (MoveCase, ExcludeCase, SettleConflict, CloseReview, DeclareZone)
}

__all__ = [
    "KINDS",
    "Change",
    "CloseReview",
    "Concern",
    "Correctable",
    "DeclareZone",
    "ExcludeCase",
    "MoveCase",
    "SettleConflict",
    "SubjectMoved",
]
