"""The errors that people see: wording, and what OCPP 1.6 calls each."""

from control import faults

MOST_INFO = 50

# By error: what people read, the ChargePointErrorCode, and the names of its faults. The gravest first, which
# is told when there are several. As text it takes a third of the heap.
_ROWS = """\
Relay failure - DANGER! Disconnect power and contact support immediately.|PowerSwitchFailure|RELAY_WELDED
Residual current detected|GroundFailure|RCD_TEST RCD_REPEATED RCD_TRIP
Protective earth lost|GroundFailure|PE_LOST
System error|InternalError|SYS_1 SYS_3 SYS_4 SYS_2
Relay failure|PowerSwitchFailure|RELAY_STUCK_OPEN PHASE_SWITCH
Overcurrent|OverCurrentFailure|OVER_CURRENT
Critical temperature|HighTemperature|OVERTEMP_STOP TEMP_SENSOR
Voltage out of range|OverVoltage|OVER_VOLTAGE
Voltage out of range|UnderVoltage|UNDER_VOLTAGE
Metering error|PowerMeterFailure|METER_COMM
EV communication error|EVCommunicationError|CP_DIODE
Car error|OtherError|PP_INVALID EV_STATE_E CP_ILLEGAL CP_FLAPPING EV_STATE_D
Cable lock failure|ConnectorLockFailure|LOCK_FAILED LOCK_STUCK
Device getting hot|HighTemperature|HIGH_TEMPERATURE"""


class Error:
    """One error."""

    def __init__(self, code, wording, error_code):
        self.code = code
        """Of `control.faults`."""
        self.wording = wording
        self.error_code = error_code
        """OCPP 1.6 ChargePointErrorCode."""
        self.vendor_code = faults.ROWS[code].name
        self.warns = bool(faults.WARNINGS & (1 << code))
        """Charging goes on: the connector is not Faulted."""
        self.info = _short(wording)
        """As much of the wording as OCPP carries (CiString50Type): whole sentences."""


def _short(wording):
    end = len(wording)
    while end > MOST_INFO:
        end = max(wording.rfind("!", 0, end - 1), wording.rfind(".", 0, end - 1)) + 1
    return wording[:end]


def active(bits):
    """The `Error`s of these fault bits, the gravest first: those that stop a charge before those that do
    not."""
    return _of(bits & ~faults.WARNINGS) + _of(bits & faults.WARNINGS)


def gravest(bits):
    """The `Error` to show for these fault bits, or None when there is none."""
    return active(bits)[0] if bits else None


def named(code):
    """The `Error` of one fault code."""
    return gravest(1 << code)


def _of(bits):
    if not bits:
        return []
    seen = [row for row in faults.ROWS if bits & row.bit]
    found = []
    for line in _ROWS.split("\n"):
        wording, error_code, names = line.split("|")
        for name in names.split():
            found += [Error(row.code, wording, error_code) for row in seen if row.name == name]
    return found
