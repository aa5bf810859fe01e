"""What is sent is made, masked and written in pieces: a heap that has gone to pieces has room for no more."""

import json

from hypothesis import given
from hypothesis import strategies as st

from ocpp_client import rpc
from tests.ocpp_client.backend import booted

SHORT = st.none() | st.booleans() | st.integers() | st.text(max_size=20)
PAYLOADS = st.dictionaries(
    st.text(max_size=20),
    st.recursive(
        SHORT,
        lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(max_size=9), inner, max_size=6),
    ),
    max_size=6,
)


@given(PAYLOADS)
def test_the_pieces_make_the_message(payload):
    for pieces, head in (
        (rpc.encode_call("id", "Reset", payload), [2, "id", "Reset"]),
        (rpc.encode_result("id", payload), [3, "id"]),
    ):
        assert json.loads(b"".join(pieces)) == [*head, payload]


@given(st.lists(st.dictionaries(st.text(max_size=5), SHORT, max_size=3), max_size=40))
def test_an_iterator_is_an_array_and_no_piece_is_long(rows):
    pieces = rpc.encode_result("id", {"rows": iter(rows), "none": iter(())})
    assert json.loads(b"".join(pieces)) == [3, "id", {"rows": rows, "none": []}]
    longest = max([len(json.dumps(row)) for row in rows], default=0)
    assert max(map(len, pieces)) <= max(rpc.PIECE_BYTES, longest)


def test_the_longest_answer_is_written_in_pieces():
    world = booted()
    world.backend.call("GetConfiguration", {})
    request = b"".join(world.backend.protocol.data_to_send())
    world.client.received(request, world.clock.at_ms)
    written = []
    while data := world.client.data_to_send():
        written.append(data)
        world.backend.receive(data)
    assert max(map(len, written)) <= 512 < sum(map(len, written))
    answer = world.backend.frames[-1].payload
    assert [entry["key"] for entry in answer["configurationKey"]] == world.configuration.names()
