"""A charger and its backend on one clock: they find each other, and the backend can go and come."""

import asyncio

from simulator.backend.settings import Settings
from simulator.clockwork import kernel
from simulator.station import Station


def at_a_station(story, **options):
    """What `await story(station)` returns, in a station that was made with these options."""

    async def main():
        async with Station(kernel.current(), **options) as station:
            return await story(station)

    return kernel.run(main())


def statuses(**options):
    """How the backend answers the cards A and B."""

    async def story(station):
        await asyncio.sleep(1)
        for id_tag in ("A", "B"):
            station.bench.world.card_reader.swipe(id_tag)
            await asyncio.sleep(2)
        return [event["status"] for event in station.bench.events if event["event"] == "authorised"][::2]

    return at_a_station(story, **options)


def test_charger_and_backend_find_each_other_as_soon_as_the_charger_has_looked_around():
    async def story(station):
        await asyncio.sleep(0.5)
        return station.central.connected, station.bench.firmware.client.accepted

    assert at_a_station(story) == (["CP1"], True)


def test_cards_are_accepted_or_what_is_said_of_them():
    assert statuses() == ["Invalid", "Invalid"]
    assert statuses(cards=["A"]) == ["Accepted", "Invalid"]
    assert statuses(cards={"A": "Blocked", "B": "Accepted"}) == ["Blocked", "Accepted"]
    assert statuses(backend_settings=Settings(accept_unknown_cards=True)) == ["Accepted", "Accepted"]


def test_a_backend_that_goes_takes_its_connections_along_and_remembers_what_it_knew():
    async def story(station):
        await asyncio.sleep(1)
        await station.close_backend()
        await asyncio.sleep(0.1)
        away = station.central.connected, station.bench.firmware.client.accepted
        await asyncio.sleep(60)
        refused = [event["state"] for event in station.bench.events if event["event"] == "link"]
        station.open_backend()
        await asyncio.sleep(300)
        known = [charger.identity for charger in station.store.chargers.all()]
        return away, refused, station.central.connected, known

    away, refused, back, known = at_a_station(story)
    assert away == ([], False)
    assert len(refused) == 2, "one line a reason"
    assert "nobody listens" in refused[-1]
    assert back == known == ["CP1"]


def test_opening_or_closing_twice_changes_nothing():
    async def story(station):
        station.open_backend()
        await asyncio.sleep(1)
        await station.close_backend()
        await station.close_backend()
        return station.central.connected

    assert at_a_station(story) == []


def test_the_log_tells_who_noticed():
    async def story(station):
        await asyncio.sleep(1)
        return {(event["source"], event["event"]) for event in station.bench.events}

    noticed = at_a_station(story)
    assert ("backend", "booted") in noticed
    assert not [event for _, event in noticed if event == "frame"]


def test_the_backend_s_clock_is_the_simulated_one():
    async def story(station):
        await asyncio.sleep(12.5)
        return station.central.clock.now().isoformat(), station.seconds_at(station.central.clock.now())

    assert at_a_station(story) == ("2026-01-01T00:00:12.500000+00:00", 12.5)


def test_a_slow_network_is_slow_each_way():
    async def story(station):
        while not station.bench.firmware.client.accepted:
            await asyncio.sleep(0.1)
        return station.kernel.now_ms()

    assert at_a_station(story) <= 500
    assert at_a_station(story, latency_ms=100) >= 600
