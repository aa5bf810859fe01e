"""Every story of the controller is told twice: from an early clock, and from one that wraps meanwhile."""

import functools

import pytest

from tests.control.station import NEAR_WRAP_MS, Station


@pytest.fixture(params=[1000, NEAR_WRAP_MS], ids=["early", "wrapping"])
def station(request):
    """Builds a `Station` that starts at the clock of this test."""
    return functools.partial(Station, start_ms=request.param)


@pytest.fixture
def charging(station):
    """A station whose car charges."""
    station = station()
    station.charge()
    assert station.outlet.car.current_ma == 16000
    return station
