"""The sliding window: who waits as told is served; no address makes another wait."""

from __future__ import annotations

import pytest

from resume.gate.throttle import TooManyChecks, Window, subject_of


def test_the_window_slides() -> None:
    window = Window(limit=2, seconds=10)
    window.count("192.0.2.1", at=0)
    window.count("192.0.2.1", at=4)
    with pytest.raises(TooManyChecks) as refused:
        window.count("192.0.2.1", at=5)
    assert refused.value.retry_after == 5
    window.count("192.0.2.1", at=10)  # told to wait 5 s, waited 5 s
    with pytest.raises(TooManyChecks):
        window.count("192.0.2.1", at=13.9)
    window.count("192.0.2.1", at=14)


def test_addresses_are_counted_apart_and_a_network_together() -> None:
    window = Window(limit=1, seconds=10)
    window.count("192.0.2.1", at=0)
    window.count("192.0.2.2", at=0)
    window.count("2001:db8::1", at=0)
    with pytest.raises(TooManyChecks):
        window.count("2001:db8::ffff:1", at=0)
    window.count("2001:db8:0:1::1", at=0)
    assert subject_of("unix socket") == "unix socket"


def test_memory_is_bounded() -> None:
    window = Window(limit=1, seconds=1000, most=100)
    for place in range(1000):
        window.count(f"10.0.{place // 250}.{place % 250}", at=0)
    window.count("10.0.0.0", at=1)  # long forgotten
    assert len(window._calls) == 100
