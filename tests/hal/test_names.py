"""Names become addresses over UDP, whatever a server answers and whoever else does."""

import asyncio
import os
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hal.explanations import UNKNOWN_NAME
from hal.host import HostClock
from hal.wifi import names
from hal.wifi.names import SILENT, UNKNOWN, UNWILLING, Names, is_address, question, read_answer
from tests import runtimes
from tests.hal.name_server import TXT, address, alias, answer, encode, record, serve

SCRIPT = runtimes.ROOT / "tests/hal/on_micropython/names.py"
QUERY = question(0x1234, "www.example.org")


class Clock(HostClock):
    """Bytes of chance that are counted, and a time that moves when told."""

    def __init__(self):
        super().__init__()
        self.at_ms = (1 << 30) - 5000
        self.chance = 0

    def now_ms(self):
        return self.at_ms

    def random_bytes(self, count):
        self.chance += 1
        return super().random_bytes(count)


def test_a_question_is_as_rfc_1035_has_it():
    assert question(0xABCD, "a.bc") == bytes.fromhex(
        "abcd 0100 0001 0000 0000 0000 01 61 02 6263 00 0001 0001"
    )
    assert question(1, "a.bc.") == question(1, "a.bc")


@pytest.mark.parametrize("name", ["", ".", "a..b", "x" * 64 + ".org", "a." * 130 + "org"])
def test_what_cannot_be_a_name_is_refused(name):
    with pytest.raises(ValueError, match="is no name of a host"):
        question(1, name)


@pytest.mark.parametrize(
    ("host", "verdict"),
    [
        ("192.0.2.1", True),
        ("255.255.255.255", True),
        ("256.0.2.1", False),
        ("192.0.2", False),
        ("1.2.3.x", False),
        ("1.2.3.", False),
        ("0001.2.3.4", False),
        ("example.org", False),
    ],
)
def test_an_address_is_told_from_a_name(host, verdict):
    assert is_address(host) == verdict


def test_an_address_and_how_long_it_holds():
    assert read_answer(answer(QUERY, address("192.0.2.7", ttl_s=60)), QUERY) == ("192.0.2.7", 60)


def test_the_first_of_several_addresses_is_taken_and_other_kinds_are_passed_over():
    text = record(b"\xc0\x0c", TXT, b"\x05hello")
    said = answer(QUERY, text, address("192.0.2.7"), address("192.0.2.8"))
    assert read_answer(said, QUERY) == ("192.0.2.7", 300)


def test_aliases_are_followed_in_any_order_and_the_shortest_time_holds():
    elsewhere = encode("WWW.cdn.example.net")
    edge = encode("edge.example.net")
    said = answer(
        QUERY,
        address("192.0.2.9", edge, ttl_s=500),
        alias(edge, elsewhere, ttl_s=20),
        alias(encode("www.CDN.example.net"), ttl_s=400),
        address("192.0.2.66", encode("other.example.net")),
    )
    assert read_answer(said, QUERY) == ("192.0.2.9", 20)


def test_names_that_are_told_by_pointers_into_pointers():
    # The alias's target is 'cdn' + a pointer to 'example.org' in the question; its owner a pointer to that.
    at = len(answer(QUERY)) + 12
    target = b"\x03cdn" + bytes((0xC0, 12 + 4))
    said = answer(QUERY, alias(target), address("192.0.2.3", bytes((0xC0 | at >> 8, at & 0xFF))))
    assert read_answer(said, QUERY) == ("192.0.2.3", 300)


def test_times_are_bounded_and_one_below_zero_is_none():
    assert read_answer(answer(QUERY, address("192.0.2.7", ttl_s=1 << 30)), QUERY)[1] == 3600
    assert read_answer(answer(QUERY, address("192.0.2.7", ttl_s=1 << 31)), QUERY)[1] == 0


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (answer(QUERY, code=3), UNKNOWN),
        (answer(QUERY), UNKNOWN),
        (answer(QUERY, alias(encode("nowhere.example"))), UNKNOWN),
        (answer(QUERY, alias(encode("www.example.org"))), UNKNOWN),  # itself
        (answer(QUERY, code=2), UNWILLING),
        (answer(QUERY, address("192.0.2.7"), code=5), UNWILLING),
    ],
)
def test_a_server_that_knows_no_address_says_so(said, reason):
    with pytest.raises(OSError) as refusal:  # noqa: PT011 - the number is looked at
        read_answer(said, QUERY)
    assert refusal.value.args[0] == reason


def looped(places: int) -> bytes:
    """An answer whose owner is a chain of pointers that ends where it began."""
    start = len(answer(QUERY))
    chain = b"".join(
        bytes((0xC0 | to >> 8, to & 0xFF)) for to in (start + 2 * ((i + 1) % places) for i in range(places))
    )
    return answer(QUERY, address("192.0.2.7", chain))


