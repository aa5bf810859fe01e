"""What `import rp2` gives: PIO, DMA and the flash behind the file system."""

from simulator.pins.assembler import PIOASMError, asm_pio, asm_pio_encode
from simulator.pins.dma import DMA
from simulator.pins.gpio import number_of
from simulator.pins.instructions import DEPTH, WORD
from simulator.pins.nor import PAGE_BYTES, SECTOR_BYTES
from simulator.pins.pio import Core
from simulator.pins.rules import Undefined
from simulator.pins.wired import Wired, bound, never

MACHINES = 4
MEMORY = 32
ENOMEM = 12
SHIFTS = ("in_shiftdir", "out_shiftdir", "push_thresh", "pull_thresh")


class Block:
    """A PIO block: instruction memory, and the four state machines on it."""

    def __init__(self, chip):
        self._words = [None] * MEMORY
        self._offsets = []
        self.cores = [Core(chip, self._words) for _ in range(MACHINES)]

    def offset_of(self, program):
        """Where the program lies, loaded if it is not yet."""
        for known, offset in self._offsets:
            if known is program:
                return offset
        length = len(program.words)
        for offset in range(MEMORY - length, -1, -1):  # from the top, as the SDK
            if self._words[offset : offset + length] == [None] * length:
                self._words[offset : offset + length] = list(program.words)
                self._offsets.append((program, offset))
                return offset
        raise OSError(ENOMEM)

    def remove(self, program):
        """Free its memory; None: all of it."""
        for entry in list(self._offsets):
            if program is None or entry[0] is program:
                self._offsets.remove(entry)
                offset, length = entry[1], len(entry[0].words)
                self._words[offset : offset + length] = [None] * length


class PIO(Wired):
    """A block, by its number."""

    _machine = staticmethod(never)
    JOIN_NONE, JOIN_TX, JOIN_RX = 0, 1, 2
    SHIFT_LEFT, SHIFT_RIGHT = 0, 1
    IN_LOW, IN_HIGH, OUT_LOW, OUT_HIGH = 0, 1, 2, 3

    def __init__(self, id):
        if not 0 <= id < self._chip.rules.pios:
            raise ValueError("invalid PIO")
        self._id = id
        self._block = block_of(self._chip, id)

    def state_machine(self, id, program=None, **kwargs):
        """Its state machine 0 to 3."""
        if not 0 <= id < MACHINES:
            raise ValueError("invalid StateMachine")
        return self._machine(self._id * MACHINES + id, program, **kwargs)

    def add_program(self, program):
        """Load a program."""
        self._block.offset_of(program)

    def remove_program(self, program=None):
        """Free the memory of a program, or of all."""
        self._block.remove(program)


