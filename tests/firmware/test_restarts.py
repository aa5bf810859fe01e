"""What a restart must not change: no latch ends by it, and no energy is billed to the wrong person."""

import pytest

from control import faults
from firmware.register import FIRST_READING_MS
from ocpp_client.measurands import register_wh
from tests.firmware.stage import CARDS, OWN_CARD, PLUG_AND_CHARGE, play

CAR_HOLDS_OFF_MS = 30000
"""How long a charge stays away after any fault."""


async def _hard_reset(stage):
    assert stage.charger.reset("Hard")
    await stage.until("restart", 3)
    await stage.bench.quiet()


async def _power_cut(stage):
    await stage.bench.power(False)
    await stage.wait(1)
    await stage.bench.power(True)


RESTARTS = pytest.mark.parametrize("restart", [_hard_reset, _power_cut])


async def _latch(stage, fault, name):
    """`fault` comes and goes until it no longer ends by itself."""
    bit = faults.ROWS[name].bit
    while not stage.connector.snapshot.latched & bit:
        await stage.until(lambda: stage.outlet.contactor.driven, 200)
        await stage.wait(1)
        stage.world.fault(fault)
        await stage.until(lambda: stage.connector.snapshot.faults & bit, 10)
        stage.world.clear(fault)
    await stage.until("transaction_stopped", 20)


# Latches.


@RESTARTS
def test_a_latched_diode_fault_outlives_a_restart_and_ends_with_unplugging(restart):
    async def story(stage):
        stage.outlet.plug()
        await _latch(stage, "cp_diode", faults.CP_DIODE)
        cycles = stage.outlet.contactor.cycles
        await restart(stage)
        await stage.wait(120)
        assert stage.connector.status.vendor_error_code == "CP_DIODE"
        assert stage.outlet.contactor.cycles == cycles
        stage.outlet.unplug()
        await stage.until(lambda: stage.status == "Available", 5)
        await restart(stage)
        await stage.until(lambda: stage.status == "Available", 5)
        await stage.wait(600)  # it has closed three times for this car
        await stage.charge()

    play(story, settings=PLUG_AND_CHARGE)


@RESTARTS
def test_a_relay_that_would_not_close_outlives_a_restart_and_an_unplug(restart):
    async def story(stage):
        stage.world.fault("relay_stuck_open")
        stage.outlet.plug()
        bit = faults.ROWS[faults.RELAY_STUCK_OPEN].bit
        await stage.until(lambda: stage.connector.snapshot.latched & bit, 300)
        await stage.wait(0.2)
        stage.world.clear("relay_stuck_open")
        await restart(stage)
        await stage.wait(100)
        assert stage.connector.status.vendor_error_code == "RELAY_STUCK_OPEN"
        stage.outlet.unplug()
        await stage.wait(5)
        stage.outlet.plug()
        await stage.wait(100)
        assert stage.connector.snapshot.latched == bit
        assert stage.outlet.contactor.cycles == 0

    play(story, settings=PLUG_AND_CHARGE)


@RESTARTS
def test_after_a_residual_current_a_restart_closes_nothing_until_the_car_is_unplugged(restart):
    async def story(stage):
        await stage.charge()
        stage.world.fault("rcd_trip")
        await stage.until(lambda: stage.status == "Faulted", 0.3)
        stage.world.clear("rcd_trip")
        await restart(stage)
        await stage.wait(120)
        assert stage.connector.status.vendor_error_code == "RCD_TRIP"
        assert stage.outlet.contactor.cycles == 1
        assert not stage.outlet.contactor.contacts_closed
        stage.outlet.unplug()
        await stage.until(lambda: stage.status == "Available", 5)
        await stage.charge()

    play(story, settings=PLUG_AND_CHARGE)


@RESTARTS
def test_a_passing_fault_and_its_pause_begin_anew_with_a_restart_k10(restart):
    async def story(stage):
        await stage.charge()
        stage.world.fault("cp_short")
        await stage.until(lambda: stage.status == "Faulted", 1)
        await stage.wait(0.2)
        stage.world.clear("cp_short")
        await restart(stage)
        begun_ms = stage.kernel.now_ms()
        await stage.wait(5)
        assert stage.connector.snapshot.faults
        await stage.until(lambda: stage.outlet.contactor.contacts_closed, 60)
        assert stage.kernel.now_ms() - begun_ms >= CAR_HOLDS_OFF_MS
        await stage.wait(1)
        assert stage.firmware.journal.get("latches-1")[:2] == [0, 0]

    play(story, settings=PLUG_AND_CHARGE)


@RESTARTS
def test_a_passing_fault_lasts_after_its_tries_although_restarts_come_between(restart):
    async def story(stage):
        bit = faults.ROWS[faults.OVER_CURRENT].bit
        stage.outlet.plug(max_a=32)
        stage.world.fault("over_current")
        for _ in range(faults.ROWS[faults.OVER_CURRENT].tries):
            await stage.until(lambda: stage.connector.snapshot.faults & bit, 800)
            await stage.wait(0.2)
            assert not stage.connector.snapshot.latched
            await restart(stage)
        await stage.until(lambda: stage.connector.snapshot.latched & bit, 800)

    play(story, settings=PLUG_AND_CHARGE)


