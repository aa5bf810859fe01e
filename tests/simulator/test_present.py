"""What happens, as lines for people."""

import asyncio
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.bench import Bench
from simulator.clockwork import kernel
from simulator.remote.commands import Commands
from simulator.terminal import present
from simulator.wires.network import Network

METER_VALUES = {
    "connectorId": 1,
    "transactionId": 7,
    "meterValue": [
        {
            "timestamp": "2026-01-01T00:00:00Z",
            "sampledValue": [
                {"value": "1234"},
                {"value": "11040", "measurand": "Power.Active.Import", "unit": "W"},
                {"value": "16.000", "measurand": "Current.Import", "unit": "A", "phase": "L1"},
                {"value": "15.949", "measurand": "Current.Import", "unit": "A", "phase": "L2"},
                {"value": "61", "measurand": "SoC", "unit": "Percent"},
            ],
        }
    ],
}

STATUS = {"connectorId": 1, "status": "Faulted", "errorCode": "GroundFailure", "vendorErrorCode": "RCD_TRIP"}
STOP = {"transactionId": 7, "idTag": "A", "meterStop": 4321, "timestamp": "now", "reason": "Remote"}

FRAMES = [
    ("out", [2, "1", "Heartbeat", {}], "-> backend   Heartbeat"),
    ("out", [2, "1", "StatusNotification", STATUS], "connector 1 Faulted, GroundFailure RCD_TRIP"),
    ("out", [2, "1", "StopTransaction", STOP], "StopTransaction: transaction 7, Remote, at 4.321 kWh"),
    (
        "out",
        [2, "1", "MeterValues", METER_VALUES],
        "connector 1, register 1.234 kWh, power 11.04 kW, current 16.0/15.9 A, SoC 61 Percent",
    ),
    (
        "in",
        [2, "1", "RemoteStopTransaction", {"transactionId": 7}],
        "<- backend   RemoteStopTransaction: transactionId 7",
    ),
    (
        "in",
        [3, "1", {"transactionId": 7, "idTagInfo": {"status": "Blocked"}}],
        "answer: transactionId 7, status Blocked",
    ),
    ("in", [4, "1", "NotSupported", "", {}], "error NotSupported"),
    ("in", [4, "1", "InternalError", "on fire", {}], "error InternalError: on fire"),
    ("in", "not even JSON", "no OCPP frame: not even JSON"),
    ("in", [2, "1", "\x1b[2JReset", {"type": "Hard"}], "?[2JReset: type Hard"),
]


@pytest.mark.parametrize(("direction", "frame", "expected"), FRAMES, ids=lambda value: str(value)[:30])
def test_frames_are_short(direction, frame, expected):
    text = present.line({"t_ms": 3_723_456, "direction": direction, "frame": frame})
    assert text.startswith("  1:02:03.4  ")
    assert text.endswith(expected)


def test_empty_answers_need_no_line():
    assert present.line({"t_ms": 0, "direction": "in", "frame": [3, "1", {}]}) is None
    assert present.line({"t_ms": 0, "direction": "in", "frame": [3, "1", {"currentTime": "now"}]}) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=12,
)
ACTIONS = st.sampled_from(
    ["StatusNotification", "StartTransaction", "StopTransaction", "MeterValues", "Reset"]
)
CALLS = st.tuples(st.sampled_from([2, 3, 4]), JSON, ACTIONS | JSON, JSON).map(list)
LOOSE: st.SearchStrategy = st.fixed_dictionaries(
    {"connectorId": JSON, "meterValue": st.lists(st.just({"sampledValue": [{}]}) | JSON)}
)


@given(CALLS | JSON | LOOSE.map(lambda payload: [2, "1", "MeterValues", payload]))
def test_whatever_a_backend_sends_is_one_harmless_line(frame):
    text = present.line({"t_ms": 0, "direction": "in", "frame": frame})
    assert text is None or (text.isprintable() and len(text) < 400)


EVENTFUL_DAY = (
    {"do": "plug", "ev": {"battery": 50}},
    {"do": "swipe", "id_tag": "CARD"},
    {"do": "wait", "for": "session_wh>100", "timeout_s": 100},
    {"do": "ev", "ev": {"charge": False}},
    {"do": "wait", "for": "SuspendedEV"},
    {"do": "fault", "name": "rcd_trip"},
    {"do": "wait", "for": "Faulted"},
    {"do": "clear", "name": "rcd_trip"},
    {"do": "unplug"},
    {"do": "wait", "for": "Available", "timeout_s": 100},
    {"do": "press"},
    {"do": "network", "to": "cut"},
    {"do": "swipe", "id_tag": "CARD"},
    {"do": "wait", "for": "event=authorisation_expired", "timeout_s": 100},
    {"do": "power", "to": "off"},
)
ITS_LINES = (
    "world        a car comes to connector 1: battery_wh 50000",
    "world        card CARD is held to the reader",
    "charger      card CARD: local card says Accepted",
    "connector 1  transaction 1 started for CARD at 0.000 kWh",
    "connector 1  offers 32.0 A a phase (the rating of the charger)",
    "connector 1  contactor told to close",
    "connector 1  status Charging",
    "world        the car changes at connector 1: charge False",
    "connector 1  FAULT RCD_TRIP: Residual current detected",
    "connector 1  status Faulted (RCD_TRIP)",
    "connector 1  offers no current",
    "world        fault rcd_trip goes from connector 1",
    "world        the car leaves connector 1",
    "connector 1  fault RCD_TRIP has ended",
    "world        the button is pressed",
    "world        network cut",
    "connector 1  nobody plugged in for card CARD in time",
    "world        power off",
)


async def eventful_day():
    """The lines of a day with a charge, a fault, a cut network and a power cut."""
    bench = Bench(
        kernel.current(),
        Network(),
        settings={
            "LocalCards": "CARD",
            "BackendUrl": "ws://x/",
            "BackendIdentity": "CP1",
            "SecurityProfile": "0",
        },
    )
    lines = []
    bench.observe(lambda entry: lines.append(present.line(entry)))
    commands = Commands(bench)
    await bench.start()
    await asyncio.sleep(1)
    for do in EVENTFUL_DAY:
        assert (await commands.perform(do))["ok"], do
    await bench.stop()
    return [line[13:] for line in lines if line]


def test_every_event_of_an_eventful_day_has_its_line():
    told = kernel.run(eventful_day())
    for expected in ITS_LINES:
        assert expected in told, "\n".join(told)
    assert any(line.startswith("charger      no backend: x cannot be reached") for line in told)
    assert not [line for line in told if "=" in line or line == line.strip() == ""], json.dumps(
        told, indent=0
    )


def test_an_event_without_words_of_its_own_is_told_by_its_details():
    entry = {"t_ms": 0, "source": "charger", "event": "brand_new", "connector": 2, "weight_kg": 3}
    assert present.line(entry).endswith("connector 2  brand new weight_kg=3")


def test_a_book_is_cut():
    text = present.line({"t_ms": 0, "direction": "in", "frame": [4, "1", "InternalError", "x" * 9999, {}]})
    assert len(text) < 400
    assert text.endswith("...")