@pytest.mark.parametrize(
    "said",
    [
        b"",
        QUERY,  # an echo
        answer(QUERY, address("192.0.2.7"), number=b"\x12\x35"),
        answer(question(0x1234, "www.example.com"), address("192.0.2.7")),
        answer(QUERY, address("192.0.2.7"))[:-1],
        answer(QUERY, address("192.0.2.7"))[:-5],
        answer(QUERY)[:7] + b"\x09" + answer(QUERY)[8:],
        looped(1),
        looped(2),
        looped(5),
        answer(QUERY, alias(b"\xff\xff")),
        answer(QUERY, address("192.0.2.7", (b"\x3f" + b"x" * 63) * 5 + b"\0")),
        answer(QUERY, address("192.0.2.7", b"\x80abc\0")),
        answer(QUERY, alias(b"\x3f" + b"x" * 63 + b"\xc0\x0c")[:-3]),
    ],
)
def test_what_is_no_answer_is_passed_over(said):
    assert read_answer(said, QUERY) is None


def outcome(said):
    try:
        return read_answer(said, QUERY)
    except OSError as error:
        return error.args[0]


@given(st.binary(max_size=512))
@example(b"\x12\x34\x81\x80" + bytes(8))
def test_any_bytes_are_no_answer(said):
    assert outcome(said) is None


@given(st.data())
def test_an_answer_that_was_tampered_with_never_hangs_nor_breaks(data):
    records = (
        alias(b"\x03cdn\xc0\x10", ttl_s=9),
        address("192.0.2.3", b"\xc0\x2d"),
        record(b"\xc0\x0c", TXT, b"\x01x"),
    )
    said = bytearray(answer(QUERY, *records))
    for _ in range(data.draw(st.integers(1, 6))):
        said[data.draw(st.integers(2, len(said) - 1))] = data.draw(st.integers(0, 255))
    said = said[: data.draw(st.integers(12, len(said)))]
    found = outcome(bytes(said))
    assert found in (None, UNKNOWN, UNWILLING) or (is_address(found[0]) and 0 <= found[1] <= 3600)


async def looked_up(tell, *hosts, clock=None):
    """What is found for each of the hosts, and the server."""
    server = await serve(tell)
    finder = Names(lambda: ("127.0.0.1",), clock or Clock(), server.port)
    found = []
    for host in hosts:
        try:
            found.append(await finder.look_up(host))
        except OSError as error:
            found.append(error.args[0])
    server.transport.close()
    return found, server


def test_a_name_is_asked_for_once_while_its_address_holds():
    clock = Clock()

    queries: list[bytes] = []

    def tell(query):
        queries.append(query)
        return [answer(query, address("192.0.2.%d" % len(queries), ttl_s=10))]

    async def story():
        server = await serve(tell)
        finder = Names(lambda: ("127.0.0.1",), clock, server.port)
        found = []
        for _ in range(3):
            found.append(await finder.look_up("example.org"))
            clock.at_ms = (clock.at_ms + 6000) & 0x3FFFFFFF
        server.transport.close()
        return found

    # The clock wraps on the way.
    assert asyncio.run(story()) == ["192.0.2.1", "192.0.2.1", "192.0.2.2"]


def test_what_holds_for_no_time_is_asked_for_again_and_few_names_are_remembered():
    def tell(query):
        ttl_s = 0 if b"never" in query else 300
        return [answer(query, address("192.0.2.1", ttl_s=ttl_s))]

    hosts = ["never.org", "never.org", *("h%d.org" % i for i in range(5)), "h4.org", "h1.org", "h0.org"]
    _, server = asyncio.run(looked_up(tell, *hosts))
    asked = [query[13 : 13 + query[12]].decode() for query in server.queries]
    assert asked == ["never", "never", "h0", "h1", "h2", "h3", "h4", "h0"]


def test_numbers_and_ports_are_those_of_chance():
    hosts = ["h%d.org" % i for i in range(30)]
    _, server = asyncio.run(looked_up(lambda query: [answer(query, address("192.0.2.1"))], *hosts))
    assert len({query[:2] for query in server.queries}) > 25
    ports = {port for _, port in server.peers}
    assert len(ports) > 25
    assert min(ports) >= 0xC000


def test_an_address_is_looked_up_by_nobody():
    found, server = asyncio.run(looked_up(lambda query: [], "192.0.2.9"))
    assert (found, server.queries) == (["192.0.2.9"], [])


