"""How a run is judged: what was expected and is not so becomes one sentence, with what was seen and when."""

import hypothesis
import hypothesis.strategies as st
import pytest

from simulator.story import patterns
from simulator.story.expectations import Expectations
from simulator.story.judgement import Never
from simulator.story.patterns import Want
from simulator.story.shapes import Malformed

EVENTS = [
    {"t_ms": 2000, "source": "charger", "event": "plugged", "connector": 1},
    {"t_ms": 2100, "source": "charger", "event": "status", "status": "Preparing", "error": ""},
    {"t_ms": 2200, "source": "backend", "event": "status", "status": "Preparing"},
    {"t_ms": 5000, "source": "charger", "event": "contactor", "close": True},
    {"t_ms": 5100, "source": "charger", "event": "status", "status": "Charging", "error": ""},
]
FRAMES = [
    {"t_ms": 0, "direction": "out", "frame": [2, "1", "BootNotification", {"chargePointModel": "M"}]},
    {"t_ms": 5, "direction": "in", "frame": [3, "1", {"status": "Accepted"}]},
    {"t_ms": 10, "direction": "in", "frame": [2, "a", "Reset", {"type": "Soft"}]},
    {"t_ms": 20, "direction": "in", "frame": "nonsense"},
    {"t_ms": 30, "direction": "in", "frame": [2]},
    {"t_ms": 40, "direction": "out", "frame": [2, "2", "StopTransaction", {"meterStop": 120}]},
]
FOUND = {
    "frames": {"BootNotification": 1, "Reset": 1, "StopTransaction": 1},
    "transactions": [{"id_tag": "DRIVER", "energy_wh": 120, "reason": "Local", "stopped_s": None}],
    "connectors": [{"status": "Available", "cycles": 1}],
}


def failures(**expect):
    """What the record above misses of these expectations."""
    return Expectations(expect).failures(EVENTS, FRAMES, FOUND)


@pytest.mark.parametrize(
    "expect",
    [
        {"events": ["plugged", "status status=Charging"]},
        {"events": ["status", "status source=backend", "contactor close=true", "status status!=Preparing"]},
        {"sent": ["BootNotification", "StopTransaction meterStop=100..120"]},
        {"frames": {"Reset": 1, "StopTransaction": ">=1", "Heartbeat": 0}},
        {"transactions": [{"id_tag": "DRIVER", "energy_wh": "120"}]},
        {"connectors": [{"cycles": "<2"}]},
        {},
    ],
)
def test_what_is_kept_says_nothing(expect):
    assert failures(**expect) == []


@pytest.mark.parametrize(
    ("expect", "sentence"),
    [
        ({"events": ["unplugged"]}, "event 1: expected 'unplugged', but it never came"),
        (
            {"events": ["contactor close=false"]},
            "event 1: expected 'contactor close=false', but after that came only contactor close=true at 5 s",
        ),
        (
            {"events": ["contactor", "plugged"]},
            "event 2: expected 'plugged' after 'contactor' at 5 s, but it came only before: plugged at 2 s",
        ),
        (
            {"events": ["status source=backend status=Charging"]},
            (
                "event 1: expected 'status source=backend status=Charging', but after that came only "
                "status source=charger status=Preparing at 2.1 s; "
                "status source=backend status=Preparing at 2.2 s; "
                "status source=charger status=Charging at 5.1 s"
            ),
        ),
        (
            {"events": ["contactor speed>=3"]},
            "event 1: expected 'contactor speed>=3', but after that came only contactor speed=nothing at 5 s",
        ),
        ({"sent": ["Reset"]}, "sent 1: expected 'Reset', but it never came"),
        (
            {"sent": ["StopTransaction meterStop>120"]},
            (
                "sent 1: expected 'StopTransaction meterStop>120', but after that came only "
                "StopTransaction meterStop=120 at 0.04 s"
            ),
        ),
        ({"frames": {"Heartbeat": ">=2"}}, "frames: expected >=2 Heartbeat, but there were 0"),
        (
            {"transactions": []},
            "transactions: expected 0 at the backend, but there were 1 (DRIVER, 120 Wh, Local)",
        ),
        (
            {"transactions": [{"energy_wh": "10..119"}]},
            "transaction 1: expected energy_wh to be 10..119, but it was 120",
        ),
        (
            {"transactions": [{"stopped_s": "<=9"}]},
            "transaction 1: expected stopped_s to be <=9, but it was nothing",
        ),
        (
            {"connectors": [{"status": "Faulted"}]},
            "connector 1: expected status to be Faulted, but it was Available",
        ),
    ],
)
def test_what_is_missed_is_one_sentence(expect, sentence):
    assert failures(**expect) == [sentence]


