"""The errors that people see."""

import pytest

from control import faults
from firmware import errors

OCPP_CODES = {
    "ConnectorLockFailure",
    "EVCommunicationError",
    "GroundFailure",
    "HighTemperature",
    "InternalError",
    "OtherError",
    "OverCurrentFailure",
    "OverVoltage",
    "PowerMeterFailure",
    "PowerSwitchFailure",
    "UnderVoltage",
}
"""Of the ChargePointErrorCode of OCPP 1.6, 7.6, those that are used."""

TEN = {
    "Car error": {"EV_STATE_E", "CP_ILLEGAL", "EV_STATE_D", "PP_INVALID", "CP_FLAPPING"},
    "Device getting hot": {"HIGH_TEMPERATURE"},
    "Critical temperature": {"OVERTEMP_STOP", "TEMP_SENSOR"},
    "Overcurrent": {"OVER_CURRENT"},
    "Voltage out of range": {"UNDER_VOLTAGE", "OVER_VOLTAGE"},
    "Residual current detected": {"RCD_TRIP", "RCD_TEST", "RCD_REPEATED"},
    "System error": {"SYS_1", "SYS_2", "SYS_3", "SYS_4"},
    "Metering error": {"METER_COMM"},
    "Relay failure - DANGER! Disconnect power and contact support immediately.": {"RELAY_WELDED"},
    "Relay failure": {"RELAY_STUCK_OPEN", "PHASE_SWITCH"},
    "EV communication error": {"CP_DIODE"},
    # Beside the ten, where a board has the part:
    "Protective earth lost": {"PE_LOST"},
    "Cable lock failure": {"LOCK_FAILED", "LOCK_STUCK"},
}


def test_the_ten_errors_and_what_is_behind_each_l16_to_l26():
    told: dict[str, set[str]] = {}
    for row in faults.ROWS:
        told.setdefault(errors.named(row.code).wording, set()).add(row.name)
    assert told == TEN


@pytest.mark.parametrize("row", faults.ROWS, ids=lambda row: row.name)
def test_each_fault_has_its_words_l8(row):
    error = errors.named(row.code)
    assert (error.vendor_code, error.error_code in OCPP_CODES) == (row.name, True)
    assert error.wording
    assert errors.gravest(row.bit).vendor_code == row.name


def test_no_fault_is_no_error():
    assert errors.gravest(0) is None


def test_danger_comes_first_and_what_only_warns_last():
    everything = sum(row.bit for row in faults.ROWS)
    shown = []
    bits = everything
    while bits:
        error = errors.gravest(bits)
        shown.append(error.vendor_code)
        bits &= ~(1 << error.code)
    assert shown[0] == "RELAY_WELDED"
    assert shown.index("RCD_TRIP") < shown.index("RELAY_STUCK_OPEN") < shown.index("EV_STATE_E")
    assert sorted(shown) == sorted(row.name for row in faults.ROWS)
    warnings = [error for error in errors.active(everything) if error.warns]
    assert [error.vendor_code for error in errors.active(everything)] == shown
    assert {error.vendor_code for error in warnings} == {"HIGH_TEMPERATURE", "METER_COMM", "LOCK_STUCK"}
    assert shown[-3:] == [error.vendor_code for error in warnings]


@pytest.mark.parametrize("row", faults.ROWS, ids=lambda row: row.name)
def test_what_ocpp_carries_of_it_are_whole_sentences(row):
    """StatusNotification.info takes 50 characters."""
    error = errors.named(row.code)
    assert 0 < len(error.info) <= errors.MOST_INFO
    assert error.wording == error.info or error.wording.startswith(error.info + " ")


def test_danger_is_told_in_fifty_characters():
    assert errors.named(faults.RELAY_WELDED).info == "Relay failure - DANGER!"