@RESTARTS
def test_the_tries_of_a_plug_in_are_written_when_one_is_used_and_when_it_ends(restart):
    async def story(stage):
        writes = []
        journal = stage.firmware.journal
        put = journal.put

        def note(name, value):
            if name == "latches-1":
                writes.append(value[5:6])
            put(name, value)

        journal.put = note
        await stage.charge()
        stage.world.fault("cp_short")
        await stage.wait(1)
        stage.world.clear("cp_short")
        await stage.until(lambda: stage.outlet.contactor.contacts_closed, 60)
        await stage.wait(30)
        assert len(writes) <= 8
        (spent,) = writes[-1]
        assert spent
        await restart(stage)
        await stage.wait(5)
        assert stage.connector.snapshot.spent == spent
        stage.outlet.unplug()
        await stage.wait(5)
        assert stage.firmware.journal.get("latches-1")[5] == 0

    play(story, settings=PLUG_AND_CHARGE)


# Waits.

RETURN_DELAY = {**PLUG_AND_CHARGE, "ReturnDelayMax": "600"}


def _wait_ms(stage):
    """What is left of the wait after the supply was out of range."""
    (row,) = [row for row in stage.charger.limits(1) if row["source"] == "voltage"]
    return row["left_ms"] if row["limit_ma"] == 0 else 0


async def _low_voltage(stage):
    """The supply is out of range when the restart comes."""
    stage.world.fault("under_voltage")
    await stage.until(lambda: stage.status == "Faulted", 15)
    await stage.wait(0.6)


async def _returned(stage):
    """It has returned, and the wait after that is not over."""
    await _low_voltage(stage)
    stage.world.clear("under_voltage")
    await stage.until(lambda: _wait_ms(stage) > 10000, 60)


