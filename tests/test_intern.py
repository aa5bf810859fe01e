"""Texts that files of a board's build share: named at the top, and so kept once."""

import subprocess

import pytest

import flash
from tests import runtimes
from tools.intern import intern

READER = '"""Reads a setting."""\n\ndef name(): return "HeartbeatInterval"\n'
WRITER = '"""Writes it."""\nTABLE = (("HeartbeatInterval", 300), ("MessageTimeout", 30))\n'


def test_what_two_files_spell_alike_is_named_in_both_and_no_line_moves():
    assert intern({"a": READER, "b": WRITER}) == {
        "a": "global HeartbeatInterval; " + READER,
        "b": "global HeartbeatInterval; " + WRITER,
    }


@pytest.mark.parametrize("text", ["ten_letter", "Heartbeat Interval", "Heartbeat.Interval", "2Heartbeats"])
def test_what_is_short_or_no_name_stays(text):
    sources = dict.fromkeys("ab", f'"""A file."""\nx = "{text}"\n')
    assert intern(sources) == sources


def test_a_file_that_begins_with_something_else_stays():
    source = 'x = "HeartbeatInterval"\n'
    assert intern({"a": READER, "b": source})["b"] == source


@pytest.mark.parametrize("named", [False, True])
def test_the_compiler_takes_the_hint(micropython, tmp_path, named):
    sources = {"a": READER, "b": READER}
    for name, text in (intern(sources) if named else sources).items():
        command = [flash.compiler(), "-s", name, "-o", tmp_path / f"{name}.mpy", "-"]
        subprocess.run(command, input=text, text=True, check=True)
    script = tmp_path / "script.py"
    script.write_text("import a, b\nprint(a.name() is b.name())\n")
    done = runtimes.run(micropython, script, path=tmp_path)
    assert (done.stderr, done.stdout) == ("", f"{named}\n")


def test_the_device_is_whole_afterwards():
    sources = {flash.module_of(path): (flash.ROOT / path).read_text("utf-8") for path in flash.device_files()}
    done = intern(sources)
    assert done.keys() == sources.keys()
    changed = [name for name in done if done[name] != sources[name]]
    assert "ocpp_client.keys" in changed
    for name in changed:
        compile(done[name], name, "exec")
        assert done[name].endswith(sources[name])
