"""The Linux board as it is defined: its real drivers, over files and lines shaped like the kernel's, behind
its own circuit, charge a simulated car. Only time, the meter's line and the network are the test's."""

import asyncio
import copy
import time

import pytest

import boards
from firmware.compose import Firmware
from firmware.self_test import SKIP
from hal import contract
from hal.meter_modbus import ModbusMeter
from hal.modbus import Master
from simulator.clockwork import kernel
from simulator.portable import rig
from tests.hal.linux_circuit import Circuit
from tests.hal.linux_tree import lines, tree

__all__ = ["lines", "tree"]
ENOUGH_LOOKS = 10000


class Site:
    """The charger and its world in virtual time."""

    def __init__(self, tree, lines, folder, settings):
        self.kernel = kernel.current()
        self.tree = tree
        self.board = copy.copy(boards.load("linux"))
        self.board.journal = (str(folder), 64)
        self.clock = rig.Clock(self.kernel.now_ms, self._sleep_ms, bytes, (1 << 30) - 20000)
        self.circuit = Circuit(self.board, tree, lines, self.clock.now_ms())
        self.world, self.outlet = self.circuit.world, self.circuit.outlet
        self.told: list = []
        ports = rig.memory_ports(self.world, self.clock)
        drivers: dict = {
            ("clock", "gpio.clock"): lambda facts, number, parts: self.clock,
            ("network", "linux.network"): lambda facts, number, parts: contract.Network(),
        }
        for role, port in (("meter_port", ports[1]), ("mains_port", ports[0])):
            drivers[role, "gpio.uart"] = _given(port)
        # The world's meter speaks as an SDM630.
        for role, unit in (("meter", 1), ("mains_meter", 2)):
            drivers[role, "em340"] = _meter(role, unit)
        self.firmware = Firmware(self.board, drivers, settings)
        self.circuit.heard = self._hear
        self.firmware.services.observe(self.told.append)
        self.firmware.start()
        self.kernel.every(self.board.tick_ms, self._tick)

    async def _sleep_ms(self, duration_ms):
        await asyncio.sleep(duration_ms / 1000)

    def _hear(self):
        """The line's thread lives in real time: the world waits until it has told of a trip."""
        rcd = self.firmware.guard.lanes[0].parts.rcd
        for _ in range(ENOUGH_LOOKS):
            if rcd.tripped:
                return
            time.sleep(0.001)
        raise AssertionError("nobody was told of the trip")

    def _tick(self, _):
        now_ms = self.clock.now_ms()
        self.circuit.before(now_ms)
        self.firmware.guard.tick(now_ms)
        self.circuit.after(now_ms)

    async def until(self, held, timeout_s=30):
        for _ in range(timeout_s * 50):
            if held():
                return
            await asyncio.sleep(0.02)
        raise AssertionError(f"not within {timeout_s} s: {self.told[-6:]}")

    async def charge(self):
        """Current flows. Before it may, the phases that the reset parted are joined, which a car is given a
        minute for."""
        lane = self.firmware.guard.lanes[0]
        await asyncio.sleep(1)
        await self.until(lambda: not lane.controller.protection.switching.active, 90)
        self.outlet.plug(max_a=16)
        await self.until(lambda: self.outlet.car.current_ma > 6000)

    def faults(self):
        return [event["name"] for event in self.told if event["event"] == "fault"]


def _given(part):
    return lambda facts, number, parts: part


def _meter(role, unit):
    from hal import meter_maps

    def make(facts, number, parts):
        return ModbusMeter(
            Master(getattr(parts, role.replace("_meter", "") + "_port")), meter_maps.MAPS["sdm630"], unit
        )

    return make


@pytest.fixture
def at_site(tree, lines, tmp_path):
    """Run `story(site)`."""
    (tree.root / "run").mkdir()
    tree.put("/dev/watchdog0", "")

    def play(story, **settings):
        async def main():
            site = Site(tree, lines, tmp_path / "lib", settings)
            try:
                return await story(site)
            finally:
                site.kernel.cancel_tick()
                await site.firmware.kill()
                site.circuit.close()

        return kernel.run(main())

    return play


def test_a_whole_charge(at_site):
    async def story(site):
        await site.until(lambda: site.firmware.charger.connectors[0].status.status == "Available")
        await site.charge()
        assert site.outlet.lock.holds
        assert site.outlet.phase_switch.joined == 3
        await asyncio.sleep(20)
        assert site.outlet.car.current_ma <= 16000
        site.firmware.charger.stop_all("Local")
        await site.until(lambda: not site.outlet.contactor.contacts_closed, 10)
        await site.until(lambda: not site.outlet.lock.holds, 20)
        site.outlet.unplug()
        await site.until(lambda: site.firmware.charger.connectors[0].status.status == "Available")
        assert site.faults() == []
        assert len(site.tree.text("/dev/watchdog0")) > 1000

    at_site(story, PlugAndCharge="true")


def test_it_passes_its_self_test_at_boot(at_site):
    async def story(site):
        await site.until(lambda: any(event["event"] == "self_test" for event in site.told))
        (event,) = [event for event in site.told if event["event"] == "self_test"]
        assert event["failed"] == []
        assert SKIP not in {row["verdict"] for row in event["checks"]}
        assert {row["check"] for row in event["checks"]} >= {"pilot -12 V", "RCD test", "lock", "store"}

    at_site(story)


def test_a_trip_opens_it_however_short(at_site):
    async def story(site):
        await site.charge()
        rcd = site.firmware.guard.lanes[0].parts.rcd
        assert not rcd.tripped
        # No tick sees it.
        site.circuit.line("trip").pull(1, 0)
        site._hear()
        await site.until(lambda: not site.outlet.contactor.contacts_closed, 1)
        await asyncio.sleep(0.3)
        assert site.faults() == ["RCD_TRIP"]

    at_site(story, PlugAndCharge="true")


@pytest.mark.parametrize(
    ("cause", "fault"),
    [
        ("cp_short", "EV_STATE_E"),
        ("cp_diode", "CP_DIODE"),
        ("earth_lost", "PE_LOST"),
        ("pp_short", "PP_INVALID"),
        ("rcd_trip", "RCD_TRIP"),
        ("temperature_sensor", "TEMP_SENSOR"),
    ],
)
def test_what_goes_wrong_in_the_world_opens_it(at_site, cause, fault):
    async def story(site):
        await site.charge()
        site.world.fault(cause)
        await site.until(lambda: not site.outlet.contactor.contacts_closed, 12)
        await asyncio.sleep(0.3)
        assert fault in site.faults()

    at_site(story, PlugAndCharge="true")
