"""Whatever networks and servers do, the charger keeps to OCPP 1.6 on its wire, and loses nothing. `judge.py`
says what that means, apart from the client's code."""

import os

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.ocpp_client.storm import Storm

WAVES = 40 if os.environ.get("MODE3_SOAK") else 1
STORMS = 500
"""In each wave; what hypothesis remembers of a wave takes memory."""

seconds = st.sampled_from([0, 0.02, 1, 4, 9, 16, 29, 31, 45, 61, 100, 299, 400, 1000])
connectors = st.integers(1, 2)
failures = st.sampled_from(
    [("never",), ("error",), ("error",), ("empty",), ("junk",), ("late", 31), ("late", 100)]
)
registrations = st.tuples(
    st.just("undecided"), st.sampled_from(["Pending", "Rejected"]), st.sampled_from([0, 1, 30, 600])
)
oddities = st.one_of(
    st.sampled_from(
        [("twice",), ("stranger",), ("counter",), ("fragments",), ("good", 3, 2), ("good", 20, 400)]
    ),
    st.tuples(st.just("late"), seconds),
)
breaks = st.one_of(
    st.sampled_from([("hang_up",), ("drop",)]),
    st.tuples(st.just("tear"), st.sampled_from([0, 0.1, 0.5, 0.9])),
    st.tuples(st.just("half_open"), st.booleans()),
    st.tuples(st.just("restart"), seconds),
)
moods = st.sampled_from([failures, failures, oddities, breaks]).flatmap(lambda kind: kind)
actions = st.sampled_from(
    [
        "",
        "Authorize",
        "BootNotification",
        "Heartbeat",
        "MeterValues",
        "StartTransaction",
        "StartTransaction",
        "StatusNotification",
        "StopTransaction",
        "StopTransaction",
    ]
)
changes = st.sampled_from(
    [
        ("HeartbeatInterval", ["10", "60", "600"]),
        ("MessageTimeout", ["5", "30", "60"]),
        ("MeterValueSampleInterval", ["0", "10", "60"]),
        ("TransactionMessageAttempts", ["1", "2", "4"]),
        ("TransactionMessageRetryInterval", ["0", "5", "90"]),
        ("WebSocketPingInterval", ["0", "10", "60"]),
    ]
)
orders = [
    ("ClearCache", {}),
    ("GetConfiguration", {}),
    ("RemoteStartTransaction", {"idTag": "CARD", "connectorId": 1}),
    ("RemoteStopTransaction", {"transactionId": 0}),
    ("Reset", {"type": "Soft"}),
    ("UnlockConnector", {"connectorId": 1}),
]
triggers = [
    ("TriggerMessage", {"requestedMessage": message, **where})
    for message in ("BootNotification", "Heartbeat", "MeterValues", "StatusNotification")
    for where in ({}, {"connectorId": 0}, {"connectorId": 1})
]
requests = st.one_of(
    changes.flatmap(
        lambda change: st.sampled_from(
            [("ChangeConfiguration", {"key": change[0], "value": value}) for value in change[1]]
        )
    ),
    st.sampled_from(orders),
    st.sampled_from(triggers),
)
doings = st.one_of(
    st.tuples(st.just("begin"), connectors),
    st.tuples(st.just("begin"), connectors),
    st.tuples(st.just("end"), connectors),
    st.tuples(st.just("show"), st.tuples(st.integers(0, 2), st.sampled_from(["usual", "other"]))),
    st.tuples(st.just("swipe"), st.just("CARD")),
    st.tuples(st.just("unlocked"), st.sampled_from(["Unlocked", "UnlockFailed"])),
)
servers = st.one_of(
    st.tuples(st.just("mood"), st.tuples(actions, moods)),
    st.tuples(st.just("mood"), st.tuples(actions, moods)),
    st.tuples(st.just("mood"), st.tuples(st.just("BootNotification"), registrations)),
    st.tuples(st.just("ask"), requests),
    st.tuples(st.just("ask"), requests),
    st.tuples(st.just("ask"), requests),
    st.tuples(st.just("server"), st.sampled_from([("interval", 0), ("interval", 60), ("forgetful", True)])),
)
troubles = st.one_of(
    st.tuples(st.just("welcome"), st.sampled_from(["page", "refusal", "silence", "acceptance"])),
    st.tuples(st.just("network"), st.sampled_from(["open", "refused", "unknown", "untrusted", "hanging"])),
    st.tuples(st.sampled_from(["cut", "deafen"]), st.none()),
    st.tuples(st.sampled_from(["restart_server", "power"]), seconds),
    st.tuples(st.just("network"), st.just("open")),
    st.tuples(st.just("latency"), st.sampled_from([0, 20, 900, 4000])),
)
kinds = st.sampled_from([doings, doings, doings, servers, servers, servers, servers, troubles])
steps = st.tuples(kinds.flatmap(lambda kind: kind), seconds)
stories = st.lists(steps, min_size=10, max_size=50)
starts = st.fixed_dictionaries(
    {
        "MeterValueSampleInterval": st.sampled_from([0, 60]),
        "TransactionMessageAttempts": st.sampled_from([1, 3]),
        "TransactionMessageRetryInterval": st.sampled_from([5, 60]),
        "WebSocketPingInterval": st.sampled_from([0, 20, 60]),
    }
)


