"""Ctrl-C while a program only begins: no traceback, and the exit code that says so."""

import signal
import subprocess
import sys

import pytest

from simulator import __main__ as program
from tests.runtimes import ROOT

BOUND_S = 60


@pytest.mark.parametrize("name", program.PARTS)
def test_while_its_part_is_imported(name, monkeypatch, capsys):
    def interrupted(module):
        raise KeyboardInterrupt

    monkeypatch.setattr(program.importlib, "import_module", interrupted)

    assert program.main([name]) == 130
    assert capsys.readouterr() == ("", "")


def test_as_a_process():
    """`-X importtime` tells on stderr what was imported; here the next of many imports is interrupted."""
    command = [sys.executable, "-X", "importtime", "-m", "simulator", "demo", "--once"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdout=pipe, stderr=pipe, text=True) as process:
        try:
            assert process.stderr
            next(line for line in process.stderr if line.endswith(" control.limits\n"))
            process.send_signal(signal.SIGINT)
            said, imported = process.communicate(timeout=BOUND_S)
        finally:
            process.kill()
    others = [line for line in imported.splitlines() if not line.startswith("import time:")]
    assert (process.returncode, said, others) == (130, "", [])
