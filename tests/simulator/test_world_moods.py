"""Cars as they really are: sleepy, undecided, stubborn, uneven, and soon confused."""

import pytest

from control.ticks import add
from hal.contract import STATE_F_BP, STEADY_BP
from simulator.portable.pilot_line import B_OHM, C_OHM
from tests.simulator.living_world import charging, live, world_of

OFFER_BP = 2667


def waiting(wait_ms, duty_bp=STEADY_BP, **traits):
    """A world whose car was plugged in and offered nothing for `wait_ms`."""
    world = world_of()
    outlet = world.connectors[0]
    outlet.line.drive(duty_bp)
    outlet.plug(**traits)
    live(world, wait_ms)
    return world


def asks_after(world, duration_ms):
    """Whether the car asks `duration_ms` after the offer that comes now."""
    world.connectors[0].line.drive(OFFER_BP)
    live(world, duration_ms)
    return world.connectors[0].car.s2


def shown(world, duration_ms):
    """What the pilot shows tick by tick, as (resistance, ticks) of each stretch."""
    stretches: list[list[int]] = []
    for _ in range(duration_ms // 20):
        live(world, 20, closed=True)
        ohm = world.connectors[0].line.load_ohm
        if not stretches or stretches[-1][0] != ohm:
            stretches.append([ohm, 0])
        stretches[-1][1] += 1
    return [tuple(stretch) for stretch in stretches]


@pytest.mark.parametrize(
    ("sleep_after_s", "wait_ms", "asks"), [(0, 90000, True), (60, 55000, True), (60, 65000, False)]
)
def test_a_sleepy_car_misses_an_offer_that_comes_too_late(sleep_after_s, wait_ms, asks):
    world = waiting(wait_ms, sleep_after_s=sleep_after_s)
    assert asks_after(world, 120000) == asks
    assert world.connectors[0].snapshot()["asleep"] == (not asks)


def wake(world, how, duration_ms):
    """State F, the pilot off the wire, or nothing but an offer that goes, for `duration_ms`."""
    line = world.connectors[0].line
    line.drive({"f": STATE_F_BP, "apart": OFFER_BP, "steady": STEADY_BP}[how])
    line.disconnect(how == "apart")
    live(world, duration_ms)
    line.disconnect(False)


@pytest.mark.parametrize(
    ("wakes_on_f", "how", "duration_ms", "awake"),
    [
        (1, "f", 4000, True),
        (1, "f", 2000, False),
        (1, "apart", 4000, True),
        (1, "steady", 30000, False),
        (0, "f", 30000, False),
        (0, "apart", 4000, True),
        (0, "apart", 2000, False),
    ],
)
def test_a_sleeping_car_wakes_up_when_the_pilot_goes_as_it_wants(wakes_on_f, how, duration_ms, awake):
    world = waiting(70000, sleep_after_s=60, wakes_on_f=wakes_on_f)
    assert not asks_after(world, 5000)
    wake(world, how, duration_ms)
    assert asks_after(world, 5000) == awake


def test_what_wakes_it_must_last_in_one_piece():
    world = waiting(70000, sleep_after_s=60)
    for _ in range(5):
        wake(world, "f", 2000)
        assert not asks_after(world, 1000)


def test_a_power_cut_takes_the_pilot_away_as_well():
    world = waiting(70000, sleep_after_s=60, wakes_on_f=0)
    world.power_off()
    live(world, 4000)
    world.power_on()
    assert asks_after(world, 5000)


def test_plugging_in_again_wakes_it_and_so_does_its_owner():
    world = waiting(70000, sleep_after_s=60)
    world.connectors[0].unplug()
    world.connectors[0].plug(sleep_after_s=60)
    assert asks_after(world, 5000)
    world.connectors[0].line.drive(STEADY_BP)
    live(world, 70000)
    assert not asks_after(world, 5000)
    world.connectors[0].car.set(sleep_after_s=0)
    assert asks_after(world, 5000)


def test_a_zoe_sleeps_through_a_delayed_start_and_wants_eight_amperes():
    world = waiting(70000, sleep_after_s=60, min_a=8)
    world.connectors[0].line.drive(STATE_F_BP)
    live(world, 4000)
    world.connectors[0].line.drive(1000)
    live(world, 20000)
    assert not world.connectors[0].car.s2
    world.connectors[0].line.drive(1334)
    live(world, 5000)
    assert world.connectors[0].car.s2


def test_a_car_that_charges_stays_awake_and_sleeps_in_a_long_pause():
    world = charging(sleep_after_s=10)
    live(world, 60000, closed=True)
    assert not world.connectors[0].car.asleep
    world.connectors[0].line.drive(STEADY_BP)
    live(world, 15000)
    assert world.connectors[0].car.asleep


@pytest.mark.parametrize("flap_ms", [100, 1000, 3000])
def test_a_flapping_car_shows_b_and_c_in_turn_while_it_asks(flap_ms):
    world = charging(flap_ms=flap_ms)
    stretches = shown(world, 10 * flap_ms)[1:-1]
    assert len(stretches) >= 7
    assert {ticks for _, ticks in stretches} == {flap_ms // 20}
    assert {ohm for ohm, _ in stretches} == {B_OHM, C_OHM}
    world.connectors[0].line.drive(STEADY_BP)
    live(world, 5000)
    assert shown(world, 10000) == [(B_OHM, 500)]


def test_a_flapping_car_may_come_to_rest():
    world = charging()
    car = world.connectors[0].car
    car.set(flap_ms=500)
    assert len(shown(world, 5000)) >= 9
    car.set(flap_ms=0)
    live(world, 600, closed=True)
    assert shown(world, 5000) == [(C_OHM, 250)]


def test_a_pulse_of_readiness_follows_a_change_of_the_duty():
    world = waiting(2000, false_c_ms=250, charge=0)
    world.connectors[0].line.drive(OFFER_BP)
    assert shown(world, 1000) == [(C_OHM, 13), (B_OHM, 37)]
    assert not world.connectors[0].car.s2


def test_a_pulse_at_any_moment_is_over_after_its_time():
    world = waiting(2000)
    world.connectors[0].car.pulse(250)
    assert shown(world, 500) == [(C_OHM, 12), (B_OHM, 13)]
    world = charging()
    world.connectors[0].car.pulse(100)
    assert shown(world, 500) == [(B_OHM, 4), (C_OHM, 21)]


def test_no_pulse_comes_from_a_plug_that_is_out():
    world = world_of()
    world.connectors[0].car.pulse(250)
    world.connectors[0].plug()
    assert shown(world, 500) == [(B_OHM, 25)]
    world.connectors[0].car.pulse(250)
    world.connectors[0].unplug()
    world.connectors[0].plug()
    assert shown(world, 500) == [(B_OHM, 25)]


def test_a_stubborn_car_draws_on_until_the_contacts_part():
    world = charging(stubborn=1)
    outlet = world.connectors[0]
    outlet.line.drive(STEADY_BP)
    live(world, 30000, closed=True)
    assert (outlet.car.s2, outlet.car.current_ma) == (True, 16000)
    outlet.contactor.drop()
    live(world, 200)
    assert (outlet.car.s2, outlet.car.current_ma) == (True, 0)
    outlet.line.drive(STATE_F_BP)
    live(world, 5000)
    assert not outlet.car.s2


@pytest.mark.parametrize(
    ("traits", "expected_ma"),
    [
        ({"l2_percent": 60, "l3_percent": 0}, [16000, 9600, 0]),
        ({"l1_percent": 0, "l3_percent": 0}, [0, 16000, 0]),
        ({"phases": 2, "l1_percent": 0}, [0, 16000, 0]),
    ],
)
def test_a_car_may_draw_unevenly_or_from_one_phase_of_its_own(traits, expected_ma):
    world = charging(**traits)
    assert world.connectors[0].energy.current_ma == expected_ma
    assert world.connectors[0].contactor.load_ma == 16000


def switch_phases(world, phases, pause_ms):
    """Another number of phases, and the contactor open for `pause_ms`; 0: under load."""
    outlet = world.connectors[0]
    if pause_ms:
        outlet.contactor.drop()
        live(world, pause_ms)
    outlet.phase_switch.select(phases)
    live(world, 20000, closed=True)
    return outlet


@pytest.mark.parametrize(
    ("traits", "pause_ms", "draws"),
    [
        ({"phase_wait_s": 60}, 61000, [16000, 0, 0]),
        ({"phase_wait_s": 60}, 50000, [0, 0, 0]),
        ({"phase_wait_s": 60}, 0, [0, 0, 0]),
        ({"phase_wait_s": 0}, 0, [16000, 0, 0]),
        ({"phase_wait_s": 60, "phases": 1}, 0, [16000, 0, 0]),
    ],
)
def test_a_car_that_wants_a_pause_between_phases_is_confused_without(traits, pause_ms, draws):
    world = charging(**traits)
    outlet = switch_phases(world, 1, pause_ms)
    assert outlet.energy.current_ma == draws
    assert outlet.snapshot()["confused"] == (draws[0] == 0)


def test_a_confused_car_is_lost_until_it_is_plugged_in_again():
    world = charging(phase_wait_s=10)
    outlet = switch_phases(world, 1, 0)
    live(world, 600000, closed=True)
    assert (outlet.car.confused, outlet.car.s2) == (True, False)
    outlet.unplug()
    outlet.plug(phase_wait_s=10)
    live(world, 20000, closed=True)
    assert outlet.energy.current_ma == [16000, 0, 0]


def test_the_same_phases_again_confuse_nobody():
    world = charging(phase_wait_s=60)
    outlet = switch_phases(world, 3, 1000)
    assert outlet.energy.current_ma == [16000] * 3


def test_a_car_at_night_is_the_same_in_leaps():
    stepped, leapt = (waiting(0, sleep_after_s=60, phase_wait_s=5) for _ in range(2))
    live(stepped, 120000, tick_ms=100)
    leapt.step(add(leapt.now_ms, 120000))
    assert leapt.snapshot() == stepped.snapshot()
    assert leapt.connectors[0].car.asleep
