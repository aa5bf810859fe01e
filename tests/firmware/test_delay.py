"""Random waits: drawn evenly, within what was set, and only where they are asked for."""

import hypothesis.strategies as st
import pytest
from hypothesis import given

from firmware.delay import CHANCE_BYTES, MOST_S, UK_S, draw_ms, start_ms
from tests import runtimes

chance = st.binary(min_size=CHANCE_BYTES, max_size=CHANCE_BYTES)


@given(chance, st.integers(-5, MOST_S + 500))
def test_a_wait_of_whole_seconds_within_what_was_set(drawn, most_s):
    wait_ms = draw_ms(drawn, most_s)
    assert 0 <= wait_ms <= min(max(most_s, 0), MOST_S) * 1000
    assert wait_ms % 1000 == 0


@pytest.mark.parametrize("most_s", [1, 2, 600, 1800])
def test_each_second_is_as_likely_as_any_other(most_s):
    step = (1 << 32) // ((most_s + 1) * 8)
    seen: dict[int, int] = {}
    for number in range(step // 2, 1 << 32, step):
        wait_ms = draw_ms(number.to_bytes(CHANCE_BYTES, "big"), most_s)
        seen[wait_ms // 1000] = seen.get(wait_ms // 1000, 0) + 1
    assert sorted(seen) == list(range(most_s + 1))
    assert max(seen.values()) - min(seen.values()) <= 1


def test_the_ends_can_be_drawn():
    assert draw_ms(bytes(CHANCE_BYTES), UK_S) == 0
    assert draw_ms(b"\xff" * CHANCE_BYTES, UK_S) == UK_S * 1000


@given(chance, st.integers(0, MOST_S), st.booleans(), st.booleans(), st.booleans())
def test_when_a_charge_waits(drawn, most_s, by_schedule, only_schedule, skipped):
    wait_ms = start_ms(drawn, most_s, by_schedule, only_schedule, skipped)
    waits = not skipped and (by_schedule or not only_schedule)
    assert wait_ms == (draw_ms(drawn, most_s) if waits else 0)


def test_nothing_waits_unless_it_was_set():
    assert start_ms(b"\xff" * CHANCE_BYTES, 0, by_schedule=True) == 0


def test_the_same_on_micropython(micropython):
    script = runtimes.ROOT / "tests/firmware/on_micropython/random_waits.py"
    done = runtimes.run(micropython, script)
    assert (done.returncode, done.stdout, done.stderr) == (0, "0 600000 1800000 900000\n", "")
