"""Stations at pin level, taken apart again after each test."""

import pytest

import boards
from tests.simulator.pins.pin_station import PinStation

REACTION_MS = 2000
"""What this car needs between one and three phases."""


@pytest.fixture
def pin_station():
    """Builds a `PinStation` of the board with this name; its chip's modules go with the test."""
    made = []

    def build(name, **options):
        station = PinStation(boards.load(name), **options)
        made.append(station)
        station.mailbox.phase_wait_ms = REACTION_MS
        station.run(4000)
        return station

    yield build
    for station in reversed(made):
        station.leave()
