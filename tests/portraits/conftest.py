"""The way of the gate's tests."""

from tests.gate.conftest import city_of, way, way_of

__all__ = ["city_of", "way", "way_of"]
