"""What the demo cannot use is named in one sentence, with the way out, and ends it with exit code 2."""

import socket
import subprocess

import pytest

from tests.simulator.demos import BOUND_S, piped, until


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (
            ["--state", "/dev/null/x"],
            "--state /dev/null/x cannot be used: Not a directory; choose another folder",
        ),
        (["--state", __file__], "cannot be used: File exists; choose another folder"),
        (
            ["--port", "65536"],
            "Port 65536 does not exist; choose one from 1 to 65535, or 0 for any that is free.",
        ),
        (["--port", "x"], "invalid int value: 'x'"),
        (["--charge-s", "nan"], "'nan' is no number of seconds from 3 to 86400"),
        (["--speed", "2"], "unrecognized arguments: --speed 2"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(arguments, told):
    with piped(*arguments) as process:
        output, errors = process.communicate(timeout=BOUND_S)
    assert (process.returncode, output) == (2, "")
    assert told in errors
    assert errors.count("\n") == 1


@pytest.mark.parametrize("option", ["--port", "--control"])
def test_a_port_in_use_is_named(option):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with piped(option, port) as process:
            output, errors = process.communicate(timeout=BOUND_S)
    assert (process.returncode, output) == (2, "")
    assert port in errors
    assert "in use" in errors
    assert errors.count("\n") == 1


def test_two_cannot_share_a_state(tmp_path):
    with piped("--state", str(tmp_path), stdin=subprocess.DEVNULL) as first:
        until(first, "Mode3")
        with piped("--state", str(tmp_path)) as second:
            _, errors = second.communicate(timeout=BOUND_S)
    assert second.returncode == 2
    assert "is in use by another charger" in errors
