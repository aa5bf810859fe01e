"""A processor in virtual time: its pins, events and interrupts, and the modules that its drivers import."""

from simulator.pins import modules, rules
from simulator.pins.installation import Installation
from simulator.pins.node import Node
from simulator.pins.nor import SECTOR_BYTES, Nor
from simulator.pins.second import Second
from simulator.pins.wires import Bus, Serial
from simulator.portable.noise import Random

SCHEDULED = 8
"""Callbacks that may wait at once (MICROPY_SCHEDULER_DEPTH); more are lost, as on the ports."""


class Event:
    """Something that will happen; `cancelled` ones do not."""

    def __init__(self, at_us, happen):
        self.at_us = at_us
        self.happen = happen
        self.cancelled = False

    def cancel(self):
        """It does not happen."""
        self.cancelled = True


class Chip:
    """The processor that `board` names, from power-up on.

    `seed` decides jitter and converter noise. `version` is the MicroPython it runs: the board's lowest by
    itself. `on_reset(cause)`, if there is one, is told of each restart ('software', 'watchdog'); without it
    `rules.Restarted` is raised, as the call that restarted a real chip never returns.

    Time passes where it is made to (`advance`), and in calls of the ports that take some: a conversion, a
    byte, an erase. The Python in between takes none.
    """

    def __init__(self, board, seed=0, version=None, now_us=0):
        if board.chip not in rules.CHIPS:
            raise ValueError(
                "no pins of a '%s' are simulated; choose a board with one of: %s"
                % (board.chip, ", ".join(sorted(rules.CHIPS)))
            )
        self.board = board
        self.rules = rules.CHIPS[board.chip]()
        self.version = version or board.lowest_micropython
        self.random = Random(seed)
        self.now_us = now_us
        self.on_reset = None
        self.lost = 0
        """Callbacks that found the scheduler's queue full."""
        self.flash = Nor(self, self.rules.flash_bytes if self.rules.family == "rp2" else 0x800000)
        self.kept = {}
        """What survives a restart: scratch registers, RTC."""
        self.air = {}
        """Wi-Fi in reach: name to (key, channel, dBm)."""
        self._nodes = {}
        self._lively = []
        self._serials = {}
        self._buses = {}
        self._installed = None
        self.second = Second(self)
        """The other core, with whatever runs there."""
        self._power_up("power_on")
        if self.rules.family == "rp2" and board.journal[1]:
            self.flash.format(self.rules.flash_bytes // SECTOR_BYTES - board.journal[1])

    def pin(self, number):
        """The node of a pin, for circuit and ports."""
        if number not in self._nodes:
            self._nodes[number] = Node(self, number)
        return self._nodes[number]

    def serial(self, tx, rx):
        """The serial line on these pins, for a circuit: what hangs on it listens and sends."""
        if (tx, rx) not in self._serials:
            self._serials[(tx, rx)] = Serial(self)
        return self._serials[(tx, rx)]

    def bus(self, sda, scl):
        """The I2C bus on these pins, for a circuit: devices are attached to it."""
        if (sda, scl) not in self._buses:
            self._buses[(sda, scl)] = Bus()
        return self._buses[(sda, scl)]

    def install(self):
        """A context manager: inside it `import machine` and its neighbours give this chip's."""
        self._installed = Installation(modules.of(self), modules.times(self), self)
        return self._installed

    def restart(self, cause):
        """The processor starts anew: pins at rest, nothing scheduled, the drivers' modules to be imported
        again. 'power_on' and 'brown_out' also forget what a supply keeps."""
        if cause in ("power_on", "brown_out"):
            self.kept.clear()
        self._power_up(cause)
        if self._installed:
            self._installed.renew()

    def reset(self, cause):
        """For the ports: the firmware or its watchdog restarts the processor."""
        on_second = self.second.running
        self.restart(cause)
        if on_second:
            self.second.owed = cause
        if on_second or not self.on_reset:
            raise rules.Restarted("the processor restarts (%s); give the chip an on_reset to go on" % cause)
        self.on_reset(cause)

    def advance(self, us):
        """Let `us` pass while the processor is idle: everything due happens, in its order."""
        self.look()
        self._pass(self.now_us + us, True)

    def sleep(self, us):
        """For the ports: whoever runs now sleeps so long."""
        if self.second.running:
            self.second.sleep(us)
        else:
            self.advance(us)

    def spend(self, us):
        """For the ports: a call takes `us`. Hardware goes on and hard interrupts come; scheduled callbacks
        wait for its end."""
        until_us = self.now_us + us
        while self._turn(until_us, False):
            pass
        self.now_us = max(self.now_us, until_us)
        if self._soft and not self._in_soft and not self._masked and not self.second.running:
            self._run_soft()

    def deafen(self, us):
        """For the ports: the same with interrupts off and the other core halted, as while flash is erased or
        programmed."""
        self.mask(True)
        self.deaf = True
        self._pass(self.now_us + us, False)
        self.deaf = False
        self.mask(False)
        self.second.wake()

    def mask(self, on):
        """For the ports: hold interrupts back, or let those come that were held back."""
        self._masked += 1 if on else -1
        while self._late and not self._masked:
            handler, argument = self._late.pop(0)
            self._hard(handler, argument)

    def at(self, at_us, happen):
        """For ports and wires: call `happen()` at `at_us`; returns the `Event`."""
        event = Event(max(at_us, self.now_us), happen)
        index = len(self._events)
        while index and self._events[index - 1].at_us > event.at_us:
            index -= 1
        self._events.insert(index, event)
        return event

    def interrupt(self, handler, argument, hard):
        """For the ports: call `handler(argument)` now, or schedule it where interrupts are soft."""
        if not hard:
            self._schedule(handler, argument)
        elif self._masked:
            self._late.append((handler, argument))
        else:
            self._hard(handler, argument)

    def lively(self, node, whether):
        """For nodes: `node` is fed by a function, and to be looked at when time passes."""
        if node in self._lively:
            self._lively.remove(node)
        if whether:
            self._lively.append(node)

    def look(self):
        """For the ports: somebody looks at a pin; what comes from functions and converters is up to date."""
        for node in self._lively:
            node.settle()
        if self.converter:
            self.converter.catch_up()

    def _power_up(self, cause):
        self.cause = cause
        self.cores = []
        """PIO state machines that run."""
        self.converter = None
        """The free-running converter, where one is set up."""
        self.parts = {}
        """What the ports' objects share: slices, channels, radio..."""
        self._events = []
        self._soft = []
        self._late = []
        self._masked = 0
        self.deaf = False
        self.second.kill()
        self._in_soft = False
        for node in self._nodes.values():
            node.release()
            node.settle()
        for serial in self._serials.values():
            serial.release()

    def _pass(self, until_us, idle):
        while self._turn(until_us, idle):
            pass
        if until_us > self.now_us:
            self.now_us = until_us
        self.look()

    def _turn(self, until_us, idle):
        """Let the next thing until `until_us` happen; False when there is none."""
        while self._events and self._events[0].cancelled:
            self._events.pop(0)
        when_us, what = until_us + 1, self._happen
        if self._events:
            when_us = self._events[0].at_us
        if idle and self._soft and not self._in_soft and self._soft[0][0] < when_us:
            when_us, what = self._soft[0][0], self._run_soft
        mover = None
        for core in self.cores:
            change_us = core.next_us(min(until_us, when_us))
            if change_us is not None and change_us < when_us:
                when_us, mover = change_us, core
        if when_us > until_us:
            return False
        for core in self.cores:
            if core is not mover:
                core.until(when_us)
        self.now_us = max(self.now_us, when_us)
        (mover.change if mover else what)()
        return True

    def _happen(self):
        self._events.pop(0).happen()

    def _hard(self, handler, argument):
        self.look()
        self._masked += 1
        try:
            handler(argument)
        finally:
            self.mask(False)

    def _schedule(self, handler, argument):
        if len(self._soft) >= SCHEDULED:
            self.lost += 1
            return
        least_us, more_us = self.rules.soft_us
        due_us = self.now_us + least_us + self.random.below(more_us)
        if self._soft:
            due_us = max(due_us, self._soft[-1][0])
        self._soft.append((due_us, handler, argument))

    def _run_soft(self):
        self._in_soft = True
        try:
            while self._soft and self._soft[0][0] <= self.now_us:
                _, handler, argument = self._soft.pop(0)
                self.look()
                handler(argument)
        finally:
            self._in_soft = False