def test_an_expectation_that_is_missed_does_not_hide_the_next():
    missed = failures(events=["unplugged", "plugged", "fault"])

    assert missed == [
        "event 1: expected 'unplugged', but it never came",
        "event 3: expected 'fault' after 'plugged' at 2 s, but it never came",
    ]


class Now:
    """A condition that holds when it is told to."""

    so = False

    def __str__(self):
        return "so"

    def hear(self, entry):
        """Nothing to hear."""

    def holds(self):
        return self.so


def test_never_forgives_one_look_and_no_more():
    now = Now()
    never = Never("never 1", now)
    for at_ms, now.so in ((0, False), (100, True), (200, False), (300, True)):
        never.look(at_ms)
    assert never.failure == ""

    never.look(400)
    assert never.failure == "never 1: expected 'so' never to last, but it did from 0.3 s on"

    now.so = False
    never.look(500)
    assert never.failure, "what has lasted once stays a failure"


# Values.


@hypothesis.given(st.integers(-(10**9), 10**9), st.integers(0, 10**6), st.integers(-(10**9), 10**9))
def test_a_range_holds_both_its_ends_and_what_lies_between(low, width, value):
    want = Want(f"{low}..{low + width}")

    assert want.met_by(low)
    assert want.met_by(low + width)
    assert want.met_by(value) == (low <= value <= low + width)


@hypothesis.given(st.integers(-1000, 1000), st.integers(-1000, 1000))
def test_relations_are_those_of_numbers(wanted, value):
    assert Want(wanted).met_by(value) == (value == wanted)
    assert Want(f">={wanted}").met_by(value) == (value >= wanted)
    assert Want(f"<{wanted}").met_by(value) == (value < wanted)
    assert Want(f"!={wanted}").met_by(value) == (value != wanted)


@pytest.mark.parametrize(
    ("wanted", "value"),
    [
        (True, True),
        ("false", False),
        ("Local", "Local"),
        ("16", "16.0"),
        (16.0, 16),
        ("2026-01-01T00:16:40.000Z", "2026-01-01T00:16:40.000Z"),
    ],
)
def test_values_are_compared_as_people_mean_them(wanted, value):
    assert Want(wanted).met_by(value)


@pytest.mark.parametrize(
    ("wanted", "value"),
    [
        (True, 1),
        (1, True),
        ("None", None),
        ("", None),
        ("!=5", None),
        (">=0", None),
        (">=0", True),
        ("local", "Local"),
        ("5..7", "a"),
    ],
)
def test_what_is_something_else_is_not_taken_for_it(wanted, value):
    assert not Want(wanted).met_by(value)


@pytest.mark.parametrize("wanted", [">=", ">=much", "<now", [1], {}, None])
def test_a_value_that_means_nothing_is_refused(wanted):
    with pytest.raises(Malformed):
        Want(wanted)


@pytest.mark.parametrize("text", ["status Charging", "status status=", "status =5", "status status>"])
def test_a_pattern_that_means_nothing_is_refused(text):
    with pytest.raises(Malformed, match="FIELD=VALUE"):
        patterns.named(text)


@pytest.mark.parametrize(
    "text", ["status", "status status!=Charging error=X", "offer offered_ma=6000..32000"]
)
def test_a_pattern_reads_as_it_was_written(text):
    assert str(patterns.named(text)) == text
