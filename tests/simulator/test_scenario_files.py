"""Files that are no scenario: exit code 2 and one sentence that names the file, the thing and the way out."""

import json
import textwrap

import hypothesis
import hypothesis.strategies as st
import pytest

from simulator import scenario
from simulator.__main__ import main
from simulator.clockwork import kernel
from simulator.station import Station
from simulator.story import scenario_file, shapes, step_reader
from simulator.story.rehearsal import Rehearsal
from simulator.story.shapes import Malformed

SOUND = """
title = "Sound"
[[step]]
at = 1
do = "plug"
"""


def refused(text, tmp_path, capsys):
    """What the command says of a file with this content, without the name of the file."""
    path = tmp_path / "x.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    assert main(["run", str(path)]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(str(path))
    assert printed.err.count("\n") == 1
    return printed.err.removeprefix(str(path)).strip()


TOP = [
    ("title = ", "is not TOML (Invalid value (at end of document)); correct it there, or see toml.io"),
    ("\ufeff\x00", "is not TOML (Invalid statement (at line 1, column 1)); correct it there, or see toml.io"),
    (b"title = '\xff'", "is not UTF-8 text; save it as such"),
    ("title = " + "[" * 5000, "is nested too deeply; a scenario needs no more than tables in a list"),
    ("", "needs the key 'title'"),
    ("title = 'T'", "needs the key 'step'"),
    ("title = 5", ": title is a text that is not empty, not 5"),
    ("titel = 'T'", "has no key 'titel'; did you mean 'title'?"),
    (
        "title = 'T'\nstep = []",
        ": step is a list of steps that is not empty: write each below a line [[step]]",
    ),
    ("seed = -1" + SOUND, ": seed is a whole number from 0 to 9223372036854775807, not -1"),
    ("seed = 1.5" + SOUND, ": seed is a whole number from 0 to 9223372036854775807, not 1.5"),
    ("seed = true" + SOUND, ": seed is a whole number from 0 to 9223372036854775807, not True"),
    ("clock_ms = 1073741824" + SOUND, ": clock_ms is a whole number from 0 to 1073741823, not 1073741824"),
    ("ends_at = inf" + SOUND, ": ends_at is a number of seconds from 0 to 2678400 (a month), not inf"),
    ("board = 'simulatd'" + SOUND, ": board names no simulated board 'simulatd'; did you mean 'simulated'?"),
    ("board = []" + SOUND, ": board is a text that is not empty, not []"),
    (
        "settings = { PlugAndChargge = true }" + SOUND,
        ": settings has no key 'PlugAndChargge'; did you mean 'PlugAndCharge'?",
    ),
    (
        "settings = { AllowedCurrent = 5 }" + SOUND,
        (
            ": settings: AllowedCurrent has a value that the charger refuses: "
            "AllowedCurrent lies between 6 and 80"
        ),
    ),
    (
        "settings = { BackendUrl = 'x' }" + SOUND,
        ": settings: BackendUrl is the simulator's to set; leave it out",
    ),
    ("settings = 1" + SOUND, ": settings is a table of names and values, not 1"),
    ("cards = ['A', 1]" + SOUND, ': cards is a list of texts such as ["one", "two"], not [\'A\', 1]'),
    (
        "cards = ['A23456789012345678901']" + SOUND,
        ": cards has 'A23456789012345678901', but an idTag has 1 to 20 characters",
    ),
    (
        "cards = { A = 'Lost' }" + SOUND,
        ": cards: A is one of Accepted, Blocked, Expired, Invalid; not 'Lost'",
    ),
    (
        "network = { latency_ms = 20000 }" + SOUND,
        ": network: latency_ms is a whole number from 0 to 10000, not 20000",
    ),
]


@pytest.mark.parametrize(("text", "sentence"), TOP)
def test_what_is_wrong_at_the_top(text, sentence, tmp_path, capsys):
    assert refused(text, tmp_path, capsys) == sentence


