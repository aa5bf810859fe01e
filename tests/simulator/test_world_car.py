"""A car hears the duty, asks, draws, lets go, and has moods."""

import pytest

from hal.contract import STEADY_BP
from simulator.portable.car import RANGES, UnknownTrait, offer_ma
from simulator.portable.pilot_line import B_OHM, C_OHM, D_OHM, OPEN
from tests.simulator.living_world import charging, live, world_of

DUTY_TABLE = [
    # duty in bp, offer in mA
    (0, 0),
    (299, 0),
    (500, 0),
    (799, 0),
    (800, 6000),
    (1000, 6000),
    (1600, 9600),
    (5000, 30000),
    (8500, 51000),
    (8600, 55000),
    (9600, 80000),
    (9650, 80000),
    (9700, 80000),
    (9701, 0),
    (10000, 0),
]


@pytest.mark.parametrize(("duty_bp", "expected_ma"), DUTY_TABLE)
def test_the_duty_is_read_as_the_standard_says(duty_bp, expected_ma):
    assert offer_ma(duty_bp) == expected_ma


def test_s2_closes_within_two_seconds_of_an_offer_and_current_waits_for_the_contacts():
    world = world_of()
    outlet = world.connectors[0]
    outlet.plug()
    outlet.line.drive(STEADY_BP)
    live(world, 5000)
    assert not outlet.car.s2
    outlet.line.drive(2667)
    live(world, 1000)
    assert (outlet.car.s2, outlet.line.load_ohm) == (False, B_OHM)
    live(world, 1000)
    assert (outlet.car.s2, outlet.line.load_ohm, outlet.car.current_ma) == (True, C_OHM, 0)
    live(world, 1000, closed=True)
    assert 0 < outlet.car.current_ma < 6000
    live(world, 5000, closed=True)
    assert outlet.car.current_ma == 16000


def test_the_car_takes_the_least_of_offer_and_its_own_most():
    assert charging(duty_bp=1000).connectors[0].car.current_ma == 6000
    assert charging(duty_bp=5333, max_a=20).connectors[0].car.current_ma == 20000


@pytest.mark.parametrize("max_a", [6, 16, 32, 80])
def test_a_withdrawn_offer_ends_the_current_and_opens_s2_within_three_seconds(max_a):
    world = charging(duty_bp=9600, max_a=max_a, ramp_a_s=20)
    car = world.connectors[0].car
    assert car.current_ma == max_a * 1000
    world.connectors[0].line.drive(STEADY_BP)
    live(world, 3000, closed=True)
    assert (car.current_ma, car.s2) == (0, False)


def test_a_lower_offer_is_followed_within_five_seconds_even_while_it_keeps_changing():
    world = charging(duty_bp=5333, max_a=32)
    outlet = world.connectors[0]
    for duty_bp in (3000, 2500, 2000, 1500, 1000):
        outlet.line.drive(duty_bp)
        live(world, 1000, closed=True)
    assert outlet.car.current_ma < 32000
    live(world, 5000, closed=True)
    assert outlet.car.current_ma == 6000


def test_a_car_that_wants_eight_amperes_does_not_ask_at_six():
    world = world_of()
    world.connectors[0].plug(min_a=8)
    world.connectors[0].line.drive(1000)
    live(world, 5000, closed=True)
    assert not world.connectors[0].car.s2


def test_near_full_the_car_draws_less_and_less_and_then_opens_s2():
    world = charging(battery_wh=2000, level_wh=1650)
    car = world.connectors[0].car
    drawn_ma = [car.current_ma]
    while car.s2 and len(drawn_ma) < 60:
        live(world, 60000, closed=True, tick_ms=50)
        drawn_ma.append(car.current_ma)
    assert drawn_ma == sorted(drawn_ma, reverse=True)
    assert any(2000 < ma < 8000 for ma in drawn_ma)
    assert (car.s2, car.level_wh, car.current_ma) == (False, 2000, 0)


def test_a_car_pauses_by_itself_and_goes_on():
    world = charging(pause_every_s=60, pause_for_s=30)
    car = world.connectors[0].car
    live(world, 40000, closed=True)
    assert (car.pausing, car.s2, car.current_ma) == (True, False, 0)
    live(world, 40000, closed=True)
    assert (car.pausing, car.s2, car.current_ma) == (False, True, 16000)


def test_a_car_that_no_longer_wants_to_lets_go_by_itself():
    world = charging()
    car = world.connectors[0].car
    car.set(charge=False)
    live(world, 2000, closed=True)
    assert (car.s2, car.current_ma) == (False, 0)


def test_open_contacts_end_the_current_though_s2_stays_closed():
    world = charging()
    world.connectors[0].contactor.drop()
    live(world, 200)
    assert (world.connectors[0].car.s2, world.connectors[0].car.current_ma) == (True, 0)


def test_a_simplified_pilot_goes_straight_from_a_to_c_and_back():
    outlet = world_of().connectors[0]
    outlet.plug(simplified=1)
    assert outlet.line.load_ohm == C_OHM
    outlet.unplug()
    assert outlet.line.load_ohm == OPEN


def test_ventilation_is_asked_for_with_state_d():
    assert charging(ventilation=1).connectors[0].line.load_ohm == D_OHM


def test_a_false_b_follows_a_change_of_the_duty_for_its_time_and_no_longer():
    world = charging(false_b_ms=400)
    line = world.connectors[0].line
    line.drive(2000)
    shown = []
    for _ in range(30):
        live(world, 20, closed=True)
        shown.append(line.load_ohm)
    assert shown == [B_OHM] * 20 + [C_OHM] * 10
    assert world.connectors[0].car.s2


def test_a_greedy_car_draws_far_above_the_offer():
    world = charging()
    world.fault("over_current")
    live(world, 5000, closed=True)
    assert world.connectors[0].car.current_ma > 1.1 * (16000 + 500)


def test_plugging_in_again_is_another_car():
    world = charging(max_a=10, level_wh=50000)
    world.connectors[0].unplug()
    world.connectors[0].plug()
    car = world.connectors[0].car
    assert (car.max_a, car.level_wh, car.s2, car.current_ma) == (16, 20000, False, 0)


@pytest.mark.parametrize("traits", [{"colour": 1}, {"max_a": 5}, {"max_a": 16.0}, {"charge": "yes"}])
def test_a_trait_that_cannot_be_is_refused_in_a_sentence_and_changes_nothing(traits):
    outlet = world_of().connectors[0]
    before = outlet.snapshot()
    with pytest.raises(UnknownTrait, match=r"it has: battery_wh, |takes whole numbers from"):
        outlet.plug(**{"level_wh": 7, **traits})
    assert outlet.snapshot() == before


@pytest.mark.parametrize("name", RANGES)
def test_every_trait_takes_both_ends_of_its_range(name):
    outlet = world_of().connectors[0]
    for value in RANGES[name]:
        outlet.plug(**{"battery_wh": 200000, name: value})
        assert getattr(outlet.car, name) == value
