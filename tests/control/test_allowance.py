"""What control itself knows of limits: cable, car, energy, temperature, meter, voltage, phases."""

import pytest

from control import faults, limits, pilot
from control.allowance import Allowance
from control.protection import Protection
from control.session import Session
from control.windows import Inputs, Mailbox

NO = limits.NO_LIMIT_MA
STEP_MS = 100


class Bench:
    """The limits of a 32 A connector, and what they are fed from."""

    def __init__(self, cable_ma=32000, metering=True, switchable=True):
        self.allowance = Allowance(32000, 3, 230000, cable_ma, metering)
        self.protection = Protection(32000, 3, 230000, cable_ma == 0, False, False, metering, switchable)
        self.inputs, self.mailbox, self.session = Inputs(), Mailbox(), Session()
        self.inputs.metered = True
        self.inputs.voltage_mv = [230000] * 3
        self.session.update(pilot.B, 0)
        self.lifetime_wh = 0

    def run(self, duration_ms=STEP_MS, charging=False, current_ma=(0, 0, 0)):
        inputs = self.inputs
        inputs.current_ma = list(current_ma)
        for _ in range(duration_ms // STEP_MS):
            self.allowance.update(STEP_MS, inputs.proximity_ohm, self.mailbox, self.session, self.lifetime_wh)
            self.protection.fresh = inputs.metered and inputs.meter_age_ms <= 5000
            self.allowance.measure(STEP_MS, inputs, self.mailbox, self.protection, charging)
        return self.allowance.limits.least_ma, limits.NAMES[self.allowance.limits.reason]

    def row(self, source):
        return self.allowance.limits.value_ma(source)


@pytest.mark.parametrize(
    ("ohm", "cable_ma"),
    [(0, 0), (74, 0), (100, 63000), (220, 32000), (680, 20000), (1500, 13000), (10000, 0)],
)
def test_a_socket_reads_the_cable_in_every_tick(ohm, cable_ma):
    bench = Bench(cable_ma=0)
    bench.inputs.proximity_ohm = ohm
    bench.run()
    assert bench.row(limits.CABLE) == cable_ma


def test_a_cable_that_is_in_does_not_gain():
    bench = Bench(cable_ma=0)
    for ohm, cable_ma in ((1500, 13000), (680, 20000)):  # a plug on its way in
        bench.inputs.proximity_ohm = ohm
        bench.run()
        assert bench.row(limits.CABLE) == cable_ma
    bench.session.count(1000, False)
    for ohm, cable_ma in ((220, 20000), (0, 0), (220, 20000), (10000, 0), (1500, 13000), (680, 13000)):
        bench.inputs.proximity_ohm = ohm
        bench.run()
        assert bench.row(limits.CABLE) == cable_ma
    bench.session.update(pilot.A, 200)
    bench.inputs.proximity_ohm = 220
    bench.run()
    assert bench.row(limits.CABLE) == 32000


def test_a_tethered_cable_is_the_board_s():
    bench = Bench(cable_ma=20000)
    bench.inputs.proximity_ohm = 0
    assert bench.run() == (20000, "cable")


def test_a_car_without_state_b_gets_ten_amperes():
    bench = Bench()
    bench.session.simple = True
    assert bench.run() == (10000, "simple car")
    bench.session.simple = False
    assert bench.run() == (32000, "hardware")


@pytest.mark.parametrize(("whose", "limit_ma"), [(0, 0), (1, 32000), (-1, 32000)])
def test_a_session_has_had_enough_energy_and_no_other_has(whose, limit_ma):
    bench = Bench()
    bench.lifetime_wh = 50000
    bench.mailbox.limited_session = bench.session.number + whose
    bench.mailbox.end_wh = 50001
    assert bench.run()[0] == 32000
    bench.lifetime_wh = 50001
    assert bench.run()[0] == limit_ma
    bench.mailbox.end_wh = 0
    assert bench.run()[0] == 32000


def test_the_temperature_limits_as_far_as_it_derates():
    bench = Bench()
    bench.protection.derating.limit_ma = 20000
    assert bench.run() == (20000, "temperature")
    bench.protection.derating.limit_ma = 32000
    assert bench.run() == (32000, "hardware")


@pytest.mark.parametrize(
    ("billing", "meter_ma", "limit_ma"), [(False, 6000, 6000), (False, 10000, 10000), (True, 6000, 0)]
)
def test_a_stale_meter_limits_what_nobody_sees(billing, meter_ma, limit_ma):
    bench = Bench()
    bench.mailbox.billing, bench.mailbox.meter_ma = billing, meter_ma
    bench.inputs.meter_age_ms = 5000
    assert bench.run() == (32000, "hardware")
    bench.inputs.meter_age_ms = 5001
    assert bench.run() == (limit_ma, "meter")
    bench.inputs.meter_age_ms = 0
    assert bench.run() == (32000, "hardware")


def test_a_board_without_a_meter_is_not_limited_by_it():
    bench = Bench(metering=False)
    bench.inputs.metered = False
    assert bench.run(60000) == (32000, "hardware")


@pytest.mark.parametrize("metering", [True, False])
def test_energy_that_is_limited_does_not_flow_unseen(metering):
    bench = Bench(metering=metering)
    bench.inputs.metered = False
    bench.mailbox.limited_session, bench.mailbox.end_wh = bench.session.number, 100
    assert bench.run() == (0, "meter")
    bench.mailbox.limited_session += 1
    assert bench.run() == ((6000, "meter") if metering else (32000, "hardware"))
    bench.mailbox.limited_session -= 1
    bench.inputs.metered = True
    assert bench.run() == (32000, "hardware")


def test_a_stale_meter_raises_no_limit_in_watts():
    bench = Bench()
    bench.mailbox.meter_ma = 32000
    bench.mailbox.set_power(limits.BACKEND, 11040)
    assert bench.run() == (16000, "backend")
    bench.inputs.meter_age_ms = 6000
    bench.inputs.voltage_mv = [115000] * 3
    assert bench.run(60000, charging=True, current_ma=(16000, 0, 0)) == (16000, "backend")


def test_a_one_phase_car_gets_the_whole_power_once_it_has_shown_so():
    bench = Bench()
    bench.mailbox.set_power(limits.BACKEND, 5520)
    assert bench.run(9900, charging=True, current_ma=(8000, 0, 0)) == (8000, "backend")
    bench.run(STEP_MS, charging=False, current_ma=(8000, 0, 0))
    assert bench.run()[0] == 8000
    assert bench.run(STEP_MS, charging=True, current_ma=(8000, 0, 0)) == (24000, "backend")
    assert bench.allowance.phases_in_use.count == 1
    bench.allowance.begin_session()
    assert bench.run() == (8000, "backend")


def test_what_was_asked_for_a_session_goes_with_the_car():
    bench = Bench()
    bench.mailbox.limited_session = bench.session.number
    bench.mailbox.set_limit(limits.SESSION_TIME, 0)
    assert bench.run() == (0, "session time")
    bench.allowance.end_session()
    assert bench.run() == (32000, "hardware")


def test_a_car_that_is_known_need_not_show_its_phases():
    bench = Bench()
    bench.mailbox.set_phases(limits.LOAD_BALANCING, 20000, 3000, 3000)
    assert bench.run() == (3000, "load balancing")
    bench.mailbox.car_phases = 1
    assert bench.run() == (20000, "load balancing")
    bench.mailbox.car_phases = 3
    assert bench.run() == (3000, "load balancing")


def test_a_car_that_draws_from_more_phases_than_it_is_known_for_is_believed_at_once():
    bench = Bench()
    bench.mailbox.car_phases = 1
    bench.mailbox.set_phases(limits.LOAD_BALANCING, 20000, 3000, 3000)
    assert bench.run(60000, charging=True, current_ma=(16000, 0, 0)) == (20000, "load balancing")
    assert bench.run(STEP_MS, charging=True, current_ma=(16000, 16000, 16000)) == (3000, "load balancing")
    assert bench.run(5000, charging=True, current_ma=(16000, 0, 0)) == (3000, "load balancing")
    bench.allowance.begin_session()
    assert bench.run() == (20000, "load balancing")


def test_phases_that_are_switched_off_do_not_count_even_for_a_car_known_to_use_them():
    bench = Bench()
    bench.mailbox.car_phases = 3
    bench.mailbox.set_phases(limits.LOAD_BALANCING, 20000, 3000, 3000)
    bench.protection.switching.selected = bench.inputs.joined = 1
    assert bench.run() == (20000, "load balancing")
    bench.inputs.joined = 3
    assert bench.run() == (3000, "load balancing")


@pytest.mark.parametrize("fault", [faults.UNDER_VOLTAGE, faults.OVER_VOLTAGE])
def test_after_a_fault_of_the_supply_there_is_a_wait(fault):
    bench = Bench()
    bench.mailbox.return_delay_ms = 60000
    bench.allowance.supply_returned(1 << faults.CP_DIODE, bench.mailbox)
    assert bench.run() == (32000, "hardware")
    bench.allowance.supply_returned(1 << fault, bench.mailbox)
    assert bench.run(59900) == (0, "voltage")
    assert bench.run(100) == (32000, "hardware")


def test_without_a_delay_there_is_no_wait():
    bench = Bench()
    bench.allowance.supply_returned(1 << faults.UNDER_VOLTAGE, bench.mailbox)
    assert bench.run() == (32000, "hardware")


def test_somebody_on_site_may_skip_the_wait():
    bench = Bench()
    bench.mailbox.return_delay_ms = 600000
    bench.allowance.supply_returned(1 << faults.OVER_VOLTAGE, bench.mailbox)
    bench.run(1000)
    bench.mailbox.set_limit(limits.VOLTAGE, NO)
    assert bench.run() == (32000, "hardware")
