"""A DMA channel of RP2: from the converter's FIFO into a ring, and from memory to memory.

RP2350 data sheet, 12.6 (RP2040: 2.5). Addresses are those of `memory.Memory`, or of a register.
"""

from simulator.pins.rules import Undefined

PERMANENT = 0x3F
ENDLESS = 0xF
COUNTED = 0x0FFFFFFF

COMMON = {"enable": (0, 1), "high_pri": (1, 1), "size": (2, 2), "inc_read": (4, 1)}
REST = (
    ("inc_write", 1), ("inc_write_rev", 1), ("ring_size", 4), ("ring_sel", 1), ("chain_to", 4),
    ("treq_sel", 6), ("irq_quiet", 1), ("bswap", 1), ("sniff_en", 1), ("busy", 1),
)  # fmt: skip
HIGH = {"write_err": (29, 1), "read_err": (30, 1), "ahb_err": (31, 1)}


def fields_of(rules):
    """Name to (shift, bits) of the control register: RP2350 has two fields more than RP2040."""
    fields, shift = dict(COMMON), 5
    if rules.endless_dma:
        fields["inc_read_rev"] = (5, 1)
        shift = 6
    for name, bits in REST:
        if rules.endless_dma or name != "inc_write_rev":
            fields[name] = (shift, bits)
            shift += bits
    fields.update(HIGH)
    return fields


class Channel:
    """Channel `number`."""

    def __init__(self, chip, ram, number):
        self._chip = chip
        self._ram = ram
        self.number = number
        self.fields = fields_of(chip.rules)
        self.addresses = {"read": 0, "write": 0}
        """Where it goes on."""
        self.reload = 0
        """Transfers of the next start."""
        self.left = 0
        self.control = 0
        self.busy = False
        self._block = None

    def start(self):
        """Begin what is set up."""
        self.left = self.reload
        self.busy = bool(self._field("enable") and self.left)
        self._size = self._field("size")
        self._ring = (1 << self._field("ring_size")) - 1
        """Bits of an address that change; 0: all."""
        self._moves = {"read": self._field("inc_read"), "write": self._field("inc_write")}
        self._wraps = "write" if self._field("ring_sel") else "read"
        self._counts = not (self._chip.rules.endless_dma and self.left >> 28 == ENDLESS)
        self._home = self._ram.find(self.addresses["write"]) or (0, 0)
        if self.busy and self._field("treq_sel") == PERMANENT:
            self._copy()
        elif self.busy and self._field("treq_sel") != self._chip.rules.adc_dreq:
            raise Undefined("only the converter and memory are simulated as sources of DMA")

    def waits_for(self, request, address):
        """Whether it empties the FIFO at `address` when `request` says so."""
        return self.busy and self._field("treq_sel") == request and self.addresses["read"] == address

    def room(self):
        """Transfers after which it overwrites, or ends."""
        return self._ring + 1 >> self._size if self._ring else self.left & COUNTED

    def skip(self, count):
        """So many transfers that something overwrote since."""
        self.addresses["write"] = self._step("write", count)
        self._passed(count)

    def take(self, value):
        """One transfer."""
        if self.busy:
            self._store(self.addresses["write"], value)
            self.addresses["write"] = self._step("write", 1)
            self._passed(1)

    def _copy(self):
        for _ in range(self.left):
            index = self._index(self.addresses["read"])
            self._store(self.addresses["write"], self._view[index])
            for role in ("read", "write"):
                self.addresses[role] = self._step(role, 1)
        self._passed(self.left)

    def _passed(self, count):
        if not self._counts:
            return
        self.left = max(self.left - count, 0)
        if not self.left:
            self.busy = False
            after = self._field("chain_to")
            if after != self.number and after in self._chip.parts["dma"]:
                self._chip.parts["dma"][after].start()

    def _step(self, role, count):
        address = self.addresses[role]
        if not self._moves[role]:
            return address
        after = address + (count << self._size)
        if self._ring and self._wraps == role:
            after = address & ~self._ring | after & self._ring
        return after

    def _store(self, address, value):
        if not self._home[0] <= address < self._home[0] + self._home[1]:
            raise Undefined("DMA leaves the memory that it was given: it writes to 0x%08x" % address)
        index = self._index(address)
        self._view[index] = value

    def _index(self, address):
        """Where `address` lies in `_view`, the memory that holds it."""
        block = self._block
        if block is None or not block[0] <= address < block[0] + block[1]:
            self._block = block = self._ram.find(address)
            if block is None:
                raise Undefined("DMA touches 0x%08x, where nobody gave it memory" % address)
            self._view = memoryview(block[2])
            self._item = block[1] // len(self._view)
        start = address - block[0]
        if self._item != 1 << self._size or start % self._item:
            raise Undefined("DMA moves %d bytes, its memory's items have %d" % (1 << self._size, self._item))
        return start // self._item

    def _field(self, name):
        shift, bits = self.fields[name]
        return self.control >> shift & (1 << bits) - 1
