"""The world as a whole: faults by name, power cuts, chance by seed, bounds, and MicroPython."""

import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from control.ticks import add
from simulator.portable import faults
from simulator.portable.flash import Flash
from simulator.portable.outlet import Locked
from simulator.portable.world import UnknownConnector
from tests.runtimes import ROOT, run
from tests.simulator.living_world import charging, live, world_of

NAMES = [
    "cp_diode",
    "cp_short",
    "cp_noise",
    "ventilation",
    "pp_open",
    "pp_short",
    "rcd_trip",
    "rcd_dead",
    "relay_welded",
    "relay_stuck_open",
    "over_current",
    "over_voltage",
    "under_voltage",
    "hot",
    "over_temperature",
    "temperature_sensor",
    "meter_silent",
    "lock_stuck",
    "store_full",
    "store_decayed",
    "pilot_dead",
    "coil_chatter",
    "phase_stuck",
    "phase_lost",
    "earth_lost",
    "mains_meter_silent",
]
OF_ALL = (
    "over_voltage",
    "under_voltage",
    "phase_lost",
    "earth_lost",
    "mains_meter_silent",
    "store_full",
    "store_decayed",
)
NUMBERS = ROOT / "tests/simulator/on_micropython/world_numbers.py"
HEAP = ROOT / "tests/simulator/on_micropython/world_heap.py"


def test_the_fault_names_are_the_stable_ones():
    assert sorted(faults.CAUSES) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_fault_comes_shows_and_goes(name):
    world = world_of("simulated_two")
    world.flash = Flash(None, 2)
    world.fault(name, connector=2)
    shown = [outlet["faults"] for outlet in world.snapshot()["connectors"]]
    assert shown == [[name] if name in OF_ALL else [], [name]]
    world.clear(name, connector=2)
    assert [outlet["faults"] for outlet in world.snapshot()["connectors"]] == [[], []]


def test_an_unknown_fault_is_refused_with_the_names_there_are():
    with pytest.raises(
        faults.UnknownFault, match="no fault is called 'flood'; choose one of: coil_chatter, "
    ):
        world_of().fault("flood")


def test_a_store_cannot_be_full_that_is_not_there():
    world = world_of()
    with pytest.raises(
        faults.UnknownFault, match="'store_full' needs a flash, which this world was not given"
    ):
        world.fault("store_full")
    assert world.snapshot()["connectors"][0]["faults"] == []


@pytest.mark.parametrize("connector", [0, 3, "1", None])
def test_an_unknown_connector_is_refused_with_the_numbers_there_are(connector):
    with pytest.raises(UnknownConnector, match="choose from 1 to 2"):
        world_of("simulated_two").fault("cp_short", connector)


def test_a_power_cut_takes_the_drive_and_leaves_the_car_and_the_register():
    world = charging()
    outlet = world.connectors[0]
    live(world, 60000, closed=True)
    register_wh = outlet.energy.energy_wh
    world.power_off()
    assert not outlet.contactor.coil_on
    live(world, 10000)
    outlet.line.sample(world.now_ms)
    assert (outlet.contactor.contacts_closed, outlet.line.valid) == (False, False)
    assert (outlet.car.plugged, outlet.car.s2, outlet.car.current_ma) == (True, False, 0)
    assert outlet.energy.voltage_mv == [0, 0, 0]
    world.power_on()
    live(world, 100)
    outlet.line.sample(world.now_ms)
    assert (outlet.line.valid, outlet.line.high_mv < -11000) == (True, True)
    assert outlet.energy.energy_wh == register_wh > 100


def test_a_lease_does_nothing_without_power():
    world = world_of()
    world.power_off()
    live(world, 200, closed=True)
    assert not world.connectors[0].contactor.contacts_closed


def test_a_restarting_processor_lets_go_of_its_pins():
    world = charging()
    outlet = world.connectors[0]
    outlet.residual.test(True)
    world.reset_pins()
    live(world, 100)
    assert (outlet.contactor.contacts_closed, outlet.residual.testing) == (False, False)
    assert (outlet.line.seen_bp, outlet.car.plugged) == (0, True)


def test_a_locked_plug_cannot_be_pulled():
    world = world_of("simulated_two")
    outlet = world.connectors[1]
    outlet.plug()
    outlet.lock.engage()
    live(world, 1000)
    with pytest.raises(Locked, match="the plug of connector 2 is locked"):
        outlet.unplug()
    outlet.lock.release()
    live(world, 1000)
    outlet.unplug()
    assert not outlet.car.plugged


def test_a_gap_passes_as_many_ticks_would():
    stepped, leapt = charging(), charging()
    live(stepped, 60000, tick_ms=100)
    leapt.step(add(leapt.now_ms, 60000))
    assert leapt.snapshot() == stepped.snapshot()


