"""A day in the life of a charger with two connectors, and every change that it made to its flash.

The real firmware against the bundled backend, in virtual time: sessions by card and from afar, a card that is
refused, changed settings and availability, a cleared cache, resets, an outage of the network with cards, a
power cut and a restart in it, a residual current, and erases ahead all the while. What happens in between is
cut out, so that the day takes half an hour.
"""

import asyncio
import functools
import json
from typing import Any

from ocpp.v16 import call

from simulator.backend.settings import Settings
from simulator.clockwork import kernel
from simulator.portable import faults
from simulator.portable.flash import Flash
from simulator.station import IDENTITY, Station

SECTORS, SECTOR_BYTES = 14, 1024
"""Small, so that every sector is used again, and a boot reads it quickly."""
ANNA, BERT, CARL = "04A1B2C3", "04D4E5F6", "04070809"
BOARD = "simulated_two"
SETTINGS = {
    "SecurityProfile": "0",
    "MeterValueSampleInterval": "60",
    "MeterValuesSampledData": "Energy.Active.Import.Register,Power.Active.Import",
    "AuthorizeRemoteTxRequests": "false",
    "LocalAuthorizeOffline": "true",
}
BACKEND = Settings(heartbeat_interval_s=900)
CARDS = {ANNA: "Accepted", BERT: "Accepted", CARL: "Blocked"}


class Day:
    """What was recorded, in the order in which it happened."""

    def __init__(self):
        self.entries: list[tuple[str, int, Any]] = []
        """('change', Unix ms, a change of `Flash.observer`), ('frame', Unix ms, text that the backend took),
        or ('deed', Unix ms, what people or the backend did)."""

    @property
    def changes(self):
        """(index in `entries`, change) of all of them."""
        return [(index, entry[2]) for index, entry in enumerate(self.entries) if entry[0] == "change"]

    def frames(self, before=None):
        """Requests that the backend took, as (action, payload), up to an index in `entries`."""
        found = [json.loads(what) for kind, _, what in self.entries[:before] if kind == "frame"]
        return [(frame[2], frame[3]) for frame in found if frame[0] == 2]


@functools.cache
def recorded():
    """The `Day`; played once."""
    return kernel.run(_play())


async def _play():
    day = Day()
    loop = kernel.current()

    def note(kind, what):
        day.entries.append((kind, loop.unix_ms(), what))

    def heard(event):
        if event["event"] == "frame" and event["direction"] == "in":
            note("frame", event["text"])

    station = Station(loop, board=BOARD, seed=4, settings=SETTINGS, cards=CARDS, backend_settings=BACKEND)
    flash = station.bench.world.flash = Flash(None, SECTORS, SECTOR_BYTES)
    flash.observer = lambda *change: note("change", change)
    station.central.observe(heard)
    async with station:
        await _Story(station, lambda what: note("deed", what)).tell()
    return day


class _Story:
    def __init__(self, station, note):
        self.bench = station.bench
        self.station = station
        self.central = station.central
        self.note = note
        self.outlets = [station.bench.world.outlet(1), station.bench.world.outlet(2)]

    async def tell(self):
        await self.wait(8)
        await self.by_card_and_from_afar()
        await self.orders()
        await self.resets()
        await self.without_a_network()
        await self.a_residual_current()

    async def by_card_and_from_afar(self):
        self.note("sessions by card and from afar")
        await self.plug(1)
        await self.swipe(ANNA)
        await self.wait(70)
        await self.plug(2)
        assert (await self.central.remote_start(IDENTITY, BERT, 2)).ok
        await self.wait(70)
        await self.swipe(ANNA)
        await self.swipe(CARL)
        await self.unplug(1)
        assert (await self.central.remote_stop(IDENTITY, 2)).ok
        await self.wait(5)
        await self.unplug(2)

    async def orders(self):
        self.note("settings, availability, cache")
        assert (await self.central.change_configuration(IDENTITY, "ConnectionTimeOut", "45")).ok
        assert (await self.central.change_configuration(IDENTITY, "ClockAlignedDataInterval", "0")).ok
        self.bench.firmware.settings.assign("AllowedCurrent", "16")
        assert (await self.central.change_availability(IDENTITY, False, 2)).ok
        assert (await self.central.clear_cache(IDENTITY)).ok
        await self.swipe(ANNA)
        transfer = call.DataTransfer("org.mode3", "none", "x")
        await self.central.command(IDENTITY, transfer)
        await self.wait(50)
        assert (await self.central.change_availability(IDENTITY, True, 2)).ok
        await self.wait(5)

    async def resets(self):
        self.note("resets")
        for kind, id_tag, number in (("Soft", BERT, 2), ("Hard", ANNA, 1)):
            await self.plug(number)
            assert (await self.central.remote_start(IDENTITY, id_tag, number)).ok
            await self.wait(65)
            assert (await self.central.reset(IDENTITY, kind)).ok
            await self.wait(20)
            await self.unplug(number)
        await self.wait(600)

    async def without_a_network(self):
        self.note("no network")
        self.station.network.cut(reset=True)
        await self.wait(5)
        await self.plug(1)
        await self.swipe(ANNA)
        await self.plug(2)
        await self.swipe(BERT)
        await self.wait(130)
        await self.swipe(BERT)
        await self.unplug(2)
        self.note("power cut")
        await self.bench.power(False)
        await self.wait(30)
        await self.bench.power(True)
        await self.wait(15)
        await self.unplug(1)
        await self.plug(2)
        await self.swipe(BERT)
        await self.wait(65)
        await self.bench.restart("software")
        await self.wait(15)
        await self.unplug(2)
        self.note("network")
        self.station.network.restore()
        await self.wait(60)

    async def a_residual_current(self):
        self.note("a residual current")
        await self.plug(2)
        await self.swipe(BERT)
        await self.wait(40)
        faults.apply("rcd_trip", True, self.outlets[1])
        await self.wait(10)
        await self.plug(1)
        await self.swipe(ANNA)
        await self.wait(62)
        await self.swipe(ANNA)
        await self.unplug(1)
        await self.wait(10)

    async def plug(self, number):
        self.outlets[number - 1].plug()
        await self.wait(4)

    async def unplug(self, number):
        self.outlets[number - 1].unplug()
        await self.wait(6)

    async def swipe(self, id_tag):
        self.bench.world.card_reader.swipe(id_tag)
        await self.wait(6)

    async def wait(self, seconds):
        await asyncio.sleep(seconds)
