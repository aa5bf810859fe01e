"""What must be true of the world whatever the firmware does. Reads the world alone, and shares no number with
control: everything here is written down anew."""

TICK_MS = 20
C_OHM = 882
STEADY_BP = 10000
RATED_MA = 32000
NEVER_MS = -(10**9)


class Broken(AssertionError):
    """A promise was broken."""


def promise(kept, what, *values):
    """Raise `Broken` unless the promise was kept."""
    if not kept:
        raise Broken(what % values)


def heard_ma(duty_bp):
    """What the duty offers to a car (IEC 61851-1, table A.8)."""
    if not 1000 <= duty_bp <= 9600:
        return 0
    return duty_bp * 6 if duty_bp <= 8500 else (duty_bp - 6400) * 25


class Since:
    """Since when something holds, in attended ms; None: it does not."""

    def __init__(self):
        self.at_ms = None

    def note(self, holds, now_ms):
        """Take what holds now; how long it has."""
        if not holds:
            self.at_ms = None
        elif self.at_ms is None:
            self.at_ms = now_ms
        return 0 if self.at_ms is None else now_ms - self.at_ms


class Grants:
    """What people and servers have allowed, as the one who asked for it remembers."""

    def __init__(self):
        self.authorised = False
        self.enabled = True
        self.rows = {}

    def limit(self, source, limit_ma, until_ms, fallback_ma):
        """A limit was written; `until_ms` None: for good."""
        self.rows[source] = (limit_ma, until_ms, fallback_ma)

    def allowed_ma(self, now_ms):
        """The most that may be offered; one second is granted to a limit that expires."""
        allowed_ma = RATED_MA
        for limit_ma, until_ms, fallback_ma in self.rows.values():
            if until_ms is None or now_ms < until_ms - 1000:
                row_ma = limit_ma
            elif now_ms > until_ms + 1000:
                row_ma = fallback_ma
            else:
                row_ma = max(limit_ma, fallback_ma)
            allowed_ma = min(allowed_ma, row_ma)
        return allowed_ma if self.authorised and self.enabled else 0


class Oracle:
    """Watches one outlet. Time without ticks does not count against a deadline; the lease has its own."""

    def __init__(self, outlet):
        self.outlet = outlet
        self.grants = Grants()
        self.closings = 0
        self.ticks = 0
        self.now_ms = 0
        """Real time since the start."""
        self._attended_ms = 0
        self._driven = False
        self._fell_ms = NEVER_MS
        self._rose_ms = NEVER_MS
        self._offer_ma = 0
        self._unattended_ms = 0
        self._asks = Since()
        self._silent = Since()
        self._lets_go = Since()
        self._shorted = Since()
        self._bad_diode = Since()
        self._closed_alone = Since()
        self._forbidden = Since()
        self._danger = False
        self._asked_ms = 0

    def pass_by(self, duration_ms):
        """Time passed and no tick came."""
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

    def tick(self):
        """A tick has ended."""
        self._attended_ms += min(self._unattended_ms, TICK_MS)
        self._unattended_ms = 0
        self.ticks += 1
        self._check_car()
        self._check_pilot()
        self._check_residual()
        self._check_offer()
        self._check_weld()
        self._see_drive()

    def restarted(self):
        """The processor was reset: its memory of pauses and grants is gone."""
        self.grants.authorised = False
        self.grants.enabled = True
        self.grants.rows.clear()
        self._danger = False
        self._see_drive()
        self._fell_ms = self._rose_ms = NEVER_MS

    def cleared(self):
        """A technician has looked after everything that lasts."""
        self._danger = False

    def _check_car(self):
        line, contactor = self.outlet.line, self.outlet.contactor
        asks = line.load_ohm == C_OHM
        # A disturbed pilot tells nobody what the car does, and welded contacts obey nobody.
        excused = asks or line.disturbed or contactor.welded
        let_go_ms = self._lets_go.note(not excused, self._attended_ms)
        # A dip that only one tick can have seen is no change of mind.
        silent_ms = self._silent.note(not asks, self._attended_ms)
        self._asked_ms = self._asks.note(asks or silent_ms < TICK_MS, self._attended_ms)
        promise(
            not contactor.contacts_closed or let_go_ms <= 100,
            "contacts closed %d ms after the car let go",
            let_go_ms,
        )

    def _check_pilot(self):
        line, driven = self.outlet.line, self.outlet.contactor.driven
        shorted_ms = self._shorted.note(line.shorted, self._attended_ms)
        promise(not driven or shorted_ms <= 120, "driven %d ms into a short", shorted_ms)
        signal = 0 < line.duty_bp < STEADY_BP
        bad_ms = self._bad_diode.note(line.diode_shorted and signal, self._attended_ms)
        sound = line.shorted or line.disturbed
        promise(not driven or bad_ms <= 120 or sound, "driven %d ms with a bad diode", bad_ms)

    def _check_residual(self):
        contactor = self.outlet.contactor
        tripped = self.outlet.residual.latched
        promise(not (tripped and (contactor.driven or contactor.coil_on)), "driven with a tripped RCD")

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
        forbidden_ms = self._forbidden.note(allowed_ma < 6000, self._attended_ms)
        driven = self.outlet.contactor.driven
        promise(not driven or forbidden_ms <= 6040, "driven %d ms after the withdrawal", forbidden_ms)

    def _check_weld(self):
        contactor = self.outlet.contactor
        alone = contactor.contacts_closed and not contactor.driven
        if self._closed_alone.note(alone, self._attended_ms) > 300:
            self._danger = True
        promise(not self._danger or self.outlet.line.duty_bp == 0, "no state F on a weld")

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
        promise(not self._danger, "closed after a weld")
