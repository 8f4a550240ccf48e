"""The city of the passes' tests."""

from tests.passes.conftest import city_of

__all__ = ["city_of"]
