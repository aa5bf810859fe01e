"""`machine.Pin` of both families of chips."""

from simulator.pins.node import Irq
from simulator.pins.rules import Undefined
from simulator.pins.wired import Wired


def number_of(chip, pin):
    """The number of a Pin or of an int; ValueError where the chip has no such pin, as the ports raise."""
    number = getattr(pin, "_number", pin)
    if isinstance(number, bool) or not isinstance(number, int) or number not in chip.rules.pins:
        raise ValueError("invalid pin")
    if number in chip.rules.reserved:
        raise Undefined("pin %d is wired to the wireless chip; choose another" % number)
    return number


class Pin(Wired):
    """What both families share; states live in the node, so that two objects of one pin are one pin."""

    IN = OUT = OPEN_DRAIN = PULL_UP = PULL_DOWN = IRQ_RISING = IRQ_FALLING = 0  # the families' own

    def _choose(self, id):
        self._number = number_of(self._chip, id)
        self._node = self._chip.pin(self._number)

    def value(self, x=None):
        """The level on the wire, or set the level that the pin drives as an output."""
        if x is None:
            return self._read()
        self._write(1 if x else 0)
        return None

    def __call__(self, x=None):
        return self.value(x)

    def on(self):
        """Drive high."""
        self._write(1)

    def off(self):
        """Drive low."""
        self._write(0)

    def toggle(self):
        """Drive the other level."""
        self._write(1 - self._node.latch)

    def _read(self):
        self._chip.look()
        return 0 if self._node.analogue else self._node.level

    def _write(self, level):
        node = self._node
        node.latch = level
        if node.drive == "pin" or node.mode == self.OPEN_DRAIN:
            self._drive()

    def _drive(self):
        node = self._node
        if node.mode == self.OPEN_DRAIN:
            node.assign("" if node.latch else "pin", 0)
        else:
            node.assign("pin" if node.mode == self.OUT else "", node.latch)

    def _become(self, mode, value):
        node = self._node
        node.analogue = False
        if value is not None:
            node.latch = 1 if value else 0
        elif mode == self.OPEN_DRAIN:
            node.latch = 1
        node.mode = mode
        self._drive()

    def _pull(self, pull):
        names = {self.PULL_UP: "up", self.PULL_DOWN: "down"}
        if pull is not None and pull not in names:
            raise Undefined("a pin has no pull %r here; take PULL_UP, PULL_DOWN or None" % (pull,))
        self._node.pull = names.get(pull)
        self._node.settle()

    def _interrupt(self, handler, trigger, hard):
        edges = (self.IRQ_RISING, self.IRQ_FALLING)
        if trigger & ~(edges[0] | edges[1]):
            raise Undefined("the trigger %r is none of the edges that are simulated here" % trigger)
        irq = Irq(self, handler, trigger, hard, edges)
        self._node.settle()
        self._node.irq = irq if handler else None
        return irq


class Rp2Pin(Pin):
    """Pin of ports/rp2: no drive strength, interrupts hard or soft."""

    IN, OUT, OPEN_DRAIN, ALT = 0, 1, 2, 3
    PULL_UP, PULL_DOWN = 1, 2
    IRQ_FALLING, IRQ_RISING = 4, 8

    def __init__(self, id, mode=-1, pull=-1, *, value=None, alt=None):
        self._choose(id)
        if (mode, pull, value, alt) != (-1, -1, None, None):
            self.init(mode, pull, value=value, alt=alt)

    def init(self, mode=-1, pull=-1, *, value=None, alt=None):
        """Configure; a pull that is not named is taken off."""
        if mode not in (-1, None):
            if mode not in (self.IN, self.OUT, self.OPEN_DRAIN):
                raise ValueError("invalid pin af: %r" % alt)
            self._become(mode, value)
        self._pull(None if pull == -1 else pull)

    def high(self):
        """Drive high."""
        self._write(1)

    def low(self):
        """Drive low."""
        self._write(0)

    def irq(self, handler=None, trigger=12, *, hard=False):
        """Call `handler(pin)` at the edges of `trigger`, within the interrupt when `hard`."""
        return self._interrupt(handler, trigger, hard)


class Esp32Pin(Pin):
    """Pin of ports/esp32: interrupts are scheduled, always."""

    IN, OUT, OPEN_DRAIN = 1, 3, 7
    PULL_DOWN, PULL_UP = 1, 2
    IRQ_RISING, IRQ_FALLING = 1, 2
    DRIVE_0, DRIVE_1, DRIVE_2, DRIVE_3 = 0, 1, 2, 3

    def __init__(self, id, mode=-1, pull=-1, *, value=None, drive=None):
        self._choose(id)
        if (mode, pull, value, drive) != (-1, -1, None, None):
            self.init(mode, pull, value=value, drive=drive)

    def init(self, mode=-1, pull=-1, *, value=None, drive=None):
        """Configure; a pull that is not named stays."""
        if mode not in (-1, None):
            if mode not in (self.IN, self.OUT, self.OPEN_DRAIN):
                raise Undefined("a pin has no mode %r here" % mode)
            self._become(mode, value)
        elif value is not None:
            self._write(1 if value else 0)
        if pull != -1:
            self._pull(pull)

    def irq(self, handler=None, trigger=3, *, wake=None):
        """Schedule `handler(pin)` at the edges of `trigger`."""
        return self._interrupt(handler, trigger, False)
