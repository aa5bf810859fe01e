"""Each press counts once, however its contact bounces and whenever somebody looks."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.hal.chips import CHIPS, Parts, board, powered

PIN = 15
FACTS = {"pins": {"button": PIN}}


class Bench:
    """A chip with a button from its pin to ground."""

    def __init__(self, name, start_us=0):
        self.chip = powered(name, start_us, **FACTS)

    def __enter__(self):
        self._installed = self.chip.install()
        self._installed.__enter__()
        from hal.gpio import button

        self.button = button.make(board(self.chip.board.chip, **FACTS), 0, Parts(self.chip))
        return self

    def __exit__(self, *error):
        return self._installed.__exit__(*error)

    def hold(self, down, ms):
        self.chip.pin(PIN).feed_level(0 if down else None)
        self.chip.advance(ms * 1000)

    def looks(self, ms, each_ms=100):
        """How often it was pressed, looked at all the while."""
        count = 0
        for _ in range(ms // each_ms):
            count += self.button.pressed()
            self.chip.advance(each_ms * 1000)
        return count + self.button.pressed()


@pytest.fixture(params=CHIPS)
def bench(request):
    with Bench(request.param, 1000 * ((1 << 30) - 300)) as bench:
        yield bench


def test_nobody_presses(bench):
    assert bench.looks(1000) == 0


def test_a_press_counts_once_while_it_lasts_and_after(bench):
    bench.hold(True, 50)
    assert bench.looks(3000) == 1
    bench.hold(False, 50)
    assert bench.looks(1000) == 0


def test_a_press_between_two_looks_is_not_lost(bench):
    bench.hold(True, 60)
    bench.hold(False, 40)
    assert bench.button.pressed()
    assert not bench.button.pressed()


def test_each_press_counts(bench):
    count = 0
    for _ in range(4):
        bench.hold(True, 70)
        bench.hold(False, 70)
        count += bench.looks(100)
    assert count == 4


def test_it_is_told_within_the_look_after_20_ms(bench):
    bench.hold(True, 10)
    assert not bench.button.pressed()
    bench.hold(True, 15)
    assert bench.button.pressed()


def test_a_disturbance_is_no_press(bench):
    for _ in range(50):
        bench.hold(True, 5)
        bench.hold(False, 15)
        assert not bench.button.pressed()


def test_a_release_of_which_no_interrupt_told_is_noticed_at_the_next_look(bench):
    node = bench.chip.pin(PIN)
    bench.hold(True, 50)
    assert bench.button.pressed()
    told, node.irq = node.irq, None
    bench.hold(False, 50)
    assert not bench.button.pressed()
    node.irq = told
    bench.hold(True, 5)
    bench.hold(False, 50)
    assert bench.looks(300) == 0, "a disturbance is none of the press before"


BOUNCES = st.lists(st.integers(1, 4), max_size=10)


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=60)
@given(st.sampled_from(CHIPS), st.lists(st.tuples(BOUNCES, st.integers(40, 400), BOUNCES), max_size=4))
def test_contacts_bounce(name, presses):
    with Bench(name) as bench:
        count = 0
        for closing, held_ms, opening in presses:
            for down, bounces, rest_ms in ((True, closing, held_ms), (False, opening, 120)):
                for i, bounce_ms in enumerate(bounces):
                    bench.hold(down if i % 2 == 0 else not down, bounce_ms)
                bench.hold(down, rest_ms)
                count += bench.looks(100, 20) if not down else bench.button.pressed()
        assert count == len(presses)