STEPS = [
    ("", "step 2 does nothing; give it `do`, `expect`, `hold`, or a time to let pass"),
    ("at = 5\nafter = 5", "step 2 has both `at` and `after`; keep one of them"),
    ("at = 0.5", "step 2 is at 0.5 s, but one before it at 1 s; put them in order"),
    ("at = '5'", "step 2: at is a number of seconds from 0 to 2678400 (a month), not '5'"),
    ("after = nan", "step 2: after is a number of seconds from 0 to 2678400 (a month), not nan"),
    ("do = 'press'\nexpect = 'Charging'", "step 2 has both `do` and `expect`; make two steps of it"),
    ("do = 'unplugg'", "step 2: do names no command 'unplugg'; did you mean 'unplug'?"),
    ("do = 5", "step 2: do is a text that is not empty, not 5"),
    ("do = ['plug']", "step 2: do is a text that is not empty, not ['plug']"),
    ("do = 'wait'", "step 2: do is wait, but use `expect` with `within`"),
    ("do = 'advance'\ns = 5", "step 2: do is advance, but time passes by itself: use `at` or `after`"),
    ("at = 5\nwith = 3", "step 2 has no key 'with'; choose one of: at, after"),
    ("do = 'backend'", "step 2 needs the key 'to'"),
    ("do = 'backend'\nto = 'stopp'", "step 2: to is one of stop, start; not 'stopp'"),
    ("do = 'remote_start'", "step 2 needs the key 'id_tag'"),
    ("do = 'reset'\nkind = 'Firm'", "step 2: kind is one of Soft, Hard; not 'Firm'"),
    ("do = 'reset'\nkinde = 'Soft'", "step 2 has no key 'kinde'; did you mean 'kind'?"),
    (
        "do = 'change_configuration'\nkey = 'A'\nvalue = []",
        "step 2: value is a text, a number, or true or false, not []",
    ),
    (
        "expect = 'Charging'\nwithin = -1",
        "step 2: within is a number of seconds from 0 to 2678400 (a month), not -1",
    ),
    ("expect = 'Charging'\nconnector = 2", "step 2: expect asks for connector 2; choose one from 1 to 1"),
    ("hold = 'Charging'", "step 2 needs the key 'during'"),
]


@pytest.mark.parametrize(("step", "sentence"), STEPS)
def test_what_is_wrong_in_a_step(step, sentence, tmp_path, capsys):
    assert refused(f"{SOUND}[[step]]\n{step}", tmp_path, capsys) == f": {sentence}"


CANNOT_BE_DONE = [
    "do = 'plug'",
    "do = 'plug'\nconnector = 2",
    "do = 'swipe'",
    "do = 'swipe'\nid_tag = ''",
    "do = 'fault'\nname = 'rcd_tripp'",
    "do = 'ev'\nev = { max_a = 500 }",
    "do = 'ev'\nev = { wheels = 4 }",
    "do = 'power'\nto = 'away'",
    "do = 'unplug'\n[[step]]\ndo = 'unplug'",
    "do = 'power'\nto = 'off'\n[[step]]\ndo = 'press'",
]
"""Wrong by itself, or after the step before: a car is plugged in already."""


@pytest.mark.parametrize("step", CANNOT_BE_DONE)
def test_what_can_never_be_done_is_told_before_anything_runs(step, tmp_path, capsys):
    number = 2 + step.count("[[step]]")

    sentence = refused(f"{SOUND}[[step]]\n{step}", tmp_path, capsys)

    assert sentence.startswith(f": step {number} cannot be done: ")
    assert len(sentence) > 40


@pytest.mark.parametrize(
    "condition", ["'stauts=Charging'", "'status=Charing'", "''", "5", "[]", "'offered_ma>=much'"]
)
@pytest.mark.parametrize(
    "place", ["[[step]]\nexpect = {}", "[[step]]\nhold = {}\nduring = 1", "[expect]\nnever = [{}]"]
)
def test_a_condition_that_means_nothing_is_told_before_anything_runs(place, condition, tmp_path, capsys):
    sentence = refused(SOUND + place.format(condition), tmp_path, capsys)

    assert "has no meaning: " in sentence


AT_THE_END = [
    ("event = []", "has no key 'event'; did you mean 'events'?"),
    ("events = ['pluged']", "events has no event 'pluged'; did you mean 'plugged'?"),
    ("events = 'plugged'", 'events is a list of texts such as ["one", "two"], not \'plugged\''),
    (
        "events = ['status Charging']",
        "events: status Charging has 'Charging' where FIELD=VALUE, FIELD>=NUMBER or FIELD=A..B was meant",
    ),
    ("sent = ['StopTransactoin']", "sent has no action 'StopTransactoin'; did you mean 'StopTransaction'?"),
    ("frames = { Heartbeats = 1 }", "frames has no key 'Heartbeats'; did you mean 'Heartbeat'?"),
    ("frames = { Heartbeat = '>=many' }", "frames: Heartbeat compares numbers, and 'many' is none"),
    ("frames = { Heartbeat = 'many' }", "frames: Heartbeat compares numbers, and 'many' is none"),
    (
        "transactions = [{ energy_wh = 'a..b' }]",
        "transactions: 1: energy_wh compares numbers, and 'a..b' is none",
    ),
    (
        "transactions = [{ energy_wh = '20..10' }]",
        "transactions: 1: energy_wh is from 20 to 10, which nothing can be",
    ),
    ("transactions = {}", "transactions is a list of tables, not {}"),
    (
        "transactions = [{ energie_wh = 5 }]",
        "transactions: 1 has no key 'energie_wh'; did you mean 'energy_wh'?",
    ),
    ("connectors = [5]", "connectors: 1 is a table of names and values, not 5"),
    ("connectors = [{}, {}]", "connectors has 2 tables, and the board 1"),
    ("never = 'x'", "never is a list of conditions, not 'x'"),
]


