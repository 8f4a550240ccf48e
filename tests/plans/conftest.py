"""What the tests of pure parts need: words, which Flask-Babel gives inside an application only."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask_babel import Babel

from tests.applications.conftest import make_firm  # noqa: F401 - a fixture of these tests too


@pytest.fixture
def words() -> Iterator[Flask]:
    """An application that has a language and nothing else."""
    app = Flask(__name__)
    Babel(app, default_locale="zh_Hans")
    with app.app_context():
        yield app
