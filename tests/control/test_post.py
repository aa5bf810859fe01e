"""Self-test of the pilot: -12 V must be seen, unless a car explains why it is not."""

import pytest

from control.post import GIVE_UP_MS, PROOF_MS, TRIES, SelfTest

TICK_MS = 20
DRIVEN, NOT_YET = True, False
VACANT, CAR = True, False


def run(post, duration_ms, high_mv, vacant=VACANT, driven=DRIVEN, valid=True):
    for _ in range(duration_ms // TICK_MS):
        post.update(TICK_MS, driven, high_mv, valid, vacant)
    return post.running, post.passed, post.failed


def test_three_readings_of_minus_twelve_volts_pass():
    post = SelfTest()
    assert (post.running, post.passed, post.failed) == (True, False, False)
    assert run(post, PROOF_MS - TICK_MS, -12000) == (True, False, False)
    assert run(post, TICK_MS, -12000) == (False, True, False)
    assert run(post, 600000, 12000) == (False, True, False)


@pytest.mark.parametrize(
    ("reading", "passes"),
    [
        ({"high_mv": -10000}, True),
        ({"high_mv": -9999}, False),
        ({"high_mv": -12000, "valid": False}, False),
        ({"high_mv": -12000, "driven": NOT_YET}, False),
        ({"high_mv": 12000}, False),
        ({"high_mv": 0}, False),
    ],
)
def test_only_a_reading_of_the_driven_pilot_proves_it(reading, passes):
    assert run(SelfTest(), PROOF_MS, **reading)[1] == passes


def test_the_readings_are_in_a_row():
    post = SelfTest()
    for _ in range(10):
        run(post, PROOF_MS - TICK_MS, -12000)
        assert run(post, TICK_MS, -9000) == (True, False, False)


def test_without_a_car_it_is_tried_twice_and_has_failed():
    post = SelfTest()
    for _ in range(TRIES):
        assert run(post, GIVE_UP_MS - TICK_MS, 12000) == (True, False, False)
        assert run(post, TICK_MS, 12000) == (False, False, False)
        run(post, TICK_MS, 12000)
    assert run(post, 600000, -12000) == (False, False, True)


def test_a_car_explains_it_and_when_it_has_gone_it_is_tried_again():
    post = SelfTest()
    assert run(post, 600000, 3000, CAR) == (False, False, False)
    run(post, TICK_MS, 12000, VACANT)
    assert run(post, PROOF_MS, -12000) == (False, True, False)


def test_a_car_that_came_into_the_last_try_explains_it_too():
    post = SelfTest()
    run(post, GIVE_UP_MS, 12000)
    run(post, TICK_MS, 12000)
    assert run(post, GIVE_UP_MS, 3000) == (False, False, False)
    post.update(TICK_MS, NOT_YET, 9000, True, CAR, True)
    run(post, TICK_MS, 12000)
    assert run(post, PROOF_MS, -12000) == (False, True, False)


def test_a_technician_who_clears_the_failure_has_it_tried_again():
    post = SelfTest()
    run(post, 600000, 12000)
    assert post.failed
    post.clear_failure()
    assert run(post, TICK_MS, 12000) == (True, False, False)
    assert run(post, PROOF_MS, -12000) == (False, True, False)
