"""Work that stops the tick, on a board that says so: it waits for open contacts, and none closes under it."""

import asyncio
import copy
import itertools
from typing import Any

import pytest

import boards
from control import faults
from control.limits import RECONNECTING
from firmware.sntp import TimeServer
from firmware.stalls import PATIENCE_MS, REST_MS, Stalls
from ocpp_client.link import PLAIN, SECURED
from simulator.clockwork import kernel
from simulator.station import HOST, Station

HANDSHAKE_S = 4
TLS_PORT = 443


def board_that(*stalls):
    """The simulated board, on which this work stops the tick."""
    board = copy.copy(boards.load("simulated"))
    board.stalls = stalls
    return board


class Site:
    """A charger whose every TLS handshake stops the processor for 4 s, and its server."""

    def __init__(self, station):
        self.station = station
        self.bench = station.bench
        self.outlet = self.bench.world.outlet(1)
        self.handshakes = []
        self._open = self.bench.network.open
        self.bench.network.open = self._stall
        self._forget: Any = None

    async def _stall(self, host, port, tls=None):
        if tls:
            self.handshakes.append((self.bench.kernel.now_ms(), self.outlet.contactor.contacts_closed))
            self.bench.stall(HANDSHAKE_S * 1000)
            await asyncio.sleep(HANDSHAKE_S)
        return await self._open(host, port, tls)

    def listen(self):
        self._forget = self.station.network.listen(HOST, TLS_PORT, self.station._accept)

    async def vanish(self):
        self._forget()
        await self.station.close_backend()

    async def charge(self):
        self.outlet.plug(max_a=16)
        await self.until(lambda: self.outlet.car.current_ma > 6000, 60)

    async def until(self, held, timeout_s):
        for _ in range(timeout_s * 100):
            if held():
                return
            await asyncio.sleep(0.01)
        raise AssertionError(f"not within {timeout_s} s: {self.bench.events[-5:]}")

    def told(self, name, key):
        """By the charger itself, and not by its server."""
        told = [event for event in self.bench.events if event["source"] == "charger"]
        return [event[key] for event in told if event["event"] == name]

    def sent(self, action):
        return [
            entry
            for entry in self.bench.frames
            if entry["direction"] == "out" and entry["frame"][0] == 2 and entry["frame"][2] == action
        ]

    @property
    def snapshot(self):
        return self.bench.firmware.guard.lanes[0].controller.snapshot


def at_a_site(story, *stalls, listens=True):
    """Run `story(site)` at a site whose board declares `stalls`."""

    async def main():
        settings = {"BackendUrl": f"wss://{HOST}/ocpp", "PlugAndCharge": "true"}
        station = Station(
            kernel.current(), settings=settings, cards=["PLUGANDCHARGE"], start_ms=(1 << 30) - 900000
        )
        station.bench.board = board_that(*stalls)
        site = Site(station)
        if listens:
            site.listen()
        async with station:
            await asyncio.sleep(15)
            return await story(site)

    return kernel.run(main())


def test_a_charge_goes_on_for_a_quarter_of_an_hour_then_pauses_for_the_handshake_and_is_resumed():
    async def story(site):
        assert site.station.central.connected == ["CP1"]
        await site.charge()
        await asyncio.sleep(30)
        number = site.bench.firmware.charger.transaction(1)
        known = len(site.handshakes)
        await site.vanish()
        lost_ms = site.bench.kernel.now_ms()
        await asyncio.sleep(60)
        site.listen()
        while len(site.handshakes) == known:
            flowing = site.outlet.car.current_ma > 6000
            await asyncio.sleep(0.1)
            assert flowing or site.bench.kernel.now_ms() - lost_ms >= PATIENCE_MS
        began_ms, closed = site.handshakes[-1]
        assert not closed
        assert PATIENCE_MS <= began_ms - lost_ms <= PATIENCE_MS + 20000
        # The offer was taken back first, and the car let go: nothing opened under load.
        assert site.outlet.contactor.opened_ma < 1000
        await site.until(lambda: site.outlet.car.current_ma > 6000, 60)
        assert site.station.central.connected == ["CP1"]
        assert site.bench.firmware.charger.transaction(1) == number
        await asyncio.sleep(120)
        assert len(site.handshakes) == known + 1
        assert len(site.sent("StartTransaction")) == 1
        assert not site.sent("StopTransaction")
        assert site.told("fault", "fault") == []
        assert site.snapshot.faults == 0
        words = site.told("status", "status")
        reasons = site.told("status", "reason")
        pause = words.index("SuspendedEVSE")
        assert (words[pause - 1], reasons[pause]) == ("Charging", "reconnecting")
        # Offered again, the car takes a moment to answer.
        assert set(words[pause + 1 : -1]) <= {"SuspendedEVSE", "SuspendedEV"}
        assert words[-1] == "Charging"

    at_a_site(story, "handshake")


