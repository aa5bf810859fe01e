"""Wi-Fi on the strict radio of the simulator: joining, failing, being lost and found, and what is told of it.

The bytes themselves go over the host's sockets, to servers of this test.
"""

import asyncio
import itertools
import json

import pytest

from simulator.clockwork.kernel import run
from tests import authority
from tests.hal.chips import CHIPS, board, powered
from tests.hal.name_server import address, answer, serve
from tests.servers import Servers, answering

NAME, KEY = "Home", "correct horse"


class Host:
    """Parts made so far: a store in memory, and a clock that lets the chip's time pass with the loop's."""

    def __init__(self, chip):
        self.files = {}
        self.store = self.clock = self
        self._chip = chip

    def load(self, name):
        return self.files.get(name)

    def save(self, name, data):
        self.files[name] = data

    def now_ms(self):
        return self._chip.now_us // 1000 & 0x3FFFFFFF

    def random_bytes(self, count):
        return bytes(range(count))

    async def sleep_ms(self, duration_ms):
        await asyncio.sleep(duration_ms / 1000)
        self._chip.advance(duration_ms * 1000)


class Bench:
    def __init__(self, chip):
        from hal.wifi import station

        self.chip = chip
        self.host = Host(chip)
        self.station = station.make(board(chip.board.chip), 0, self.host)

    def chosen(self, name=NAME, key=KEY):
        self.host.files["wifi"] = json.dumps([name, key]).encode()
        return self

    async def told(self, seconds):
        """What it says of itself, each thing once, in so many seconds."""
        told: list[str] = []
        for _ in range(10 * seconds):
            if not told or told[-1] != self.station.status:
                told.append(self.station.status)
            await asyncio.sleep(0.1)
        return told


@pytest.fixture(params=CHIPS)
def chip(request):
    chip = powered(request.param)
    chip.air[NAME] = (KEY, 6, -60)
    with chip.install():
        yield chip


@pytest.fixture
def bench(chip):
    return Bench(chip)


JOINING = "it is joining 'Home'"


def test_it_joins_the_network_that_was_chosen(bench):
    async def story():
        bench.chosen().station.start()
        return await bench.told(4), bench.station.connected

    told, connected = run(story())
    assert told == ["no Wi-Fi has been chosen yet: give the charger its name and password", JOINING, ""]
    assert connected


def test_until_one_is_chosen_nobody_gets_out(bench):
    async def story():
        with pytest.raises(OSError, match="no Wi-Fi has been chosen yet"):
            await bench.station.open("192.0.2.1", 80)
        bench.station.join(NAME, KEY)
        await asyncio.sleep(5)
        return bench.station.connected

    assert run(story())


@pytest.mark.parametrize(
    ("name", "key", "reason"),
    [
        ("Elsewhere", KEY, "'Elsewhere' cannot be found: check the name, and the signal at the charger"),
        (NAME, "wrong horse", "'Home' does not take the password: check it"),
    ],
)
def test_why_it_cannot_join_is_told_to_whoever_wants_out(bench, name, key, reason):
    async def story():
        bench.chosen(name, key)
        with pytest.raises(OSError) as refusal:  # noqa: PT011 - the sentence is looked at
            await bench.station.open("192.0.2.1", 80)
        return bench.station.explain(refusal.value), bench.station.connected

    assert run(story()) == (reason, False)


def test_a_network_that_gives_no_address_is_not_waited_for_for_ever(bench, monkeypatch):
    async def story():
        bench.chosen()
        monkeypatch.setattr(type(bench.station._wlan), "isconnected", lambda wlan: False)
        with pytest.raises(OSError, match="does not let it in, or gives it no address"):
            await bench.station.ask("192.0.2.1", 123, b"")

    run(story())


