"""`rp2.asm_pio`: Python functions become PIO programs, encoded as the data sheet says (RP2350, 11.4)."""

from array import array


class PIOASMError(Exception):
    """A program that cannot be."""


SOURCES = {
    "pins": 0,
    "x": 1,
    "y": 2,
    "null": 3,
    "pindirs": 4,
    "pc": 5,
    "status": 5,
    "isr": 6,
    "osr": 7,
    "exec": 8,
}
"""What data comes from and goes to."""
WORDS = {
    "gpio": 0,
    "not_x": 1,
    "x_dec": 2,
    "not_y": 3,
    "y_dec": 4,
    "x_not_y": 5,
    "pin": 6,
    "not_osre": 7,
    "noblock": 0x01,
    "block": 0x21,
    "iffull": 0x40,
    "ifempty": 0x40,
    "clear": 0x40,
}
INSTRUCTIONS = ("nop", "jmp", "wait", "in_", "out", "push", "pull", "mov", "irq", "set", "word")
DIRECTIVES = ("label", "wrap", "wrap_target")


class Program:
    """Words, and how a state machine that runs them is to be set up."""

    def __init__(self, pins, settings):
        self.words = array("H")
        self.wrap_target = 0
        self.wrap = -1
        self.pins = pins
        """'set', 'out' and 'sideset' to how these pins begin (`PIO.OUT_LOW`...), or None."""
        self.settings = settings
        self.side_count = 0
        self.side_optional = False


class Assembler:
    """Takes down what a program's function says, in two passes: labels, then words."""

    def __init__(self, program):
        self._program = program
        self._labels = {}
        self._sides = self._count = 0
        self._final = False
        side = program.pins["sideset"]
        program.side_count = 0 if side is None else len(_levels(side))

    def assemble(self, function):
        """Fill the program."""
        names = {}  # type: dict
        names.update(SOURCES)
        names.update(WORDS)
        names["invert"] = lambda source: source | 0x08
        names["reverse"] = lambda source: source | 0x10
        names["rel"] = lambda index: index | 0x10
        for name in INSTRUCTIONS + DIRECTIVES:
            names[name] = getattr(self, name)
        _call_with(function, names)
        self._program.side_optional = 0 < self._sides < self._count
        if self._program.wrap < 0:
            self._program.wrap = self._count - 1
        self._final, self._sides, self._count = True, 0, 0
        _call_with(function, names)
        if len(self._program.words) > 32:
            raise PIOASMError("a program has at most 32 instructions")

    def label(self, name):
        """The next instruction's name."""
        if not self._final:
            if name in self._labels:
                raise PIOASMError("duplicate label %s" % name)
            self._labels[name] = self._count

    def wrap_target(self):
        """Where a wrap goes on."""
        self._program.wrap_target = self._count

    def wrap(self):
        """The last instruction before a wrap was the previous one."""
        self._program.wrap = self._count - 1

    def word(self, instr, label=None):
        """An instruction as it is encoded."""
        self._count += 1
        if self._final:
            if label is not None and label not in self._labels:
                raise PIOASMError("unknown label %s" % label)
            self._program.words.append(instr | (self._labels[label] if label is not None else 0))
        return self

    def side(self, value):
        """Sets the side pins with the previous instruction."""
        self._sides += 1
        program = self._program
        if value >> program.side_count or not program.side_count:
            raise PIOASMError("sideset too large")
        if self._final:
            program.words[-1] |= value << 13 - self._side_bits() | (0x1000 if program.side_optional else 0)
        return self

    def delay(self, cycles):
        """Waits so long after the previous instruction."""
        if self._final:
            if cycles >> 5 - self._side_bits():
                raise PIOASMError("delay too large")
            self._program.words[-1] |= cycles << 8
        return self

    def __getitem__(self, cycles):
        return self.delay(cycles)

    def nop(self):
        """Nothing, as `mov(y, y)`."""
        return self.word(0xA042)

    def jmp(self, cond, label=None):
        """To a label, on a condition."""
        if label is None:
            cond, label = 0, cond
        return self.word(cond << 5, label)

    def wait(self, polarity, src, index):
        """For a level."""
        src = {6: 1, 0: 0}.get(src, 2)
        return self.word(0x2000 | polarity << 7 | src << 5 | index)

    def in_(self, src, data):
        """Shift bits in."""
        return self.word(0x4000 | src << 5 | _bits(data))

    def out(self, dest, data):
        """Shift bits out."""
        return self.word(0x6000 | (7 if dest == 8 else dest) << 5 | _bits(data))

    def push(self, value=0, value2=0):
        """The input register into the FIFO."""
        return self.word(0x8000 | _blocking(value | value2))

    def pull(self, value=0, value2=0):
        """The FIFO into the output register."""
        return self.word(0x8080 | _blocking(value | value2))

    def mov(self, dest, src):
        """Copy."""
        return self.word(0xA000 | (4 if dest == 8 else dest) << 5 | src)

    def irq(self, mod, index=None):
        """Raise or clear a flag."""
        if index is None:
            mod, index = 0, mod
        return self.word(0xC000 | mod & 0x60 | index)

    def set(self, dest, data):
        """A small constant."""
        if data >> 5:
            raise PIOASMError("set takes 0 to 31")
        return self.word(0xE000 | dest << 5 | data)

    def _side_bits(self):
        program = self._program
        return program.side_count + (1 if program.side_optional else 0)


def _bits(count):
    if not 0 < count <= 32:
        raise PIOASMError("invalid bit count %d" % count)
    return count & 31


def _blocking(flags):
    return (flags if flags & 1 else flags | 0x20) & 0x60


def _levels(pins):
    return pins if isinstance(pins, (tuple, list)) else (pins,)


def _call_with(function, names):
    """Call it with `names` as globals, and leave its module as it was."""
    space = function.__globals__
    kept = {name: space[name] for name in names if name in space}
    space.update(names)
    try:
        function()
    finally:
        for name in names:
            del space[name]
        space.update(kept)


def asm_pio(
    *, out_init=None, set_init=None, sideset_init=None, side_pindir=False, in_shiftdir=0, out_shiftdir=0,
    autopush=False, autopull=False, push_thresh=32, pull_thresh=32, fifo_join=0
):  # fmt: skip
    """Decorator: a function that names instructions becomes a `Program`."""
    pins = {"out": out_init, "set": set_init, "sideset": sideset_init}
    settings = {
        "in_shiftdir": in_shiftdir,
        "out_shiftdir": out_shiftdir,
        "autopush": autopush,
        "autopull": autopull,
        "push_thresh": push_thresh,
        "pull_thresh": pull_thresh,
        "fifo_join": fifo_join,
        "side_pindir": side_pindir,
    }

    def assemble(function):
        program = Program(pins, settings)
        Assembler(program).assemble(function)
        return program

    return assemble


def asm_pio_encode(instr, sideset_count, sideset_opt=False):
    """One instruction, given as text."""
    program = Program({"out": None, "set": None, "sideset": None}, {})
    assembler = Assembler(program)
    assembler._final = True
    names = {}  # type: dict
    names.update(SOURCES)
    names.update(WORDS)
    for name in INSTRUCTIONS:
        names[name] = getattr(assembler, name)
    exec(instr, names)
    if len(program.words) != 1:
        raise PIOASMError("expecting exactly 1 instruction")
    return program.words[0]
