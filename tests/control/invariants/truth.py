"""What is so in the world now, and since when: all that the invariants look at."""

from tests.control.grants import heard_ma

TICK_MS = 20
LEASE_MS = 100
B_OHM = 2740
C_OHM = 882
D_OHM = 246
OPEN_OHM = 0


class Truth:
    """One outlet's truth in real time. Ticks may be late: a deadline that depends on them says how."""

    def __init__(self, outlet, grants, ventilated=False):
        """`ventilated`: a car in state D may charge here."""
        self.outlet = outlet
        self.grants = grants
        self.ventilated = ventilated
        self.now_ms = 0
        """Real time since the start."""
        self.attended_ms = 0
        """The same without what passed while no tick came in time."""
        self.unattended_ms = 0
        """Since the last tick; in a tick, since the one before."""
        self.worst_gap_ms = 0
        """Longest time between two ticks in the last second or two."""
        self.punctual = False
        """Ticks have come as they should: what has to be done in time is done, also between two of them."""
        self.ticks = 0
        self.late = True
        """This tick came after the lease had ended, or is the first."""
        self.away_ms = 0
        """How long the firmware was able to see that no car is there."""
        self.session_ended = False
        self.danger = False
        """A contact has welded, and no technician has come."""
        self.welded_ms = -1000
        """When the contacts were last known to be welded."""
        self.driven = False
        self.rose = self.fell = False
        self._started = True
        self.look()

    def pass_by(self, duration_ms):
        """Time passed, and no tick came."""
        self.now_ms += duration_ms
        self.unattended_ms += duration_ms
        self.look()

    def tick(self):
        """A tick has just ended."""
        self.late = self._started or self.unattended_ms >= LEASE_MS
        self._started = False
        self.attended_ms += 0 if self.late else self.unattended_ms
        self.worst_gap_ms = max(self.unattended_ms, self.worst_gap_ms - self.unattended_ms // 10)
        self.ticks += 1
        self.look()

    def restarted(self):
        """The processor was reset."""
        self._started = True

    def look(self):
        """Read the world."""
        outlet = self.outlet
        line, contactor = outlet.line, outlet.contactor
        driven = contactor.driven
        self.rose = driven and not self.driven
        self.fell = self.driven and not driven
        self.driven = driven
        self.punctual = self.worst_gap_ms <= TICK_MS and self.unattended_ms <= TICK_MS
        self.contacts = contactor.contacts_closed
        if contactor.welded:
            self.welded_ms = self.now_ms
        self.duty_bp = duty_bp = line.duty_bp
        self.signals = 0 < duty_bp < 10000
        self.offer_ma = heard_ma(duty_bp)
        self.plain = line.powered and not (line.shorted or line.disturbed or line.lost or line.apart)
        """The pilot shows what the car does."""
        self.asks = line.load_ohm == C_OHM or (self.ventilated and line.load_ohm == D_OHM)
        self.odd = line.load_ohm not in (OPEN_OHM, B_OHM, C_OHM, D_OHM)
        """What hangs on the wire is between two states of a car."""
        self.heard = self.plain and duty_bp > 0
        """The pilot shows it to the firmware too: in state F it would not."""

    def phases(self):
        """How many phases the car draws from."""
        return min(self.outlet.car.phases, self.outlet.phase_switch.joined)
