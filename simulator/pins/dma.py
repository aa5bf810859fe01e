"""`rp2.DMA`: a channel, claimed until it is closed."""

from simulator.pins.channel import PERMANENT, Channel
from simulator.pins.memory import Memory
from simulator.pins.wired import Wired

EBUSY = 16
READ_ONLY = ("busy", "ahb_err")


class DMA(Wired):
    """The registers of a channel. To look at them is to learn what it has done until now."""

    _ram = Memory()

    def __init__(self):
        claimed = self._chip.parts.setdefault("dma", {})
        free = [number for number in range(self._chip.rules.dma_channels) if number not in claimed]
        if not free:
            raise OSError(EBUSY)
        self.channel = free[0]
        self._open = True
        self._own = claimed[self.channel] = Channel(self._chip, self._ram, self.channel)

    @property
    def read(self):
        """Where it reads next."""
        return self._now().addresses["read"]

    @read.setter
    def read(self, value):
        self._now().addresses["read"] = self._address(value)

    @property
    def write(self):
        """Where it writes next."""
        return self._now().addresses["write"]

    @write.setter
    def write(self, value):
        self._now().addresses["write"] = self._address(value)

    @property
    def count(self):
        """Transfers that are left; set it for the next start."""
        return self._now().left

    @count.setter
    def count(self, value):
        self._now().reload = value

    @property
    def ctrl(self):
        """The control register."""
        own = self._now()
        return own.control | (1 if own.busy else 0) << own.fields["busy"][0]

    @ctrl.setter
    def ctrl(self, value):
        own = self._now()
        own.control = value & ~(1 << own.fields["busy"][0])

    def pack_ctrl(self, *, default=None, **fields):
        """A value for the control register."""
        known = self._own.fields
        value = default
        if value is None:
            usual = {"enable": 1, "size": 2, "inc_read": 1, "inc_write": 1, "irq_quiet": 1}
            usual.update({"treq_sel": PERMANENT, "chain_to": self.channel})
            value = sum([field << known[name][0] for name, field in usual.items()])
        for name, field in fields.items():
            if name not in known:
                raise TypeError("extra keyword arguments given")
            if name not in READ_ONLY:
                value = _with(value, known[name], int(field))
        return value

    def unpack_ctrl(self, value):
        """The fields of such a value."""
        found = {}
        for name, (shift, bits) in self._own.fields.items():
            found[name] = value >> shift & (1 << bits) - 1
        return found

    def config(self, *, read=None, write=None, count=None, ctrl=None, trigger=False):
        """Set registers, and start."""
        self._now()
        if read is not None:
            self.read = read
        if write is not None:
            self.write = write
        if count is not None:
            self.count = count
        if ctrl is not None:
            self.ctrl = ctrl
        if trigger:
            self._own.start()

    def active(self, value=None):
        """Whether it runs; start or stop it."""
        own = self._now()
        if value:
            own.start()
        elif value is not None:
            own.busy = False
        return own.busy

    def close(self):
        """Give the channel back."""
        self._now().busy = False
        self._chip.parts["dma"].pop(self.channel)
        self._open = False

    def _now(self):
        if not self._open:
            raise ValueError("channel closed")
        self._chip.look()
        return self._own

    def _address(self, value):
        return value if isinstance(value, int) else self._ram.address(value)


def _with(value, place, wanted):
    shift, bits = place
    mask = (1 << bits) - 1
    if wanted & ~mask:
        raise ValueError("bad field value")
    return value & ~(mask << shift) | wanted << shift
