"""Load balancing: fuses are safe, cars are fed, and nothing swings."""

import itertools
import random

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from firmware.balance import AGAIN_MS, CONFIRM_MS, LIFE_MS, SPARE_MA, TURN_MS, Balance, rotation
from tests.firmware.house import Car, House

FUSE_MA = 25000
STRAIGHT = (0, 1, 2)
TURNS = tuple(itertools.permutations(STRAIGHT))
OFF_S = 100000
READING_MS = 1000
REACTION_MS = 6000
"""The slowest car, or the contactor that opens under one that does not let go."""


def alone(base_ma=(0, 0, 0), **car):
    """One car that charges from the beginning, and its house."""
    house = House(Balance(FUSE_MA), [Car(**car)])
    house.base_ma = list(base_ma)
    return house


def currents(house):
    return [car.drawn_ma for car in house.cars]


# One car.


def test_a_car_gets_what_the_house_leaves():
    house = alone((10000, 3000, 0))
    house.live(120)
    assert currents(house) == [14000]
    assert max(house.mains_ma) <= FUSE_MA - SPARE_MA


def test_the_first_reading_frees_a_car_at_once():
    house = alone(plug_s=5)
    house.live(12)
    assert currents(house) == [16000]


def test_too_much_counts_at_the_next_reading_and_room_only_slowly():
    balance = Balance(FUSE_MA)
    balance.update(1000, (0, 0, 0), [None])
    balance.update(1000, (16000, 16000, 16000), [(16000, 16000, 16000)])
    assert balance.limits_ma(0) == [24500, 24500, 24500]
    balance.update(1000, (16000, 34000, 16000), [(16000, 16000, 16000)])
    assert balance.limits_ma(0) == [24500, 6500, 24500]
    for reading in range(1, 21):
        balance.update(1000, (16000, 6500, 16000), [(16000, 6500, 16000)])
        assert balance.limits_ma(0) == [24500, 6500 + reading // 10 * 1000, 24500]


def test_the_limit_does_not_wind_down_while_a_car_has_not_followed_yet():
    house = alone((4000, 0, 0), reaction_ms=5000)
    house.live(200)
    house.base_ma = [15000, 0, 0]
    seen = {limits_ma[0][0] for limits_ma in house.live(12)[1:]}
    assert seen == {9500}
    house.live(8)
    assert currents(house) == [9500]


def test_what_could_become_too_much_counts_when_it_lasts():
    house = alone(plug_s=0, max_ma=6000)
    house.live(300)
    (before_ma,) = house.live(1)[0]
    assert before_ma == [24000] * 3
    house.base_ma = [12000, 0, 0]
    limits_ma = [limits[0][0] for limits in house.live(2 + CONFIRM_MS // 1000)]
    assert (limits_ma[0], limits_ma[-1]) == (24000, 12500)


def test_the_best_that_was_seen_meanwhile_is_what_remains():
    balance = Balance(FUSE_MA)
    for _ in range(2):
        balance.update(1000, (6000, 0, 0), [None])
    for mains_ma in (12000, 9000, 15000, 12000, 12000, 12000, 12000, 15000, 12000):
        balance.update(1000, (mains_ma, 0, 0), [(0, 0, 0)])
        assert balance.limits_ma(0)[0] == 18500
    balance.update(1000, (13000, 0, 0), [(0, 0, 0)])
    assert balance.limits_ma(0)[0] == 15500


def test_a_slow_rise_seen_late_is_stopped_with_one_reaction():
    reaction_ms = 4800
    house = House(
        Balance(FUSE_MA), [Car(plug_s=5, max_ma=32000, ramp_ma=100, reaction_ms=reaction_ms)], 900, 0
    )
    house.live(19)
    house.base_ma = [17000, 0, 0]
    over_ms = 0
    for _ in range(300):
        house.step()
        over_ms += 100 * (max(house.mains_ma) > FUSE_MA)
    assert 0 < over_ms <= READING_MS + 900 + reaction_ms + 500


def test_meters_that_do_not_look_at_the_same_moment_pause_nobody():
    house = House(Balance(FUSE_MA), [Car(plug_s=5, max_ma=32000, ramp_ma=2000)], 0, 2500)
    house.base_ma = [8000] * 3
    seen = house.live(60)[1:]
    assert {tuple(limits[0]) for limits in seen} == {(16500,) * 3}
    assert (currents(house), house.cars[0].starts) == ([16500], 1)


@pytest.mark.parametrize("mains_lag_ms", [0, 300, 900])
@pytest.mark.parametrize("own_lag_ms", [0, 900, 1500])
@pytest.mark.parametrize("reaction_ms", [0, 1500, 3300])
def test_a_step_of_the_house_takes_no_more_than_it_must(mains_lag_ms, own_lag_ms, reaction_ms):
    for at_ms in range(0, 1000, 200):
        house = House(Balance(FUSE_MA), [Car(reaction_ms=reaction_ms, plug_s=3)], mains_lag_ms, own_lag_ms)
        house.live(60)
        for _ in range(at_ms // 100):
            house.step()
        house.base_ma = [16000, 0, 0]
        assert min(limits_ma[0][0] for limits_ma in house.live(30)) == 8500
        assert house.cars[0].starts == 1


def test_little_room_pauses_and_room_that_lasts_resumes():
    house = alone((10000, 0, 0))
    house.live(100)
    house.base_ma = [19000, 0, 0]
    house.live(20)
    assert currents(house) == [0]
    assert house.limits_ma(0)[0] == 0
    house.base_ma = [18000, 0, 0]
    house.live(600)
    assert currents(house) == [0], "6.5 A are not worth a start"
    house.base_ma = [17000, 0, 0]
    house.live(AGAIN_MS // 1000 - 5)
    assert currents(house) == [0]
    house.live(30)
    assert currents(house) == [7000]
    assert house.cars[0].starts == 2


def test_a_house_that_swings_around_six_ampere_does_not_make_the_car_flap():
    house = alone((10000, 0, 0))
    house.live(60)
    for _ in range(60):
        house.base_ma = [19500, 0, 0]
        house.live(20)
        house.base_ma = [16000, 0, 0]
        house.live(40)
    assert house.cars[0].starts == 1


def test_only_the_phases_in_use_matter():
    house = alone((0, 24000, 25000), phases=1, plug_s=5)
    house.live(30)
    assert currents(house) == [16000]


def test_phases_are_where_they_are_wired():
    balance = Balance(FUSE_MA, (rotation("RTS"), rotation("str")))
    for _ in range(3):
        balance.update(1000, (1000, 2000, 3000), [None, None])
    assert balance.limits_ma(0) == [23500, 21500, 22500]
    assert balance.limits_ma(1) == [22500, 21500, 23500]
    single = Balance(FUSE_MA, (rotation("TRS")[:1],))
    single.update(1000, (1000, 2000, 9000), [(0,)])
    assert single.limits_ma(0) == [6000]


@pytest.mark.parametrize("text", ["", "RS", "RRT", "RSTT", "Unknown", "123"])
def test_what_is_no_rotation_is_told_in_one_sentence(text):
    with pytest.raises(ValueError, match=f"^'{text}' is no phase rotation: write R, S and T .* such as RST$"):
        rotation(text)


def test_the_suns_current_is_the_cars_but_no_more_than_the_fuse():
    house = alone((-20000, -20000, -20000), max_ma=32000)
    house.live(300)
    assert house.limits_ma(0) == [FUSE_MA] * 3


def test_a_meter_without_a_sign_is_only_more_careful():
    signed, unsigned = Balance(FUSE_MA), Balance(FUSE_MA)
    for balance, mains_ma in ((signed, -9000), (unsigned, 9000)):
        for _ in range(3):
            balance.update(1000, (mains_ma,) * 3, [None])
    assert signed.limits_ma(0) == [25000] * 3
    assert unsigned.limits_ma(0) == [15500] * 3


def test_after_a_silence_it_goes_on_with_the_least():
    house = alone((5000, 0, 0))
    house.fallback_ma = 8000
    house.live(60)
    house.silent = True
    house.live(LIFE_MS // 1000 + 6)
    assert house.limits_ma(0) == [8000] * 3
    assert currents(house) == [8000]
    house.silent = False
    house.live(1)
    assert house.limits_ma(0) == [6000] * 3
    house.live(120)
    assert currents(house) == [16000]
    assert house.cars[0].starts == 1


def test_a_silence_is_no_way_around_the_pause():
    house = alone((10000, 0, 0))
    house.live(60)
    house.base_ma = [20000, 0, 0]
    house.live(10)
    house.base_ma = [18000, 0, 0]
    for _ in range(20):
        house.silent = True
        house.live(LIFE_MS // 1000 + 2)
        house.silent = False
        house.live(20)
    assert house.cars[0].starts == 1


# Two cars.


def pair(one, other, base_ma=(0, 0, 0), fuse_ma=FUSE_MA):
    house = House(Balance(fuse_ma, (one.rotation, other.rotation)), [one, other])
    house.base_ma = list(base_ma)
    return house


def test_two_cars_share_equally():
    house = pair(Car(), Car(max_ma=32000), (3000, 0, 0))
    house.live(200)
    assert house.limits_ma(0) == house.limits_ma(1)
    assert abs(currents(house)[0] - currents(house)[1]) <= 1000
    assert sum(currents(house)) >= FUSE_MA - SPARE_MA - 3000 - 2000


def test_what_one_leaves_is_the_others():
    house = pair(Car(max_ma=7000), Car(max_ma=32000))
    house.live(400)
    assert currents(house)[0] == 7000
    assert currents(house)[1] >= FUSE_MA - SPARE_MA - 7000 - 3000


def test_one_that_wants_more_again_gets_its_share_back():
    house = pair(Car(max_ma=7000), Car(max_ma=32000))
    house.live(400)
    house.cars[0].max_ma = 32000
    house.live(400)
    assert min(currents(house)) >= 11000


def test_cars_on_different_phases_do_not_take_from_each_other():
    house = House(
        Balance(10000, (rotation("RST")[:1], rotation("SRT")[:1])), [Car(phases=1), Car((1, 0, 2), phases=1)]
    )
    house.balance.update(1000, (0, 0, 0), [None, None])
    for _ in range(60):
        house.balance.update(1000, (9000, 9000, 0), [(9000,), (9000,)])
    assert house.balance.limits_ma(0) == [9500]
    assert house.balance.limits_ma(1) == [9500]


def test_where_it_is_not_enough_for_both_they_take_turns():
    house = pair(Car(), Car(), (14000, 0, 0))
    charged_s = [0, 0]
    for _ in range(8 * TURN_MS // 1000):
        house.live(1)
        for number, current_ma in enumerate(currents(house)):
            charged_s[number] += current_ma > 0
    assert min(charged_s) >= 3 * TURN_MS // 1000
    assert sum(charged_s) >= 7.5 * TURN_MS // 1000
    assert max(car.starts for car in house.cars) <= 5


def test_who_comes_later_does_not_stop_who_was_there():
    house = pair(Car(plug_s=100), Car(leave_s=OFF_S), (14000, 0, 0))
    house.live(TURN_MS // 1000 - 100)
    assert house.cars[0].starts == 0
    assert currents(house) == [0, 10000]


# Anything.

long = settings(max_examples=settings().max_examples // 4)
"""For stories of many minutes."""

houses = st.lists(
    st.tuples(st.integers(1, 60), st.tuples(*[st.integers(-10000, FUSE_MA)] * 3)), min_size=1, max_size=8
)
cars = st.builds(
    Car,
    st.sampled_from(TURNS),
    st.sampled_from((1, 2, 3)),
    st.sampled_from((6000, 13000, 16000, 32000)),
    st.integers(0, 50).map(lambda tenths: tenths * 100),
    st.sampled_from((100, 500, 2000)),
    st.integers(0, 60),
    st.integers(100, 300) | st.just(OFF_S),
)
lags = st.sampled_from((0, 300, 900, 1500))


@given(st.lists(cars, min_size=1, max_size=2), houses, st.sampled_from((0, 300, 900)), lags)
def test_no_fuse_is_overloaded_for_longer_than_readings_and_reaction_take(charging, plan, mains_lag, own_lag):
    balance = Balance(FUSE_MA, [car.rotation for car in charging])
    house = House(balance, charging, mains_lag, own_lag)
    # A car that goes up while the last reading of it is old is seen one own reading late.
    bound_ms = 2 * READING_MS + mains_lag + own_lag + REACTION_MS + 1000
    over_ms = quiet_ms = 0
    for duration_s, base_ma in plan:
        house.base_ma = list(base_ma)
        quiet_ms = 0
        for _ in range(duration_s * 10):
            house.step()
            quiet_ms += 100
            over_ms = over_ms + 100 if max(house.mains_ma) > FUSE_MA else 0
            assert min(over_ms, quiet_ms) <= bound_ms
            for number in range(len(charging)):
                assert all(value == 0 or 6000 <= value <= FUSE_MA for value in house.limits_ma(number))


@long
@given(
    cars,
    st.tuples(*[st.integers(-10000, FUSE_MA)] * 3),
    st.sampled_from((0, 300, 900)),
    lags,
    st.integers(0, 150),
    st.integers(),
)
def test_behind_a_steady_house_no_limit_swings(car, base_ma, mains_lag, own_lag, noise_ma, seed):
    car.here_s = (0, OFF_S)
    chance = random.Random(seed)
    house = House(
        Balance(FUSE_MA, [car.rotation]),
        [car],
        mains_lag,
        own_lag,
        lambda: chance.randint(-noise_ma, noise_ma),
    )
    house.base_ma = list(base_ma)
    seen = house.live(400)
    for phase in range(3):
        values_ma = [limits_ma[0][phase] for limits_ma in seen]
        pairs = list(itertools.pairwise(values_ma[20:]))
        falls = sum(old - new for old, new in pairs if 0 < new < old)
        assert falls <= 4 * noise_ma, "what falls is the noise of the meter, once"
        assert sum(new == 0 < old for old, new in pairs) <= 1, "at 6 A the noise decides, once"
        assert len(set(values_ma[-120:])) <= (2 if noise_ma else 1), "a rise may wait for its luck"
    assert car.starts <= 1


@long
@given(st.lists(cars, min_size=2, max_size=2), st.tuples(*[st.integers(-10000, FUSE_MA - 16500)] * 3), lags)
def test_two_cars_behind_a_steady_house_come_to_rest(charging, base_ma, own_lag):
    # There is room for both, and a little more: a start that the own meter shows late looks like the house.
    for car in charging:
        car.here_s = (0, OFF_S)
    house = House(Balance(FUSE_MA, [car.rotation for car in charging]), charging, 300, own_lag)
    house.base_ma = list(base_ma)
    house.live(600)
    assert len({str(limits_ma) for limits_ma in house.live(120)}) == 1
    assert [car.starts for car in charging] == [1, 1]
