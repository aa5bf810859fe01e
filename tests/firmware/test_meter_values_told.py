"""What the backend is told of the meter by a whole charger: limits as they are, and nothing lost over power
cuts."""

import datetime
import itertools

import pytest

from control.limits import OWNER
from tests.firmware.stage import PLUG_AND_CHARGE, play

OFFERED = {**PLUG_AND_CHARGE, "MeterValueSampleInterval": "5"}
KEPT = {
    **PLUG_AND_CHARGE,
    "MeterValueSampleInterval": "30",
    "StopTxnSampledData": "Energy.Active.Import.Register,Voltage.L1,Frequency",
}


def requests(stage, action):
    """Payloads of the charger's requests, oldest first."""
    return [
        entry["frame"][3]
        for entry in stage.bench.frames
        if entry["direction"] == "out" and entry["frame"][0] == 2 and entry["frame"][2] == action
    ]


def told(stage, *measurands):
    """What the last MeterValues says of them, as numbers."""
    sampled = requests(stage, "MeterValues")[-1]["meterValue"][0]["sampledValue"]
    values = {value["measurand"]: float(value["value"]) for value in sampled if "phase" not in value}
    return [values[measurand] for measurand in measurands]


def registers(values):
    return [
        (value["context"], int(value["value"]))
        for meter_value in values
        for value in meter_value["sampledValue"]
        if value["measurand"] == "Energy.Active.Import.Register"
    ]


def test_the_offer_that_is_told_follows_every_limit():
    async def story(stage):
        stage.charger.settings.write("MeterValuesSampledData", "Current.Offered,Power.Offered")
        await stage.charge(phases=3)
        for limit_ma, offered_ma in ((16000, 16000), (6500, 6500), (5000, 0), (10000, 10000), (80000, 32000)):
            stage.charger.limit(OWNER, limit_ma)
            await stage.wait(30)
            assert stage.connector.snapshot.offered_ma == offered_ma
            current, power = told(stage, "Current.Offered", "Power.Offered")
            assert current == offered_ma / 1000
            assert power == pytest.approx(3 * 230 * offered_ma / 1000, rel=0.02)

    play(story, settings=OFFERED, backend=True)


def test_the_power_of_a_car_on_one_phase_is_that_of_one_phase():
    async def story(stage):
        stage.charger.settings.write("MeterValuesSampledData", "Current.Offered,Power.Offered")
        await stage.charge(phases=1)
        await stage.wait(40)
        current, power = told(stage, "Current.Offered", "Power.Offered")
        assert power == pytest.approx(230 * current, rel=0.02)

    play(story, settings=OFFERED, backend=True)


def test_a_pause_of_the_charger_is_told_at_once():
    async def story(stage):
        stage.charger.settings.write("MeterValueSampleInterval", "600")
        await stage.charge()
        await stage.wait(20)
        stage.charger.limit(OWNER, 0)
        await stage.wait(20)
        stage.charger.limit(OWNER, 16000)
        await stage.wait(40)
        contexts = [
            payload["meterValue"][0]["sampledValue"][0]["context"]
            for payload in requests(stage, "MeterValues")
        ]
        assert contexts == ["Transaction.Begin", "Interruption.Begin", "Interruption.End"]

    play(story, settings=OFFERED, backend=True)


def test_begin_and_end_are_the_registers_of_the_bill():
    async def story(stage):
        await stage.charge()
        await stage.wait(100)
        stage.outlet.unplug()
        await stage.until("transaction_stopped")
        await stage.wait(5)
        (start,) = requests(stage, "StartTransaction")
        (stop,) = requests(stage, "StopTransaction")
        sampled = registers([payload["meterValue"][0] for payload in requests(stage, "MeterValues")])
        assert sampled[0] == ("Transaction.Begin", start["meterStart"])
        assert sampled[-1] == ("Transaction.End", stop["meterStop"])
        assert registers(stop["transactionData"]) == sampled
        moments = [value["timestamp"] for value in stop["transactionData"]]
        assert (moments[0], moments[-1]) == (start["timestamp"], stop["timestamp"])
        assert moments == sorted(moments)
        apart = [datetime.datetime.fromisoformat(text) for text in moments[:-1]]
        assert {(b - a).total_seconds() for a, b in itertools.pairwise(apart)} == {30}

    play(story, settings=KEPT, backend=True)


@pytest.mark.parametrize("offline", [False, True])
def test_what_is_kept_for_the_stop_survives_a_power_cut(offline):
    async def story(stage):
        if offline:
            stage.bench.network.cut()
        await stage.charge()
        await stage.wait(100)
        await stage.bench.power(False)
        await stage.wait(60)
        stage.outlet.unplug()
        stage.bench.network.restore()
        await stage.bench.power(True)
        await stage.until("transaction_stopped")
        await stage.wait(600)
        (stop,) = requests(stage, "StopTransaction")
        kept = registers(stop["transactionData"])
        assert [context for context, _ in kept] == [
            "Transaction.Begin",
            *["Sample.Periodic"] * (len(kept) - 2),
            "Transaction.End",
        ]
        assert len(kept) == 5
        values = [value for _, value in kept]
        assert values == sorted(values)
        assert values[-1] == stop["meterStop"]
        (row,) = stage.central.store.transactions.all("CP1")
        assert row.stop_reason == "PowerLoss"

    play(story, settings=KEPT, backend=True)
