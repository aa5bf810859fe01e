"""The errors that people see: wording, and what OCPP 1.6 calls each."""

from control import faults

MOST_INFO = 50

# By fault code: (wording, OCPP 1.6 ChargePointErrorCode).
_ERRORS = {
    faults.EV_STATE_E: ("Car error", "OtherError"),
    faults.CP_ILLEGAL: ("Car error", "OtherError"),
    faults.VENTILATION: ("Car error", "OtherError"),
    faults.PP_INVALID: ("Car error", "OtherError"),
    faults.CP_DIODE: ("EV communication error", "EVCommunicationError"),
    faults.RCD_TRIP: ("Residual current detected", "GroundFailure"),
    faults.RCD_TEST: ("Residual current detected", "GroundFailure"),
    faults.RELAY_WELDED: (
        "Relay failure - DANGER! Disconnect power and contact support immediately.",
        "PowerSwitchFailure",
    ),
    faults.RELAY_STUCK_OPEN: ("Relay failure", "PowerSwitchFailure"),
}

# The gravest first: what people are told when several are active.
_GRAVITY = (
    faults.RELAY_WELDED,
    faults.RCD_TEST,
    faults.RCD_TRIP,
    faults.RELAY_STUCK_OPEN,
    faults.CP_DIODE,
    faults.PP_INVALID,
    faults.EV_STATE_E,
    faults.CP_ILLEGAL,
    faults.VENTILATION,
)


class Error:
    """One active error."""

    def __init__(self, code):
        self.wording, self.error_code = _ERRORS[code]
        self.vendor_code = faults.ROWS[code].name
        self.info = _short(self.wording)
        """As much of the wording as OCPP carries (CiString50Type): whole sentences."""


def _short(wording):
    end = len(wording)
    while end > MOST_INFO:
        end = max(wording.rfind("!", 0, end - 1), wording.rfind(".", 0, end - 1)) + 1
    return wording[:end]


def gravest(bits):
    """The `Error` to show for these fault bits, or None when there is none."""
    for code in _GRAVITY:
        if bits & (1 << code):
            return Error(code)
    return None


def named(code):
    """The `Error` of one fault code."""
    return Error(code)
