"""A self-test of a lane with a socket and its lock, each tick under a locked heap. Prints what it found."""

from firmware.self_test import Probe
from tests.control.on_micropython.life import locked
from tests.control.station import TICK_MS, Station

station = Station("simulated_two")
station.run(1000)
probe = Probe(True)
station.lane.lend(probe)
tick = station.lane.tick
ticks = 0
while not probe.over and ticks < 500:
    station.pass_by(TICK_MS)
    locked(tick, station.now_ms)
    ticks += 1
print(
    probe.high_mv // 100,
    probe.low_mv // 100,
    probe.trip_ms,
    probe.locked,
    probe.unlocked,
    probe.closed,
    ticks,
)
