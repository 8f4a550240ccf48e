"""The firm of the roster's tests, with ways to its lists."""

from __future__ import annotations

from tests.roster.conftest import buildings, evidence, firm, make_firm

__all__ = ["buildings", "evidence", "firm", "make_firm"]