def test_forgeries_with_another_number_or_question_are_waited_out():
    def tell(query):
        wrong = bytes((query[0] ^ 1, query[1]))
        other = question(int.from_bytes(query[:2], "big"), "evil.org")
        forged = [answer(query, address("203.0.113.1"), number=wrong), answer(other, address("203.0.113.2"))]
        return [*forged, b"junk", answer(query, address("192.0.2.1"))]

    assert asyncio.run(looked_up(tell, "example.org"))[0] == ["192.0.2.1"]


def test_answers_from_elsewhere_are_not_seen(monkeypatch):
    monkeypatch.setattr(names, "ANSWER_MS", 150)

    async def story():
        liar = await serve(lambda query: [], "127.0.0.2")

        def tell(query):
            liar.transport.sendto(answer(query, address("203.0.113.1")), server.peers[-1])
            return []

        server = await serve(tell)
        with pytest.raises(OSError, match=SILENT):
            await Names(lambda: ("127.0.0.1",), Clock(), server.port).look_up("example.org")
        liar.transport.close()
        server.transport.close()
        return len(server.queries)

    assert asyncio.run(story()) == names.ROUNDS


def test_a_flood_of_junk_ends_by_itself():
    found, server = asyncio.run(looked_up(lambda query: [b"junk"] * 200, "example.org"))
    assert found == [SILENT]
    assert len(server.queries) == names.ROUNDS


def test_servers_are_asked_in_turn(monkeypatch):
    monkeypatch.setattr(names, "ANSWER_MS", 150)

    async def story():
        silent = await serve(lambda query: [], "127.0.0.1")
        broken = await serve(lambda query: [answer(query, code=2)], "127.0.0.2", silent.port)
        good = await serve(lambda query: [answer(query, address("192.0.2.4"))], "127.0.0.3", silent.port)
        finder = Names(lambda: ("127.0.0.1", "127.0.0.2", "127.0.0.3"), Clock(), silent.port)
        found = await finder.look_up("example.org")
        counts = [len(server.queries) for server in (silent, broken, good)]
        for server in (silent, broken, good):
            server.transport.close()
        return found, counts

    assert asyncio.run(story()) == ("192.0.2.4", [1, 1, 1])


def test_where_no_server_tells_that_is_said_and_where_there_is_no_name_at_once():
    found, server = asyncio.run(looked_up(lambda query: [answer(query, code=2)], "example.org"))
    assert (found, len(server.queries)) == ([UNWILLING], names.ROUNDS)
    found, server = asyncio.run(looked_up(lambda query: [answer(query, code=3)], "example.org"))
    assert (found, len(server.queries)) == ([UNKNOWN], 1)
    found, server = asyncio.run(looked_up(lambda query: [], "a..b"))
    assert (found, len(server.queries)) == ([UNKNOWN], 0)


def test_without_a_name_server_or_one_that_is_there_the_network_is_to_be_checked():
    async def story(servers):
        gone = await serve(lambda query: [])
        gone.transport.close()
        await asyncio.sleep(0)
        with pytest.raises(OSError, match=SILENT):
            await Names(lambda: servers, Clock(), gone.port).look_up("example.org")

    asyncio.run(story(()))
    asyncio.run(story(("127.0.0.1",)))


@pytest.mark.parametrize(
    "runtime",
    [
        "cpython",
        pytest.param("micropython", marks=pytest.mark.micropython),
        pytest.param("micropython-i386", marks=pytest.mark.micropython),
    ],
)
def test_each_runtime_does_the_same(runtime):
    program = sys.executable if runtime == "cpython" else runtimes.find(runtime)
    path = {"MICROPYPATH": f".frozen:{runtimes.ROOT}", "PYTHONPATH": str(runtimes.ROOT)}

    def tell(query):
        if b"nowhere" in query:
            return [answer(query, code=3)]
        if b"broken" in query:
            return [answer(query, code=2)]
        if b"junk" in query:
            return [b"", b"abc", b"\xff" * 600, looped(3), query, answer(query, address("192.0.2.5"))]
        return [answer(query, alias(b"\x03cdn\xc0\x0c"), address("192.0.2.6", encode("cdn.example.org")))]

    async def story():
        server = await serve(tell)
        hosts = ["example.org", "EXAMPLE.org", "nowhere.org", "broken.org", "junk.org", "10.0.0.1"]
        process = await asyncio.create_subprocess_exec(
            program,
            SCRIPT,
            str(server.port),
            *hosts,
            env={**os.environ, **path},
            stdout=asyncio.subprocess.PIPE,
        )
        output, _ = await asyncio.wait_for(process.communicate(), 60)
        server.transport.close()
        return output.decode().splitlines()

    assert asyncio.run(story()) == [
        "192.0.2.6",
        "192.0.2.6",
        UNKNOWN_NAME,
        UNWILLING,
        "192.0.2.5",
        "10.0.0.1",
    ]
