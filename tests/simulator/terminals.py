"""Pseudo-terminals for tests, and what a screen shows after all that was written to it."""

import asyncio
import contextlib
import fcntl
import os
import pty
import re
import select
import struct
import termios
import time

COLUMNS, ROWS = 90, 40
_CONTROL = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
_ERASE = "\r\x1b[K"


@contextlib.contextmanager
def terminal():
    """(the keyboard and screen, the program's end) of a terminal, as descriptors."""
    outer, inner = pty.openpty()
    fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    try:
        yield outer, inner
    finally:
        for descriptor in (outer, inner):
            with contextlib.suppress(OSError):
                os.close(descriptor)


class Screen:
    """Reads what a program writes to its terminal."""

    def __init__(self, outer):
        self._outer = outer
        self.written = ""

    def lines(self):
        """What is to be seen, line by line, without colours."""
        return [
            _CONTROL.sub("", line.replace("\r\n", "\n").rstrip("\r").rpartition(_ERASE)[2]).rstrip("\r")
            for line in self.written.split("\n")
        ]

    async def shows(self, holds):
        """Wait until `holds(lines)`, beside what runs in the same loop."""
        while not holds(self.lines()):
            await asyncio.sleep(0)
            if select.select([self._outer], [], [], 0)[0]:
                self.read()

    def until(self, holds, bound_s):
        """Read until `holds(lines)`; AssertionError after `bound_s`."""
        end_s = time.monotonic() + bound_s
        while not holds(self.lines()):
            left_s = end_s - time.monotonic()
            assert left_s > 0, "\n".join(self.lines())
            if select.select([self._outer], [], [], left_s)[0] and not self.read():
                break
        assert holds(self.lines()), "\n".join(self.lines())

    def read(self):
        """Take what is there; False at the end."""
        try:
            data = os.read(self._outer, 65_536)
        except OSError:  # Linux says EIO when the other end was closed
            data = b""
        self.written += data.decode("utf-8", "replace")
        return bool(data)
