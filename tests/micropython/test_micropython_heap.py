"""A 32-bit board's heap is enough for a whole charge, code included, and may be in pieces."""

import pytest

from tests.micropython import heap

WORKING_BYTES = 96 * 1024


def check(backend):
    """The charge was whole."""
    assert backend.transaction.stop_reason == "Remote"
    assert backend.transaction.meter_stop_wh > backend.transaction.meter_start_wh


@pytest.mark.micropython
def test_a_charge_over_tls_in_a_heap_of_256_kib():
    measured = heap.measure()
    assert measured.working <= WORKING_BYTES
    check(measured.backend)
    assert measured.charger.told.named("heap")[0]["looks"] > 100


@pytest.mark.micropython
def test_a_charge_needs_no_piece_of_heap_above_a_kib():
    check(heap.charge_in_pieces())
