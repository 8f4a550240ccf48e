"""What the tests of the case have, for those of the desk too."""

from tests.applications.conftest import make_firm  # noqa: F401 - a fixture