def test_power_comes_back_to_a_wait_that_is_drawn_each_time_and_skipped_on_site():
    async def story(stage):
        await stage.charge()
        waits = set()
        for _ in range(3):
            await _power_cut(stage)
            await stage.wait(1)
            waits.add(_wait_ms(stage) // 1000)
            assert 0 < _wait_ms(stage) < 600000
        assert len(waits) == 3
        left_ms = _wait_ms(stage)
        begun_ms, cycles = stage.kernel.now_ms(), stage.outlet.contactor.cycles
        await stage.until(lambda: stage.outlet.contactor.cycles > cycles, 640)
        assert stage.kernel.now_ms() - begun_ms >= left_ms
        await _power_cut(stage)
        await stage.until(lambda: _wait_ms(stage) > 0, 1)
        stage.charger.skip_waits(1)
        await stage.wait(1)
        assert _wait_ms(stage) == 0

    play(story, settings=RETURN_DELAY)


@RESTARTS
@pytest.mark.parametrize("trouble", [_low_voltage, _returned])
def test_a_restart_does_not_cut_the_wait_for_the_supply_short(restart, trouble):
    async def story(stage):
        await stage.charge()
        await trouble(stage)
        stage.world.clear("under_voltage")
        await restart(stage)
        await stage.wait(1)
        assert _wait_ms(stage) > 0

    play(story, settings=RETURN_DELAY)


def test_who_has_lost_no_supply_waits_for_none():
    async def story(stage):
        assert _wait_ms(stage) == 0, "a new charger"
        await stage.charge()
        await _hard_reset(stage)
        await stage.wait(1)
        assert _wait_ms(stage) == 0, "a reset"
        await _power_cut(stage)
        await stage.wait(700)
        stage.outlet.unplug()
        await stage.wait(700)
        assert _wait_ms(stage) == 0
        await stage.charge()

    play(story, settings=RETURN_DELAY)


@RESTARTS
def test_where_no_wait_is_set_there_is_none(restart):
    async def story(stage):
        await stage.charge()
        await _low_voltage(stage)
        stage.world.clear("under_voltage")
        await restart(stage)
        await stage.until(lambda: stage.outlet.contactor.contacts_closed, 40)

    play(story, settings=PLUG_AND_CHARGE)


# Energy.


async def _dark(stage, silent_s):
    """The power goes for a minute, and the meter answers so long after it came back."""
    stage.world.fault("meter_silent")
    await stage.bench.power(False)
    await stage.wait(60)
    await stage.bench.power(True)
    await stage.wait(silent_s)
    stage.world.clear("meter_silent")


@pytest.mark.parametrize("silent_s", [2, 8, 60])
def test_a_slow_meter_after_a_power_cut_moves_no_energy_to_another_bill(silent_s):
    async def story(stage):
        await stage.charge()
        await stage.wait(600)
        used_wh = stage.outlet.energy.energy_wh
        await _dark(stage, silent_s)
        assert not stage.stops()
        assert stage.charger.transaction(1) == 1
        stopped = await stage.until("transaction_stopped", 10)
        assert (stopped["tx"], stopped["metered"]) == (1, True)
        assert stopped["meter_wh"] == used_wh > 1500
        started = await stage.until("transaction_started", 10)
        assert started["meter_wh"] == used_wh
        await stage.until(lambda: stage.status == "Charging", 60)
        stage.outlet.unplug()
        second = await stage.until("transaction_stopped", 10)
        assert second["energy_wh"] == stage.outlet.energy.energy_wh - used_wh

    play(story, settings=PLUG_AND_CHARGE)


@pytest.mark.parametrize("sampled", [True, False])
def test_a_meter_that_stays_silent_ends_the_transaction_at_what_the_journal_knows(sampled):
    """By the transaction's last sample, or by what is noted each minute."""

    async def story(stage):
        await stage.charge()
        await stage.wait(599)
        # The server has answered all of these, and their room was given back.
        samples = [record for record in stage.records() if record["kind"] == "meter"]
        noted_wh = stage.firmware.journal.get("energy-1")[0]
        assert noted_wh > 1300
        known_wh = max([noted_wh] + [register_wh(record) for record in samples])
        assert (known_wh > noted_wh) == sampled
        cut_ms = stage.kernel.now_ms()
        await _dark(stage, 300)
        assert stage.charger.transaction(1) == 0
        stopped = stage.events("transaction_stopped")[0]
        assert stopped["t_ms"] - cut_ms - 60000 == pytest.approx(FIRST_READING_MS, abs=200)
        assert (stopped["meter_wh"], stopped["metered"]) == (known_wh, False)
        assert stage.stops()[0]["stamp"][:2] >= max([record["stamp"][:2] for record in samples], default=[])
        # Nobody's energy stays nobody's: the next transaction waits for the meter.
        assert len(stage.starts()) == 1
        assert stage.connector.can_start() == "the meter has not answered yet"
        started = await stage.until("transaction_started", 10)
        assert started["meter_wh"] == stage.outlet.energy.energy_wh

    sampling = {"MeterValueSampleInterval": "7"} if sampled else {}
    play(story, settings={**PLUG_AND_CHARGE, **sampling}, backend=sampled)


def test_no_register_of_before_the_restart_is_a_reading():
    """Between the meter's first answer and the tick that takes it in, the register is that of the journal."""

    async def story(stage):
        await stage.charge()
        await stage.wait(110)
        told_wh = stage.charger.reading(1).energy_wh
        assert stage.firmware.services.kept_energy(1)[0] < told_wh
        await stage.bench.power(False)
        await stage.bench.power(True)
        readings = []
        for _ in range(1000):
            await stage.wait(0.001)
            readings.append(stage.charger.reading(1))
        assert min([reading.energy_wh for reading in readings if reading]) >= told_wh

    play(story, settings=PLUG_AND_CHARGE)


def test_no_card_starts_before_the_meter_s_first_answer():
    async def story(stage):
        stage.world.fault("meter_silent")
        await stage.bench.restart("software")
        stage.outlet.plug()
        await stage.wait(20)
        refused = "refused", "the meter has not answered yet"
        assert await stage.charger.present(OWN_CARD) == refused
        assert not stage.charger.remote_start(1, OWN_CARD)
        stage.world.clear("meter_silent")
        await stage.wait(6)
        assert await stage.charger.present(OWN_CARD) == ("started", "local card")

    play(story, settings=CARDS)


def test_who_asks_just_after_the_restart_waits_for_the_meter():
    async def story(stage):
        stage.outlet.plug()
        await stage.bench.restart("software")
        await stage.wait(0.1)
        assert stage.charger.remote_start(1, OWN_CARD)
        assert stage.charger.transaction(1) == 0
        await stage.until("transaction_started", 2)
        assert stage.firmware.guard.lanes[0].parts.meter.readings

    play(story, settings=CARDS)


def test_the_meter_s_first_answer_counts_once_a_tick_has_taken_it_in():
    """The answer comes between two ticks, and the connector is looked after before the next one."""

    async def story(stage):
        await stage.charge()
        await stage.wait(300)
        used_wh = stage.outlet.energy.energy_wh
        await _dark(stage, 0)
        stage.world.fault("meter_silent")
        await stage.wait(2.005)
        meter = stage.firmware.guard.lanes[0].parts.meter
        assert not meter.readings
        meter.energy_wh = used_wh
        meter.readings = 1
        meter.read_at_ms = stage.bench.clock.now_ms()
        stage.connector.work(stage.firmware.clock.now_ms())
        assert not stage.stops()
        stopped = await stage.until("transaction_stopped", 5)
        started = await stage.until("transaction_started", 1)
        assert stopped["meter_wh"] == started["meter_wh"] == used_wh

    play(story, settings=PLUG_AND_CHARGE)


def test_the_energy_is_noted_each_minute_while_a_car_charges():
    async def story(stage):
        await stage.charge()
        for _ in range(3):
            await stage.wait(60)
            lifetime_wh, register_wh = stage.firmware.journal.get("energy-1")
            assert 0 <= stage.outlet.energy.energy_wh - register_wh < 400
            assert lifetime_wh == register_wh

    play(story, settings=PLUG_AND_CHARGE)
