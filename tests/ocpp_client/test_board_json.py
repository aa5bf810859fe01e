"""The json of boards can do less than CPython's: the texts on the wire are the same."""

import importlib.util
import json
import sys
import types

from hypothesis import given
from hypothesis import strategies as st

from ocpp_client import rpc

leaves = st.none() | st.booleans() | st.integers() | st.text(max_size=20)
payloads = st.dictionaries(st.text(max_size=9), leaves | st.lists(leaves, max_size=3), max_size=5)


def on_a_board():
    """The module as it is where `dumps` and `loads` are all that json has."""
    small = types.ModuleType("json")
    vars(small).update(dumps=json.dumps, loads=json.loads)
    spec = importlib.util.spec_from_file_location("rpc_on_a_board", rpc.__file__)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["json"] = small
    try:
        spec.loader.exec_module(module)
    finally:
        sys.modules["json"] = json
    return module


BOARD = on_a_board()


@given(payloads)
def test_the_texts_are_the_same(payload):
    assert BOARD.encode_call("1-a", "Dance", payload) == rpc.encode_call("1-a", "Dance", payload)
    assert BOARD.encode_result("1-a", payload) == rpc.encode_result("1-a", payload)
    assert BOARD.decode(b"".join(rpc.encode_call("1-a", "Dance", payload)).decode()) == (
        2,
        "1-a",
        "Dance",
        payload,
    )
