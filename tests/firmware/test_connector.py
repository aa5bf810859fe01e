"""A connector as people know it: who may charge, what it says it does, and the transaction it keeps."""

import pytest

from control import limits
from firmware.register import FINAL_READING_MS
from simulator.backend.settings import Settings
from simulator.portable.meter_slave import MemoryPort, MeterSlave
from tests.firmware.stage import CARDS, OTHER_CARD, OWN_CARD, PLUG_AND_CHARGE, play

# Who may charge, and when.


def test_plug_and_charge_p3_l5():
    async def story(stage):
        await stage.charge(max_a=16)
        assert stage.status == "Charging"
        assert stage.charger.transaction(1) == 1
        assert stage.connector.transaction.id_tag == "PLUGANDCHARGE"
        await stage.wait(60)
        reading = stage.charger.reading(1)
        assert list(reading.current_ma) == [16000] * 3
        assert (reading.offered_ma, sum(reading.power_w) // 1000) == (32000, 10)
        stage.outlet.unplug()
        stopped = await stage.until("transaction_stopped")
        assert (stopped["reason"], stopped["energy_wh"] > 0) == ("EVDisconnected", True)
        assert reading.energy_wh <= stage.stops()[0]["meter_wh"] == stage.outlet.energy.energy_wh
        await stage.wait(1)
        assert stage.words() == ["Preparing", "Charging", "Finishing", "Available"]

    play(story, settings=PLUG_AND_CHARGE)


def test_a_car_charges_within_10_s_of_the_authorisation_k7():
    async def story(stage):
        stage.outlet.plug(reaction_ms=3000)
        await stage.wait(5)
        assert (stage.status, stage.outlet.contactor.contacts_closed) == ("Preparing", False)
        stage.world.card_reader.swipe(OWN_CARD)
        started = await stage.until("transaction_started")
        await stage.until(lambda: stage.status == "Charging", 10)
        assert started["id_tag"] == OWN_CARD

    play(story, settings=CARDS)


def test_authorised_first_and_plugged_later_p3():
    async def story(stage):
        assert await stage.charger.present(OWN_CARD) == ("waiting", "local card")
        await stage.wait(0.2)
        assert (stage.status, stage.connector.pending_tag) == ("Preparing", OWN_CARD)
        await stage.wait(50)
        await stage.charge()
        assert stage.connector.transaction.id_tag == OWN_CARD

    play(story, settings=CARDS)


@pytest.mark.parametrize(("timeout_s", "waits_s", "still"), [(30, 29, True), (30, 31, False), (0, 600, True)])
def test_an_authorisation_waits_for_the_car_as_long_as_connection_time_out_says(timeout_s, waits_s, still):
    async def story(stage):
        await stage.charger.present(OWN_CARD)
        await stage.wait(waits_s)
        assert stage.status == ("Preparing" if still else "Available")
        assert len(stage.events("authorisation_expired")) == (0 if still else 1)
        stage.outlet.plug()
        await stage.wait(10)
        assert stage.charger.transaction(1) == (1 if still else 0)

    play(story, settings={**CARDS, "ConnectionTimeOut": str(timeout_s)})


def test_a_grant_that_came_too_late_is_worth_nothing():
    """The car leaves while the start is written, and the next one comes at once: it must not charge."""

    async def story(stage):
        flash = stage.world.flash
        stage.outlet.plug()
        await stage.wait(3)

        def leave(*operation):
            flash.observer = None
            stage.outlet.unplug()
            for _ in range(20):
                _tick_ahead(stage)
            stage.outlet.plug()
            for _ in range(5):
                _tick_ahead(stage)

        flash.observer = leave
        assert stage.connector.grant(OWN_CARD) == ""
        assert stage.connector.controller.mailbox.authorised_session != stage.connector.snapshot.session
        await stage.wait(20)
        assert [stop["reason"] for stop in stage.stops()] == ["EVDisconnected"]
        assert stage.outlet.contactor.cycles == 0
        assert stage.charger.transaction(1) == 0

    play(story, settings=CARDS)


def test_what_is_granted_between_an_unplug_and_its_notice_belongs_to_the_next_car():
    async def story(stage):
        await stage.charge()
        stage.outlet.unplug()
        await stage.wait(0.05)
        for _ in range(15):
            _tick_ahead(stage)
        assert not stage.connector.snapshot.plugged
        assert stage.charger.transaction(1) == 1
        stage.connector.grant(OWN_CARD)
        assert stage.connector.transaction.reason == "EVDisconnected"
        await stage.until("transaction_stopped")
        assert await stage.charger.present(OWN_CARD) == ("waiting", "local card")
        # The same with no transaction in the way: only the notice is late.
        stage.outlet.plug()
        await stage.until("transaction_started")
        assert stage.connector.transaction.id_tag == OWN_CARD

    play(story, settings={**CARDS, **PLUG_AND_CHARGE})


def test_a_missed_notice_of_the_unplug_still_ends_the_transaction():
    """The ring of events has an end; what must happen does not depend on it."""

    async def story(stage):
        await stage.charge()
        for _ in range(70):
            stage.connector.controller.events.put(0, 4, 1, 1)
        stage.outlet.unplug()
        while stage.connector.snapshot.plugged:
            _tick_ahead(stage)
        assert stage.connector.controller.events.dropped
        await stage.until("transaction_stopped")
        assert not stage.events("unplugged")
        await stage.charge()
        assert [stop["reason"] for stop in stage.stops()] == ["EVDisconnected"]
        assert stage.charger.transaction(1) == 2

    play(story, settings=PLUG_AND_CHARGE)


@pytest.mark.parametrize(
    ("trouble", "reason"),
    [
        ("busy", "a transaction is running"),
        ("out of service", "the connector is out of service"),
        ("relay_welded", "Relay failure - DANGER! Disconnect power and contact support immediately."),
        ("restart", "the charger is restarting"),
        ("store_full", "the journal cannot be written: [Errno 28] the store is full"),
    ],
)
def test_a_grant_is_refused_with_the_reason_p9(trouble, reason):
    async def story(stage):
        stage.outlet.plug()
        await stage.wait(2)
        if trouble == "busy":
            assert stage.connector.grant(OTHER_CARD) == ""
        elif trouble == "out of service":
            stage.connector.controller.mailbox.enabled = False
        elif trouble == "restart":
            stage.charger.reset("Soft")
        elif trouble == "relay_welded":
            assert stage.connector.grant(OTHER_CARD) == ""
            await stage.until(lambda: stage.outlet.contactor.contacts_closed)
            stage.world.fault("relay_welded")
            stage.charger.stop_all("Local")
            await stage.until("transaction_stopped")
        else:
            stage.world.fault(trouble)
        before = len(stage.starts())
        assert await stage.charger.present(OWN_CARD) == ("refused", reason)
        assert stage.events("start_refused")[-1]["reason"] == reason
        assert len(stage.starts()) == before

    play(story, settings=CARDS)


def test_nothing_starts_before_the_first_tick():
    async def story(stage):
        await stage.bench.start()
        assert stage.connector.grant(OWN_CARD) == "the charger is restarting"
        await stage.bench.stop()

    play(story, settings=CARDS, begin=False)


def test_the_same_plug_in_can_be_used_again():
    async def story(stage):
        stage.outlet.plug()
        await stage.wait(1)
        for number in (1, 2, 3):
            assert (await stage.charger.present(OWN_CARD))[0] == "started"
            await stage.until(lambda: stage.status == "Charging")
            assert await stage.charger.present(OWN_CARD) == ("stopped", "the card that started it")
            await stage.until("transaction_stopped")
            await stage.wait(0.2)
            assert stage.status == "Finishing"
            assert stage.charger.transaction(1) == 0
            assert stage.stops()[-1]["tx"] == number

    play(story, settings=CARDS)


# The stop.


@pytest.mark.parametrize("late_ms", range(0, 1000, 20))
def test_a_stop_withdraws_the_offer_at_once_and_counts_to_the_last_wh_k9(late_ms):
    """Under load to the very end, so that every moment of current that is not counted shows."""

    async def story(stage):
        outlet = stage.outlet
        seen = Seen(outlet.energy, stage.bench.clock)
        stage.bench.ports = {1: MemoryPort(MeterSlave(seen), stage.bench.clock)}
        await stage.bench.restart("software")
        await stage.charge(ramp_a_s=80, max_a=32)
        await stage.wait(5 + late_ms / 1000)
        outlet.car.hear = _deaf
        stage.charger.stop_all("Local")
        stage.charger.stop_all("Remote")
        written_ms = stage.kernel.now_ms()
        await stage.until(lambda: outlet.line.seen_bp == 10000, 1)
        assert stage.kernel.now_ms() - written_ms <= 20 + 10
        await stage.until(lambda: not outlet.contactor.contacts_closed, 10)
        opened_ms = stage.kernel.now_ms()
        assert 6000 <= opened_ms - written_ms <= 6100
        assert not stage.stops()
        stopped = await stage.until("transaction_stopped", 3)
        assert stopped["meter_wh"] == stage.stops()[0]["meter_wh"] == outlet.energy.energy_wh
        assert stopped["metered"] is True
        read_at_ms = stage.firmware.guard.lanes[0].parts.meter.read_at_ms
        asked_ms = max(at_ms for at_ms in seen.at_ms if at_ms <= read_at_ms)
        assert asked_ms >= outlet.contactor.contacts_at_ms
        assert stage.stops()[0]["reason"] == "Local"
        await stage.wait(1)
        assert stage.status == "Finishing"

    play(story, settings=PLUG_AND_CHARGE, start_ms=0)


def test_a_silent_meter_delays_the_stop_only_so_long():
    async def story(stage):
        await stage.charge()
        await stage.wait(10)
        known_wh = stage.connector.snapshot.lifetime_wh
        stage.world.fault("meter_silent")
        await stage.wait(20)
        assert stage.charger.reading(1) is None
        stage.charger.stop_all("Local")
        await stage.until(lambda: not stage.connector.snapshot.close, 10)
        begun_ms = stage.kernel.now_ms()
        stopped = await stage.until("transaction_stopped", 5)
        assert abs(stage.kernel.now_ms() - begun_ms - FINAL_READING_MS) <= 110
        assert known_wh <= stopped["meter_wh"] < stage.outlet.energy.energy_wh
        assert stopped["metered"] is False

    play(story, settings=PLUG_AND_CHARGE)


def test_an_unplug_while_charging_opens_and_ends():
    async def story(stage):
        await stage.charge()
        stage.outlet.unplug()
        await stage.until(lambda: not stage.outlet.contactor.contacts_closed, 0.1)
        await stage.until("transaction_stopped", 3)
        stop = stage.stops()[0]
        assert (stop["reason"], stop["id_tag"]) == ("EVDisconnected", "")
        await stage.wait(0.2)
        assert stage.words()[-2:] == ["Finishing", "Available"]
        assert "SuspendedEV" not in stage.words()

    play(story, settings=PLUG_AND_CHARGE)


def test_a_full_store_starts_nothing_and_delays_a_stop_until_it_can_be_written():
    async def story(stage):
        await stage.charge()
        stage.world.fault("store_full")
        await stage.wait(70)
        assert stage.status == "Charging"
        stage.outlet.unplug()
        await stage.until("stop_unwritten")
        await stage.wait(30)
        assert len(stage.events("stop_unwritten")) == 1
        assert (stage.charger.transaction(1), stage.status) == (1, "Finishing")
        assert stage.connector.can_start() == "a transaction is running"
        assert [entry["name"] for entry in stage.events("unwritten")] == ["seen-1"]
        stage.world.clear("store_full")
        await stage.until("transaction_stopped", 5)
        assert [record["kind"] for record in stage.records()] == ["start", "stop"]
        await stage.charge()
        stage.world.fault("store_full")
        stage.outlet.unplug()
        await stage.wait(10)
        stage.world.clear("store_full")
        await stage.wait(5)
        stage.world.fault("store_full")
        stage.outlet.plug()
        refused = await stage.until("start_refused")
        assert refused["id_tag"] == "PLUGANDCHARGE"
        assert "the store is full" in refused["reason"]
        await stage.wait(5)
        assert (stage.charger.transaction(1), stage.outlet.contactor.contacts_closed) == (0, False)

    play(story, settings=PLUG_AND_CHARGE)


# What it says: status and lamp.


def test_a_pause_by_a_limit_is_suspended_evse_and_by_the_car_suspended_ev_l6_l9():
    async def story(stage):
        car = stage.outlet.car
        await stage.charge()
        assert stage.status == "Charging"
        stage.charger.limit(limits.BACKEND, 5900)
        await stage.until(lambda: stage.status == "SuspendedEVSE", 0.3)
        await stage.until(lambda: not stage.outlet.contactor.contacts_closed, 7)
        assert stage.connector.snapshot.reason == limits.BACKEND
        await stage.wait(20)
        assert stage.status == "SuspendedEVSE"
        stage.charger.limit(limits.BACKEND, 6000)
        await stage.until(lambda: stage.status == "Charging")
        car.set(charge=0)
        await stage.until(lambda: stage.status == "SuspendedEV")
        # Both at once is ours.
        stage.charger.limit(limits.BACKEND, 0)
        await stage.until(lambda: stage.status == "SuspendedEVSE", 0.3)
        stage.charger.limit(limits.BACKEND, limits.NO_LIMIT_MA)
        await stage.until(lambda: stage.status == "SuspendedEV")
        car.set(charge=1)
        await stage.until(lambda: stage.status == "Charging")
        assert stage.charger.transaction(1) == 1
        assert not stage.stops()

    play(story, settings=PLUG_AND_CHARGE)


def test_a_car_that_never_asks_is_preparing_for_a_while_and_then_suspended_ev_l6():
    async def story(stage):
        stage.outlet.plug(charge=0)
        await stage.wait(8)
        assert stage.status == "Preparing"
        await stage.wait(5)
        assert stage.status == "SuspendedEV"

    play(story, settings=PLUG_AND_CHARGE)


def test_the_lamp_shows_each_status():
    async def story(stage):
        shown = []
        lamp = stage.world.lamp

        async def see():
            await stage.wait(0.5)
            shown.append((stage.status, lamp.colour, lamp.blinks))

        await see()
        stage.outlet.plug(charge=0)
        await stage.wait(1)
        await see()
        await stage.wait(12)
        await see()
        stage.outlet.car.set(charge=1)
        await stage.until(lambda: stage.status == "Charging")
        await see()
        stage.charger.limit(limits.BACKEND, 0)
        await see()
        stage.charger.stop_all("Local")
        await see()
        stage.world.fault("rcd_trip")
        await see()
        await stage.wait(5)
        stage.world.clear("rcd_trip")
        stage.outlet.unplug()
        await stage.wait(5)
        stage.connector.controller.mailbox.enabled = False
        await see()
        assert shown == [
            ("Available", 0x00FF00, False),
            ("Preparing", 0xFF8000, True),
            ("SuspendedEV", 0x0000FF, True),
            ("Charging", 0x0000FF, False),
            ("SuspendedEVSE", 0xFF8000, False),
            ("Finishing", 0x00FF00, True),
            ("Faulted", 0xFF0000, True),
            ("Unavailable", 0x808080, False),
        ]

    play(story, settings=PLUG_AND_CHARGE)


# Faults.


def test_a_fault_that_recovers_keeps_the_transaction():
    async def story(stage):
        await stage.charge()
        stage.world.fault("cp_short")
        await stage.until(lambda: not stage.outlet.contactor.contacts_closed, 0.3)
        await stage.until(lambda: stage.status == "Faulted", 0.3)
        status = stage.charger.status(1)
        assert (status.error_code, status.vendor_error_code, status.info) == (
            "OtherError",
            "EV_STATE_E",
            "Car error",
        )
        stage.world.clear("cp_short")
        await stage.until(lambda: stage.status == "Charging", 60)
        assert stage.charger.status(1).error_code == "NoError"
        assert stage.charger.transaction(1) == 1
        assert not stage.stops()

    play(story, settings=PLUG_AND_CHARGE)


def test_a_latched_fault_ends_the_transaction_l8():
    async def story(stage):
        await stage.charge()
        stage.world.fault("rcd_trip")
        await stage.until(lambda: stage.status == "Faulted", 0.3)
        assert stage.charger.status(1).error_code == "GroundFailure"
        stage.world.clear("rcd_trip")
        await stage.until("transaction_stopped", 5)
        assert [(stop["reason"], stop["id_tag"]) for stop in stage.stops()] == [("Other", "")]
        await stage.wait(60)
        assert stage.status == "Faulted"
        stage.outlet.unplug()
        await stage.wait(2)
        assert stage.status == "Available"
        await stage.charge()
        assert stage.charger.transaction(1) == 2

    play(story, settings=PLUG_AND_CHARGE)


def test_whoever_was_authorised_during_a_passing_fault_charges_after_it():
    async def story(stage):
        assert stage.connector.grant(OWN_CARD) == ""
        stage.outlet.plug()
        stage.world.fault("cp_short")
        await stage.wait(5)
        assert stage.status == "Faulted"
        stage.world.clear("cp_short")
        await stage.until(lambda: stage.status == "Charging", 60)
        assert stage.connector.transaction.id_tag == OWN_CARD

    play(story, settings=CARDS)


@pytest.mark.parametrize(("fault", "name"), [("relay_welded", "RELAY_WELDED"), ("rcd_dead", "RCD_TEST")])
@pytest.mark.parametrize("full", [False, True])
def test_lasting_faults_survive_power_cuts(fault, name, full):
    """Also when the store could not take them at first."""

    async def story(stage):
        if full:
            stage.world.fault("store_full")
        if fault == "relay_welded":
            stage.world.clear("store_full")
            await stage.charge()
            stage.world.flash.full = full
            stage.world.fault(fault)
            stage.outlet.unplug()
        else:
            stage.world.fault(fault)
            stage.outlet.plug()
        await stage.until(lambda: stage.connector.status.vendor_error_code == name)
        if full:
            await stage.wait(5)
            stage.world.clear("store_full")
            await stage.wait(2)
        stage.world.clear(fault)
        for _ in range(2):
            await stage.bench.power(False)
            await stage.wait(10)
            await stage.bench.power(True)
            await stage.wait(10)
            assert (stage.status, stage.connector.status.vendor_error_code) == ("Faulted", name)
            assert not stage.outlet.contactor.contacts_closed

    play(story, settings=PLUG_AND_CHARGE)


# Energy.


def test_lifetime_energy_goes_on_over_power_cuts_and_a_meter_exchange():
    async def story(stage):
        stage.outlet.energy.energy_wh = 1000
        await stage.bench.start()
        await stage.wait(3)
        assert stage.connector.snapshot.lifetime_wh == 1000
        await stage.charge()
        await stage.wait(60)
        stage.outlet.unplug()
        await stage.until("transaction_stopped")
        before_wh = stage.connector.snapshot.lifetime_wh
        assert before_wh == stage.outlet.energy.energy_wh > 1100
        await stage.bench.power(False)
        stage.outlet.energy.energy_wh = 7
        await stage.bench.power(True)
        await stage.wait(15)
        assert stage.connector.snapshot.lifetime_wh == before_wh
        await stage.charge()
        await stage.wait(60)
        stage.outlet.unplug()
        stopped = await stage.until("transaction_stopped")
        assert stopped["energy_wh"] == stage.outlet.energy.energy_wh - 7 > 100
        assert stopped["meter_wh"] == before_wh + stopped["energy_wh"]
        await stage.bench.stop()

    play(story, settings=PLUG_AND_CHARGE, begin=False)


@pytest.mark.parametrize("after_s", [2, 8])
def test_what_a_starting_meter_shows_is_not_kept(after_s):
    """A register that reads 0 for a moment must not make all it ever counted a gain of the next restart."""

    async def story(stage):
        await stage.charge()
        await stage.wait(600)
        lifetime_wh, register_wh = stage.connector.snapshot.lifetime_wh, stage.outlet.energy.energy_wh
        assert lifetime_wh > 1000
        stage.outlet.energy.energy_wh = 0
        await stage.wait(after_s)
        stage.outlet.unplug()
        await stage.until("transaction_stopped")
        stage.outlet.energy.energy_wh = register_wh + 50
        await stage.bench.power(False)
        await stage.bench.power(True)
        await stage.wait(5)
        assert stage.connector.snapshot.lifetime_wh - lifetime_wh < 100

    play(story, settings=PLUG_AND_CHARGE)


def test_plug_and_charge_waits_for_the_meter_s_first_answer():
    async def story(stage):
        stage.world.fault("meter_silent")
        await stage.bench.restart("software")
        stage.outlet.plug()
        await stage.wait(60)
        assert stage.charger.transaction(1) == 0
        assert not stage.events("start_refused")
        stage.world.clear("meter_silent")
        await stage.until("transaction_started", 6)

    play(story, settings=PLUG_AND_CHARGE)


# What the server says of a running transaction.


@pytest.mark.parametrize("stop", [True, False])
def test_a_verdict_that_is_not_accepted_ends_the_transaction_or_only_its_energy(stop):
    async def story(stage):
        stage.outlet.plug()
        await stage.until("transaction_started")
        await stage.wait(20)
        assert not stage.outlet.contactor.cycles
        if stop:
            assert stage.status == "Finishing"
            assert [record["reason"] for record in stage.stops()] == ["DeAuthorized"]
        else:
            assert (stage.status, stage.charger.transaction(1)) == ("SuspendedEVSE", 1)
            stage.outlet.unplug()
            await stage.until("transaction_stopped")
            assert [record["reason"] for record in stage.stops()] == ["EVDisconnected"]

    settings = {**PLUG_AND_CHARGE, "StopTransactionOnInvalidId": "true" if stop else "false"}
    play(story, settings=settings, backend=Settings(accept_unknown_cards=False))


class Seen:
    """What the meter is asked for, and when it was asked for its register."""

    def __init__(self, truth, clock):
        self.at_ms = []
        self._truth = truth
        self._clock = clock

    def __getattr__(self, name):
        if name == "energy_wh":
            self.at_ms.append(self._clock.now_ms())
        return getattr(self._truth, name)


def _deaf(duty_bp, now_ms):
    """How a car hears that goes on drawing whatever it is offered."""


def _tick_ahead(stage):
    """The tick goes on while the task that looks after the connectors is held up."""
    stage.bench.clock._start_ms += 20
    stage.bench._tick(None)
