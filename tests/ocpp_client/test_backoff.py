"""Waits between attempts: they grow, they differ, and they have bounds."""

from hypothesis import given
from hypothesis import strategies as st

from ocpp_client.backoff import Backoff


@given(st.binary(min_size=2, max_size=2), st.integers(0, 40))
def test_the_wait_after_n_failures_lies_in_its_octave(chance, failures):
    backoff = Backoff(lambda count: chance)
    for _ in range(failures):
        backoff.next_ms()
    low_ms = min(2000 * 2**failures, 150000)
    assert low_ms <= backoff.next_ms() <= 2 * low_ms <= 300000


def test_success_starts_from_the_base_again():
    backoff = Backoff(bytes, base_ms=1000)
    assert [backoff.next_ms() for _ in range(4)] == [1000, 2000, 4000, 8000]
    backoff.reset()
    assert backoff.next_ms() == 1000


def test_chance_spreads_chargers_over_the_whole_octave():
    waits = [Backoff(lambda count, i=i: i.to_bytes(2, "big")).next_ms() for i in (0, 32768, 65535)]
    assert waits == [2000, 3000, 4000]
