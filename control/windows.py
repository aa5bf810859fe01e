"""What passes in and out of control: the tick's inputs and outputs, and the two windows to everything slow.

Everything is an integer or a boolean, made once and then only overwritten. Each field has one writer, so no
lock is needed wherever the tick runs.
"""

from control import limits

RING = 64
"""Events the ring holds: a reader that looks every 100 ms sees at most a few; 64 cover a 5 s stall of the
reader while a car flaps at every tick."""

MOST_W = 100000
"""Limits in W are cut here, below what `control.power` can count."""

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
    """What the guard reads before a tick. Lists are by phase."""

    def __init__(self):
        self.high_mv = 0
        self.low_mv = 0
        self.pilot_valid = False
        self.closed = False
        """Mirror contact of the contactor."""
        self.rcd_tripped = True
        self.earthed = True
        """Protective earth is there, as far as the board can tell."""
        self.hazard = False
        """Another contactor of this charger is welded: nothing of it may carry current."""
        self.proximity_ohm = 1000000
        self.locked = False
        self.joined = 3
        """Phases that the phase switch joins, by its feedback."""
        self.temperature_dc = 0
        self.temperature_valid = False
        self.metered = False
        """The meter has answered since boot; the values below mean nothing before."""
        self.meter_age_ms = 0
        """Age of the reading."""
        self.current_ma = [0, 0, 0]
        self.voltage_mv = [0, 0, 0]
        self.energy_wh = 0
        """The meter's import register."""

    def highest_ma(self):
        """The current of the phase that carries most."""
        current_ma = self.current_ma
        return max(current_ma[0], current_ma[1], current_ma[2])


class Outputs:
    """What the guard does after a tick."""

    def __init__(self):
        self.close = False
        """Renew the close lease; False opens."""
        self.duty_bp = 10000
        self.apart = False
        """Take the pilot off the car's wire."""
        self.rcd_test = False
        self.rcd_rearm = False
        self.lock = False
        self.lock_again = False
        """The lock did not move: tell it once more."""
        self.phases = 3
        """What the phase switch shall join; 0: it stays as it is."""
        self.shunt_trip = False
        """Take the supply away: contacts do not part."""


