"""Texts that cost more than they are worth, and characters that are none: no frame stops anything else."""

import json
import sys

import pytest

from ocpp_client import rpc
from tests.ocpp_client.backend import booted


def test_a_message_that_there_is_no_memory_for_costs_its_link_and_nothing_else(monkeypatch):
    world = booted()
    tx = world.charger.begin()
    world.run(1)
    hear = world.client._dialogue.received

    def hear_without_memory(text, now_ms, answerable):
        monkeypatch.setattr(world.client._dialogue, "received", hear)
        raise MemoryError

    monkeypatch.setattr(world.client._dialogue, "received", hear_without_memory)
    world.backend.send_text("x" * 9000)
    world.backend.send([2, "after", "Reset", {"type": "Soft"}])
    world.settle()
    assert "no memory for a message of the server" in world.client.state
    assert world.charger.asked == [], "nothing counts that comes after"
    world.run(10)
    world.charger.end()
    world.run(10)
    assert world.client.accepted
    assert [frame.payload["transactionId"] for frame in world.backend.out("StopTransaction")] == [100 + tx]


def noted(world, data):
    """The note that a server's DataTransfer brings, written as its JSON library writes it."""
    payload = {"vendorId": "org.mode3", "messageId": "SessionNote", "data": data}
    world.backend.send_text(json.dumps([2, "n", "DataTransfer", payload]))
    world.backend.asked["n"] = "DataTransfer"
    world.settle()
    return world.charger.asked[-1][4]


@pytest.mark.parametrize(
    "note", ["to the lake \U0001f3d6", "\U0001f697\U0001f50b", "\ud55c\uae00 \\ud83d", "a\\ud800"]
)
def test_what_a_server_escapes_is_what_it_means(note):
    """Servers in Python and PHP escape everything but ASCII, and characters beyond U+FFFF as two halves."""
    assert noted(booted(), json.dumps({"note": note})) == note


@pytest.mark.parametrize(
    ("escaped", "told"),
    [
        ("\\ud83d", "\ufffd"),
        ("\\uDE00\\uD83D", "\ufffd\ufffd"),
        ("\\ud83d\\ud83d\\ude00", "\ufffd\U0001f600"),
        ("\\ud83d-\\ude00", "\ufffd-\ufffd"),
        ("\\ud83d\\ud55c", "\ufffd\ud55c"),
        ("\\uD83D\\uDE00", "\U0001f600"),
    ],
)
def test_half_a_character_is_told_as_none(escaped, told):
    world = booted()
    world.backend.send_text('[2,"i","Dance%s",{}]' % escaped)
    world.settle()
    assert world.backend.frames[-1].message == [4, "i", "NotImplemented", "Dance" + told, {}]


@pytest.mark.parametrize(
    "text", ['[2,"i","\\ud8"]', '[2,"i","\\ud8zz",{}]', '[2,"\\ud800' + "\\ud800" * 400 + '","A",{}]']
)
def test_escapes_that_are_none_or_too_many_are_no_message(text):
    world = booted()
    count = len(world.backend.frames)
    world.backend.send_text(text)
    world.settle()
    assert len(world.backend.frames) == count
    assert world.client.accepted


CHUNK_BYTES = 512
"""As `link.py` reads them: between two the tick has its turn."""
HONEST = [
    [2, "i", "GetConfiguration", {}],
    [2, "i", "GetConfiguration", {"key": [f"Key{number}" for number in range(50)]}],
    [2, "i", "DataTransfer", {"vendorId": "x", "data": "y" * 15000}],
    [2, "i", "RemoteStartTransaction", {"idTag": "x", "connectorId": 1}],
]
"""What costs most of all that a server sends in good faith."""
COSTLY = [
    "[" * 13 + "1 " * 7000 + "]" * 13,
    "[" * 13 + " " * 16000 + "]" * 13,
    '["' + '" "' * 5000 + '"]',
    "[" * 399 + "]" * 399 + " " * 15000,
    '[2,"a","GetConfiguration",{"key":[' + "{}," * 390 + "{}]}]",
    '["' + "\\ud800" * 2600 + '"]',
    '["' + "\\\\ud800" * 190 + '"]',
    '["' + "\\u0041" * 2600 + "\\ud800" + '"]',
    '[2,"' + "\\\\" * 7000 + '","Reset",{}]',
    "[" + "1," * 1999 + "1]",
    "{" + ",".join(f'"{number}":0' for number in range(1900)) + "}",
    '[2,"a","ChangeConfiguration",{' + ",".join(f'"{number}":0' for number in range(1500)) + "}]",
    "9" * 4000,
    '["' + '" "' * 2000 + '",' + "9" * 8000 + "]",
]


def lines_run(text):
    """Lines of Python that run without a pause, at the most, while a text comes in."""
    world = booted()
    body = text.encode()
    data = (
        b"\x81\x7e" + len(body).to_bytes(2, "big") + body
        if len(body) > 125
        else bytes((0x81, len(body))) + body
    )
    most = 0
    for at in range(0, len(data), CHUNK_BYTES):
        count = 0

        def step(frame, event, value):
            nonlocal count
            count += event == "line"
            return step

        before = sys.gettrace()
        sys.settrace(step)
        try:
            world.client.received(data[at : at + CHUNK_BYTES], world.clock.at_ms)
        finally:
            sys.settrace(before)
        most = max(most, count)
    return most


def test_nothing_takes_more_steps_than_what_comes_in_good_faith():
    """So the longest gap between two ticks is the same, whatever a server sends."""
    honest = max(lines_run(json.dumps(message)) for message in HONEST)
    for text in COSTLY:
        assert lines_run(text) <= honest, text[:60]


@pytest.mark.parametrize("digits", [41, 4000])
def test_a_number_of_more_digits_than_anybody_needs_is_no_message(digits):
    filler = "x" * 2000
    for number in ("9" * digits, "-1." + "0" * digits, "1e" + "9" * digits):
        for text in (
            f'[2,"{filler}","A",{{"n":{number}}}]',
            f'[{number},"{filler}"]',
            f'["{filler}",[{number} ]]',
        ):
            with pytest.raises(rpc.Ignored, match="more than 40 digits"):
                rpc.parse(text)
    assert rpc.parse(f'["{filler}",{"9" * 40},{{"a":1,"b":[{"8" * 40}]}}]')[1] == int("9" * 40)
    inside = "9" * digits + '"' + "7" * digits
    assert rpc.parse(json.dumps([filler, inside])) == [filler, inside]
