"""The RemoteTrigger profile: the answer first, then what was asked for, while Pending too."""

import pytest

from tests.ocpp_client.backend import SILENCE, Refusal, World, booted

ACCEPTED, REJECTED = {"status": "Accepted"}, {"status": "Rejected"}


def trigger(world, message, **fields):
    """Ask for a message; the answer, and the requests that followed it."""
    reply = world.ask("TriggerMessage", {"requestedMessage": message, **fields})
    at = world.backend.frames.index(reply)
    return reply.payload, [frame for frame in world.backend.frames[at:] if frame.kind == 2]


def pending(**options):
    """A world whose backend has not made up its mind."""
    world = World(**options)
    world.backend.answers["BootNotification"] = lambda payload: world.backend.boot("Pending", 600)
    world.run(1)
    assert world.client.boot.status == "Pending"
    return world


def statuses(world):
    """Every status that was told."""
    return [frame.payload["status"] for frame in world.backend.out("StatusNotification")]


def values(frame):
    """The sampled values of a MeterValues request."""
    return frame.payload["meterValue"][0]["sampledValue"]


@pytest.mark.parametrize("start", [booted, pending])
@pytest.mark.parametrize(
    ("fields", "told"), [({}, [0, 1, 2]), ({"connectorId": 0}, [0]), ({"connectorId": 2}, [2])]
)
def test_behaviour_24_the_status_of_one_or_of_all_follows_the_answer(start, fields, told):
    world = start(connector_count=2)
    world.charger.statuses = ["Available", "Charging", "Faulted"]
    answer, frames = trigger(world, "StatusNotification", **fields)
    assert answer == ACCEPTED
    assert [(frame.action, frame.payload["connectorId"]) for frame in frames] == [
        ("StatusNotification", number) for number in told
    ]
    statuses = [frame.payload["status"] for frame in frames]
    assert statuses == [world.charger.statuses[number] for number in told]


@pytest.mark.parametrize("message", ["StatusNotification", "MeterValues"])
@pytest.mark.parametrize("connector_id", [-1, 2])
def test_behaviour_24_nothing_is_told_of_a_connector_that_is_none(message, connector_id):
    world = booted()
    assert trigger(world, message, connectorId=connector_id) == (REJECTED, [])
    assert trigger(world, "MeterValues", connectorId=0) == (REJECTED, [])


def test_behaviour_04_a_triggered_status_is_not_held_back():
    world = booted(settings={"MinimumStatusDuration": "60"})
    world.charger.show(1, "Preparing")
    world.run(1)
    _, frames = trigger(world, "StatusNotification", connectorId=1)
    assert [frame.payload["status"] for frame in frames] == ["Preparing"]
    count = len(world.backend.out("StatusNotification"))
    world.run(120)
    assert len(world.backend.out("StatusNotification")) == count, "it was told already"
    world.charger.show(1, "Charging")
    world.run(59)
    assert len(world.backend.out("StatusNotification")) == count
    world.run(2)
    assert len(world.backend.out("StatusNotification")) == count + 1


def test_behaviour_04_a_triggered_status_that_waits_for_its_turn_tells_the_latest():
    world = booted(settings={"MinimumStatusDuration": "60"})
    world.backend.answers["Heartbeat"] = SILENCE
    trigger(world, "Heartbeat")
    world.ask("TriggerMessage", {"requestedMessage": "StatusNotification", "connectorId": 1})
    world.ask("TriggerMessage", {"requestedMessage": "StatusNotification", "connectorId": 1})
    world.charger.show(1, "Preparing")
    count = len(world.backend.out("StatusNotification"))
    world.run(31)
    assert statuses(world)[count:] == ["Preparing"]


@pytest.mark.parametrize("start", [booted, pending])
def test_behaviour_24_a_heartbeat_sets_the_clock(start):
    world = start()
    world.clock.set_unix_ms(0)
    answer, frames = trigger(world, "Heartbeat", connectorId=9)
    assert (answer, [frame.action for frame in frames]) == (ACCEPTED, ["Heartbeat"])
    assert world.clock.unix_ms(world.clock.stamp()) > 1_700_000_000_000


