"""Boots that never learnt the date: the server is told of each of their transactions, and bills all the
energy."""

import pytest

from tests.firmware.stage import PLUG_AND_CHARGE, play


def billed(stage):
    """(seconds, Wh) of the server's transactions in their order."""
    rows = stage.central.store.transactions.all("CP1")
    return [
        (round((row.stopped_at - row.started_at).total_seconds()), row.meter_stop_wh - row.meter_start_wh)
        for row in rows
    ]


async def _flicker(stage):
    """The supply comes and goes while a car is plugged in."""
    for _ in range(3):
        await stage.bench.power(False)
        await stage.wait(1)
        await stage.bench.power(True)
        await stage.wait(4)


@pytest.mark.parametrize("known_once", [False, True])
def test_a_storm_without_a_network_loses_no_energy(known_once):
    """Three short boots with a transaction each, ten minutes of charge, and a last cut before the network is
    back."""

    async def story(stage):
        if not known_once:
            stage.bench.network.cut()
        await stage.bench.start()
        await stage.wait(20)
        stage.bench.network.cut()
        stage.outlet.plug()
        await stage.wait(2)
        await _flicker(stage)
        await stage.wait(600)
        await stage.bench.power(False)
        await stage.wait(60)
        await stage.bench.power(True)
        await stage.wait(5)
        stage.bench.network.restore()
        await stage.wait(400)
        stage.outlet.unplug()
        await stage.wait(60)
        bills = billed(stage)
        assert len(bills) == 5
        assert sum(energy_wh for _, energy_wh in bills) == stage.outlet.energy.energy_wh > 2000
        lasted_s, energy_wh = bills[3]
        assert lasted_s == pytest.approx(600, abs=60)
        assert energy_wh > 1500
        await stage.bench.stop()

    play(story, settings=PLUG_AND_CHARGE, backend=True, begin=False)


def test_what_a_restart_cut_off_is_told_as_long_as_it_lasted_though_the_link_is_quicker_than_the_meter():
    async def story(stage):
        stage.bench.network.cut()
        await stage.bench.start()
        await stage.charge()
        await stage.wait(600)
        stage.world.fault("meter_silent")
        await stage.bench.power(False)
        await stage.wait(60)
        stage.bench.network.restore()
        await stage.bench.power(True)
        await stage.until(lambda: stage.firmware.client.accepted)
        await stage.wait(20)
        assert not stage.central.store.transactions.all("CP1")
        stage.world.clear("meter_silent")
        await stage.wait(30)
        stage.outlet.unplug()
        await stage.wait(10)
        bills = billed(stage)
        assert bills[0][0] == pytest.approx(600, abs=60)
        assert sum(energy_wh for _, energy_wh in bills) == stage.outlet.energy.energy_wh > 1500
        await stage.bench.stop()

    play(story, settings=PLUG_AND_CHARGE, backend=True, begin=False)
