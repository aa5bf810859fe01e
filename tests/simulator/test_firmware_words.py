"""Every event that the firmware publishes has words for people, with the reason where there is one."""

import ast
from pathlib import Path

import pytest

from control import limits, windows
from firmware import pause
from simulator.remote import conditions
from simulator.terminal import present, wording
from tests.runtimes import ROOT

REASON = "the store is full"
AGAIN = "; it is tried again"
STOPPED = "connector 1  transaction 3 stopped (PowerLoss) at 2.000 kWh: 0.500 kWh charged"
SENTENCES = (
    (
        {"event": "stop_unwritten", "connector": 1, "tx": 3, "reason": REASON},
        "connector 1  the flash does not take the end of transaction 3 (the store is full)" + AGAIN,
    ),
    (
        {"event": "unwritten", "name": "energy-1", "reason": REASON},
        "charger      the flash does not take the energy counter (the store is full)" + AGAIN,
    ),
    (
        {"event": "unwritten", "name": "erase", "reason": "worn out"},
        "charger      the flash does not take an erase of what is no longer needed (worn out)" + AGAIN,
    ),
    (
        {"event": "unwritten", "name": "brand-new", "reason": REASON},
        "charger      the flash does not take brand-new (the store is full)" + AGAIN,
    ),
    (
        {"event": "rationed", "action": "ClearCache", "reason": "too much"},
        "charger      ClearCache is rejected: too much",
    ),
    (
        {"event": "start_refused", "connector": 1, "id_tag": "CARD", "reason": "the connector is in use"},
        "connector 1  no charge for CARD: the connector is in use",
    ),
    (
        {"event": "authorisation_expired", "connector": 1, "id_tag": "CARD"},
        "connector 1  nobody plugged in for card CARD in time",
    ),
    (
        {"event": "plug_held", "connector": 1, "id_tag": "CARD"},
        "connector 1  the plug stays locked until card CARD comes",
    ),
    (
        {"event": "plug_released", "connector": 1, "id_tag": "CARD"},
        "connector 1  the plug of card CARD is let go",
    ),
    (
        {"event": "observer_failed", "reason": "OSError: 28"},
        "charger      somebody who listens to the charger failed, and is told nothing more: OSError: 28",
    ),
    (
        {"event": "availability", "connector": 1, "operative": False, "status": "Scheduled"},
        "connector 1  the operator takes it out of service, when what runs has ended",
    ),
    (
        {"event": "availability", "operative": True, "status": "Accepted"},
        "charger      the operator takes it back into service",
    ),
    ({"event": "unlock", "connector": 1, "outcome": "Unlocked"}, "connector 1  the plug is let go"),
    ({"event": "unlock", "connector": 1, "outcome": "UnlockFailed"}, "connector 1  THE PLUG IS STILL LOCKED"),
    (
        {"event": "status", "connector": 1, "status": "Unavailable", "error": "", "reason": "out of service"},
        "connector 1  status Unavailable (the charger is out of service)",
    ),
    (
        {"event": "link", "state": "waiting 3 s: HTTP 401 Unauthorized from ws://x: refused"},
        "charger      no backend: HTTP 401 Unauthorized from ws://x: refused; next try in 3 s",
    ),
    (
        {"event": "access", "profile": 2, "changed": True, "reason": ""},
        "charger      the new security settings work: security profile 2 with its password",
    ),
    (
        {"event": "access", "profile": 1, "changed": False, "reason": "no"},
        "charger      the new security settings do not work (no): back to security profile 1",
    ),
    (
        {"event": "no_date", "server": "time.example", "reason": "it does not answer"},
        "charger      no date from time.example: it does not answer",
    ),
    ({"event": "mains_meter", "silent": True}, "charger      the meter of the house is silent"),
    ({"event": "mains_meter", "silent": False}, "charger      the meter of the house answers again"),
    (
        {"event": "fault", "connector": 1, "name": "HIGH_TEMPERATURE", "wording": "Device getting hot"},
        "connector 1  warning HIGH_TEMPERATURE: Device getting hot",
    ),
    (
        {"event": "fault", "connector": 1, "name": "METER_COMM", "wording": "Metering error"},
        "connector 1  FAULT METER_COMM: Metering error",
    ),
    (
        {"event": "status", "connector": 1, "status": "SuspendedEVSE", "error": "", "reason": "schedule"},
        "connector 1  status SuspendedEVSE (the owner's hours)",
    ),
    (
        {
            "event": "status",
            "connector": 1,
            "status": "Faulted",
            "error": "RCD_TRIP",
            "reason": "hardware 32 A",
        },
        "connector 1  status Faulted (RCD_TRIP)",
    ),
    (
        {"event": "stopping", "connector": 1, "tx": 3, "reason": "Other", "cause": "session energy"},
        "connector 1  transaction 3 is stopping (Other): the energy asked for, which has flowed",
    ),
    (
        {"event": "stopping", "connector": 1, "tx": 3, "reason": "Local", "cause": ""},
        "connector 1  transaction 3 is stopping (Local)",
    ),
    (
        {"event": "setting_refused", "name": "BackendUrl", "reason": "'x' is no WebSocket address"},
        "charger      the setting BackendUrl is not in force: 'x' is no WebSocket address",
    ),
    (
        {"event": "task_failed", "task": "backend", "reason": "ValueError: no"},
        "charger      task backend failed: ValueError: no",
    ),
    (
        {
            "event": "transaction_stopped",
            "connector": 1,
            "tx": 3,
            "reason": "PowerLoss",
            "meter_wh": 2000,
            "energy_wh": 500,
            "metered": False,
        },
        STOPPED + ", as far as the meter told",
    ),
)


