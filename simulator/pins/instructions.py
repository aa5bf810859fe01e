"""The instructions of PIO: what each does to registers, FIFOs and pins (RP2350 data sheet, 11.4)."""

from simulator.pins.assembler import Program
from simulator.pins.rules import Undefined

WORD = 0xFFFFFFFF
DEPTH = 4
NOTHING = Program({}, {})
"""What a state machine has before it is set up."""


class Registers:
    """What a program works on. `_deeds` counts what others can notice, and what they let it notice."""

    def __init__(self, chip):
        self._chip = chip
        self.program = NOTHING
        self.offset = 0
        self.settings = {}  # type: dict
        """Pins by role, shifts and thresholds."""
        self.tx = []
        self.rx = []
        self.clear()

    def clear(self):
        """Begin the program anew."""
        self.pc = self.offset
        self.x = self.y = self.isr = self.osr = 0
        self.in_count, self.out_count = 0, 32
        self._deeds = 0
        self._stalled = False
        self._patient = True

    def hand(self, word):
        """The processor puts a word into the FIFO."""
        self.tx.append(word)
        self._deeds += 1

    def fetch(self):
        """The processor takes a word out of the FIFO."""
        self._deeds += 1
        return self.rx.pop(0)

    def moment_us(self):
        """When the present instruction is executed."""
        return self._chip.now_us

    def _differs(self, role, value):
        base, count = self.settings[role]
        for index in range(count):
            node = self._chip.pin(base + index)
            if node.drive == "pio" and node.out != value >> index & 1:
                return True
        return False

    def _put_pins(self, role, value):
        base, count = self.settings[role]
        for index in range(count):
            node = self._chip.pin(base + index)
            level = value >> index & 1
            if node.drive == "pio" and node.out != level:
                self._deeds += 1
                node.assign("pio", level)

    def _execute(self, word, at_once):
        done = EXECUTE[word >> 13](self, word >> 5 & 7, word & 31)
        if done is None:
            self._stalled = True
        elif done is True and not at_once:
            self.pc = self._after(self.pc)

    def _after(self, pc):
        program = self.program
        return self.offset + program.wrap_target if pc == self.offset + program.wrap else pc + 1

    def _jmp(self, condition, address):
        if not CONDITIONS[condition](self):
            return True
        self.pc = self.offset + address
        return False

    def _x_dec(self):
        was, self.x = self.x, self.x - 1 & WORD
        return was != 0

    def _y_dec(self):
        was, self.y = self.y, self.y - 1 & WORD
        return was != 0

    def _jmp_pin(self):
        return self._level(self.settings["jmp_pin"])

    def _level(self, number):
        self._deeds += 1
        return self._chip.pin(number).level_at(self.moment_us())

    def _wait(self, source, index):
        polarity = source >> 2
        if source & 3 > 1:
            raise Undefined("wait for an interrupt flag is not simulated")
        number = index if source & 3 == 0 else self.settings["in_base"] + index
        self._patient = not self._chip.pin(number).restless
        return True if self._level(number) == polarity else None

    def _in(self, source, bits):
        bits = bits or 32
        value = self._source(source) & (1 << bits) - 1
        if self.settings["in_shiftdir"]:
            self.isr = (self.isr >> bits | value << 32 - bits) & WORD
        else:
            self.isr = (self.isr << bits | value) & WORD
        self.in_count = min(self.in_count + bits, 32)
        if self.settings["autopush"] and self.in_count >= self.settings["push_thresh"]:
            return self._push(False, True)
        return True

    def _out(self, dest, bits):
        bits = bits or 32
        empty = self.out_count >= self.settings["pull_thresh"]
        if self.settings["autopull"] and empty and not self._pull(True):
            return None
        if self.settings["out_shiftdir"]:
            value, self.osr = self.osr & (1 << bits) - 1, self.osr >> bits
        else:
            value, self.osr = self.osr >> 32 - bits, self.osr << bits & WORD
        self.out_count = min(self.out_count + bits, 32)
        return self._give(dest, value)

    def _move_fifo(self, flags, _):
        block, conditional = flags & 1, flags & 2
        if flags & 4:
            if conditional and self.out_count < self.settings["pull_thresh"]:
                return True
            return True if self._pull(block) else None
        return self._push(conditional, block)

    def _push(self, conditional, block):
        if conditional and self.in_count < self.settings["push_thresh"]:
            return True
        if len(self.rx) < DEPTH:
            self.rx.append(self.isr)
        elif block:
            return None
        self.isr = self.in_count = 0
        self._deeds += 1
        return True

    def _pull(self, block):
        if self.tx:
            self.osr = self.tx.pop(0)
            self._deeds += 1
        elif block:
            return False
        else:
            self.osr = self.x
        self.out_count = 0
        return True

    def _mov(self, dest, source):
        value = self._source(source & 7)
        if source >> 3 & 3 == 1:
            value = ~value & WORD
        elif source >> 3 & 3 == 2:
            value = sum([(value >> i & 1) << 31 - i for i in range(32)])
        if dest == 5:
            self.pc = value & 31
            return False
        if dest == 7:
            self.osr, self.out_count = value, 0
        elif dest == 6:
            self.isr, self.in_count = value, 0
        elif dest in (3, 4):
            raise Undefined("mov to exec is not simulated")
        else:
            return self._give(dest, value)
        return True

    def _irq(self, *_):
        raise Undefined("interrupt flags of PIO are not simulated")

    def _set(self, dest, value):
        return self._give(dest, value, "set")

    def _give(self, dest, value, role="out"):
        if dest == 0:
            self._put_pins(role, value)
        elif dest == 1:
            self.x = value
        elif dest == 2:
            self.y = value
        elif dest == 4:
            self._directions(role, value)
        elif dest == 5:
            self.pc = value & 31
            return False
        elif dest != 3:
            raise Undefined("this destination of PIO is not simulated: %d" % dest)
        return True

    def _directions(self, role, value):
        base, count = self.settings[role]
        for index in range(count):
            node = self._chip.pin(base + index)
            self._deeds += 1
            node.assign("pio" if value >> index & 1 else "", node.out)

    def _source(self, source):
        if source == 0:
            base = self.settings["in_base"]
            return sum([self._level(base + i) << i for i in range(32) if base + i in self._chip.rules.pins])
        if source == 5:
            raise Undefined("the status of PIO is not simulated")
        return (0, self.x, self.y, 0, 0, 0, self.isr, self.osr)[source]


CONDITIONS = (
    lambda machine: True,
    lambda machine: machine.x == 0,
    Registers._x_dec,
    lambda machine: machine.y == 0,
    Registers._y_dec,
    lambda machine: machine.x != machine.y,
    Registers._jmp_pin,
    lambda machine: machine.out_count < machine.settings["pull_thresh"],
)
EXECUTE = (
    Registers._jmp,
    Registers._wait,
    Registers._in,
    Registers._out,
    Registers._move_fifo,
    Registers._mov,
    Registers._irq,
    Registers._set,
)
