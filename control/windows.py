"""What passes in and out of control: the tick's inputs and outputs, and the two windows to everything slow.

Everything is an integer or a boolean, made once and then only overwritten. Each field has one writer, so no
lock is needed wherever the tick runs.
"""

from control import limits

RING = 64
"""Events the ring holds: a reader that looks every 100 ms sees at most a few; 64 cover a 5 s stall of the
reader while a car flaps at every tick."""

PLUGGED = 1
UNPLUGGED = 2
STATE = 3
"""a: state before, b: state now."""
LEVEL = 4
"""a: pilot level before, b: level now."""
FAULT = 5
"""a: code of the fault."""
FAULT_END = 6
OFFER = 7
"""a: offered mA, b: limit source."""
CONTACTOR = 8
"""a: 1 when close was commanded, else 0."""

EVENT_NAMES = ("", "plugged", "unplugged", "state", "level", "fault", "fault_end", "offer", "contactor")


class Inputs:
    """What the guard reads before a tick."""

    def __init__(self):
        self.high_mv = 0
        self.low_mv = 0
        self.pilot_valid = False
        self.closed = False
        """Mirror contact of the contactor."""
        self.rcd_tripped = True
        self.hazard = False
        """Another contactor of this charger is welded: nothing of it may carry current."""
        self.proximity_ohm = 1000000
        self.locked = False
        self.metered = False
        """The meter has answered since boot; the values below mean nothing before."""
        self.meter_age_ms = 0
        """Age of the reading."""
        self.current_ma = 0
        """Highest of the phases."""
        self.energy_wh = 0
        """The meter's import register."""


class Outputs:
    """What the guard does after a tick."""

    def __init__(self):
        self.close = False
        """Renew the close lease; False opens."""
        self.duty_bp = 10000
        self.rcd_test = False
        self.rcd_rearm = False
        self.lock = False


class Mailbox:
    """Network to control. The facade writes; each limit row carries its value, time to live and fallback."""

    SOURCES = (limits.INSTALLATION, limits.OWNER, limits.BACKEND)
    """Rows that may be written from outside."""

    def __init__(self):
        count = len(limits.NAMES)
        self.limit_ma = [limits.NO_LIMIT_MA] * count
        self.life_ms = [0] * count
        """0: lasts until overwritten."""
        self.fallback_ma = [limits.NO_LIMIT_MA] * count
        self.written = [0] * count
        self.sequence = 0
        self.enabled = True
        """False: no current is offered (availability)."""
        self.authorised_session = 0
        """Number of the session that may draw current; any other number means no."""
        self.clear_faults = 0
        """Fault bits that a technician clears; `clear_sequence` makes it so."""
        self.clear_sequence = 0

    def set_limit(self, source, limit_ma, life_ms=0, fallback_ma=limits.NO_LIMIT_MA):
        """Write one row. `life_ms` 0: until overwritten; after it ends, `fallback_ma` holds."""
        self.limit_ma[source] = limit_ma
        self.life_ms[source] = life_ms
        self.fallback_ma[source] = fallback_ma
        self.written[source] = (self.written[source] + 1) & 0xFFFFFF
        self.sequence = (self.sequence + 1) & 0xFFFFFF

    def clear(self, bits):
        """A technician clears these faults."""
        self.clear_faults = bits
        self.clear_sequence = (self.clear_sequence + 1) & 0xFFFFFF


class Snapshot:
    """Control to network: how things stand after the last tick."""

    def __init__(self):
        self.state = 0
        self.level = 0
        self.high_mv = 0
        self.low_mv = 0
        self.offered_ma = 0
        self.limit_ma = 0
        self.reason = 0
        """Limit source of `limit_ma`."""
        self.close = False
        self.closed = False
        self.faults = 0
        """Bits of the active faults (`control.faults`)."""
        self.latched = 0
        """Bits of those that time alone will not end."""
        self.session = 0
        """Number of the plug-in that is, or that comes next."""
        self.plugged = False
        self.session_wh = 0
        self.lifetime_wh = 0
        self.ticks = 0


class Events:
    """Ring of what happened, in order, with a counter of what a slow reader missed."""

    def __init__(self):
        self.dropped = 0
        self._at_ms = [0] * RING
        self._code = [0] * RING
        self._a = [0] * RING
        self._b = [0] * RING
        self._written = 0
        self._read = 0

    def put(self, now_ms, code, a=0, b=0):
        """Add an event; the newest is dropped when the ring is full, so that causes stand before effects."""
        following = (self._written + 1) % RING
        if following == self._read:
            self.dropped += 1
            return
        slot = self._written
        self._at_ms[slot] = now_ms
        self._code[slot] = code
        self._a[slot] = a
        self._b[slot] = b
        self._written = following

    def take(self):
        """The oldest unread event as (at_ms, code, a, b), or None. For the reader outside the tick."""
        slot = self._read
        if slot == self._written:
            return None
        event = (self._at_ms[slot], self._code[slot], self._a[slot], self._b[slot])
        self._read = (slot + 1) % RING
        return event
