"""What people type: which command it means, and how the rest is refused in one sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.remote import commands
from simulator.remote.fields import Refused
from simulator.terminal import phrases


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("plug", {"do": "plug", "ev": {}}),
        ("plug phases=1 max_a=16", {"do": "plug", "ev": {"phases": 1, "max_a": 16}}),
        (
            "plug battery=42.5 charge=no connector=2",
            {"do": "plug", "ev": {"battery": 42.5, "charge": 0}, "connector": 2},
        ),
        ("ev level=80", {"do": "ev", "ev": {"level": 80}}),
        ("  swipe   CARD-1 ", {"do": "swipe", "id_tag": "CARD-1"}),
        ("swipe 1234", {"do": "swipe", "id_tag": "1234"}),
        ("press", {"do": "press"}),
        ("pulse 250", {"do": "pulse", "ms": 250}),
        ("stall 200", {"do": "stall", "ms": 200}),
        ("skip", {"do": "skip"}),
        ("charge", {"do": "charge", "id_tag": "CARD-1"}),
        (
            "charge CARD-2 energy_wh=5000 duration_s=60 connector=2",
            {"do": "charge", "id_tag": "CARD-2", "energy_wh": 5000, "duration_s": 60, "connector": 2},
        ),
        ("world place_dc=680", {"do": "world", "world": {"place_dc": 680}}),
        (
            "world house_ma=9000,0,-50 fuse_ma=25000",
            {"do": "world", "world": {"house_ma": [9000, 0, -50], "fuse_ma": 25000}},
        ),
        ("fault rcd_trip connector=x", {"do": "fault", "name": "rcd_trip", "connector": "x"}),
        ("power off", {"do": "power", "to": "off"}),
        ("network restore", {"do": "network", "to": "restore"}),
        ("wait Charging", {"do": "wait", "for": "Charging"}),
        (
            "wait status=Charging power_w>2000 30",
            {"do": "wait", "for": "status=Charging power_w>2000", "timeout_s": 30},
        ),
        ("start", {"do": "start", "id_tag": "CARD-1"}),
        ("start CARD-2", {"do": "start", "id_tag": "CARD-2"}),
        ("limit 10", {"do": "limit", "a": "10"}),
        ("status", {"do": "get"}),
        ("exit", {"do": "quit"}),
        ("advance 2.5", {"do": "advance", "s": 2.5}),
        ("", None),
        ("   ", None),
    ],
)
def test_a_line_means_a_command(line, command):
    assert phrases.read(line) == command


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("plg", "'plg' is no command; did you mean 'plug'?"),
        ("xyzzy", "'xyzzy' is no command; 'help' lists all."),
        ("plug 16", "'plug' is typed like this: plug phases=1 max_a=16"),
        ("ev", "'ev' is typed like this: ev level=80 charge=no"),
        ("swipe", "'swipe' is typed like this: swipe CARD-1"),
        ("swipe two words", "'swipe' is typed like this: swipe CARD-1"),
        ("press hard", "'press' is typed like this: press"),
        ("wait", "'wait' is typed like this: wait Charging 30"),
        ("limit", "'limit' is typed like this: limit 10"),
        ("pulse", "'pulse' is typed like this: pulse 250"),
        ("charge one two", "'charge' is typed like this: charge CARD-1 energy_wh=5000"),
        ("world", "'world' is typed like this: world house_ma=9000,0,0 place_dc=680"),
        ("world hot", "'world' is typed like this: world house_ma=9000,0,0 place_dc=680"),
        ("advance", "'advance' is typed like this: advance 10"),
    ],
)
def test_a_line_that_means_nothing_is_refused(line, sentence):
    with pytest.raises(Refused) as refusal:
        phrases.read(line)
    assert str(refusal.value) == sentence


@given(st.text(max_size=60))
def test_whatever_is_typed_is_a_command_or_refused(line):
    command, refusal = None, ""
    try:
        command = phrases.read(line)
    except Refused as reason:
        refusal = str(reason)
    assert "\n" not in refusal
    assert command is None or command["do"] in phrases.PHRASES


def test_every_command_of_the_control_socket_can_be_typed():
    assert set(commands.NAMES) <= set(phrases.PHRASES)


def test_every_example_means_what_it_says():
    for name, phrase in phrases.PHRASES.items():
        example = phrase.example.partition(",")[0]
        assert phrases.read(example)["do"] == name


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("pl", ["plug"]),
        ("ne", ["network"]),
        ("fault rcd", ["rcd_dead", "rcd_trip"]),
        ("power o", ["off", "on"]),
        ("guide RCD_T", ["RCD_TEST", "RCD_TRIP"]),
        ("world mains", ["mains_mv="]),
        ("charge power", ["power_w="]),
        ("plug phases=1 max", ["max_a="]),
        ("swipe CARD-", ["CARD-1", "CARD-2", "CARD-3"]),
        ("unplug x", []),
        ("nonsense x", []),
    ],
)
def test_words_are_completed(text, words):
    assert phrases.complete(text) == words