def test_without_a_server_a_charge_pauses_once_in_a_quarter_of_an_hour():
    async def story(site):
        await site.charge()
        await site.vanish()
        known = len(site.handshakes)
        await asyncio.sleep(3600)
        moments = [at_ms for at_ms, closed in site.handshakes[known:]]
        assert len(moments) == 3
        assert all(later - at > PATIENCE_MS for at, later in itertools.pairwise(moments))
        assert not any(closed for _, closed in site.handshakes)
        assert not site.snapshot.faults
        assert site.outlet.car.current_ma > 6000

    at_a_site(story, "handshake")


def test_four_stalls_that_were_declared_are_no_overrun():
    """Three of them under a closed contactor within ten minutes would be."""

    async def story(site):
        for _ in range(4):
            known = len(site.handshakes)
            await site.vanish()
            site.listen()
            await site.until(lambda before=known: len(site.handshakes) > before, 60)
            await asyncio.sleep(20)
        await site.charge()
        assert not site.snapshot.faults
        assert not site.told("fault", "fault")

    at_a_site(story, "handshake")


def test_a_car_that_comes_during_the_handshake_waits_for_its_end():
    async def story(site):
        await site.vanish()
        known = len(site.handshakes)
        await site.until(lambda: len(site.handshakes) > known, 60)
        site.outlet.plug(max_a=16)
        closings = site.outlet.contactor.cycles
        while site.bench.kernel.now_ms() - site.handshakes[-1][0] < HANDSHAKE_S * 1000:
            assert not site.outlet.contactor.driven
            await asyncio.sleep(0.02)
        # However soon the next attempts are due, the car is served first.
        await site.until(lambda: site.outlet.car.current_ma > 6000, 60)
        assert site.outlet.contactor.cycles == closings + 1

    at_a_site(story, "handshake")


def test_on_a_board_that_declares_nothing_nothing_waits():
    async def story(site):
        await site.charge()
        await site.vanish()
        known = len(site.handshakes)
        await asyncio.sleep(12)
        return len(site.handshakes) > known and site.handshakes[-1][1]

    assert at_a_site(story)


class Clock:
    def __init__(self):
        self.ms = 0
        self.each = lambda: None

    def now_ms(self):
        return self.ms

    async def sleep_ms(self, duration_ms):
        self.ms += duration_ms
        self.each()
        await asyncio.sleep(0)


class Snapshot:
    closed = close = plugged = False
    faults = level = 0
    session = 1
    paused_by = -1


class Lane:
    def __init__(self, **values):
        self.controller = self
        self.snapshot = Snapshot()
        self.mailbox = self
        self.authorised_session = 0
        self.rows = []
        for name, value in values.items():
            setattr(self if name == "authorised_session" else self.snapshot, name, value)

    def set_limit(self, source, limit_ma, life_ms=0):
        assert source == RECONNECTING
        self.rows.append((limit_ma, life_ms))


ABOUT_TO = {"plugged": True, "level": 2, "authorised_session": 1}


@pytest.mark.parametrize(
    ("values", "declared", "undeclared"),
    [
        ({}, True, True),
        ({"closed": True}, False, False),
        ({"close": True}, False, True),
        (ABOUT_TO, False, True),
        ({**ABOUT_TO, "level": 1}, True, True),
        ({**ABOUT_TO, "authorised_session": 0}, True, True),
        ({**ABOUT_TO, "paused_by": 8}, True, True),
        ({**ABOUT_TO, "paused_by": RECONNECTING}, False, True),
        ({"closed": True, "faults": 1 << faults.RELAY_WELDED}, True, False),
    ],
)
def test_when_a_sector_may_be_erased(values, declared, undeclared):
    lanes = [Lane(), Lane(**values)]
    assert Stalls(("erase",), lanes, Clock()).may("erase", "save") is declared
    assert Stalls(("handshake",), lanes, Clock()).may("erase", "save") is undeclared