def trace(seed):
    world = charging(seed=seed)
    seen = []
    for _ in range(200):
        live(world, 100, closed=True)
        line = world.connectors[0].line
        line.sample(world.now_ms)
        seen.append((line.high_mv, line.low_mv, *world.mains.voltage_mv))
    return seen


def test_the_same_seed_is_the_same_world_and_another_is_another():
    assert trace(7) == trace(7)
    assert trace(7) != trace(8)


def test_a_story_has_the_same_numbers_on_micropython(micropython):
    here = subprocess.run(
        [sys.executable, NUMBERS], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    there = run(micropython, NUMBERS)
    assert there.stderr == ""
    assert there.stdout == here.stdout
    assert len(json.loads(here.stdout)) > 100


def test_no_step_and_no_sample_allocates(micropython):
    done = run(micropython, HEAP)
    assert (done.stderr, done.stdout) == ("", "ok\n")


def test_no_step_and_no_sample_allocates_on_the_board_build(webassembly):
    done = webassembly(HEAP)
    assert (done.stderr, done.stdout) == ("", "ok\n")


class Small(int):
    """An integer that a 32-bit MicroPython keeps without allocating, and so is all that comes out of it."""


def _guarded(name):
    operation = getattr(int, name)

    def guarded(self, *others):
        result = operation(self, *others)
        assert result is NotImplemented or -(2**30) <= result < 2**30, f"{self}.{name}{others} is {result}"
        return result if result is NotImplemented else Small(result)

    return guarded


for _name in ("add", "sub", "mul", "floordiv", "mod", "and", "rshift"):
    setattr(Small, f"__{_name}__", _guarded(f"__{_name}__"))
    setattr(Small, f"__r{_name}__", _guarded(f"__r{_name}__"))
setattr(Small, "__neg__", _guarded("__neg__"))  # noqa: B010 - as above, out of the type checker's sight


def guard(thing, seen):
    """Replace every integer in the things of the world by a `Small` one."""
    if id(thing) in seen or not type(thing).__module__.startswith("simulator.portable"):
        return
    seen.add(id(thing))
    for name, value in vars(thing).items():
        if type(value) is int:
            setattr(thing, name, Small(value))
        elif type(value) is list:
            value[:] = [Small(item) if type(item) is int else item for item in value]
        else:
            for inner in value if type(value) is tuple else (value,):
                guard(inner, seen)


@pytest.fixture(scope="module")
def guarded_constants():
    """The physics with its constants guarded too."""
    with pytest.MonkeyPatch.context() as patch:
        for module_name, module in list(sys.modules.items()):
            if module_name.startswith("simulator.portable."):
                for name, value in list(vars(module).items()):
                    if type(value) is int:
                        patch.setattr(module, name, Small(value))
        yield


@given(
    st.sampled_from([6, 80]),
    st.sampled_from([(1000, 0), (200000, 0), (200000, 199000)]),
    st.sampled_from([50, 99]),
    st.lists(st.sampled_from(["over_voltage", "under_voltage", "over_current", "cp_diode", "cp_noise"])),
    st.sampled_from([1, 20, 99, 100, 1000]),
    st.sampled_from(
        [
            {},
            {"mains_mv": 300000, "house_ma": 100000, "fuse_ma": 6000, "ambient_dc": 600},
            {"house_ma": -100000, "fuse_ma": 250000, "ambient_dc": -400},
        ]
    ),
)
@pytest.mark.usefixtures("guarded_constants")
def test_no_intermediate_leaves_the_small_integers(max_a, battery, taper_percent, present, tick_ms, around):
    battery_wh, level_wh = battery
    world = world_of()
    outlet = world.connectors[0]
    outlet.plug(
        max_a=max_a,
        battery_wh=battery_wh,
        level_wh=level_wh,
        taper_percent=taper_percent,
        ramp_a_s=80,
        reaction_ms=0,
        pause_every_s=86400,
        sleep_after_s=86400,
        phase_wait_s=3600,
        flap_ms=1000,
        false_b_ms=100,
    )
    world.set(**around)
    for name in present:
        world.fault(name)
    guard(world, set())
    outlet.line.drive(Small(9600))
    for _ in range(100):
        outlet.contactor.renew(world.now_ms)
        world.step(Small(add(world.now_ms, tick_ms)))
        outlet.line.sample(world.now_ms)
        outlet.heat.sample(world.now_ms)
    assert (
        type(world.mains.voltage_mv[0])
        is type(outlet.line.high_mv)
        is type(outlet.heat.temperature_dc)
        is Small
    )