@pytest.mark.parametrize(("event", "line"), SENTENCES, ids=lambda value: str(value)[:40])
def test_an_event_is_a_sentence(event, line):
    assert present.line({"t_ms": 0, "source": "charger", **event}) == "  0:00:00.0  " + line


def pauses():
    """The reasons of `firmware.pause`, beside the limits."""
    tree = ast.parse(Path(pause.__file__).read_text(encoding="utf-8"))
    reasons = [node for node in tree.body if getattr(node, "name", "") in ("why", "_delay")]
    returned = [node for reason in reasons for node in ast.walk(reason) if isinstance(node, ast.Return)]
    values = [value for node in returned for value in ast.walk(node) if isinstance(value, ast.Constant)]
    return {value.value for value in values if isinstance(value.value, str)} - {""}


def test_every_pause_has_words_for_people():
    reasons = pauses()

    assert {"not authorised", "contactor rests"} <= reasons
    assert {reason for reason in reasons if "%" not in reason} == set(wording.PAUSES)


@pytest.mark.parametrize("name", limits.NAMES)
def test_the_wait_after_a_limit_names_it(name):
    (waiting,) = [reason for reason in pauses() if "%" in reason]
    after = f"{wording.LIMITS[name]} allowed it again"

    assert wording.pause(waiting % (10, name)) == f"waiting 10 s after {after}"


def published():
    """The names of all events in the firmware's source: those of control, and every literal that is told."""
    names: set = set(windows.EVENT_NAMES[1:])
    rooms = Path(ROOT, "firmware"), Path(ROOT, "ocpp_client")
    for path in [path for room in rooms for path in room.glob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names |= {value.value for value in told_in(node) if isinstance(value, ast.Constant)}
    return names


def told_in(node):
    """What `_publish("name", ...)` and `{"event": "name", ...}` name."""
    if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("publish", "_publish"):
        return node.args[:1]
    if isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        return [value for key, value in pairs if isinstance(key, ast.Constant) and key.value == "event"]
    return []


def test_no_event_of_the_firmware_is_without_words():
    names = published()

    assert {"stop_unwritten", "restart", "task_failed", "offer"} <= names
    assert {name for name in names if ("charger", name) not in present._EVENTS} == set()


def test_every_event_of_the_firmware_can_be_waited_for():
    assert published() <= set(conditions.EVENTS)
