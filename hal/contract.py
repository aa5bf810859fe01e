"""The contract of each part of a charger: one plain class a role.

A driver subclasses its role. The classes here are also the part that is *not fitted*: each answers in the
way that is safe when nothing is there, so that a board may leave a part out and a driver may leave a method
out.

Two kinds of method:
- called from the tick (`sample`, and the setters marked *tick*): integers only, no allocation, no waiting,
  no exception, at most a few tens of microseconds;
  A driver sets the fields that `sample` refreshes in its `__init__`: the first write of
  an attribute allocates;
- everything else is called from a task and may take the time that its docstring states.

Units: mV, mA, W, Wh, ohm, deci-degC (dC), ms. `now_ms` is the monotonic clock, which wraps at 2^30 ms
(`control.ticks`).
"""

from control.duty import STATE_F_BP as STATE_F_BP
from control.duty import STEADY_BP as STEADY_BP

LEASE_MS = 100
"""A close command lasts this long; whatever stalls the tick opens the contactor (the dead-man)."""


class Pilot:
    """Control pilot: a 1 kHz square wave of +/-12 V behind 1 kohm (IEC 61851-1, annex A)."""

    high_mv = 0
    """Median of the plateau readings while the drive is high (mV), of the last 1-2 periods."""
    low_mv = 0
    """The same while the drive is low (mV); only meaningful between 1 and 9999 bp."""
    valid = False
    """False: no plateau was seen ("no answer" is not 0 V). `high_mv` and `low_mv` then mean nothing."""

    def sample(self, now_ms):
        """*tick* Refresh `high_mv`, `low_mv` and `valid`."""

    def drive(self, duty_bp):
        """*tick* Set the duty in basis points (1/100 %): `STATE_F_BP`, 500-9700, or `STEADY_BP`."""

    def disconnect(self, apart):
        """*tick* Take the pilot off the car's wire (True) or put it back (False), where a relay is fitted."""


class Contactor:
    """Main contactor under a lease, with a mirror contact."""

    closed = False
    """Feedback of the mirror contact at the last `sample`: True when the power contacts are closed or
    welded."""

    def sample(self, now_ms):
        """*tick* Refresh `closed`."""

    def renew(self, now_ms):
        """*tick* Command closed for the next `LEASE_MS`; to be repeated each tick. Does nothing while the
        RCD's latch is set: with `rcd_path` 'hard_irq' a trip may come between `Rcd.sample` and this, so the
        driver looks at the latch itself, with the interrupt held off meanwhile."""

    def drop(self):
        """*tick* Command open now."""


class Rcd:
    """Residual-current device (30 mA AC, 6 mA DC; IEC 62955) with a trip line and a test input."""

    tripped = True
    """Latched in hardware or by interrupt: a pulse of any width sets it, and only `rearm` clears it. A
    charger without a device never energises."""

    def sample(self, now_ms):
        """*tick* Refresh `tripped`."""

    def test(self, on):
        """*tick* Drive the test input. A healthy device trips within 100 ms."""

    def rearm(self):
        """*tick* Clear the latch; it stays set while the trip line is active."""


class Proximity:
    """Proximity pilot: the resistor in a loose cable's plug that tells its rating (IEC 61851-1, B.2)."""

    OPEN_OHM = 1000000
    """What an open line reads."""
    resistance_ohm = OPEN_OHM

    def sample(self, now_ms):
        """*tick* Refresh `resistance_ohm`."""


class Lock:
    """Motor that locks a plug into a socket, with a position switch."""

    fitted = False
    locked = False
    """Position switch at the last `sample`."""

    def sample(self, now_ms):
        """*tick* Refresh `locked`."""

    def engage(self):
        """*tick* Start to lock; takes up to 1 s and ends by itself."""

    def release(self):
        """*tick* Start to unlock; takes up to 1 s and ends by itself."""


class PhaseSwitch:
    """Second contactor that joins phases 2 and 3; switched only with the main contactor open."""

    fitted = False
    phases = 3
    """Phases that are joined now, by feedback: 1 or 3."""

    def sample(self, now_ms):
        """*tick* Refresh `phases`."""

    def select(self, phases):
        """*tick* Join 1 or 3 phases."""


class ShuntTrip:
    """Coil that trips the breaker before the charger: the way out where contacts are welded. The breaker may
    feed the electronics too."""

    def drive(self, on):
        """*tick* Trip the breaker (True), or leave it alone; driven for as long as contacts that have welded
        are seen closed, after each restart too. What it has tripped, a person switches on again."""


class Temperature:
    """Sensor at the hottest place of the enclosure."""

    temperature_dc = 0
    """Deci-degC, negative below freezing."""
    valid = False
    """False: the sensor is open, shorted, or out of -40...+125 degC."""

    def sample(self, now_ms):
        """*tick* Refresh both."""


