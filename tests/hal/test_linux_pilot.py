"""The pilot on Linux, over files shaped like the kernel's, behind the divider of the board's own facts."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boards.facts import Connector
from hal.contract import STATE_F_BP, STEADY_BP
from hal.linux.pilot import PeakPilot, make
from simulator.portable import pilot_line
from simulator.portable.noise import Noise, Random
from tests.hal.linux_tree import lines, tree

__all__ = ["lines", "tree"]
PINS = {
    "pilot": "pwmchip0/0",
    "pilot_high": "iio:device0/0",
    "pilot_low": "iio:device0/1",
    "pilot_relay": "gpiochip0:22",
}
FACTS = Connector(pins=PINS, pilot_points=((-12000, 324), (12000, 2919)))
COUNTS = 4096
WITHIN_MV = 150


def pin_uv(cp_mv):
    """What the divider makes of a level, as a converter of 12 bits sees it."""
    exact_uv = 324000 + (cp_mv + 12000) * (2919000 - 324000) // 24000
    return exact_uv * COUNTS // 3300000 * 3300000 // COUNTS


class Wire:
    """The pilot's wire: PWM, detectors and relay are its ends."""

    def __init__(self):
        self.line = pilot_line.PilotLine(Noise(Random(1), 0))
        self.broken = False

    def duty_u16(self, duty):
        self.line.drive(duty * 10000 // 65535)

    def value(self, level):
        self.line.disconnect(bool(level))

    def detector(self, level):
        """An end with `read_uv`."""
        return Detector(self, level)


class Detector:
    def __init__(self, wire, level):
        self.wire, self.level = wire, level

    def read_uv(self):
        if self.wire.broken:
            raise OSError(5, "Input/output error")
        line = self.wire.line
        levels = (line.true_high_mv, line.true_low_mv)
        # Of a steady level the other detector has still what was there before.
        if line.duty_bp in (STATE_F_BP, STEADY_BP):
            levels = (levels[0], -12000) if line.duty_bp else (9000, levels[0])
        return pin_uv(levels[0] if self.level == "high" else levels[1])


def fitted():
    wire = Wire()
    return wire, PeakPilot(wire, wire.detector("high"), wire.detector("low"), wire, FACTS)


@settings(deadline=None)
@given(
    st.sampled_from([STATE_F_BP, STEADY_BP, 500, 1000, 2667, 5333, 9600]),
    st.sampled_from([pilot_line.OPEN, pilot_line.B_OHM, pilot_line.C_OHM, pilot_line.D_OHM]),
    st.booleans(),
    st.booleans(),
)
def test_every_plateau_is_seen(duty_bp, ohm, shorted, diode_shorted):
    wire, pilot = fitted()
    wire.line.load(ohm)
    wire.line.shorted, wire.line.diode_shorted = shorted, diode_shorted
    wire.line.settle()
    pilot.drive(duty_bp)
    pilot.sample(0)
    assert pilot.valid
    assert abs(pilot.high_mv - wire.line.true_high_mv) <= WITHIN_MV
    if 0 < duty_bp < STEADY_BP:
        assert abs(pilot.low_mv - wire.line.true_low_mv) <= WITHIN_MV


def test_a_charger_that_starts_drives_state_f():
    _, pilot = fitted()
    pilot.sample(0)
    assert abs(pilot.high_mv + 12000) <= WITHIN_MV


def test_the_relay_takes_the_pilot_off_the_wire():
    wire, pilot = fitted()
    pilot.disconnect(True)
    assert wire.line.apart
    pilot.disconnect(False)
    assert not wire.line.apart


def test_a_converter_that_does_not_answer_is_no_plateau_and_not_0_v():
    wire, pilot = fitted()
    pilot.drive(STEADY_BP)
    wire.broken = True
    pilot.sample(0)
    assert not pilot.valid
    wire.broken = False
    pilot.sample(20)
    assert pilot.valid


@pytest.mark.parametrize(("high", "low"), [(4095, 402), (3623, 0), (4080, 402), (3623, 20)])
def test_a_divider_that_is_broken_is_no_plateau(tree, lines, high, low):
    tree.pwm("pwmchip0", 0)
    tree.adc(0, high)
    tree.adc(1, low)
    pilot = make(FACTS, 1, None)
    pilot.drive(2667)
    pilot.sample(0)
    assert not pilot.valid


def test_it_drives_and_reads_the_kernel_s_files(tree, lines):
    tree.pwm_chip()
    tree.adc(0, 3622)
    tree.adc(1, 402)
    pilot = make(FACTS, 1, None)
    assert tree.text("/sys/class/pwm/pwmchip0/pwm0/duty_cycle") == "0"
    pilot.drive(2667)
    assert tree.text("/sys/class/pwm/pwmchip0/pwm0/duty_cycle") == "266697"
    assert tree.text("/sys/class/pwm/pwmchip0/pwm0/period") == "1000000"
    pilot.sample(0)
    assert pilot.valid
    assert abs(pilot.high_mv - 12000) <= WITHIN_MV
    assert abs(pilot.low_mv + 12000) <= WITHIN_MV
    relay = lines["gpiochip0", 22]
    assert not relay.level
    pilot.disconnect(True)
    assert relay.level
