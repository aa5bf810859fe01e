"""Lives with the heap locked, at the extremes, in every state and under every fault; prints ok."""

import gc

from micropython import heap_lock, heap_unlock

import boards
from control.ticks import MASK, add
from simulator.portable.faults import CAUSES
from simulator.portable.flash import Flash
from simulator.portable.parts import connector_parts
from simulator.portable.world import World

DUTIES_BP = (10000, 5333, 9600, 1000, 0)


def live(world, sampled, ticks):
    """What a tick does to the world, with a new offer every so often."""
    outlet = world.connectors[0]
    line, contactor, residual = outlet.line, outlet.contactor, outlet.residual
    now_ms = world.now_ms
    heap_lock()
    try:
        for tick in range(ticks):
            now_ms = add(now_ms, 20 if tick % 50 else 450)
            world.step(now_ms)
            for part in sampled:
                part.sample(now_ms)
            if tick % 100 == 0:
                line.drive(DUTIES_BP[tick // 100 % 5])
                line.disconnect(tick % 300 == 0)
                residual.test(tick % 200 == 0)
                residual.rearm()
            if outlet.car.s2:
                contactor.renew(now_ms)
            else:
                contactor.drop()
            outlet.lock.engage()
            if tick % 70 == 0:
                outlet.car.pulse(50)
            outlet.phase_switch.select(1 + tick // 20 % 3)
            if tick % 400 == 0:
                outlet.shunt_trip.drive(True)
                outlet.shunt_trip.tripped = False
            world.watchdog.feed()
    finally:
        heap_unlock()


def main():
    """Each fault in turn, then none, and at last difficult cars."""
    world = World(boards.load("simulated_two"), 3, MASK - 10000)
    world.flash = Flash(None, 2)
    outlet = world.connectors[0]
    sampled = [part for role, part in connector_parts(outlet).items() if role != "shunt_trip"]
    live(world, sampled, 200)
    outlet.plug(max_a=80, battery_wh=200000, level_wh=150000, ramp_a_s=80, reaction_ms=100, false_b_ms=60)
    outlet.car.set(pause_every_s=2, pause_for_s=1, taper_percent=50, stubborn=1, l2_percent=40)
    world.set(house_ma=[100000, -100000, 0], fuse_ma=6000, rotation=1)
    live(world, sampled, 1000)
    assert outlet.contactor.cycles > 0
    assert outlet.energy.energy_wh > 0
    assert world.connection.fuse_blown
    for name in sorted(CAUSES):
        world.fault(name)
        gc.collect()
        live(world, sampled, 1000)
        world.clear(name)
        outlet.residual.rearm()
    outlet.car.set(flap_ms=200, false_c_ms=60, phase_wait_s=3600)
    live(world, sampled, 1000)
    assert outlet.car.confused
    outlet.lock.release()
    world.step(add(world.now_ms, 1000))
    outlet.unplug()
    outlet.plug(sleep_after_s=1, wake_s=1)
    live(world, sampled, 300)
    assert outlet.car.asleep
    live(world, sampled, 700)
    print("ok")


main()
