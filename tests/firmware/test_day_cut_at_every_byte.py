"""The recorded day, cut at every byte of every write and erase, and before and after every rename: the real
firmware boots from each image, and nothing that was written is lost or goes back."""

import collections
import random

import pytest

from firmware.journal import Journal
from firmware.records import STATE
from tests.firmware.cut_images import Image, Written, cuts, is_whole
from tests.firmware.recorded_day import SECTOR_BYTES, SECTORS, recorded
from tests.firmware.replay import Boot


class Recovered(Journal):
    """Remembers what its recovery has read."""

    def __init__(self, store):
        self.seen: list[tuple[int, int, bytes]] = []
        super().__init__(store)

    def _visit(self, walk):
        super()._visit(walk)
        if walk.sort != STATE:
            self.seen.append((walk.sequence, walk.sort, walk.payload))

    def values(self):
        return {name: text for name, (_, text) in self._state.items()}

    def log(self):
        return [entry for entry in self.seen if entry[0] > self._ring.released]


def check(image, written):
    """Recovery finds exactly what was written, and the firmware boots with it."""
    journal = Recovered(image)
    assert journal.log() == written.kept()
    assert journal.values() == written.values
    assert journal.last >= written.last
    assert not journal.damaged
    check_boot(Boot(image.copy()).firmware, written)


def check_boot(firmware, written):
    assert firmware.clock.boot == written.value("boot", 0) + 1
    assert not firmware.settings.refused
    assert not firmware.journal.damaged
    assert firmware.settings.get("ConnectionTimeOut") == int(written.value("set-ConnectionTimeOut", 60))
    for connector in firmware.charger.connectors:
        name = "-%d" % connector.number
        energy_wh = written.value("energy" + name, [0])[0]
        assert connector.controller.faults.active == written.value("latches" + name, [0])[0]
        assert connector.controller.energy.lifetime_wh == energy_wh
        assert connector.operative == (connector.number not in written.value("inoperative", []))
        begun, found = written.running().get(connector.number), connector.transaction
        assert (found and found.start_record()) == (begun and {"kind": "start", **begun})
        assert not found or found.known_wh >= energy_wh


@pytest.fixture(scope="module")
def day():
    return recorded()


def test_each_image_of_the_day_boots_and_holds_what_was_written(day):
    image, written, chance = Image(SECTORS, SECTOR_BYTES), Written(), random.Random(4)
    tried: collections.Counter = collections.Counter()
    for _, change in day.changes:
        after = written.with_change(change)
        for way, _ in cuts(image, change, chance):
            check(image, after if is_whole(image, change) else written)
            tried[way] += 1
        written = after
        check(image, written)
    assert tried["program"] > 12000
    assert tried["erase"] > 6000
    assert tried["mixture"] > 500
    assert tried["save"] >= 4


def test_the_day_holds_what_it_promises(day):
    """Energy only rises, a latch stands, the ring goes round, and there is every kind of deed."""
    written = Written()
    energy = {"energy-1": 0, "energy-2": 0}
    for _, change in day.changes:
        written.change(change)
        for name, before_wh in list(energy.items()):
            energy[name] = written.value(name, [0])[0]
            assert energy[name] >= before_wh
    assert min(energy.values()) > 1000
    assert written.value("latches-2", [0])[0]
    assert (written.value("inoperative", None), written.value("boot", 0)) == ([], 5)
    assert {"set-ConnectionTimeOut", "set-AllowedCurrent", "cards-0"} <= set(written.values)
    stops = [record for action, record in written.messages() if action == "StopTransaction"]
    reasons = {stop["reason"] for stop in stops}
    assert reasons == {"Local", "Remote", "SoftReset", "HardReset", "PowerLoss", "Reboot", "Other"}
    assert len(stops) == 9
    assert not written.running()
    assert len([change for _, change in day.changes if change[0] == "erase"]) >= SECTORS + 8
