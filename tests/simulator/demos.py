"""`python -m simulator demo` as a process of a test's: on a pipe, or at a terminal of its own."""

import contextlib
import os
import re
import select
import subprocess
import sys
import time

from tests.simulator import terminals

BOUND_S = 60
COMMAND = [sys.executable, "-m", "simulator", "demo"]
BRIEF = ["--once", "--charge-s", "3"]
AT_A_TERMINAL = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""
"""Makes the standard input the terminal of its own session, as a shell's job has it."""


def environment(**more):
    kept = {
        name: value for name, value in os.environ.items() if name not in ("DEMO", "NO_COLOR", "FORCE_COLOR")
    }
    return {**kept, "TERM": "xterm-256color", **more}


class Demo(subprocess.Popen):
    """A demo as a process, and what `until` has heard of it."""

    heard = ""


@contextlib.contextmanager
def piped(*arguments, before=(), stdin=subprocess.PIPE):
    """A demo as a process; whatever the test does, nothing is left of it. `before`: words before its own."""
    pipe = subprocess.PIPE
    process = Demo(
        [*before, *COMMAND, *arguments], stdin=stdin, stdout=pipe, stderr=pipe, text=True, env=environment()
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream:
                stream.close()


@contextlib.contextmanager
def at_a_terminal(*arguments, **more):
    """(process, keyboard, `terminals.Screen`)."""
    with terminals.terminal() as (outer, inner):
        command = [sys.executable, "-c", AT_A_TERMINAL, *COMMAND, *arguments]
        process = subprocess.Popen(
            command, stdin=inner, stdout=inner, stderr=inner, start_new_session=True, env=environment(**more)
        )
        os.close(inner)
        try:
            yield process, outer, terminals.Screen(outer)
        finally:
            process.kill()
            process.wait()


def says(words):
    return lambda lines: any(words in line for line in lines)


def found(pattern, text):
    """What the group of `pattern` is in a line of `text`."""
    match = re.search(pattern, text, re.MULTILINE)
    assert match, text
    return match[1]


def until(process, words):
    """All output so far, as soon as these words are in it."""
    output = process.stdout.fileno()
    end_s = time.monotonic() + BOUND_S
    while words not in process.heard:
        assert select.select([output], [], [], max(0, end_s - time.monotonic()))[0], process.heard
        data = os.read(output, 65_536)
        assert data, process.heard
        process.heard += data.decode()
    return process.heard
