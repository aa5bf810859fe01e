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


@pytest.mark.parametrize("row", faults.ROWS, ids=lambda row: row.name)
def test_what_ocpp_carries_of_it_are_whole_sentences(row):
    """StatusNotification.info takes 50 characters."""
    error = errors.named(row.code)
    assert 0 < len(error.info) <= errors.MOST_INFO
    assert error.wording == error.info or error.wording.startswith(error.info + " ")


def test_danger_is_told_in_fifty_characters():
    assert errors.named(faults.RELAY_WELDED).info == "Relay failure - DANGER!"
