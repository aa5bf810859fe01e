"""A line that is being typed on a terminal: keys in, finished lines out. Knows neither file nor screen."""

import codecs
import re

from rich.cells import cell_len

_KEY = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1bO.|\x1b[^\[O]|.", re.DOTALL)
"""One key: an escape sequence (ECMA-48, 5.4), or a character."""
_PART = re.compile(r"\x1b(\[[0-?]{0,16}|O)?")
"""A sequence of which the rest is still to come."""
MOST_CHARACTERS = 500


class LineEditor:
    """The line and the cursor in it, with the lines before it as history."""

    def __init__(self, complete=lambda text: ()):
        """`complete(text)`: the words that could end `text`, which the tabulator key asks for."""
        self.text = ""
        self.cursor = 0
        self.ended = False
        """Ctrl-D on an empty line: nothing more will come."""
        self._complete = complete
        self._history = []
        self._at = 0
        self._finished = []
        self._rest = ""
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode

    def feed(self, data):
        """Take the bytes of keys; returns the lines that they finish."""
        text = self._rest + self._decode(data)
        self._rest = ""
        while text and not self._rest:
            if _PART.fullmatch(text):
                self._rest = text
            else:
                key = _KEY.match(text)[0]  # type: ignore[index]  # it matches anything
                text = text[len(key) :]
                self._press(key)
        finished, self._finished = self._finished, []
        return finished

    def view(self, columns):
        """(what to show of the line in so many columns, the cursor's column in it)."""
        first = max(0, self.cursor - columns + 1)
        return self.text[first : first + columns], self.cursor - first

    def _press(self, key):
        action = _ACTIONS.get(key)
        if action:
            action(self)
        elif key.isprintable() and cell_len(key) == 1 and len(self.text) < MOST_CHARACTERS:
            self._insert(key)

    def _insert(self, piece):
        self.text = self.text[: self.cursor] + piece + self.text[self.cursor :]
        self.cursor += len(piece)

    def _cut(self, start, end):
        self.text = self.text[:start] + self.text[end:]
        self.cursor = start

    def _show(self, text):
        self.text = text
        self.cursor = len(text)

    # What keys do.

    def _enter(self):
        line = self.text
        if line.strip() and self._history[-1:] != [line]:
            self._history.append(line)
        self._at = len(self._history)
        self._show("")
        self._finished.append(line)

    def _left(self):
        self.cursor = max(0, self.cursor - 1)

    def _right(self):
        self.cursor = min(len(self.text), self.cursor + 1)

    def _home(self):
        self.cursor = 0

    def _end(self):
        self.cursor = len(self.text)

    def _backspace(self):
        self._cut(max(0, self.cursor - 1), self.cursor)

    def _delete(self):
        self._cut(self.cursor, self.cursor + 1)

    def _delete_or_end(self):
        if self.text:
            self._delete()
        else:
            self.ended = True

    def _cut_before(self):
        self._cut(0, self.cursor)

    def _cut_after(self):
        self._cut(self.cursor, len(self.text))

    def _cut_word(self):
        before = self.text[: self.cursor].rstrip()
        self._cut(before.rfind(" ") + 1, self.cursor)

    def _up(self):
        self._recall(self._at - 1)

    def _down(self):
        self._recall(self._at + 1)

    def _recall(self, at):
        if 0 <= at <= len(self._history):
            self._at = at
            self._show(self._history[at] if at < len(self._history) else "")

    def _tab(self):
        before = self.text[: self.cursor]
        found = self._complete(before)
        if found:
            typed = before.rpartition(" ")[2]
            whole = len(found) == 1 and not found[0].endswith("=")
            self._insert(_common(found)[len(typed) :] + (" " if whole else ""))


def _common(words):
    """What all `words` begin with."""
    first, last = min(words), max(words)
    length = 0
    while length < len(first) and first[length] == last[length]:
        length += 1
    return first[:length]


_ACTIONS = {
    "\r": LineEditor._enter,
    "\n": LineEditor._enter,
    "\t": LineEditor._tab,
    "\x7f": LineEditor._backspace,
    "\b": LineEditor._backspace,
    "\x01": LineEditor._home,
    "\x02": LineEditor._left,
    "\x04": LineEditor._delete_or_end,
    "\x05": LineEditor._end,
    "\x06": LineEditor._right,
    "\x0b": LineEditor._cut_after,
    "\x0e": LineEditor._down,
    "\x10": LineEditor._up,
    "\x15": LineEditor._cut_before,
    "\x17": LineEditor._cut_word,
    "\x1b[A": LineEditor._up,
    "\x1b[B": LineEditor._down,
    "\x1b[C": LineEditor._right,
    "\x1b[D": LineEditor._left,
    "\x1b[F": LineEditor._end,
    "\x1b[H": LineEditor._home,
    "\x1b[1~": LineEditor._home,
    "\x1b[3~": LineEditor._delete,
    "\x1b[4~": LineEditor._end,
    "\x1bOA": LineEditor._up,
    "\x1bOB": LineEditor._down,
    "\x1bOC": LineEditor._right,
    "\x1bOD": LineEditor._left,
    "\x1bOF": LineEditor._end,
    "\x1bOH": LineEditor._home,
}
"""What a terminal sends for a key (xterm, ECMA-48), and the Ctrl keys that shells have."""