class StateMachine(Wired):
    """A state machine, numbered through all blocks."""

    def __init__(
        self, id, program=None, *, freq=-1, in_base=None, out_base=None, set_base=None, jmp_pin=None,
        sideset_base=None, in_shiftdir=None, out_shiftdir=None, push_thresh=None, pull_thresh=None
    ):  # fmt: skip
        if not 0 <= id < self._chip.rules.pios * MACHINES:
            raise ValueError("invalid StateMachine")
        if id in self._chip.rules.claimed_machines:
            raise ValueError("StateMachine claimed by external resource")
        self._block = block_of(self._chip, id // MACHINES)
        self._core = self._block.cores[id % MACHINES]
        if program is not None:
            self.init(
                program, freq=freq, in_base=in_base, out_base=out_base, set_base=set_base, jmp_pin=jmp_pin,
                sideset_base=sideset_base, in_shiftdir=in_shiftdir, out_shiftdir=out_shiftdir,
                push_thresh=push_thresh, pull_thresh=pull_thresh
            )  # fmt: skip

    def init(
        self, program, *, freq=-1, in_base=None, out_base=None, set_base=None, jmp_pin=None,
        sideset_base=None, in_shiftdir=None, out_shiftdir=None, push_thresh=None, pull_thresh=None
    ):  # fmt: skip
        """Set up, halted."""
        self.active(0)
        div256 = self._divide(freq)
        offset = self._block.offset_of(program)
        settings = dict(program.settings)
        given = (in_shiftdir, out_shiftdir, push_thresh, pull_thresh)
        for index in range(len(SHIFTS)):
            if given[index] is not None:
                settings[SHIFTS[index]] = given[index]
        settings["in_base"] = None if in_base is None else number_of(self._chip, in_base)
        settings["jmp_pin"] = None if jmp_pin is None else number_of(self._chip, jmp_pin)
        for role, base in (("out", out_base), ("set", set_base), ("sideset", sideset_base)):
            settings[role] = self._take_pins(role, program.pins[role], base)
        self._core.load(program, offset, settings, div256)

    def active(self, value=None):
        """Whether it runs; let it run or halt."""
        core = self._core
        if value is not None:
            core.enable(bool(value))
            if core in self._chip.cores:
                self._chip.cores.remove(core)
            if value:
                self._chip.cores.append(core)
        return core.enabled

    def restart(self):
        """Begin the program anew."""
        self._core.restart()

    def exec(self, instr):
        """Execute an instruction out of turn."""
        program = self._core.program
        if not isinstance(instr, int):
            instr = asm_pio_encode(instr, program.side_count, program.side_optional)
        self._core.execute(instr)

    def put(self, value, shift=0):
        """Words into the FIFO; waits where it is full."""
        for word in (value,) if isinstance(value, int) else value:
            self._wait(lambda: len(self._core.tx) < DEPTH)
            self._core.hand(word << shift & WORD)

    def get(self, buf=None, shift=0):
        """A word out of the FIFO, or `buf` full of them; waits where it is empty."""
        for index in range(1 if buf is None else len(buf)):
            self._wait(lambda: self._core.rx)
            word = self._core.fetch() >> shift
            if buf is None:
                return word
            buf[index] = word
        return buf

    def tx_fifo(self):
        """Words that wait for the program."""
        self._chip.spend(1)
        return len(self._core.tx)

    def rx_fifo(self):
        """Words that wait for the processor."""
        self._chip.spend(1)
        return len(self._core.rx)

    def _wait(self, ready):
        for _ in range(1000):
            if ready():
                return
            self._chip.spend(10)
        raise Undefined("the program of the state machine does not move on: this call never returns")

    def _divide(self, freq):
        if freq == -1:
            return 256
        div256 = self._chip.rules.sys_hz * 256 // freq if freq > 0 else 0
        if div256 < 256 or div256 + 1 >= 65536 * 256:
            raise ValueError("freq out of range")
        return div256

    def _take_pins(self, role, levels, base):
        if base is None:
            return 0, 0
        first = number_of(self._chip, base)
        levels = levels if isinstance(levels, (tuple, list)) else (levels,)
        if levels == (None,):
            return first, 1
        for index in range(len(levels)):
            node = self._chip.pin(number_of(self._chip, first + index))
            node.analogue = False
            node.assign("pio" if levels[index] & 2 else "", levels[index] & 1)
        return first, len(levels)


class Flash(Wired):
    """The part of the flash that the port leaves to files, or a stretch of it, as a block device."""

    def __init__(self, *, start=-1, len=-1):
        whole = self._chip.rules.flash_bytes
        self._start = max(start, 0)
        self._size = whole - self._start if len == -1 else len
        room = whole - self._start
        if self._start % SECTOR_BYTES or self._size % SECTOR_BYTES or not 0 < self._size <= room:
            raise ValueError

    def readblocks(self, block_num, buf, offset=0):
        """Fill `buf` from a block on."""
        buf[:] = self._chip.flash.read(self._place(block_num, offset, len(buf)), len(buf))

    def writeblocks(self, block_num, buf, offset=None):
        """Write from a block on; without an offset it is erased first. Whole pages only."""
        at = self._place(block_num, offset or 0, len(buf))
        if at % PAGE_BYTES or len(buf) % PAGE_BYTES:
            raise Undefined("flash is programmed in pages of %d bytes, at multiples of that" % PAGE_BYTES)
        if offset is None:
            for start in range(at, at + len(buf), SECTOR_BYTES):
                self._chip.flash.erase(start)
        self._chip.flash.program(at, bytes(buf))

    def ioctl(self, op, arg=0):
        """What MicroPython's file systems ask of a block device."""
        if op == 4:
            return self._size // SECTOR_BYTES
        if op == 5:
            return SECTOR_BYTES
        if op == 6:
            self._chip.flash.erase(self._place(arg, 0, SECTOR_BYTES))
        return 0 if op in (1, 2, 3, 6) else None

    def _place(self, block, offset, length):
        at = block * SECTOR_BYTES + offset
        if at < 0 or at + length > self._size:
            raise Undefined("the flash is left: %d bytes at %d of %d" % (length, at, self._size))
        return self._start + at


def block_of(chip, number):
    """The block, one for all objects that stand for it."""
    blocks = chip.parts.setdefault("pio", {})
    if number not in blocks:
        blocks[number] = Block(chip)
    return blocks[number]


def names(chip, ram):
    """The module's names."""
    machine = bound(chip, StateMachine)
    return {
        "PIO": bound(chip, PIO, _machine=machine),
        "StateMachine": machine,
        "DMA": bound(chip, DMA, _ram=ram),
        "Flash": bound(chip, Flash),
        "PIOASMError": PIOASMError,
        "asm_pio": asm_pio,
        "asm_pio_encode": asm_pio_encode,
    }
