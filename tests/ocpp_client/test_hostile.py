"""Whatever a server does, nothing raises, one call is open at most, and the charger is there afterwards."""

import contextlib
import json

from hypothesis import given
from hypothesis import strategies as st

from ocpp_client.messages import ANSWERS, KNOWN_ACTIONS, REQUESTS
from tests.ocpp_client.backend import SILENCE, Refusal, World

leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30)
junk = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
)
names = st.sampled_from(
    [
        "status",
        "currentTime",
        "interval",
        "idTagInfo",
        "transactionId",
        "key",
        "value",
        "connectorId",
        "idTag",
    ]
)
words = st.sampled_from(["Accepted", "Rejected", "Pending", "2026-03-01T12:00:00Z", "HeartbeatInterval", "1"])
payloads = st.dictionaries(names, junk | words | st.dictionaries(names, words), max_size=5) | junk
answers = st.just(SILENCE) | st.builds(Refusal) | payloads
sensible = st.sampled_from(
    [
        ("GetConfiguration", {}),
        ("GetConfiguration", {"key": ["HeartbeatInterval", "Colour"]}),
        ("ChangeConfiguration", {"key": "MeterValueSampleInterval", "value": "7"}),
        ("ChangeConfiguration", {"key": "ClockAlignedDataInterval", "value": "60"}),
        ("ChangeConfiguration", {"key": "WebSocketPingInterval", "value": "0"}),
        ("ChangeConfiguration", {"key": "MinimumStatusDuration", "value": "20"}),
        ("ChangeConfiguration", {"key": "TransactionMessageAttempts", "value": "1"}),
        ("RemoteStartTransaction", {"idTag": "A"}),
        ("RemoteStopTransaction", {"transactionId": 101}),
        ("Reset", {"type": "Soft"}),
    ]
)
frames = st.one_of(
    st.builds(lambda request: json.dumps([2, "y", *request]), sensible),
    st.builds(
        lambda action, payload: json.dumps([2, "x", action, payload]),
        st.sampled_from(sorted(REQUESTS) + KNOWN_ACTIONS.split() + ["Nonsense"]),
        payloads,
    ),
    st.builds(lambda kind, rest: json.dumps([kind, *rest]), st.integers(0, 9), st.lists(junk, max_size=5)),
    st.text(st.characters(codec="utf-8"), max_size=60),
    st.text(alphabet='[]{}",:\\u0dn1e', max_size=200),
)
steps = st.one_of(
    st.tuples(st.just("frame"), frames),
    st.tuples(st.just("answer"), st.tuples(st.sampled_from(sorted(ANSWERS)), answers)),
    st.tuples(st.just("time"), st.integers(0, 400)),
    st.tuples(st.just("bytes"), st.binary(max_size=40)),
    st.tuples(st.just("charger"), st.sampled_from(["begin", "end", "status", "swipe"])),
    st.tuples(st.just("cut"), st.none()),
)


class Story:
    """Carries out steps, and holds the promises after each."""

    def __init__(self):
        self.world = World()
        self.world.run(1)
        self.asked = self.answered = 0

    def frame(self, text):
        if self.world.linked:
            self.expect(text)
            self.world.backend.send_text(text)

    def expect(self, text):
        """Where `text` is a request, its answer is held against the schema of its action."""
        with contextlib.suppress(ValueError):
            message = json.loads(text)
            if isinstance(message, list) and len(message) > 2 and message[0] == 2:
                self.world.backend.asked[str(message[1])] = message[2]

    def answer(self, what):
        action, answer = what
        self.world.backend.answers[action] = answer

    def time(self, seconds):
        self.world.run(seconds)

    def bytes(self, data):
        self.world.client.received(data, self.world.clock.at_ms)

    def charger(self, what):
        charger = self.world.charger
        if what == "begin" and not charger.running[1]:
            charger.begin()
        elif what == "end" and charger.running[1]:
            charger.end()
        elif what == "status":
            charger.show(1, "Charging" if charger.running[1] else "Available")
        elif what == "swipe":
            self.asked += 1
            self.world.client.authorise("CARD1", self.settled)

    def settled(self, info):
        self.answered += 1
        if info:
            assert info["status"] in ("Accepted", "Blocked", "Expired", "Invalid", "ConcurrentTx")

    def cut(self, _):
        if self.world.linked:
            self.world.cut()


@given(st.lists(steps, max_size=25))
def test_no_server_does_harm(story_steps):
    story = Story()
    world = story.world
    running = 0
    for name, argument in story_steps:
        getattr(story, name)(argument)
        world.settle()
        # Only the charger's own doing begins or ends a session.
        if name == "charger":
            running = world.charger.running[1]
        assert world.charger.running[1] == running
        assert 1 <= world.client.next_poll_ms(world.clock.at_ms) <= 10000
    if running:
        world.charger.end()
    world.backend.be_good(7200)
    world.run(3600)
    if not world.client.accepted:
        # A day is the longest that a server may silence the charger with a rejection.
        world.run(86400)
    assert world.client.accepted
    assert story.answered == story.asked
    # Everything that was recorded has found its end, and nothing waits.
    assert world.client.transactions.next_call(world.clock.at_ms) is None


@given(st.lists(steps, max_size=15))
def test_the_same_chance_gives_the_same_bytes(story_steps):
    wires = []
    for _ in range(2):
        story = Story()
        for name, argument in story_steps:
            getattr(story, name)(argument)
            story.world.settle()
        wires.append([repr(frame) for frame in story.world.backend.frames])
    assert wires[0] == wires[1]
