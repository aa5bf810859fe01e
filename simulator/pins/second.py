"""The second core of RP2: `_thread.start_new_thread`, in step with virtual time.

What runs there is a real thread, but it has the processor only from the moment its sleep ends until it sleeps
again, while the other one waits: a run repeats, and nothing happens at once.
"""

import _thread

from simulator.pins.rules import Restarted


class Turns:
    """Turns between the one who calls `go`, and `live()` on a thread of its own, which calls `back`."""

    def __init__(self, live):
        self._live = live
        self._there = _thread.allocate_lock()
        self._here = _thread.allocate_lock()
        self._there.acquire()
        self._here.acquire()
        _thread.start_new_thread(self._begin, ())

    def go(self):
        """Let it run until it calls `back`, or ends."""
        self._there.release()
        self._here.acquire()

    def back(self):
        """Its turn is over; returns when the next one begins."""
        self._here.release()
        self._there.acquire()

    def _begin(self):
        self._there.acquire()
        self._live()
        self._here.release()


class Second:
    """The core, with one function on it at most."""

    def __init__(self, chip):
        self._chip = chip
        self.running = False
        """Whether it has the processor now."""
        self.stack_bytes = 4096
        self.owed = None
        """Cause of a restart that came while it ran, which the other core is still to be told."""
        self._turns = None  # type: Turns | None
        self._killed = False
        self._late = False
        self._error = None

    def start(self, function, arguments, keywords=None):
        """As `_thread.start_new_thread`. OSError: something runs there already (ports/rp2/mpthreadport.c)."""
        if self._turns:
            raise OSError(16, "core1 in use")
        self._killed = False
        self._turns = Turns(lambda: self._live(function, arguments, keywords or {}))
        self._chip.at(self._chip.now_us, self.resume)
        return 1

    def stack_size(self, size=0):
        """As `_thread.stack_size`: sets that of the next thread; returns what it was."""
        was, self.stack_bytes = self.stack_bytes, size or 4096
        return was

    def sleep(self, us):
        """What runs here sleeps."""
        self._chip.at(self._chip.now_us + us, self.resume)
        self.running = False
        if self._turns:
            self._turns.back()
        self.running = True
        if self._killed:
            raise Restarted("the processor restarts")

    def resume(self):
        """Its sleep is over; while the flash is written it stands still."""
        if not self._turns:
            return
        if self._chip.deaf:
            self._late = True
            return
        self._late = False
        self._chip.look()
        self._turns.go()
        self.running = False
        error, self._error = self._error, None
        owed, self.owed = self.owed, None
        if error:
            raise error
        if owed:
            self._chip.reset(owed)

    def wake(self):
        """The flash is written: go on, if it would have."""
        if self._late:
            self.resume()

    def kill(self):
        """The processor restarts."""
        self._late = False
        self._killed = True
        if self._turns and not self.running:
            self.resume()

    def _live(self, function, arguments, keywords):
        self.running = True
        try:
            if not self._killed:
                function(*arguments, **keywords)
        except Restarted:
            pass
        except BaseException as error:  # or who waits for it would wait for ever
            self._error = error
        self._turns = None