@pytest.mark.parametrize(("text", "sentence"), AT_THE_END)
def test_what_is_wrong_in_the_expectations(text, sentence, tmp_path, capsys):
    found = refused(f"{SOUND}[expect]\n{text}", tmp_path, capsys)

    assert found in (f": expect {sentence}", f": expect: {sentence}")


def test_the_example_in_the_documentation_holds(tmp_path):
    path = tmp_path / "example.toml"
    path.write_text(textwrap.dedent(scenario_file.__doc__.split("\n\n", 1)[1].partition("At the top")[0]))

    assert scenario.play(scenario_file.load(path)).failures == []


def test_the_mark_that_some_editors_put_before_utf_8_is_no_part_of_the_scenario(tmp_path):
    path = tmp_path / "marked.toml"
    path.write_bytes(b"\xef\xbb\xbf" + SOUND.encode())

    assert scenario.play(scenario_file.load(path)).failures == []


def test_the_mark_of_another_encoding_is_refused(tmp_path, capsys):
    assert refused(SOUND.encode("utf-16"), tmp_path, capsys) == "is not UTF-8 text; save it as such"


def test_a_file_that_is_not_there_is_told_with_those_that_are(capsys):
    assert main(["run", "no/such.toml"]) == 2

    printed = capsys.readouterr().err
    assert printed.startswith("no/such.toml cannot be read (No such file or directory); give ")
    assert "first_charge" in printed


def test_a_folder_is_no_scenario(tmp_path, capsys):
    assert main(["run", str(tmp_path)]) == 2
    assert "(Is a directory)" in capsys.readouterr().err


def test_json_tells_a_refusal_as_an_object(tmp_path, capsys):
    path = tmp_path / "x.toml"
    path.write_text("titel = 1")

    assert main(["run", str(path), "--json"]) == 2
    told = json.loads(capsys.readouterr().out)
    assert told == {"ok": False, "error": f"{path} has no key 'titel'; did you mean 'title'?"}


@pytest.mark.parametrize("seed", ["-1", "x", "1.5", "", "9" * 30])
def test_a_seed_that_is_none_is_refused(seed, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["run", "first_charge", f"--seed={seed}"])

    assert ended.value.code == 2
    assert "is no seed; give a whole number from 0 on" in capsys.readouterr().err


# Whatever stands in a file, it is a scenario or it is refused.

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
KEYS = st.sampled_from([*scenario_file.KEYS, "at", "do", "other"])


@hypothesis.given(st.dictionaries(KEYS, VALUES, max_size=4))
def test_any_table_is_a_scenario_or_is_refused(changed):
    document = {"title": "T", "step": [{"at": 1}], **changed}
    try:
        found = shapes.table(document, scenario_file.KEYS)
    except Malformed as reason:
        found = str(reason)

    assert isinstance(found, str) or set(found) == set(scenario_file.KEYS)


@hypothesis.given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
@hypothesis.settings(suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture])
def test_any_bytes_are_a_scenario_or_are_refused(tmp_path, content):
    path = tmp_path / "any.toml"
    path.write_bytes(content)

    with pytest.raises(Malformed, match=r"any\.toml"):
        scenario_file.load(path)


STEP = st.dictionaries(
    st.sampled_from(
        ["do", "at", "after", "expect", "hold", "within", "during", "connector", "to", "ev", "other"]
    ),
    VALUES
    | st.sampled_from(["plug", "unplug", "backend", "reset", "fault", "network", "stop", "Charging", 1]),
    max_size=4,
)


@hypothesis.given(st.lists(STEP, min_size=1, max_size=3))
@hypothesis.settings(max_examples=50)
def test_any_steps_can_be_read_or_are_refused(tables):
    async def main():
        station = Station(kernel.current())
        try:
            return await step_reader.read(tables, station, Rehearsal(station.bench))
        except Malformed as reason:
            return str(reason)
        finally:
            station.store.close()

    found = kernel.run(main())

    assert len(found) == len(tables) or found.startswith(": step ")