def ways_in(lane, works, story=None, declared=("handshake",)):
    """How long `enter` takes, in ms; `story(clock, lane)` is called as time goes by."""
    clock = Clock()
    gate = Stalls(declared, [lane], clock)
    if story:
        clock.each = lambda: story(clock, lane)
    asyncio.run(gate.enter("link", works))
    return clock.ms, gate, clock


def test_a_weld_does_not_keep_the_server_from_hearing_of_it():
    lane = Lane(closed=True, faults=1 << faults.RELAY_WELDED)
    assert ways_in(lane, SECURED)[0] == 100


def test_a_contactor_that_stays_closed_for_no_known_reason_holds_the_work_up_for_so_long():
    lane = Lane(closed=True)
    assert ways_in(lane, SECURED)[0] == PATIENCE_MS + 10000


def test_who_lets_go_by_itself_lets_the_work_in_at_once():
    def story(clock, lane):
        lane.snapshot.closed = clock.ms < 5000

    lane = Lane(closed=True)
    took_ms, gate, _ = ways_in(lane, SECURED, story)
    assert took_ms == 5100
    assert lane.rows == [(0, 90000)]
    gate.leave("link")
    gate.leave("link")
    assert lane.rows == [(0, 90000), (1000000, 0)]


def test_a_stream_without_tls_takes_no_handshake():
    lane = Lane(closed=True)
    assert ways_in(lane, PLAIN)[0] == 0
    assert ways_in(lane, PLAIN, declared=("look-up",))[0] == PATIENCE_MS + 10000
    assert lane.rows == [(0, 90000)]


def test_two_are_inside_until_both_have_left():
    lane = Lane()
    _, gate, _ = ways_in(lane, SECURED, declared=("handshake", "look-up"))
    asyncio.run(gate.enter("date", ("look-up",)))
    gate.leave("link")
    assert lane.rows[-1][0] == 0
    gate.leave("date")
    assert lane.rows[-1][0] == 1000000


def test_after_the_work_a_car_has_a_minute_to_begin_again():
    lane = Lane(plugged=True, authorised_session=1, level=1)
    _, gate, clock = ways_in(lane, SECURED)
    gate.leave("link")
    begun_ms = clock.ms
    asyncio.run(gate.enter("link", SECURED))
    assert clock.ms - begun_ms == REST_MS + 100


def test_a_board_s_flash_is_written_only_while_nothing_can_close():
    async def story(site):
        journal = site.bench.firmware.journal
        assert journal.may_stop()
        erased: list = []
        journal.prepare = lambda: erased.append(site.outlet.contactor.driven)
        await site.charge()
        assert not journal.may_stop()
        known = len(erased)
        await asyncio.sleep(130)
        assert len(erased) == known
        site.bench.firmware.charger.stop_all("Local")
        await asyncio.sleep(130)
        assert len(erased) > known
        assert not any(erased)

    at_a_site(story, "erase", "save")


class Gate:
    """Notes who enters and leaves."""

    def __init__(self):
        self.told: list = []

    async def enter(self, who, works, patience_ms):
        self.told.append((who, works, patience_ms))

    def leave(self, who):
        self.told.append(who)


class Silence:
    async def ask(self, host, port, question):
        raise OSError("no such name")

    def explain(self, error):
        return str(error)


def test_the_look_up_of_a_time_server_waits_and_pauses_no_charge():
    class Once(Clock):
        source = ""

        def random_bytes(self, count):
            return bytes(count)

        async def sleep_ms(self, duration_ms):
            raise asyncio.CancelledError

    gate = Gate()
    told: list = []
    server = TimeServer("time.example", Once(), Silence(), told.append, gate)
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(server.keep())
    assert gate.told == [("date", ("look-up",), 86400000), "date"]
    assert told[0]["reason"] == "no such name"
