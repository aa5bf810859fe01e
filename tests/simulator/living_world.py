"""A world that lives through simulated ticks, for the tests of the physics."""

import boards
from control.ticks import MASK, add
from simulator.portable.world import World

TICK_MS = 20
NEAR_WRAP_MS = MASK - 5000
"""A start from which the monotonic clock wraps while a test runs."""


def world_of(board="simulated", seed=1, now_ms=NEAR_WRAP_MS):
    """A world around a board by its name, as if the power had just come."""
    return World(boards.load(board), seed, now_ms)


def live(world, duration_ms, closed=False, tick_ms=TICK_MS):
    """Ticks for `duration_ms`; `closed`: each of them renews the lease of connector 1."""
    for _ in range(duration_ms // tick_ms):
        world.step(add(world.now_ms, tick_ms))
        if closed:
            world.connectors[0].contactor.renew(world.now_ms)


def charging(seed=1, duty_bp=2667, **traits):
    """A world whose car draws all that it wants from an offer of 16 A, unless told."""
    world = world_of(seed=seed)
    outlet = world.connectors[0]
    outlet.line.drive(duty_bp)
    outlet.plug(**traits)
    live(world, 30000, closed=True)
    assert outlet.car.current_ma > 0
    return world
