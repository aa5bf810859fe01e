"""Whatever a server writes into a frame: the right CALLERROR, or nothing, and the charger is as it was."""

import gc
import json
import os
import random
import re
import tracemalloc

import pytest
from ocpp.messages import get_validator

from tests.ocpp_client.codes import IGNORED, RESULT, Codes
from tests.ocpp_client.fuzz import Fuzzer
from tests.ocpp_client.target import Target, message_frame, outcome, text_frame

ROUNDS, FRAMES = (100, 10_000) if os.environ.get("MODE3_SOAK") else (10, 1000)
"""A million frames in `make soak`, ten thousand in `make test`."""


@pytest.fixture(scope="module")
def codes():
    """What is right for this charger, as it says itself what it speaks."""
    (entry,) = Target().ask("GetConfiguration", {"key": ["SupportedFeatureProfiles"]})["configurationKey"]
    return Codes(entry["value"].split(","))


def cut(data, size):
    """`data` in pieces of so many bytes."""
    return [data[at : at + size] for at in range(0, len(data), size)]


def judge(codes, text, replies):
    """Hold what came back against what may."""
    allowed = codes.allowed(text)
    assert len(replies) <= 1, (text, replies)
    found = outcome(replies[0]) if replies else IGNORED
    assert found in allowed, (text[:500], found, allowed)
    if found == IGNORED:
        return
    message = json.loads(text)
    # Half a character has no UTF-8.
    assert replies[0][1] == re.sub("[\ud800-\udfff]", "\ufffd", message[1])
    if found == RESULT:
        get_validator(3, message[2], "1.6").validate(replies[0][2])
    else:
        assert [type(part) for part in replies[0]] == [int, str, str, str, dict]
        assert len(replies[0][3]) <= 255


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_behaviour_12_each_frame_has_its_code_or_no_answer_and_changes_nothing(codes, seed):
    fuzzer, chance = Fuzzer(seed, codes.served), random.Random(seed)
    target = Target()
    state = target.state()
    for _ in range(FRAMES):
        text = fuzzer.text()
        replies = target.shoot(cut(text_frame(text), chance.choice((1 << 20, 1 << 20, 512, 100, 7))))
        judge(codes, text, replies)
        assert target.client.accepted
        if replies and outcome(replies[0]) == RESULT:
            state = target.state()
        assert target.state() == state, text


def wrong_bytes(chance):
    """Bytes that end a WebSocket, and the close code that they are worth."""
    body = json.dumps([2, "i", "Reset", {"type": "Hard"}]).encode()
    whole = message_frame(body)
    return chance.choice(
        [
            (message_frame(body, 0x82), 1003),
            (message_frame(body, 0xC1), 1002),
            (message_frame(body, 0x80), 1002),
            (message_frame(body, 0x83), 1002),
            (message_frame(body, 0x01) + whole, 1002),
            (bytes((0x81, 0x80 | len(body))) + b"mask" + body, 1002),
            (message_frame(b"\xff\xfe[2]"), 1007),
            (message_frame(body[:9] + b"\xed\xa0\x80" + body[9:]), 1007),
            (message_frame(body * 2000), 1009),
            (message_frame(body, 0x01) + message_frame(b" " * 16384, 0x00), 1009),
            (b"\x81\x7f" + b"\xff" * 8, 1009),
            (message_frame(b"x" * 126, 0x89), 1002),
            (message_frame(b"p", 0x09), 1002),
            (message_frame(b"\x03", 0x88), 1002),
            (message_frame(b"\x03\xed", 0x88), 1002),
            (message_frame(b"\x03\xe8\xff", 0x88), 1007),
            (message_frame(b"", 0x88), 1000),
            (message_frame(b"\x03\xe9going", 0x88), 1001),
        ]
    )


def test_bytes_that_are_no_websocket_end_the_link_and_nothing_else(codes):
    chance, target = random.Random(1), Target()
    state = target.state()
    for _ in range(ROUNDS * FRAMES // 50):
        data, code = wrong_bytes(chance)
        assert target.shoot(cut(data, chance.choice((1 << 20, 512, 1)))) == []
        assert target.client.wants_close
        assert target.server.farewell == code, data[:40]
        target.disconnect()
        target.connect()
        assert target.state() == state


def test_any_bytes_at_all_end_the_link_at_worst():
    chance, target = random.Random(2), Target()
    for _ in range(ROUNDS * FRAMES // 50):
        target.shoot(cut(chance.randbytes(chance.choice((1, 2, 10, 300))), chance.choice((1 << 20, 7))))
        target.disconnect()
        target.connect()
        assert target.charger.deeds == 0


def test_memory_returns_to_its_level(codes):
    target = Target()

    def burn(seed):
        fuzzer = Fuzzer(seed, codes.served)
        for _ in range(300):
            target.shoot([text_frame(fuzzer.text())])
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start(1)
    try:
        burn(0)
        levels = [burn(1) for _ in range(4)]
    finally:
        tracemalloc.stop()
    assert max(levels) - min(levels) < 2048, levels