@pytest.mark.parametrize("start", [booted, pending])
def test_behaviour_24_meter_values_are_the_sampled_ones_of_now(start):
    world = start(connector_count=2, settings={"MeterValuesSampledData": "Energy.Active.Import.Register,SoC"})
    world.run(1)
    answer, frames = trigger(world, "MeterValues")
    assert (answer, [frame.payload["connectorId"] for frame in frames]) == (ACCEPTED, [1, 2])
    assert [value["measurand"] for value in values(frames[0])] == ["Energy.Active.Import.Register", "SoC"]
    assert {value["context"] for frame in frames for value in values(frame)} == {"Trigger"}
    assert "transactionId" not in frames[0].payload
    answer, frames = trigger(world, "MeterValues", connectorId=2)
    assert [frame.payload["connectorId"] for frame in frames] == [2]


@pytest.mark.parametrize("lack", ["reading", "date", "measurands"])
def test_behaviour_24_meter_values_that_nobody_has_are_rejected(lack):
    world = booted(settings={"MeterValuesSampledData": ""} if lack == "measurands" else {})
    world.charger.meter_silent = lack == "reading"
    if lack == "date":
        world.clock.unix_at_boot_ms = None
    assert trigger(world, "MeterValues") == (REJECTED, [])


def test_behaviour_24_a_meter_that_falls_silent_before_its_turn_tells_nothing():
    world = booted()
    world.backend.answers["Heartbeat"] = SILENCE
    trigger(world, "Heartbeat")
    assert trigger(world, "MeterValues")[0] == ACCEPTED
    world.charger.meter_silent = True
    world.run(31)
    assert world.backend.out("MeterValues") == []


def test_behaviour_09_triggered_values_name_their_transaction_unless_older_messages_wait():
    world = booted(settings={"MeterValueSampleInterval": "0"})
    world.charger.begin()
    world.run(1)
    assert trigger(world, "MeterValues")[1][0].payload["transactionId"] == 101
    world.backend.answers["StopTransaction"] = Refusal()
    world.charger.end()
    world.run(1)
    world.charger.begin()
    assert "transactionId" not in trigger(world, "MeterValues")[1][0].payload


def test_behaviour_24_a_boot_that_was_accepted_is_not_repeated():
    world = booted()
    assert trigger(world, "BootNotification") == (REJECTED, [])
    world.cut()
    world.run(10)
    # Behind the new link may be a server that knows nothing.
    answer, frames = trigger(world, "BootNotification")
    assert answer == ACCEPTED
    assert [frame.action for frame in frames] == ["BootNotification"] + ["StatusNotification"] * 2
    assert trigger(world, "BootNotification") == (REJECTED, [])


def test_behaviour_24_a_boot_that_is_under_way_is_the_one_that_is_asked_for():
    world = World()
    world.backend.answers["BootNotification"] = SILENCE
    world.run(1)
    assert trigger(world, "BootNotification") == (ACCEPTED, [])
    (boot,) = world.backend.out("BootNotification")
    world.backend.open_call = None
    world.backend.send([3, boot.message_id, world.backend.boot("Accepted")])
    world.run(60)
    assert world.client.accepted
    assert world.backend.out("BootNotification") == [boot]


def test_behaviour_01_a_pending_boot_is_repeated_at_once_when_asked_for():
    world = pending()
    world.run(5)
    world.backend.answers["BootNotification"] = lambda payload: world.backend.boot("Accepted")
    answer, frames = trigger(world, "BootNotification")
    assert (answer, frames[0].action) == (ACCEPTED, "BootNotification")
    assert world.client.accepted


def test_behaviour_01_before_the_first_answer_nothing_else_is_sent():
    world = World()
    world.backend.answers["BootNotification"] = SILENCE
    world.run(1)
    assert trigger(world, "StatusNotification") == (REJECTED, [])
    assert trigger(world, "BootNotification")[0] == ACCEPTED
    assert len(world.backend.out()) == 1


@pytest.mark.parametrize("message", ["DiagnosticsStatusNotification", "FirmwareStatusNotification", "Dance"])
def test_behaviour_24_what_is_not_spoken_is_not_implemented(message):
    world = booted()
    assert trigger(world, message) == ({"status": "NotImplemented"}, [])


def test_behaviour_24_a_triggered_status_that_the_link_lost_is_told_after_it():
    world = booted()
    world.backend.answers["StatusNotification"] = SILENCE
    world.charger.statuses[1] = "Preparing"
    trigger(world, "StatusNotification", connectorId=1)
    world.cut()
    world.backend.be_good()
    count = len(world.backend.out("StatusNotification"))
    world.run(10)
    assert statuses(world)[count:] == ["Preparing"]
