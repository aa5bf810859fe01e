"""The screen and the keyboard of `python -m simulator demo`.

On a terminal the line that is being typed stays the last one, and what happens is printed above it. A pipe
or a file gives its lines one after another, and at its end None.
"""

import asyncio
import codecs
import contextlib
import os
import signal
import stat
import sys
import termios
import tty

from rich.console import Console
from rich.text import Text

from simulator.terminal.line_editor import LineEditor

MARK = "mode3> "
ERASE = "\r\x1b[K"
"""To the first column, and nothing behind it (ECMA-48, 8.3.41)."""
CHUNK_BYTES = 4096
"""Also the longest line of a pipe."""
MOST_BYTES = 1 << 20
"""What is read of a file."""
QUIT = "quit"
"""The line that the end of a terminal, or Ctrl-D, stands for."""


def open_prompt(console, gone, complete=lambda text: ()):
    """The `Prompt` that fits the standard input and `console`, a `Screen`.

    `gone()` is called when nobody reads the output any more; `complete` is as `LineEditor` takes it.
    """
    file = _standard_input()
    if file is None:
        return Prompt(console, gone)
    if os.isatty(file) and console.is_terminal and not console.is_dumb_terminal:
        return Typed(console, gone, file, complete)
    return Piped(console, gone, file)


class Screen(Console):
    """rich's console, which would end the process by itself where nobody reads any more."""

    def on_broken_pipe(self):
        raise BrokenPipeError


class Prompt:
    """A screen alone: no line ever comes."""

    def __init__(self, console, gone):
        self._console = console
        self._gone = gone
        self._loop = asyncio.get_running_loop()

    def print(self, *things):
        """Show rich renderables, each from a new line on."""
        self._attempt(self._print, things)

    async def line(self):
        """The next line that was given; None: no more can come."""
        return None

    def close(self):
        """Give screen and keyboard back as they were."""

    def _attempt(self, output, what):
        try:
            output(what)
        except OSError:
            # A closed pipe, as behind `head`, or terminal: what is left in the buffer has nowhere to go.
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._console.file.fileno())
            os.close(nowhere)
            self._gone()

    def _print(self, things):
        # What is no terminal gets lines as they are: a script may read them.
        self._console.print(*things, sep="\n", soft_wrap=not self._console.is_terminal)


class _Reading(Prompt):
    """Reads what comes as it comes."""

    def __init__(self, console, gone, file):
        super().__init__(console, gone)
        self._file = file
        self._lines: asyncio.Queue[str | None] = asyncio.Queue()

    async def line(self):
        return await self._lines.get()

    def close(self):
        self._loop.remove_reader(self._file)

    def _begin(self):
        self._loop.add_reader(self._file, self._read)

    def _read(self):
        try:
            data = os.read(self._file, CHUNK_BYTES)
        except OSError:  # a terminal that was closed
            data = b""
        if not data:
            self._loop.remove_reader(self._file)
        self._take(data)

    def _take(self, data):
        """`data` has come; b"" is the end."""
        raise NotImplementedError


class Piped(_Reading):
    """Lines from a pipe, a file, or a terminal that is no screen as well."""

    def __init__(self, console, gone, file):
        super().__init__(console, gone, file)
        self._rest = ""
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        if stat.S_ISREG(os.fstat(file).st_mode):
            self._put([*os.read(file, MOST_BYTES).decode("utf-8", "replace").splitlines(), None])
            return
        try:
            self._begin()
        except PermissionError:  # /dev/null and its like cannot be waited for
            self._put([None])

    def _take(self, data):
        *lines, self._rest = (self._rest + self._decode(data, not data)).split("\n")
        if not data or len(self._rest) > CHUNK_BYTES:
            lines, self._rest = [*lines, self._rest], ""
        self._put(lines)
        if not data:
            self._put([QUIT if os.isatty(self._file) else None])

    def _put(self, lines):
        for line in lines:
            self._lines.put_nowait(line)


class Typed(_Reading):
    """A person at a terminal."""

    def __init__(self, console, gone, file, complete):
        super().__init__(console, gone, file)
        self._editor = LineEditor(complete)
        self._modes = termios.tcgetattr(file)
        with console.capture() as captured:
            console.print(Text(MARK, style="bold cyan"), end="")
        self._mark = captured.get()
        self._loop.add_signal_handler(signal.SIGCONT, self._resume)
        self._resume()
        self._begin()

    def close(self):
        super().close()
        self._loop.remove_signal_handler(signal.SIGCONT)
        self._attempt(self._write, ERASE)
        with contextlib.suppress(termios.error):  # the terminal itself may be gone
            termios.tcsetattr(self._file, termios.TCSANOW, self._modes)

    def _resume(self):
        """Take the keys one by one; also after Ctrl-Z and `fg`: a shell has had the terminal meanwhile."""
        tty.setcbreak(self._file, termios.TCSANOW)
        self._draw()

    def _take(self, data):
        for line in self._editor.feed(data):
            self._attempt(self._write, f"{ERASE}{self._mark}{line}\n")
            self._lines.put_nowait(line)
        self._draw()
        if not data or self._editor.ended:
            self._loop.remove_reader(self._file)
            self._lines.put_nowait(QUIT)

    def _print(self, things):
        with self._console.capture() as captured:
            super()._print(things)
        self._write(ERASE + captured.get() + self._shown())

    def _draw(self):
        self._attempt(self._write, ERASE + self._shown())

    def _shown(self):
        """The mark and the line, with the cursor where it belongs."""
        text, cursor = self._editor.view(max(1, self._console.width - len(MARK) - 1))
        back = len(text) - cursor
        return self._mark + text + (f"\x1b[{back}D" if back else "")

    def _write(self, text):
        self._console.file.write(text)
        self._console.file.flush()


def _standard_input():
    """Its descriptor, or None where nothing can come from it."""
    try:
        file = sys.stdin.fileno()
        # A job in the background that touches its terminal is stopped by the system.
        usable = not os.isatty(file) or os.tcgetpgrp(file) == os.getpgrp()
    except (AttributeError, ValueError, OSError):
        return None
    return file if usable else None
