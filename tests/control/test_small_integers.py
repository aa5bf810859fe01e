"""Whatever the parts say, every number that the controller holds stays below 2^30."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from control import faults, limits
from control.controller import Controller
from control.windows import Inputs, Outputs

LARGEST = 2**30 - 1

inputs = st.fixed_dictionaries(
    {
        "high_mv": st.sampled_from([-LARGEST, -12000, 0, 3000, 6000, 9000, 12000, LARGEST]),
        "low_mv": st.sampled_from([-LARGEST, -12000, LARGEST]),
        "pilot_valid": st.booleans(),
        "closed": st.booleans(),
        "rcd_tripped": st.booleans(),
        "hazard": st.booleans(),
        "proximity_ohm": st.sampled_from([0, 100, 220, LARGEST]),
        "locked": st.booleans(),
        "metered": st.booleans(),
        "meter_age_ms": st.sampled_from([0, 2**29 - 1]),
        "current_ma": st.sampled_from([[0] * 3, [80000, 0, 0], [LARGEST] * 3]),
        "voltage_mv": st.sampled_from([[0] * 3, [230000] * 3, [100000, 0, 0], [LARGEST] * 3]),
        "energy_wh": st.sampled_from([0, 1, LARGEST]),
        "temperature_dc": st.sampled_from([-LARGEST, 250, 680, 709, LARGEST]),
        "temperature_valid": st.booleans(),
        "earthed": st.booleans(),
        "joined": st.sampled_from([1, 3]),
    }
)
mailboxes = st.fixed_dictionaries(
    {
        "phases": st.sampled_from([0, 1]),
        "phase_wait_ms": st.sampled_from([0, 2**29 - 1]),
        "car_phases": st.sampled_from([0, 1, 3]),
        "return_delay_ms": st.sampled_from([0, LARGEST]),
        "end_wh": st.sampled_from([0, LARGEST]),
        "meter_ma": st.sampled_from([0, LARGEST]),
        "billing": st.booleans(),
        "system_faults": st.sampled_from([0, faults.SYSTEM]),
    }
)
powers_w = st.sampled_from([0, 1, 22000, 100000, LARGEST])
gaps_ms = st.sampled_from([0, 1, 20, 99, 100, 10**6, 2**29 - 1])


def numbers(thing, seen):
    """Every integer that is reachable from `thing`, with the way there."""
    if id(thing) in seen:
        return
    seen.add(id(thing))
    members = (
        thing.items()
        if isinstance(thing, dict)
        else enumerate(thing)
        if isinstance(thing, list | tuple)
        else ()
    )
    if hasattr(thing, "__dict__"):
        members = vars(thing).items()
    for name, value in members:
        if isinstance(value, int):
            yield name, value
        else:
            yield from numbers(value, seen)


def check(controller, outputs):
    for thing in (controller, outputs):
        for name, value in numbers(thing, set()):
            assert -LARGEST <= value <= LARGEST, name


@pytest.mark.parametrize(
    "options", [{"cable_ma": 80000, "switchable": True}, {"lockable": True, "ventilation": True}]
)
@given(story=st.lists(st.tuples(inputs, mailboxes, powers_w, gaps_ms, st.integers(1, 4)), max_size=40))
def test_no_number_leaves_the_small_integers(options, story):
    controller, given_in, put_out = Controller(80000, **options), Inputs(), Outputs()
    controller.restore(0, 0, LARGEST - 1, 0, LARGEST - 1, 3, 3)
    now_ms = LARGEST - 1000
    mailbox = controller.mailbox
    for readings, wishes, power_w, gap_ms, times in story:
        vars(given_in).update(readings)
        vars(mailbox).update(wishes)
        mailbox.authorised_session = mailbox.limited_session = controller.session.number
        mailbox.set_limit(limits.BACKEND, LARGEST, LARGEST, LARGEST)
        mailbox.set_power(limits.SESSION_POWER, power_w, LARGEST, LARGEST)
        for _ in range(times):
            now_ms = (now_ms + gap_ms) % 2**30
            controller.tick(now_ms, given_in, put_out)
            check(controller, put_out)


def test_the_walk_finds_a_number_that_is_too_large():
    controller = Controller(32000)
    controller.pilot.held_ms = 2**30
    with pytest.raises(AssertionError, match="held_ms"):
        check(controller, Outputs())
