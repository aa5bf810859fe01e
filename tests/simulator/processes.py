"""Programs of the simulator as processes of their own: each ends with its test, whatever happens."""

import json
import re
import socket
import subprocess
import sys
import threading
from pathlib import Path

import simulator

ROOT = Path(simulator.__file__).parent.parent
BOUND_S = 60
"""Of the wall clock, for a process that would hang."""


class Process:
    """`python -m MODULE ARGUMENTS`, with its lines."""

    def __init__(self, module, *arguments):
        command = [sys.executable, "-m", module, *map(str, arguments)]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=pipe, stderr=subprocess.STDOUT, text=True)
        self._bound = threading.Timer(BOUND_S, self._process.kill)
        self._bound.start()
        self.lines = []
        """What was read so far."""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.kill()
        self._process.wait()
        self._bound.cancel()
        assert self._process.stdout
        self._process.stdout.close()

    def says(self, pattern):
        """The next line in which `pattern` is found, as a match; everything up to it is read."""
        assert self._process.stdout
        for line in self._process.stdout:
            self.lines.append(line)
            found = re.search(pattern, line)
            if found:
                return found
        raise AssertionError(f"no line with {pattern!r} in:\n{''.join(self.lines)}")

    def stop_reading(self):
        """Close the pipe of its lines."""
        assert self._process.stdout
        self._process.stdout.close()

    def end(self, number):
        """Send the signal `number`; returns the exit code."""
        self._process.send_signal(number)
        return self._process.wait(BOUND_S)

    def exit_code(self):
        """The exit code of a process that ends by itself."""
        return self._process.wait(BOUND_S)


class BackendProcess(Process):
    """A backend on a port of its own that knows the card CARD."""

    def __init__(self, folder, *options):
        database = f"sqlite:///{folder}/backend.sqlite"
        super().__init__("simulator.backend", "--port", 0, "--database", database, "--card", "CARD", *options)
        self.url = self.says(r"(wss?://\S+)/IDENTITY")[1]


class ChargerProcess(Process):
    """A charger CP1 and a client of its control socket."""

    def __init__(self, url, *arguments):
        super().__init__("simulator", "charger", "--csms", url, "--id", "CP1", *arguments)
        port = int(self.says(r"control +127\.0\.0\.1:(\d+)")[1])
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=BOUND_S)
        self._file = self._socket.makefile("rwb")

    def __exit__(self, *exception):
        self._file.close()
        self._socket.close()
        super().__exit__(*exception)

    def ask(self, do, **fields):
        """The answer to a command."""
        self._file.write(json.dumps({"do": do, **fields}).encode() + b"\n")
        self._file.flush()
        return json.loads(self._file.readline())

    def do(self, do, **fields):
        """The answer to a command that is done."""
        answer = self.ask(do, **fields)
        assert answer["ok"], answer
        return answer

    def wait(self, wanted, timeout_s=30):
        """Until it is so."""
        return self.do("wait", **{"for": wanted, "timeout_s": timeout_s})

    def begin_a_charge(self):
        """In manual time, a minute after the boot: a car comes, a card is shown, and current flows."""
        self.wait("connected")
        self.do("advance", s=60)
        self.do("plug", ev={"max_a": 16})
        self.do("swipe", id_tag="CARD")
        self.do("advance", s=30)
        self.wait("status=Charging power_w>10000")
