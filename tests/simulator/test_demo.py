"""`python -m simulator demo`, which `make run` starts, as the person sees it: on a pipe and on a terminal."""

import contextlib
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess

import pytest

from simulator.terminal.prompt import MARK
from tests.simulator.demos import BOUND_S, BRIEF, at_a_terminal, found, piped, says, until


def test_a_whole_charge_on_a_pipe(tmp_path):
    with piped(*BRIEF, "--state", str(tmp_path / "state"), stdin=subprocess.DEVNULL) as process:
        output, errors = process.communicate(timeout=BOUND_S)
    assert (process.returncode, errors) == (0, "")
    assert "\x1b" not in output
    assert MARK not in output
    assert "without a prompt" not in output
    assert "{" not in output.replace('{"do": "get"}', "")
    for status in ("Preparing", "Charging", "Finishing", "Available"):
        assert f"status {status}" in output
    for action in ("BootNotification", "StartTransaction", "MeterValues", "StopTransaction"):
        assert f"-> backend   {action}" in output
    assert re.search(r"offers 32\.0 A a phase", output)
    with contextlib.closing(sqlite3.connect(tmp_path / "state/backend.sqlite")) as database:
        query = "select id_tag, meter_stop_wh - meter_start_wh, stop_reason from transactions"
        ((id_tag, energy_wh, reason),) = database.execute(query).fetchall()
    assert (id_tag, reason) == ("CARD-1", "Local")
    assert energy_wh > 0
    assert re.search(rf"^Energy +{energy_wh / 1000:.3f} kWh$", output, re.MULTILINE)


def test_the_demo_on_a_terminal_goes_on_at_the_prompt():
    with at_a_terminal("--charge-s", "3", DEMO="1") as (process, keyboard, screen):
        screen.until(says("It charges"), BOUND_S)
        os.write(keyboard, b"ge")
        screen.until(says("The charge is over"), BOUND_S)
        screen.until(lambda lines: lines[-1] == MARK + "ge", BOUND_S)
        assert [line for line in screen.lines() if MARK in line] == [MARK + "ge"], "typed text garbles lines"
        os.write(keyboard, b"t\rquit\r")
        screen.until(says("Stopping."), BOUND_S)
        assert process.wait(BOUND_S) == 0
    shown = screen.lines()
    assert MARK + "get" in shown
    assert any(re.match(r"Status +Available - Ready to charge", line) for line in shown)
    assert "\x1b[1;35m>> " in screen.written


def test_without_colours_where_they_are_not_wanted():
    with at_a_terminal(NO_COLOR="1") as (process, keyboard, screen):
        screen.until(says("BootNotification"), BOUND_S)
        os.write(keyboard, b"help\r\x04")
        screen.until(says("Stopping."), BOUND_S)
        assert process.wait(BOUND_S) == 0
    assert says("RemoteStartTransaction")(screen.lines())
    assert not re.search(r"\x1b\[[0-9;]*3[0-9][;m]", screen.written)


def test_commands_come_through_a_pipe_one_after_another():
    with piped() as process:
        script = "wait connected 30\nplug max_a=16\nswipe CARD-1\nwait Charging 30\nstop\n"
        process.stdin.write(script + "wait transaction=false 30\nfly\nunplug\nwait Available 30\nquit\n")
        process.stdin.close()
        process.stdin = None
        output, errors = process.communicate(timeout=BOUND_S)
    assert (process.returncode, errors) == (0, "")
    assert "<- backend   RemoteStopTransaction" in output
    assert "transaction 1 stopped (Remote)" in output
    assert "without a prompt" not in output
    assert "'fly' is no command" in output
    assert output.index("'fly' is no command") < output.index("the car is unplugged")


def test_the_addresses_it_prints_are_there_and_go_with_it(tmp_path):
    with piped() as process:
        greeting = until(process, "connector 1 Available")
        folder = found(r"^Database +(.*)/backend\.sqlite$", greeting)
        assert found(r"^State +(.*)$", greeting).startswith("database and flash are deleted at the end")
        meter = found(r"^Meter +(/dev/\S+)", greeting)
        backend = found(r"^Backend +ws://127\.0\.0\.1:(\d+)/ocpp/MODE3-1", greeting)
        control = found(r"^Control +127\.0\.0\.1:(\d+)", greeting)
        assert os.path.exists(meter)
        assert os.path.isdir(f"{folder}/charger")
        socket.create_connection(("127.0.0.1", int(backend)), BOUND_S).close()
        with socket.create_connection(("127.0.0.1", int(control)), BOUND_S) as connection:
            connection.sendall(b'{"do": "plug", "ev": {"max_a": 16}}\n')
            assert json.loads(connection.makefile().readline())["ok"]
        until(process, "status Preparing")
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=BOUND_S)
        assert (process.returncode, errors) == (0, "")
        assert output.endswith("Stopping.\n")
        assert not os.path.exists(folder)
        for port in (backend, control):
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection(("127.0.0.1", int(port)), BOUND_S)


@pytest.mark.parametrize(
    ("stdin", "number"),
    [
        ("a pipe that ends", signal.SIGINT),
        ("nothing to read", signal.SIGTERM),
        ("none at all", signal.SIGHUP),
    ],
)
def test_without_input_it_runs_until_it_is_told_to_stop(stdin, number):
    before = ["sh", "-c", 'exec "$@" <&-', "sh"] if stdin == "none at all" else []
    with piped(
        before=before, stdin=subprocess.PIPE if stdin == "a pipe that ends" else subprocess.DEVNULL
    ) as process:
        if process.stdin:
            process.stdin.close()
            process.stdin = None
        until(process, "connector 1 Available")
        until(process, "No more commands can come: it goes on without a prompt, until Ctrl-C.")
        process.send_signal(number)
        _, errors = process.communicate(timeout=BOUND_S)
    assert (process.returncode, errors) == (0, "")


def test_ctrl_c_at_the_terminal_gives_it_back():
    with at_a_terminal() as (process, keyboard, screen):
        screen.until(says("connector 1 Available"), BOUND_S)
        os.write(keyboard, b"half a li\x03")
        screen.until(says("Stopping."), BOUND_S)
        screen.until(lambda lines: lines[-1] == "", BOUND_S)
        assert process.wait(BOUND_S) == 0
    assert "Traceback" not in screen.written


def test_a_demo_that_is_stopped_midway_has_not_charged():
    with piped(*BRIEF, stdin=subprocess.DEVNULL) as process:
        until(process, ">> A car comes")
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=BOUND_S)
    assert (process.returncode, errors) == (1, "")


def test_a_reader_that_leaves_ends_it():
    with piped(stdin=subprocess.DEVNULL) as process:
        until(process, "Mode3")
        process.stdout.close()
        process.stdout = None
        assert process.wait(BOUND_S) == 0
        assert process.stderr.read() == ""


def test_what_was_charged_is_still_there_at_the_next_start(tmp_path):
    charge = (
        "wait connected 30\nplug\nswipe CARD-1\nwait session_wh>=1 60\npress\nwait transaction=false 30\n"
    )
    ever = []
    for script in (charge, ""):
        with piped("--state", str(tmp_path)) as process:
            output, errors = process.communicate(f"{script}wait metered 30\nget\nquit\n", timeout=BOUND_S)
        assert (process.returncode, errors) == (0, "")
        assert "are kept for the next start" in output
        ever.append(found(r"^Energy .*?(\S+ kWh) ever", output))
    assert ever[0] == ever[1] != "0.000 kWh"
