"""What the pilot tells the car: offers, a steady +12 V, and state F for 300 ms at least."""

from control import duty
from control.signal import LONG_MS, STATE_F_MS, Signal

TICK_MS = 20


def say(signal, duration_ms, offered_ma=0, silent=False, apart=False):
    """Let time pass; whether the car was to be heard anew."""
    anew = False
    for _ in range(duration_ms // TICK_MS):
        anew = signal.update(TICK_MS, offered_ma, silent, apart) or anew
    return anew


def speaking(offered_ma=0):
    signal = Signal()
    say(signal, STATE_F_MS, offered_ma)
    return signal


def test_a_reset_leaves_state_f_which_is_held_for_its_time():
    signal = Signal()
    assert not signal.listens()
    assert not signal.apart
    assert not say(signal, STATE_F_MS - TICK_MS)
    assert signal.duty_bp == duty.STATE_F_BP
    assert say(signal, TICK_MS)
    assert signal.duty_bp == duty.STEADY_BP
    assert signal.listens()
    assert not signal.speaks()


def test_an_offer_is_a_square_wave():
    signal = speaking()
    assert not say(signal, TICK_MS, 16000)
    assert (signal.duty_bp, signal.listens(), signal.speaks()) == (2666, True, True)


def test_state_f_comes_at_once_and_goes_late():
    signal = speaking(16000)
    say(signal, TICK_MS, 16000, silent=True)
    assert (signal.duty_bp, signal.listens(), signal.speaks()) == (duty.STATE_F_BP, False, False)
    assert not say(signal, STATE_F_MS - TICK_MS, 16000)
    assert say(signal, TICK_MS, 16000)
    assert signal.duty_bp == 2666


def test_a_pilot_that_is_off_the_wire_stays_so_as_long_as_state_f():
    signal = speaking()
    say(signal, TICK_MS, silent=True, apart=True)
    assert signal.apart
    say(signal, STATE_F_MS - TICK_MS)
    assert signal.apart
    say(signal, TICK_MS)
    assert not signal.apart


def test_within_state_f_the_pilot_may_go_and_come():
    signal = Signal()
    for apart in (True, False, True):
        say(signal, TICK_MS, silent=True, apart=apart)
        assert signal.apart == apart


def test_it_counts_since_the_last_change_and_stops_at_an_hour():
    signal = speaking(16000)
    assert signal.since_change_ms == 0
    say(signal, 500, 16000)
    assert signal.since_change_ms == 500
    say(signal, TICK_MS, 10000)
    assert signal.since_change_ms == 0
    signal.update(2**29 - 1, 10000, False, False)
    assert signal.since_change_ms == LONG_MS
