"""A 32-bit board's heap is enough for a whole charge, code included."""

import pytest

from tests.micropython import heap

WORKING_BYTES = 96 * 1024


@pytest.mark.micropython
def test_a_charge_in_a_heap_of_192_kib():
    measured = heap.measure()
    assert measured.working <= WORKING_BYTES
    transaction = measured.backend.transaction
    assert transaction.stop_reason == "Remote"
    assert transaction.meter_stop_wh > transaction.meter_start_wh
    assert measured.charger.told.named("heap")[0]["looks"] > 100