class Earth:
    """Supervision of the protective earth conductor, on boards that can tell."""

    present = True
    """False: no protective earth. A board that cannot tell always answers True."""

    def sample(self, now_ms):
        """*tick* Refresh `present`."""


class Meter:
    """Energy meter of a connector, or of the mains connection. Values are per phase; unused phases read 0."""

    fitted = False

    def __init__(self):
        self.voltage_mv = [0, 0, 0]
        self.current_ma = [0, 0, 0]
        self.power_w = [0, 0, 0]
        self.energy_wh = 0
        """Import register: never goes back, survives power cuts."""
        self.frequency_mhz = None  # type: int | None
        """None where the meter does not tell it. So is the next one, which only a part that talks with the
        car can tell: the state of charge of its battery."""
        self.soc_percent = None  # type: int | None
        self.signed = ""
        """The register as the meter signed it last, in the meter's own format; most sign nothing. ASCII, at
        most 800 characters as JSON: a longer one is not passed on."""
        self.readings = 0
        """Whole, consistent readings so far; 0: never answered."""
        self.read_at_ms = 0
        """When the last whole reading was complete."""

    def poll(self, now_ms):
        """Move the conversation on without waiting. Returns the ms after which it wants to be called
        again."""
        return 1000


class CardReader:
    """RFID reader."""

    def read(self):
        """The tag presented since the last call (hex, upper case, <= 20 characters), or None. Takes <= 5
        ms."""
        return None


class Lamp:
    """Light that people see."""

    def show(self, colour, blink):
        """Show `colour` (0xRRGGBB), blinking at 1 Hz when `blink`."""


class Button:
    """The button on the housing."""

    def pressed(self):
        """True once for each press since the last call (debounced)."""
        return False


class Store:
    """Non-volatile memory: raw sectors for the journal, small named files for settings.

    Sectors behave as NOR flash: erased bytes read 0xFF, programming turns ones into zeros, and only `erase`
    turns them back. A power cut leaves any prefix of a `program` and any mixture in an `erase`.
    """

    sectors = 0
    sector_bytes = 4096

    def read(self, sector, offset, length):
        """`length` bytes from `offset` of `sector`."""
        return b"\xff" * length

    def program(self, sector, offset, data):
        """Write `data` into erased bytes; durable on return, within 5 ms. OSError when the device refuses."""

    def erase(self, sector):
        """Erase a sector. May stop everything for 0.5 s: only with the contactor open."""

    def load(self, name):
        """The bytes saved under `name`, or None."""
        return None

    def save(self, name, data):
        """Replace the bytes under `name`: after a power cut either the old or the new. May take 0.5 s."""


class Clock:
    """Monotonic time, sleep, and the real-time clock where a board has one."""

    def now_ms(self):
        """Monotonic ms, wrapping at 2^30 (see `control.ticks`)."""
        return 0

    async def sleep_ms(self, duration_ms):
        """Let other tasks run for `duration_ms`."""

    def unix_s(self):
        """The real-time clock in seconds since 1970, or 0 when it is not set."""
        return 0

    def set_unix_s(self, unix_s):
        """Set the real-time clock."""

    def random_bytes(self, count):
        """`count` unpredictable bytes."""
        return bytes(count)


class Watchdog:
    """Restarts the processor when nobody feeds it for 8 s; also the way to restart on purpose."""

    cause = "power_on"
    """Why the firmware runs: 'power_on', 'software', 'watchdog' or 'brown_out'."""

    def feed(self):
        """Called from exactly one place, after a finished tick with fresh task heartbeats."""

    def restart(self):
        """Restart the processor; does not return on a board."""


class Network:
    """The way out: Wi-Fi, Ethernet, or a host's own sockets."""

    connected = False
    has_roots = False
    """Whether it brings root certificates of its own, as an operating system does."""

    async def open(self, host, port, tls=None):
        """Open a byte stream; returns (reader, writer) as `asyncio.open_connection` does. The caller bounds
        the wait. OSError: it failed; `explain` tells why.

        `tls`: None for a plain stream, or (the name that the server's certificate must be for, the root
        certificates that count as `hal.roots` takes them; none: those that the network brings). Chain, name
        and dates are checked whatever happens, dates against the real-time clock, and TLS is 1.2 at least.
        Where the handshake takes place with the first bytes written, these raise OSError or ValueError.
        """
        raise OSError("no network is fitted")

    async def ask(self, host, port, question):
        """Send a datagram; returns the one that `host` answers with, of at most 512 bytes. The caller
        bounds the wait. OSError says why it failed."""
        raise OSError("no network is fitted")

    def explain(self, error):
        """What an error of `open`, of `ask` or of a stream means, for people: the reason and a way out."""
        return str(error) or type(error).__name__