class Mailbox:
    """Network to control. The facade writes; each limit row carries its value, time to live and fallback."""

    SOURCES = (
        limits.INSTALLATION,
        limits.OWNER,
        limits.BACKEND,
        limits.SESSION_POWER,
        limits.SESSION_TIME,
        limits.SCHEDULE,
        limits.LOAD_BALANCING,
        limits.VOLTAGE,
        limits.START_DELAY,
        limits.RECONNECTING,
    )
    """Rows that may be written from outside."""

    def __init__(self):
        count = len(limits.NAMES)
        self.limit_ma = [[limits.NO_LIMIT_MA] * count for _ in range(3)]
        """By phase, then by row."""
        self.power_w = [0] * count
        """0: the row is in mA."""
        self.life_ms = [0] * count
        """0: lasts until overwritten."""
        self.fallback_ma = [limits.NO_LIMIT_MA] * count
        self.written = [0] * count
        self.sequence = 0
        self.enabled = True
        """False: no current is offered (availability)."""
        self.authorised_session = 0
        """Number of the session that may draw current; any other number means no."""
        self.hold_plug = False
        """A socket keeps its plug, whether current may flow or not."""
        self.limited_session = 0
        """Number of the session that `limits.SESSION` rows and `end_wh` belong to."""
        self.end_wh = 0
        """Lifetime energy at which that session has had enough; 0: never."""
        self.phases = 0
        """Phases to charge with: 1, or 0 for as many as are wired."""
        self.phase_wait_ms = 60000
        """How long this car needs between one and three phases."""
        self.car_phases = 0
        """Phases that this car is known to use, until it shows that they are more; 0: it has to show them."""
        self.return_delay_ms = 0
        """Wait after the supply was out of range, drawn anew by the facade for each time."""
        self.billing = False
        """Somebody pays by the meter: without it no current flows. Otherwise `meter_ma` does."""
        self.meter_ma = limits.METER_MA
        """Current that may flow unseen."""
        self.system_faults = 0
        """Bits of `faults.SYSTEM` whose cause the firmware sees."""
        self.clear_faults = 0
        """Fault bits that a technician clears; `clear_sequence` makes it so. That of UNDER_VOLTAGE, which
        ends by itself, says that the supply may have fewer phases now than it had."""
        self.clear_sequence = 0

    def set_limit(self, source, limit_ma, life_ms=0, fallback_ma=limits.NO_LIMIT_MA):
        """Write one row. `life_ms` 0: until overwritten; after it ends, `fallback_ma` holds."""
        self.set_phases(source, limit_ma, limit_ma, limit_ma, life_ms, fallback_ma)

    def set_phases(self, source, l1_ma, l2_ma, l3_ma, life_ms=0, fallback_ma=limits.NO_LIMIT_MA):
        """The same with a value for each phase."""
        self.limit_ma[0][source] = l1_ma
        self.limit_ma[1][source] = l2_ma
        self.limit_ma[2][source] = l3_ma
        self._write(source, 0, life_ms, fallback_ma)

    def set_power(self, source, power_w, life_ms=0, fallback_ma=limits.NO_LIMIT_MA):
        """The same in W over all phases: control turns it into current with live voltages. Nothing at all is
        1 W, and what is more than any charger has is 100,000 W."""
        self._write(source, max(1, min(power_w, MOST_W)), life_ms, fallback_ma)

    def clear(self, bits):
        """A technician clears these faults."""
        self.clear_faults = bits
        self.clear_sequence = (self.clear_sequence + 1) & 0xFFFFFF

    def _write(self, source, power_w, life_ms, fallback_ma):
        self.power_w[source] = power_w
        self.life_ms[source] = life_ms
        self.fallback_ma[source] = fallback_ma
        self.written[source] = (self.written[source] + 1) & 0xFFFFFF
        self.sequence = (self.sequence + 1) & 0xFFFFFF


class Snapshot:
    """Control to network: how things stand after the last tick."""

    def __init__(self):
        self.state = self.level = 0
        self.high_mv = self.low_mv = 0
        self.offered_ma = self.limit_ma = 0
        self.reason = 0
        """Limit source of `limit_ma`."""
        self.paused_by = -1
        """Limit source that allows less than 6 A or, until it has allowed more for long enough, the one that
        did last; -1: none does."""
        self.hazard = False
        """Another contactor of this charger is welded."""
        self.close = self.closed = False
        self.faults = 0
        """Bits of the active faults (`control.faults`)."""
        self.latched = 0
        """Bits of those that time alone will not end."""
        self.restarted = 0
        """Bits of system errors that a restart has ended not long ago."""
        self.spent = 0
        """The tries that faults have used (`control.faults.Faults`)."""
        self.session = 0
        """Number of the plug-in that is, or that comes next."""
        self.plugged = False
        self.session_wh = self.lifetime_wh = 0
        self.session_s = 0
        """Since the plug-in."""
        self.idle_s = 0
        """Of these, since current last flowed (inactivity)."""
        self.cycles = 0
        """Closings in the contactor's life."""
        self.closings = 0
        """Of these, within the last ten minutes."""
        self.trips = 0
        """Trips of the RCD within the last day, up to 3, as `recent.Recent.kept` writes them."""
        self.marks = 0
        """What else a restart must know, as `protection.Protection.marks` writes it."""
        self.phases = 3
        """Phases that the switch joins."""
        self.phases_in_use = 3
        """Phases that the car uses, as far as it has shown."""
        self.ticks = 0


class Events:
    """Ring of what happened, in order, with a counter of what a slow reader missed."""

    def __init__(self):
        self.dropped = 0
        self._at_ms = [0] * RING
        self._code = bytearray(RING)
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
