"""The worst of the storms over real sockets of the loopback, with and without TLS: the same charge comes
through each of them whole, in order and judged as the others are."""

import asyncio

import pytest

from hal.host import SocketNetwork
from tests import authority
from tests.ocpp_client.socket_storm import SocketStorm


def after_storms(*moods, settings=None):
    """A charge while the server has `moods`, (action, mood), and one after."""
    storm = SocketStorm(SocketNetwork(), settings=settings)
    for action, mood in moods:
        storm.server.moods[action].append(mood)

    async def story(storm):
        await storm.until(lambda: storm.client.accepted)
        await storm.charge()
        await storm.charge()

    storm.play(story)
    return storm


@pytest.mark.parametrize("share", [0, 0.3, 0.9])
def test_a_reset_in_the_middle_of_a_frame(share):
    moods = [(action, ("tear", share)) for action in ("StartTransaction", "MeterValues", "StopTransaction")]
    assert after_storms(*moods).connections == 4


@pytest.mark.parametrize("answers", [True, False])
def test_a_link_that_is_half_open(answers):
    moods = [(action, ("half_open", answers)) for action in ("StartTransaction", "StopTransaction")]
    assert after_storms(*moods, settings={"WebSocketPingInterval": 10}).connections == 3


def test_answers_that_come_too_late_twice_to_nobody_and_in_pieces():
    moods = [
        ("BootNotification", ("undecided", "Pending", 5)),
        ("StartTransaction", ("late", 14)),
        ("StartTransaction", ("stranger",)),
        ("MeterValues", ("twice",)),
        ("MeterValues", ("fragments",)),
        ("MeterValues", ("good", 30)),
        ("StopTransaction", ("counter",)),
        ("StopTransaction", ("error",)),
    ]
    assert after_storms(*moods, settings={"TransactionMessageRetryInterval": 0}).connections == 1


@pytest.mark.parametrize("welcome", ["page", "refusal"])
def test_a_restart_in_the_midst_of_everything(welcome):
    moods = [
        (action, ("restart", 5)) for action in ("StatusNotification", "StartTransaction", "StopTransaction")
    ]
    storm = SocketStorm(SocketNetwork())
    storm.server.welcomes.append(welcome)
    for action, mood in moods:
        storm.server.moods[action].append(mood)

    async def story(storm):
        await storm.until(lambda: storm.client.accepted)
        await storm.charge()
        assert storm.connections >= 5

    storm.play(story)


def test_intervals_that_change():
    async def story(storm):
        await storm.until(lambda: storm.client.accepted)
        storm.server.ask("ChangeConfiguration", {"key": "HeartbeatInterval", "value": "3"})
        storm.server.ask("ChangeConfiguration", {"key": "MeterValueSampleInterval", "value": "2"})
        await storm.charge(20)
        assert storm.actions.count("MeterValues") >= 9
        await storm.until(lambda: storm.actions.count("Heartbeat") >= 3)

    SocketStorm(SocketNetwork()).play(story)


class Unresolved(SocketNetwork):
    """A look-up of a name that fails, then one that never ends, then none that is needed."""

    def __init__(self):
        self.tries = 0

    async def open(self, host, port, tls=None):
        self.tries += 1
        if self.tries == 2:
            await asyncio.Event().wait()
        return await super().open("no-such-host.invalid" if self.tries == 1 else host, port, tls)


def test_a_name_that_does_not_resolve():
    network = Unresolved()
    states = []

    async def story(storm):
        storm.client.report = lambda event: states.append(event.get("state", ""))
        await storm.charge()

    SocketStorm(network).play(story)
    assert network.tries == 3
    assert "its name is not known" in states[0]
    assert "did not answer in time" in states[1]


def test_certificates_that_are_wrong_until_one_is_right(tmp_path):
    root = authority.root()
    contexts = [
        root.issue(begins=-9, ends=-1).context(tmp_path / "expired"),
        authority.root().issue().context(tmp_path / "stranger"),
        root.issue().context(tmp_path / "right"),
    ]
    settings = {"SecurityProfile": 2, "AuthorizationKey": "sixteen-letters!"}
    storm = SocketStorm(SocketNetwork(), "wss", settings, contexts, root.pem)
    states = []

    async def story(storm):
        storm.client.report = lambda event: states.append(event.get("state", ""))
        await storm.until(lambda: len(states) == 1)
        storm.restart_server(0)
        await storm.until(lambda: len(states) == 2)
        storm.restart_server(0)
        await storm.charge()

    storm.play(story)
    assert "has expired" in states[0]
    assert "none of the charger's root certificates" in states[1]
