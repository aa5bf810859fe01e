"""The errors that people see."""

import pytest

from control import faults
from firmware import errors

OCPP_CODES = {"OtherError", "EVCommunicationError", "GroundFailure", "PowerSwitchFailure"}
"""Of the ChargePointErrorCode of OCPP 1.6, 7.6, those that are used."""


@pytest.mark.parametrize("row", faults.ROWS, ids=lambda row: row.name)
def test_each_fault_has_its_words_l8(row):
    error = errors.named(row.code)
    assert (error.vendor_code, error.error_code in OCPP_CODES) == (row.name, True)
    assert error.wording
    assert errors.gravest(row.bit).vendor_code == row.name


def test_no_fault_is_no_error():
    assert errors.gravest(0) is None


def test_danger_comes_first():
    everything = sum(row.bit for row in faults.ROWS)
    shown = []
    while everything:
        error = errors.gravest(everything)
        shown.append(error.vendor_code)
        everything &= ~next(row.bit for row in faults.ROWS if row.name == error.vendor_code)
    assert shown[0] == "RELAY_WELDED"
    assert shown.index("RCD_TRIP") < shown.index("RELAY_STUCK_OPEN") < shown.index("EV_STATE_E")
    assert sorted(shown) == sorted(row.name for row in faults.ROWS)


def test_the_wording_of_a_status_fits_ocpp():
    """StatusNotification.info takes 50 characters; the beginning of the danger must say what it is."""
    assert (
        errors.named(faults.RELAY_WELDED).wording[:50].startswith("Relay failure - DANGER! Disconnect power")
    )
