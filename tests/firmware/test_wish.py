"""What was asked for one transaction: power, energy and time, and that it ends with it."""

import pytest

from control import limits
from firmware.wish import MOST_S, MOST_WH, Wish
from tests.firmware.stage import CARDS, OTHER_CARD, OWN_CARD, play


async def begin(stage, **wish):
    stage.outlet.plug(max_a=32, ramp_a_s=80)
    await stage.wait(3)
    assert await stage.charger.start(OWN_CARD, **wish) == ("started", "local card")
    await stage.until(lambda: stage.status == "Charging")


def row(stage, name):
    return next(row for row in stage.charger.limits(1) if row["source"] == name)


def test_session_power_is_a_limit_of_this_transaction_alone_k5():
    async def story(stage):
        await begin(stage, power_w=7000)
        await stage.wait(20)
        assert 9500 < stage.outlet.car.current_ma < 10500
        assert row(stage, "session power")["power_w"] == 7000
        assert row(stage, "session power")["least"]
        assert stage.connector.snapshot.reason == limits.SESSION_POWER
        await stage.charger.present(OWN_CARD)
        await stage.until("transaction_stopped")
        assert await stage.charger.present(OTHER_CARD) == ("started", "local card")
        await stage.until(lambda: stage.outlet.car.current_ma > 30000, 60)
        assert row(stage, "session power")["limit_ma"] is None

    play(story, settings=CARDS)


def test_too_little_power_is_paused_and_not_refused_k5():
    async def story(stage):
        stage.outlet.plug()
        await stage.wait(3)
        assert (await stage.charger.start(OWN_CARD, power_w=1000))[0] == "started"
        await stage.until(lambda: stage.status == "SuspendedEVSE", 15)
        assert stage.connector.status.info == "session power"
        assert stage.events("status")[-1]["reason"] == "session power"
        await stage.wait(120)
        assert stage.charger.transaction(1) == 1
        assert stage.outlet.contactor.cycles == 0

    play(story, settings=CARDS)


def test_the_transaction_ends_with_its_energy_k6():
    async def story(stage):
        await begin(stage, energy_wh=500)
        stopped = await stage.until("transaction_stopped", 200)
        assert stage.events("stopping")[0]["cause"] == "session energy"
        assert stopped["reason"] == "Other"
        assert 500 <= stopped["energy_wh"] <= 500 + 22
        await stage.wait(1)
        assert stage.status == "Finishing"
        # The same plug-in may go on for somebody who asks for nothing.
        await stage.charger.present(OTHER_CARD)
        await stage.until(lambda: stage.status == "Charging", 30)
        await stage.wait(60)
        assert not stage.events("transaction_stopped")[1:]

    play(story, settings=CARDS)


def test_the_transaction_ends_with_its_time():
    async def story(stage):
        await begin(stage, duration_s=60)
        started_ms = stage.events("transaction_started")[0]["t_ms"]
        await stage.until("stopping", 70)
        stopping = stage.events("stopping")[0]
        assert (stopping["cause"], stopping["reason"]) == ("session time", "Other")
        assert 60000 <= stopping["t_ms"] - started_ms <= 60200

    play(story, settings=CARDS)


def test_control_ends_energy_and_time_even_if_nobody_stops_the_transaction():
    async def story(stage):
        await begin(stage, duration_s=60, energy_wh=200)
        stage.connector.stop = lambda *reason, **cause: False
        await stage.until(lambda: not stage.outlet.contactor.contacts_closed, 70)
        assert stage.connector.snapshot.reason == limits.SESSION_ENERGY
        await stage.wait(60)
        assert row(stage, "session time")["limit_ma"] == 0
        assert not stage.outlet.contactor.contacts_closed

    play(story, settings=CARDS)


def test_what_was_asked_for_before_the_car_came_counts():
    async def story(stage):
        assert (await stage.charger.start(OWN_CARD, power_w=5000))[0] == "waiting"
        stage.outlet.plug(max_a=32)
        await stage.until(lambda: stage.status == "Charging")
        assert row(stage, "session power")["power_w"] == 5000

    play(story, settings=CARDS)


def test_the_next_car_knows_nothing_of_it():
    async def story(stage):
        await begin(stage, power_w=5000, duration_s=3600, energy_wh=100000)
        stage.outlet.unplug()
        await stage.until("transaction_stopped")
        await stage.wait(1)
        assert [entry for entry in stage.charger.limits(1) if entry["source"].startswith("session")] == [
            {"source": name, "limit_ma": None, "power_w": 0, "left_ms": 0, "least": False, "reason": ""}
            for name in ("session power", "session energy", "session time")
        ]
        assert stage.connector.wish is None
        stage.charger.settings.write("PlugAndCharge", "true")
        stage.outlet.plug(max_a=32, ramp_a_s=80)
        await stage.until(lambda: stage.outlet.car.current_ma > 30000)

    play(story, settings=CARDS)


def test_a_remote_start_may_ask_too():
    async def story(stage):
        stage.outlet.plug(max_a=32)
        await stage.wait(3)
        assert stage.charger.remote_start(1, OWN_CARD, Wish(power_w=6000))
        await stage.until(lambda: stage.status == "Charging")
        assert row(stage, "session power")["power_w"] == 6000

    play(story, settings=CARDS)


@pytest.mark.parametrize(
    "wish",
    [
        {"power_w": -1},
        {"power_w": 100001},
        {"energy_wh": -5},
        {"energy_wh": MOST_WH + 1},
        {"duration_s": -1},
        {"duration_s": MOST_S + 1},
    ],
)
def test_what_no_charge_takes_is_refused_with_the_range(wish):
    with pytest.raises(ValueError, match=r"a charge takes an? "):
        Wish(**wish)


def test_six_days_fit_into_a_row():
    assert MOST_S * 1000 < 1 << 29
