"""Prints the numbers of a charge to which much happens, as JSON: the same on every runtime."""

import json

import boards
from control.ticks import MASK, add
from simulator.portable.world import World

STORY = (
    # seconds, duty in bp, fault that comes first, fault that goes first
    (3, 10000, "", ""),
    (20, 5333, "", ""),
    (5, 5333, "cp_noise", ""),
    (5, 1000, "over_current", "cp_noise"),
    (5, 2667, "over_voltage", "over_current"),
    (5, 2667, "cp_diode", "over_voltage"),
    (3, 2667, "rcd_trip", "cp_diode"),
    (2, 9600, "hot", "rcd_trip"),
    (5, 10000, "relay_welded", "hot"),
    (9, 10000, "phase_lost", "relay_welded"),
    (6, 2667, "earth_lost", "phase_lost"),
    (4, 0, "pilot_dead", "earth_lost"),
    (9, 2667, "coil_chatter", "pilot_dead"),
    (9, 2667, "", "coil_chatter"),
)


def tell(world, told):
    """Add what a charger and a meter can see now."""
    outlet = world.connectors[0]
    line = outlet.line
    line.sample(world.now_ms)
    told.append([world.now_ms, line.high_mv, line.low_mv, line.valid, outlet.contactor.contacts_at_ms])
    told.append(world.mains.voltage_mv + outlet.energy.current_ma + [outlet.energy.energy_wh])
    told.append(world.connection.current_ma + world.connection.power_w + [world.connection.fuse_percent()])
    told.append([outlet.car.asleep, line.load_ohm, outlet.contactor.cycles, outlet.phase_switch.joined])
    told.append([outlet.car.level_wh, outlet.car.s2, outlet.heat.felt_dc(), outlet.residual.latched])


def main():
    """Play the story from shortly before the clock wraps."""
    world = World(boards.load("simulated"), 4711, MASK - 20000)
    outlet = world.connectors[0]
    outlet.plug(max_a=32, battery_wh=20000, level_wh=17500, false_b_ms=300, pause_every_s=9, pause_for_s=2)
    outlet.car.set(sleep_after_s=8, flap_ms=2100, false_c_ms=250, l3_percent=70)
    world.set(house_ma=[20000, -4000, 1000], fuse_ma=35000, rotation=1)
    told: list = []
    for duration_s, duty_bp, comes, goes in STORY:
        if goes:
            world.clear(goes)
            outlet.residual.rearm()
        if comes:
            world.fault(comes)
        outlet.line.drive(duty_bp)
        outlet.phase_switch.select(1 + duty_bp % 3)
        for tick in range(duration_s * 50):
            world.step(add(world.now_ms, 17 + tick % 7))
            if outlet.car.s2:
                outlet.contactor.renew(world.now_ms)
            if tick % 25 == 0:
                tell(world, told)
    print(json.dumps(told))


main()
