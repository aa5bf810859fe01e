"""What every watcher says before it has seen anything: the safe thing, and nothing is counted yet."""

import pytest

from control import limits, pilot
from control.contactor import Supervision
from control.diode import Diode
from control.faults import Faults
from control.flapping import Flapping
from control.limits import Limits
from control.lock import Lock
from control.offer import Offer
from control.operations import Operations
from control.overcurrent import Overcurrent
from control.phases import PhaseSwitching
from control.pilot import Pilot
from control.post import SelfTest
from control.residual import ResidualCurrent
from control.session import Energy, Session
from control.signal import Signal
from control.supply import Supply
from control.suspicion import Suspicion
from control.thermal import Derating
from control.wakeup import WakeUp
from control.windows import Events

NONE_YET = [[limits.NO_LIMIT_MA] * len(limits.NAMES)] * 3
HARDWARE = [[32000] + [limits.NO_LIMIT_MA] * (len(limits.NAMES) - 1)] * 3

EXPECTED: dict = {
    Supervision: {},
    Diode: {},
    Faults: {},
    Flapping: {},
    lambda: Limits(32000): {
        "least_ma": 32000,
        "rated_ma": 32000,
        "_phases": 3,
        "_value_ma": HARDWARE,
        "_fallback_ma": NONE_YET[0],
        "_highest_mv": 253000,
        "_voltage_mv": [253000] * 3,
        "_sequence": -1,
    },
    lambda: Lock(True): {"_fitted": True, "_tries": 1},
    Offer: {"_since_rise_ms": 60000},
    Operations: {},
    Overcurrent: {},
    lambda: PhaseSwitching(3, True): {"_wired": 3, "_fitted": True},
    Pilot: {"level": pilot.SILENT, "_candidate": pilot.SILENT},
    SelfTest: {"running": True, "_tries": 1},
    ResidualCurrent: {"_since_test_ms": 86400000},
    Session: {"number": 1},
    Energy: {"register_wh": -1, "_bounded": True},
    Signal: {},
    lambda: Supply(230000, 3): {
        "_low_mv": 207000,
        "_high_mv": 253000,
        "_sag_mv": 184000,
        "_phases": 3,
        "_alive_mv": 149500,
        "alive": 1,
    },
    lambda: Suspicion(100): {"_enough_ms": 100},
    lambda: Derating(16000): {"limit_ma": 16000, "_rated_ma": 16000},
    WakeUp: {},
    Events: {},
}


def counted(value):
    """Whether anything but nothing is in it."""
    return any(value) if isinstance(value, list) else bool(value)


@pytest.mark.parametrize("make", EXPECTED)
def test_nothing_is_known_and_nothing_is_counted(make):
    fields = {name: value for name, value in vars(make()).items() if type(value) in (bool, int, list)}
    assert {name: value for name, value in fields.items() if counted(value)} == EXPECTED[make]
    assert None not in vars(make()).values()
