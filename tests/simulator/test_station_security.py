"""A charger and its backend change how they know each other, in virtual time: new passwords, higher
profiles, and the way back."""

import asyncio
import json

from simulator.station import HOST
from tests.simulator.test_station import at_a_station

OLD, NEW = "the-old-password-1", "the-new-password-2"
WSS = 443


def secured(story, profile="1"):
    """What the story returns, at a station whose charger is asked for the old password."""

    async def begun(station):
        station.store.chargers.add("CP1")
        station.store.chargers.set_password("CP1", OLD.encode())
        await asyncio.sleep(1)
        assert station.central.connected == ["CP1"]
        return await story(station)

    return at_a_station(begun, settings={"SecurityProfile": profile, "AuthorizationKey": OLD}, cards=["CARD"])


def told(station, name):
    return [
        event for event in station.bench.events if event["event"] == name and event["source"] == "charger"
    ]


def setting(station, name):
    return station.bench.firmware.settings.get(name)


async def change(station, name, text):
    return (await station.central.change_configuration("CP1", name, text)).status


def test_a_new_password_in_the_midst_of_a_charge():
    async def story(station):
        bench = station.bench
        bench.world.outlet(1).plug(max_a=16)
        bench.world.card_reader.swipe("CARD")
        await asyncio.sleep(20)
        current_ma = bench.world.outlet(1).car.current_ma
        assert await change(station, "AuthorizationKey", NEW) == "Accepted"
        await asyncio.sleep(5)
        assert station.central.connected == ["CP1"]
        assert bench.world.outlet(1).car.current_ma >= current_ma > 10_000
        await bench.power(False)
        await bench.power(True)
        await asyncio.sleep(5)
        return station.central.connected, [event["changed"] for event in told(station, "access")]

    assert secured(story) == (["CP1"], [True])


def test_no_log_shows_a_password():
    async def story(station):
        assert await change(station, "authorizationKEY", NEW) == "Accepted"
        await asyncio.sleep(5)
        log = json.dumps([station.bench.events, station.bench.frames])
        assert "authorizationKEY" in log
        return OLD in log or NEW in log

    assert secured(story) is False


def test_a_password_that_the_backend_has_not_taken_over_is_taken_back():
    async def story(station):
        station.store.chargers.replace_password = lambda identity, password: None
        assert await change(station, "AuthorizationKey", NEW) == "Accepted"
        await asyncio.sleep(30)
        assert setting(station, "AuthorizationKey") == OLD
        (event,) = told(station, "access")
        assert (event["changed"], "HTTP 401" in event["reason"]) == (False, True)
        return station.central.connected

    assert secured(story) == ["CP1"]


def test_a_profile_is_raised_where_tls_is_listened_for():
    async def story(station):
        station.network.listen(HOST, WSS, station._accept)
        assert await change(station, "SecurityProfile", "2") == "Accepted"
        await asyncio.sleep(5)
        assert await change(station, "SecurityProfile", "1") == "Rejected"
        return (
            station.central.connected,
            station.bench.firmware.client.address.url,
            told(station, "access")[0]["profile"],
        )

    assert secured(story) == (["CP1"], "wss://backend/ocpp/CP1", 2)


def test_a_profile_that_nobody_listens_for_is_taken_back():
    async def story(station):
        assert await change(station, "SecurityProfile", "2") == "Accepted"
        await asyncio.sleep(300)
        assert setting(station, "SecurityProfile") == 1
        (event,) = told(station, "access")
        assert (event["profile"], event["changed"], "nobody listens" in event["reason"]) == (1, False, True)
        return station.central.connected, station.bench.firmware.client.address.url

    assert secured(story) == (["CP1"], "ws://backend/ocpp/CP1")


def test_a_wrong_password_keeps_nobody_from_charging():
    async def story(station):
        station.store.chargers.set_password("CP1", b"changed behind its back")
        await station.close_backend()
        station.open_backend()
        await asyncio.sleep(30)
        bench = station.bench
        bench.firmware.settings.write("LocalCards", "CARD")
        bench.world.outlet(1).plug(max_a=16)
        bench.world.card_reader.swipe("CARD")
        await asyncio.sleep(30)
        assert bench.world.outlet(1).car.current_ma > 10_000
        return [event["state"].split(": ", 1)[1] for event in told(station, "link")]

    gone, refused = secured(story)
    assert "closed" in gone
    assert refused.startswith(
        "HTTP 401 Unauthorized from ws://backend/ocpp/CP1: the charger's identity or password"
    )
