"""The lamp shows what it is told, and blinks by itself."""

import asyncio

import pytest

from simulator.clockwork.kernel import run
from tests.hal.chips import CHIPS, board, powered

PINS = {"red": 16, "green": 17, "blue": 18}


class Host:
    """Parts made so far, and its own clock: that of the event loop."""

    @property
    def clock(self):
        return self

    async def sleep_ms(self, duration_ms):
        await asyncio.sleep(duration_ms / 1000)


@pytest.fixture(params=CHIPS)
def chip(request):
    chip = powered(request.param, pins=PINS)
    with chip.install():
        yield chip


def make(chip, **pins):
    from hal.gpio import lamp

    return lamp.make(board(chip.board.chip, pins=pins or PINS), 0, Host())


def shines(chip, pin):
    """How much of the last 20 ms a pin was high, in 255ths."""
    high = 0
    for _ in range(2000):
        high += chip.pin(pin).level
        chip.advance(10)
    return round(high * 255 / 2000)


def colour(chip):
    return tuple(shines(chip, PINS[name]) for name in ("red", "green", "blue"))


def test_it_is_dark_until_somebody_says_otherwise(chip):
    make(chip)
    assert colour(chip) == (0, 0, 0)


@pytest.mark.parametrize("shown", [0xFF0000, 0x00FF00, 0x0000FF, 0xFF8000, 0x808080, 0xFFFFFF, 0])
def test_colours(chip, shown):
    make(chip).show(shown, False)
    wanted = (shown >> 16, shown >> 8 & 0xFF, shown & 0xFF)
    assert all(abs(one - other) <= 3 for one, other in zip(colour(chip), wanted, strict=True))


def test_a_lamp_with_fewer_colours_shows_those(chip):
    make(chip, red=16).show(0xFFFFFF, False)
    assert colour(chip) == (255, 0, 0)


def test_it_blinks_once_a_second_until_it_is_told_otherwise(chip):
    async def story():
        lamp = make(chip)
        seen = []

        async def look(seconds):
            for _ in range(4 * seconds):
                await asyncio.sleep(0.25)
                seen.append(shines(chip, 16) > 100)

        await asyncio.sleep(0.125)
        lamp.show(0xFF0000, True)
        await asyncio.sleep(0.125)
        await look(2)
        lamp.show(0xFF0000, True)  # from its beginning
        lamp.show(0xFF0000, False)
        await look(2)
        lamp.show(0x00FF00, True)
        await asyncio.sleep(0.6)
        lamp.show(0, False)
        await look(1)
        return "".join("x" if lit else "." for lit in seen)

    assert run(story()) == "x..xx..x" + "x" * 8 + "...."


def test_blinking_begins_with_light(chip):
    async def story():
        lamp = make(chip)
        lamp.show(0x0000FF, True)
        first = colour(chip)
        await asyncio.sleep(0.51)
        second = colour(chip)
        await asyncio.sleep(0.5)
        return first, second, colour(chip)

    assert run(story()) == ((0, 0, 255), (0, 0, 0), (0, 0, 255))