def carry_out(storm, name, value, count):
    """One step of a story."""
    if name == "mood":
        storm.server.moods[value[0]].append(value[1])
    elif name == "welcome":
        storm.server.welcomes.append(value)
    elif name == "ask":
        storm.server.ask(*value)
    elif name == "server":
        setattr(storm.server, *value)
    elif name == "show":
        connector, which = min(value[0], count), value[1]
        running = connector and storm.charger.running[connector]
        usual = ("Available", "Charging")[bool(running)]
        other = "Unavailable" if not connector else ("Preparing", "SuspendedEV")[bool(running)]
        storm.show(connector, usual if which == "usual" else other)
    elif name in ("begin", "end"):
        getattr(storm, name)(min(value, count))
    elif value is None:
        getattr(storm, name)()
    else:
        getattr(storm, name)(value)


def refused_and_cut_off(attempts):
    """A StopTransaction fails, the power is cut while it waits, and it fails again."""
    failure = (("mood", ("StopTransaction", ("error",))), 0)
    return [
        (("begin", 1), 20),
        *[failure] * attempts,
        (("end", 1), 30),
        (("power", 5), 400),
        (("power", 5), 0),
    ]


def kept_waiting(request):
    """A server that has not made up its mind asks for something."""
    return [(("begin", 1), 5), (("ask", request), 20), (("swipe", "CARD"), 5), (("end", 1), 600)]


@pytest.mark.parametrize("wave", range(WAVES))
@settings(max_examples=STORMS)
@example(
    count=1,
    start={},
    registration=("undecided", "Pending", 600),
    story=kept_waiting(("RemoteStartTransaction", {"idTag": "CARD"})),
)
@example(
    count=1,
    start={},
    registration=("undecided", "Rejected", 600),
    story=kept_waiting(("RemoteStopTransaction", {"transactionId": 0})),
)
@example(
    count=2,
    start={},
    registration=("undecided", "Pending", 600),
    story=kept_waiting(("TriggerMessage", {"requestedMessage": "MeterValues"})),
)
@example(count=1, start={"TransactionMessageAttempts": 2}, registration=None, story=refused_and_cut_off(2))
@example(count=1, start={"TransactionMessageAttempts": 4}, registration=None, story=refused_and_cut_off(3))
@given(count=connectors, start=starts, registration=st.none() | registrations, story=stories)
def test_no_storm_makes_it_break_a_rule_or_lose_a_transaction(wave, count, start, registration, story):
    storm = Storm(count, start)
    if registration:
        storm.server.moods["BootNotification"].append(registration)
    for (name, value), pause_s in story:
        carry_out(storm, name, value, count)
        storm.time(pause_s)
    storm.calm()
