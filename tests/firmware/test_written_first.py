"""Every deed is written before it acts: at the moment of the write nothing has happened yet, so a power cut
there leaves the old world whole; and where the store refuses, nothing happens at all."""

import pytest

from firmware.journal import SORTS
from ocpp_client.cache import Cache
from tests.firmware.stage import OWN_CARD, play

IDENTITY = "CP1"
SETTINGS = {"AuthorizeRemoteTxRequests": "false", "MinimumStatusDuration": "0"}


class Deed:
    """What is done, what it is known by in the flash, and whether it acts."""

    async def prepare(self, stage):
        """What comes before it."""

    async def do(self, stage):
        """The status that it is answered with."""

    def acts(self, stage):
        """Whether any of it can be seen."""


class Start(Deed):
    mark = bytes([SORTS["start"]])

    async def prepare(self, stage):
        stage.outlet.plug()
        await stage.wait(5)

    async def do(self, stage):
        return (await stage.central.remote_start(IDENTITY, OWN_CARD, 1)).status

    def acts(self, stage):
        connector = stage.connector
        return bool(connector.transaction or connector.controller.mailbox.authorised_session)


class Stop(Start):
    """Its end is told once it is written, and then alone another may begin."""

    mark = bytes([SORTS["stop"]])

    async def prepare(self, stage):
        await super().prepare(stage)
        await super().do(stage)
        await stage.wait(10)
        stage.outlet.unplug()
        # The record comes when the contactor is open and the register read.
        assert not self.acts(stage)

    async def do(self, stage):
        await stage.wait(10)
        return "Accepted" if self.acts(stage) else "Rejected"

    def acts(self, stage):
        calls = [entry["frame"] for entry in stage.bench.frames]
        return bool(
            stage.events("transaction_stopped")
            or stage.connector.transaction is None
            or [frame for frame in calls if frame[2] == "StopTransaction"]
        )


class Availability(Deed):
    mark = b"inoperative\0"

    async def do(self, stage):
        return (await stage.central.change_availability(IDENTITY, False, 1)).status

    def acts(self, stage):
        return not (stage.connector.controller.mailbox.enabled and stage.connector.operative)


class Setting(Deed):
    mark = b"set-ConnectionTimeOut\0"

    async def do(self, stage):
        return (await stage.central.change_configuration(IDENTITY, "ConnectionTimeOut", "33")).status

    def acts(self, stage):
        return stage.firmware.settings.get("ConnectionTimeOut") == 33


class ClearedCache(Deed):
    mark = b"cards-0\0"

    async def prepare(self, stage):
        stage.firmware.client.cache.learn(OWN_CARD, {"status": "Accepted"})
        assert not self.acts(stage)

    async def do(self, stage):
        return (await stage.central.clear_cache(IDENTITY)).status

    def acts(self, stage):
        """Also what a restart would make of it."""
        firmware = stage.firmware
        kept = Cache(firmware.journal, firmware.clock, firmware.settings)
        return kept.judge(OWN_CARD) is None


class LearntCard(Deed):
    mark = b"cards-0\0"

    async def do(self, stage):
        stage.world.card_reader.swipe(OWN_CARD)
        await stage.wait(5)
        return "Accepted" if self.acts(stage) else "Rejected"

    def acts(self, stage):
        return stage.firmware.client.cache.judge(OWN_CARD) is not None


DEEDS = (Start, Stop, Availability, Setting, ClearedCache, LearntCard)


def answers(stage):
    frames = [entry["frame"] for entry in stage.bench.frames if entry["direction"] == "out"]
    return [frame for frame in frames if frame[0] == 3]


def is_it(change, mark):
    if change[0] != "program" or not change[2]:
        return False
    return change[3][1:2] == mark if len(mark) == 1 else change[3][16:].startswith(mark)


@pytest.mark.parametrize("kind", DEEDS)
def test_a_deed_acts_only_after_it_is_written(kind):
    async def story(stage):
        deed = kind()
        await deed.prepare(stage)
        before, seen = len(answers(stage)), []

        def look(*change):
            if is_it(change, deed.mark):
                seen.append((deed.acts(stage), len(answers(stage)) - before))

        stage.world.flash.observer = look
        assert await deed.do(stage) == "Accepted"
        assert seen == [(False, 0)]
        assert deed.acts(stage)

    play(story, settings=SETTINGS, backend=True)


@pytest.mark.parametrize("kind", [Start, Stop, Availability, Setting, ClearedCache])
def test_what_the_store_refuses_does_not_act(kind):
    async def story(stage):
        deed = kind()
        await deed.prepare(stage)
        stage.world.flash.full = True
        assert await deed.do(stage) == "Rejected"
        await stage.wait(5)
        assert not deed.acts(stage)
        stage.world.flash.full = False
        if kind is Stop:
            await stage.wait(10)
            assert deed.acts(stage)

    play(story, settings=SETTINGS, backend=True)


@pytest.mark.parametrize("kind", [Start, Availability, Setting, ClearedCache, LearntCard])
def test_a_power_cut_in_the_write_leaves_the_old_world_whole(kind):
    """Half of the record is on the flash, and the power is gone; test_day_replayed.py cuts ends too."""

    async def story(stage):
        deed = kind()
        await deed.prepare(stage)
        flash = stage.world.flash
        images: list = []

        def cut(*change):
            if is_it(change, deed.mark) and not images:
                image = flash.copy()
                image.program(change[1], change[2], change[3][: len(change[3]) // 2])
                images.append(image)

        flash.observer = cut
        await deed.do(stage)
        await stage.bench.power(False)
        stage.world.flash = images[0]
        stage.bench.network.cut(reset=True)
        await stage.bench.power(True)
        await stage.wait(1)
        assert not deed.acts(stage)

    play(story, settings=SETTINGS, backend=True)
