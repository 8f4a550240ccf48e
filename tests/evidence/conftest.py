"""Places to attribute things to, and passes that follow."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType

import pytest
from flask import Flask

from tests.intake.feeding import good, place_row


@pytest.fixture(autouse=True)
def _reassessment() -> Iterator[None]:
    """The passes that follow a feed have tests of their own; where they are not built yet, none are there."""
    try:
        import_module("resume.passes.reassess")
    except ModuleNotFoundError:
        pass
    else:
        yield
        return

    @dataclass
    class Scope:
        building_ids: frozenset[int]
        person_keys: frozenset[bytes]
        number_keys: frozenset[bytes]

    @dataclass
    class Effects:
        suspended: int = 0
        healed: int = 0
        firms: frozenset[int] = frozenset()

    module = ModuleType("resume.passes.reassess")
    module.Scope = Scope  # type: ignore[attr-defined]
    module.reassess = lambda **_: Effects()  # type: ignore[attr-defined]
    sys.modules["resume.passes.reassess"] = module
    yield
    del sys.modules["resume.passes.reassess"]


@pytest.fixture
def places(app: Flask) -> Flask:
    """P1, P2, P3 in one compound; P3 has separate units."""
    good("places", place_row("P1"), place_row("P2"), place_row("P3", has_units="是"))
    return app
