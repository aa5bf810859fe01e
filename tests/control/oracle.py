"""What must be true of the world whatever the firmware does. Reads the world alone, and shares no number with
control: everything here is written down anew."""

from tests.control.grants import Grants, heard_ma
from tests.control.watching import WINDOW_MS, Recently, Since, promise

LATE_MS = 30
LEASE_MS = 100
C_OHM = 882
C_MV = 6000
C_WIDE_MV = 1100
"""What a car that asks may show, noise and all."""
STEADY_BP = 10000
NEVER_MS = -(10**9)


class Oracle:
    """Watches one outlet in real time. Ticks may be late: a deadline that depends on them says how."""

    def __init__(self, outlet):
        self.outlet = outlet
        self.grants = Grants(outlet.cable if outlet.lock.fitted else None)
        self.closings = 0
        self.ticks = 0
        self.now_ms = 0
        """Real time since the start."""
        self._attended_ms = 0
        """The same without what passed while no tick came in time."""
        self._driven = False
        self._fell_ms = NEVER_MS
        self._rose_ms = NEVER_MS
        self._offer_ma = 0
        self._unattended_ms = 0
        self._started = True
        self._asks = Since()
        self._denies = 0
        self._dip_ms = 0
        self._asked_ms = 0
        self._disturbed = Since()
        self._shorted = Since()
        self._bad_diode = Since()
        self._shown = Since()
        self._released = Since()
        self._closed_alone = Since()
        self._forbidden = Since()
        self._unsound = Recently()
        self._unsound_diode = Recently()
        self._diode_seen = False
        self._confirmed = False
        self._lost = 0
        self._danger = False

    def pass_by(self, duration_ms):
        """`duration_ms` passed and no tick came."""
        self.now_ms += duration_ms
        self._unattended_ms += duration_ms
        contactor = self.outlet.contactor
        stuck = contactor.welded and contactor.contacts_closed
        promise(
            self._unattended_ms <= 150 or stuck or not contactor.contacts_closed,
            "contacts closed %d ms after the last tick",
            self._unattended_ms,
        )
        self._see_drive()
        self._see_test()
        self._see_diode()

    def look(self):
        """Something in the world may just have changed."""
        line = self.outlet.line
        self._shorted.note(line.shorted, self.now_ms)
        self._disturbed.note(line.disturbed, self.now_ms)
        self._bad_diode.note(line.diode_shorted and self._signals(), self.now_ms)

    def tick(self):
        """A tick has ended."""
        gap_ms = self._unattended_ms
        late = gap_ms >= LEASE_MS or self._started
        self._attended_ms += 0 if late else gap_ms
        self._unattended_ms = 0
        self._started = False
        self.ticks += 1
        self.look()
        self._see_drive()
        self._check_car(gap_ms)
        self._check_release()
        self._check_pilot(gap_ms)
        self._check_residual()
        self._check_drop()
        self._check_offer()
        self._check_weld()
        self._check_plug()

    def restarted(self):
        """The processor was reset: its memory of pauses and grants is gone, not that of a weld."""
        self.grants.authorised = False
        self.grants.enabled = True
        self.grants.rows.clear()
        self._see_drive()
        self._rose_ms = NEVER_MS
        # Nobody in there knows when the contactor opened.
        self._fell_ms = self.now_ms
        self._started = True
        self._closed_alone = Since()

    def cleared(self):
        """A technician has looked after everything that lasts."""
        self._danger = False

    def _signals(self):
        return 0 < self.outlet.line.duty_bp < STEADY_BP

    def _plain(self):
        """Whether the pilot shows what the car does."""
        line = self.outlet.line
        return not (line.shorted or line.disturbed or line.lost)

    def _check_car(self, gap_ms):
        line, driven = self.outlet.line, self.outlet.contactor.driven
        asks = line.load_ohm == C_OHM
        if asks:
            self._denies = 0
        elif self._plain():
            self._denies += 1
            # Two ticks must agree that the car let go; one that comes late has no second one to wait for.
            enough = self._denies >= 2 or gap_ms >= LATE_MS
            promise(not (driven and enough), "driven in tick %d after the car let go", self._denies)
        # A dip that only one tick can have seen is no change of mind.
        self._dip_ms = 0 if asks else self._dip_ms + gap_ms
        if self._dip_ms > gap_ms:
            self._asks.note(False, self.now_ms)
        self._asked_ms = self._asks.note(asks or self._asks.at_ms is not None, self.now_ms)

    def _check_release(self):
        contactor = self.outlet.contactor
        alone = contactor.contacts_closed and not contactor.driven and not contactor.welded
        alone_ms = self._released.note(alone, self.now_ms)
        promise(alone_ms <= 60, "contacts closed %d ms after the command ended", alone_ms)

    def _check_pilot(self, gap_ms):
        line, driven = self.outlet.line, self.outlet.contactor.driven
        shorted_ms = self._shorted.note(line.shorted, self.now_ms)
        promise(not driven or shorted_ms <= 100, "driven %d ms into a short", shorted_ms)
        disturbed_ms = self._disturbed.note(line.disturbed, self.now_ms)
        promise(not driven or disturbed_ms <= 600, "driven %d ms into interference", disturbed_ms)
        bad_ms = self._bad_diode.note(line.diode_shorted and self._signals(), self.now_ms)
        # Readings that fail say nothing of the diode, and are soon a fault of their own.
        plain_ms = self._shown.note(self._plain() and not line.loose, self.now_ms)
        bound_ms = 100 if plain_ms >= bad_ms else WINDOW_MS
        promise(not driven or bad_ms <= bound_ms, "driven %d ms with a bad diode", bad_ms)
        unsound = not line.valid or abs(line.high_mv - C_MV) > C_WIDE_MV
        half = self._unsound.note(unsound, gap_ms)
        promise(not (driven and half), "driven while half of the pilot's readings were unsound")
        half = self._unsound_diode.note(line.diode_shorted and self._signals(), gap_ms)
        promise(not (driven and half), "driven while the diode was bad half of the time")

    def _check_residual(self):
        contactor = self.outlet.contactor
        tripped = self.outlet.residual.latched
        promise(not (tripped and (contactor.driven or contactor.coil_on)), "driven with a tripped RCD")
        self._see_test()

    def _see_test(self):
        """Test current only with the coil off and the contacts open."""
        residual, contactor = self.outlet.residual, self.outlet.contactor
        tests = residual.testing or (residual.active and not residual.leaking)
        promise(not tests or not (contactor.coil_on or contactor.contacts_closed), "a test over a live car")

    def _see_diode(self):
        line = self.outlet.line
        if not self.outlet.car.plugged:
            self._diode_seen = False
        elif self._signals() and line.true_low_mv < -10000:
            self._diode_seen = True

    def _check_drop(self):
        """A contactor that opens by itself under its command is let go."""
        contactor = self.outlet.contactor
        if not contactor.driven:
            self._confirmed = False
        elif contactor.contacts_closed:
            self._confirmed = True
            self._lost = 0
        elif self._confirmed:
            self._lost += 1
            promise(self._lost < 2, "driven on over contacts that opened by themselves")

    def _check_offer(self):
        duty_bp = self.outlet.line.duty_bp
        promise(duty_bp in (0, STEADY_BP) or 1000 <= duty_bp <= 9600, "%d bp on the wire", duty_bp)
        offer_ma, allowed_ma = heard_ma(duty_bp), self.grants.allowed_ma(self.now_ms)
        promise(offer_ma <= allowed_ma, "%d mA offered, %d allowed", offer_ma, allowed_ma)
        if offer_ma > self._offer_ma:
            apart_ms = self.now_ms - self._rose_ms
            promise(apart_ms >= 5000, "an offer rose %d ms after the last rise", apart_ms)
            self._rose_ms = self.now_ms
        self._offer_ma = offer_ma
        forbidden_ms = self._forbidden.note(allowed_ma < 6000, self.now_ms)
        driven = self.outlet.contactor.driven
        promise(not driven or forbidden_ms <= 6100, "driven %d ms after the withdrawal", forbidden_ms)

    def _check_weld(self):
        contactor = self.outlet.contactor
        alone = contactor.contacts_closed and not contactor.driven
        if self._closed_alone.note(alone, self._attended_ms) > 300:
            self._danger = True
        promise(not self._danger or self.outlet.line.duty_bp == 0, "no state F on a weld")

    def _check_plug(self):
        lock, contactor = self.outlet.lock, self.outlet.contactor
        loose = lock.fitted and not lock.holds
        promise(not (loose and contactor.contacts_closed), "a plug that is not locked is live")
        shorted = lock.fitted and self.outlet.cable.shorted
        promise(not (shorted and contactor.driven), "driven with a shorted proximity line")

    def _see_drive(self):
        driven = self.outlet.contactor.driven
        if driven and not self._driven:
            self._check_closing()
        elif self._driven and not driven:
            self._fell_ms = self.now_ms
        self._driven = driven

    def _check_closing(self):
        outlet = self.outlet
        self.closings += 1
        promise(self.grants.allowed_ma(self.now_ms) >= 6000, "closed without leave")
        promise(outlet.line.load_ohm == C_OHM, "closed for a car that does not ask")
        promise(outlet.car.plugged and self._asked_ms >= 500, "closed after %d ms of asking", self._asked_ms)
        promise(self.now_ms - self._fell_ms >= 5000, "closed again %d ms later", self.now_ms - self._fell_ms)
        promise(heard_ma(outlet.line.duty_bp) >= 6000, "closed without an offer")
        promise(not outlet.contactor.contacts_closed, "closed over closed contacts")
        promise(not outlet.residual.latched and outlet.residual.trips > 0, "closed without a test of the RCD")
        promise(self._diode_seen, "closed before the diode was seen sound")
        promise(not self._danger, "closed after a weld")
