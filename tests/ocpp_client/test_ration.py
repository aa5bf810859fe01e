"""A server that has something written without end gets no more than its ration; what writes nothing, and what
ends a charge, is never refused."""

import pytest

from ocpp_client.ration import BURST, PERIOD_MS
from tests.ocpp_client.backend import booted

MINUTE_S = PERIOD_MS // 1000
RATIONED = [
    ("ChangeAvailability", {"connectorId": 1, "type": "Operative"}),
    ("ChangeConfiguration", {"key": "CpoName", "value": "another"}),
    ("ClearCache", {}),
    ("DataTransfer", {"vendorId": "org.mode3", "messageId": "SessionNote", "data": '{"note":"x"}'}),
    ("RemoteStartTransaction", {"idTag": "CARD"}),
]


class Restless:
    """A server that has a setting changed to and fro."""

    def __init__(self):
        self.world = booted()
        self.told: list = []
        self.world.client.report = self.told.append
        self.count = 0

    def change(self):
        self.count += 1
        asked = {"key": "CpoName", "value": f"name {self.count}"}
        return self.world.ask("ChangeConfiguration", asked).payload["status"]

    def changes(self, count):
        """How many of so many were made."""
        return [self.change() for _ in range(count)].count("Accepted")


@pytest.fixture
def restless():
    return Restless()


def test_a_ration_is_used_up_and_grows_again_by_the_minute(restless):
    assert restless.changes(BURST + 50) == BURST
    assert restless.world.configuration.get("CpoName") == f"name {BURST}"
    restless.world.run(MINUTE_S)
    assert restless.changes(50) == 1
    restless.world.run(60 * MINUTE_S)
    assert restless.changes(100) == 60
    restless.world.run(10 * BURST * MINUTE_S)
    assert restless.changes(BURST + 50) == BURST


def test_a_reset_gives_nothing_back(restless):
    """Neither before the restart, nor between its order and the restart, nor after it."""
    changed = 0
    for _ in range(5):
        changed += restless.changes(30)
        assert restless.world.ask("Reset", {"type": "Soft"}).payload["status"] == "Accepted"
        changed += restless.changes(5)
        restless.world.reboot()
        restless.world.run(3)
    assert changed == BURST
    restless.world.run(60 * MINUTE_S)
    assert restless.changes(BURST) == 60


def test_a_power_cut_is_no_reset_and_what_a_reset_left_is_forgotten_once_it_has_grown(restless):
    world = restless.world
    restless.changes(BURST)
    world.reboot()
    world.run(3)
    assert restless.changes(BURST + 1) == BURST
    world.ask("Reset", {"type": "Hard"})
    world.reboot()
    world.run(BURST * MINUTE_S)
    assert restless.changes(BURST) == BURST
    world.reboot()
    world.run(3)
    assert restless.changes(BURST) == BURST


def test_a_reset_is_obeyed_though_the_ration_cannot_be_written(restless):
    restless.changes(1)

    def refuse(name, value):
        raise OSError("no room")

    restless.world.store.keep = refuse
    assert restless.world.ask("Reset", {"type": "Hard"}).payload["status"] == "Accepted"


def test_resets_alone_write_nothing_of_it(restless):
    world = restless.world
    restless.changes(3)
    world.ask("Reset", {"type": "Hard"})
    written = world.store.written
    world.ask("Reset", {"type": "Hard"})
    assert world.store.written == written


def test_half_a_minute_is_not_lost(restless):
    restless.changes(BURST)
    for _ in range(4):
        restless.world.run(MINUTE_S / 2)
        restless.change()
    assert restless.world.configuration.get("CpoName") == f"name {restless.count}"
    assert restless.changes(1) == 0


def test_it_is_told_once_until_the_server_has_kept_quiet(restless):
    for minutes in (1, 1, 1, BURST // 2):
        restless.changes(BURST + 5)
        assert restless.told == [
            {"event": "rationed", "action": "ChangeConfiguration", "reason": restless.told[0]["reason"]}
        ]
        restless.world.run(minutes * MINUTE_S)
    restless.changes(BURST)
    assert len(restless.told) == 2
    assert "one a minute" in restless.told[0]["reason"]


def test_what_writes_nothing_takes_nothing(restless):
    world = restless.world
    for _ in range(2 * BURST):
        world.ask("ChangeConfiguration", {"key": "CpoName", "value": "always the same"})
        world.ask("ChangeConfiguration", {"key": "NumberOfConnectors", "value": "7"})
        world.ask("GetConfiguration", {"key": ["CpoName"]})
        data = '{"powerW":7400}'
        limit = {"vendorId": "org.mode3", "messageId": "SessionPowerLimit", "data": data}
        assert world.ask("DataTransfer", limit).payload["status"] == "Accepted"
    assert restless.changes(BURST) == BURST - 1


@pytest.mark.parametrize(("action", "payload"), RATIONED)
def test_without_a_ration_each_of_them_is_rejected_and_nothing_happens(restless, action, payload):
    restless.changes(BURST)
    deeds, saved = list(restless.world.charger.asked), dict(restless.world.store.saved)
    assert restless.world.ask(action, payload).payload == {"status": "Rejected"}
    assert (restless.world.charger.asked, restless.world.store.saved) == (deeds, saved)
    assert restless.told[-1]["action"] == action


def test_remote_starts_are_rationed_by_what_they_will_write(restless):
    """The transaction begins later, with the car or after an authorisation."""
    world = restless.world
    asked = [world.ask("RemoteStartTransaction", {"idTag": "CARD"}).payload["status"] for _ in range(150)]
    assert asked == ["Accepted"] * BURST + ["Rejected"] * 50
    world.run(MINUTE_S)
    world.charger.will = False
    world.ask("RemoteStartTransaction", {"idTag": "CARD"})
    assert restless.changes(2) == 1, "one that is rejected writes nothing"


def test_what_ends_a_charge_and_what_tells_of_it_is_never_rationed(restless):
    world = restless.world
    tx = world.charger.begin()
    world.run(1)
    restless.changes(2 * BURST)
    assert world.ask("RemoteStopTransaction", {"transactionId": 101}).payload["status"] == "Accepted"
    assert ["stop", tx] in world.charger.asked
    trigger = {"requestedMessage": "MeterValues", "connectorId": 1}
    assert world.ask("TriggerMessage", trigger).payload["status"] == "Accepted"
    assert world.ask("Reset", {"type": "Soft"}).payload["status"] == "Accepted"
    world.charger.end()
    world.run(5)
    assert len(world.backend.out("StopTransaction")) == 1
    assert world.client.transactions.is_drained()
