"""After each fault that has gone the car charges again: by itself, after an unplug, or after a technician has
come - and not sooner."""

import pytest

from tests.control.play import Play
from tests.control.station import NEAR_WRAP_MS

# Cause: (how long it is there in s, what ends it, and within how many s the car charges again).
ALONE, UNPLUG, SERVICE = "alone", "unplug", "technician"
REMEDIES = {
    "cp_diode": (1, ALONE, 40),
    "cp_short": (1, ALONE, 40),
    "pilot_dead": (1, ALONE, 40),
    "cp_noise": (1, ALONE, 40),
    "ventilation": (1, ALONE, 40),
    "relay_stuck_open": (1, ALONE, 70),
    "coil_chatter": (1, ALONE, 20),
    "over_current": (12, ALONE, 75),
    "over_voltage": (10, ALONE, 45),
    "under_voltage": (10, ALONE, 45),
    "phase_lost": (10, ALONE, 45),
    "hot": (10, ALONE, 10),
    "over_temperature": (10, ALONE, 315),
    "temperature_sensor": (10, ALONE, 315),
    "meter_silent": (10, ALONE, 20),
    "rcd_trip": (1, UNPLUG, 15),
    "earth_lost": (1, UNPLUG, 15),
    "rcd_dead": (1, SERVICE, 40),
    "relay_welded": (1, SERVICE, 40),
}
SOCKET_REMEDIES = {
    "pp_open": (1, ALONE, 40),
    "pp_short": (1, ALONE, 40),
    "lock_stuck": (8, ALONE, 45),
}
# What only shows when the car pauses, or when the next one comes.
AT_A_PAUSE = ("relay_welded", "relay_stuck_open", "lock_stuck")
AT_A_PLUG = ("rcd_dead",)
CASES = [("tethered", *case) for case in REMEDIES.items()]
CASES += [("socket", *case) for case in (*REMEDIES.items(), *SOCKET_REMEDIES.items())]


@pytest.fixture(scope="module")
def started():
    plays = {}
    for setup in ("tethered", "socket"):
        play = Play(1, NEAR_WRAP_MS, setup)
        play.mend()
        play.run(40000)
        plays[setup] = play.kept()
    return plays


def suffer(play, name, there_ms):
    """The cause comes, is met by the next charge as well, and goes."""
    play.fault(name)
    play.run(there_ms)
    if name in AT_A_PAUSE:
        play.charge(0)
        play.run(7000)
        play.charge(1)
        play.run(7000)
    elif name in AT_A_PLUG:
        play.replug(name)
    play.clear(name)
    play.oracle.look()


def unplug(play):
    play.withdraw()
    play.run(8000)
    play.unplug()
    play.run(31000)


def charges_within(play, within_s):
    return any(play.doze(1000) or play.oracle.truth.contacts for _ in range(within_s))


@pytest.mark.parametrize("card_first", [False, True], ids=["plug first", "card first"])
@pytest.mark.parametrize("setup", ["tethered", "socket"])
def test_a_healthy_car_charges_ten_seconds_after_leave_at_the_latest(started, setup, card_first):
    play = Play.again(started[setup])
    unplug(play)
    acts = [lambda: play.plug({}), play.authorise]
    for act in reversed(acts) if card_first else acts:
        play.run(2000)
        act()
    play.run(10000)
    assert play.oracle.truth.contacts


@pytest.mark.parametrize(("setup", "name", "remedy"), CASES, ids=[f"{case[0]} {case[1]}" for case in CASES])
def test_a_fault_that_has_gone_is_over(started, setup, name, remedy):
    there_s, ends, within_s = remedy
    play = Play.again(started[setup])
    suffer(play, name, 1000 * there_s)
    if ends == ALONE:
        assert charges_within(play, within_s)
        return
    assert not charges_within(play, 60)
    unplug(play)
    if ends == SERVICE:
        play.plug({})
        play.authorise()
        assert not charges_within(play, 60)
        unplug(play)
        play.station.mailbox.clear(-1)
        play.oracle.cleared()
        play.run(1000)
    play.plug({})
    play.authorise()
    assert charges_within(play, within_s)
