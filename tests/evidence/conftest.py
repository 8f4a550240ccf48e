"""Places to attribute things to."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.intake.feeding import good, place_row


@pytest.fixture
def places(app: Flask) -> Flask:
    """P1, P2, P3 in one compound; P3 has separate units."""
    good("places", place_row("P1"), place_row("P2"), place_row("P3", has_units="是"))
    return app