def test_it_tries_again_and_again_at_growing_distances(bench):
    tries = []

    async def story():
        bench.chosen("Elsewhere")
        radio = bench.chip.parts["radio"]
        join = radio.join

        def counted(name, key):
            tries.append(bench.chip.now_us // 1000000)
            join(name, key)

        radio.join = counted
        bench.station.start()
        await asyncio.sleep(300)
        bench.chip.air["Elsewhere"] = (KEY, 1, -70)
        await asyncio.sleep(70)
        was = bench.station.connected
        del bench.chip.air["Elsewhere"]
        first = len(tries)
        await asyncio.sleep(30)
        return was, first

    was, first = run(story())
    assert was
    assert 3 <= tries[first + 1] - tries[first] <= 5, "who had joined begins with the shortest pause again"
    gaps = [later - earlier for earlier, later in itertools.pairwise(tries[:7])]
    assert gaps == sorted(gaps), "each pause is as long as the one before, or longer"
    assert 4 <= gaps[0] <= 5
    assert 60 <= gaps[-1] <= 65


def test_a_radio_that_tries_something_by_itself_is_taken_hold_of(bench):
    async def story():
        bench.station._wlan.active(True)
        bench.station._wlan.connect("Elsewhere", KEY)
        bench.chosen().station.start()
        bench.station.start()
        tasks = [task for task in asyncio.all_tasks() if "_keep" in repr(task)]
        return await bench.told(4), len(tasks)

    told, tasks = run(story())
    assert told[1:] == [JOINING, ""]
    assert tasks == 1


def test_a_network_that_was_lost_is_joined_again(bench):
    async def story():
        bench.chosen().station.start()
        await asyncio.sleep(4)
        lost = bench.chip.air.pop(NAME)
        await asyncio.sleep(1)
        told = await bench.told(8)
        was = bench.station.connected
        bench.chip.air[NAME] = lost
        await asyncio.sleep(20)
        return told, was, bench.station.connected, bench.station.status

    told, was, now, status = run(story())
    assert (was, now, status) == (False, True, "")
    assert told[0] == JOINING
    assert told[1] == "'Home' cannot be found: check the name, and the signal at the charger"


def test_another_network_can_be_chosen_while_it_runs(bench):
    bench.chip.air["Other"] = ("", 11, -50)

    async def story():
        bench.chosen().station.start()
        await asyncio.sleep(4)
        bench.station.join("Other", "")
        was = bench.station.connected
        await asyncio.sleep(5)
        return was, bench.station.connected, bench.chip.parts["radio"]._name

    assert run(story()) == (False, True, "Other")


@pytest.mark.parametrize(
    ("name", "key"), [("", KEY), ("x" * 33, KEY), ("ä" * 17, KEY), (NAME, "short"), (NAME, "x" * 64)]
)
def test_what_cannot_be_a_name_or_password_is_refused(bench, name, key):
    with pytest.raises(ValueError, match="of a Wi-Fi has"):
        bench.station.join(name, key)
    assert bench.host.files == {}


def test_a_choice_that_has_decayed_is_none(bench):
    async def story():
        bench.host.files["wifi"] = b'["Home", "corr'
        with pytest.raises(OSError, match="no Wi-Fi has been chosen yet"):
            await bench.station.open("192.0.2.1", 80)

    run(story())


def test_networks_in_reach_the_strongest_first(bench):
    bench.chip.air.update({"Far": (KEY, 1, -85), "Near": ("", 11, -40), "": (KEY, 3, -30)})
    assert bench.station.scan() == ["Near", NAME, "Far"]


def test_an_access_point_of_its_own(bench):
    import network

    bench.station.invite("Mode3-1234", "unguessable")
    point = network.WLAN(network.AP_IF)
    assert (point.active(), point.config("ssid")) == (True, "Mode3-1234")
    assert point.config("security") == network.WLAN.SEC_WPA_WPA2
    bench.station.withdraw()
    assert not point.active()
    with pytest.raises(ValueError, match="has 8 to 63 characters"):
        bench.station.invite("Mode3-1234", "1234567")


async def joined(bench, servers):
    """A station that has joined, and asks this machine for names at the port of `servers`."""
    bench.chosen().station.start()
    await asyncio.sleep(0)
    bench.chip.advance(4000000)
    bench.station._servers = lambda: ("127.0.0.1",)
    bench.station._names._servers = bench.station._servers
    bench.station._names._port = servers.port
    return bench.station


def told_of(query):
    """A name server that knows one name."""
    here = b"\x04mode\x04test"
    return [answer(query, address("127.0.0.1"))] if here in query else [answer(query, code=3)]


def test_a_stream_to_a_name_plain_and_with_tls(bench, tmp_path):
    root = authority.root()

    async def story():
        async with Servers() as servers:
            plain = await servers.open(answering(b"plain" * 100))
            secured = await servers.open(
                answering(b"secured" * 100), root.issue("mode.test").context(tmp_path / "good")
            )
            names = await serve(told_of)
            station = await joined(bench, names)
            found = []
            for port, tls in ((plain, None), (secured, ("mode.test", root.pem))):
                reader, writer = await station.open("mode.test", port, tls)
                writer.write(b"hi")
                found.append(await reader.readexactly(500))
                writer.close()
            with pytest.raises(OSError) as refusal:  # noqa: PT011 - the sentence is looked at
                await station.open("no.test", plain)
            names.transport.close()
            return found, station.explain(refusal.value), len(names.queries)

    found, reason, queries = asyncio.run(story())
    assert [data[:7] for data in found] == [b"plainpl", b"secured"]
    assert reason == "its name is not known: check it, and the network's name server"
    assert queries == 2, "one for both streams, as the answer holds for a while"


def test_a_datagram_to_a_name(bench):
    async def story():
        names = await serve(told_of)
        echo = await serve(lambda data: [data.upper()])
        station = await joined(bench, names)
        found = await station.ask("mode.test", echo.port, b"what time is it?")
        for server in (names, echo):
            server.transport.close()
        return found

    assert asyncio.run(story()) == b"WHAT TIME IS IT?"


def test_name_servers_are_those_of_the_network(bench):
    import network

    async def story():
        bench.chosen().station.start()
        before = bench.station._servers()
        await asyncio.sleep(4)
        once = bench.station._servers()
        bench.station._wlan.ifconfig(("192.168.4.16", "255.255.255.0", "192.168.4.1", "192.168.4.53"))
        return before, once, bench.station._servers()

    assert network.STA_IF == 0
    before, once, both = run(story())
    assert before == []
    assert once == ["192.168.4.1"]
    assert both == ["192.168.4.53", "192.168.4.1"]
