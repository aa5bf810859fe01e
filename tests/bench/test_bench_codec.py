"""The frames that the codec is measured on go through both sides."""

import asyncio

import ocpp.messages

from tests.bench import codec


def test_both_sides_take_every_frame_of_the_day(monkeypatch):
    monkeypatch.setattr(ocpp.messages, "ASYNC_VALIDATION", False)
    exchanges = codec.day()
    assert len(exchanges) > 100
    codec.ours(exchanges)
    asyncio.run(codec.theirs(exchanges))
