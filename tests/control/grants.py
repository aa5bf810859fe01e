"""What may be offered to a car, as those who allow it remember it."""

RATED_MA = 32000
CABLE_MA = {1500: 13000, 680: 20000, 220: 32000, 100: 32000}
"""By the resistor in the plug, as far as the outlet goes."""
PLENTY_MA = 1000000
GRACE_MS = 1000
"""Granted to a limit that expires, on either side."""


def heard_ma(duty_bp):
    """What the duty offers to a car (IEC 61851-1, table A.8)."""
    if not 1000 <= duty_bp <= 9600:
        return 0
    return duty_bp * 6 if duty_bp <= 8500 else (duty_bp - 6400) * 25


CABLE_NOTICE_MS = 140
"""One bad sample of the proximity line is no other cable."""


class Row:
    """One limit: what is allowed until when, and what after that."""

    def __init__(self, now_ms, values_ma, life_ms, fallback_ma, of_session=False, power_w=0):
        """`values_ma`: a phase; `life_ms` 0: for good; `power_w`: instead of mA, where it is not 0."""
        self.written_ms = now_ms
        self.until_ms = now_ms + life_ms if life_ms else None
        self.of_session = of_session
        self.power_w = power_w
        self.doubtful = False
        """Nobody knows whether the plug-in has ended to which it belongs."""
        self._values_ma = (PLENTY_MA,) * 3 if power_w else values_ma
        self._fallback_ma = fallback_ma

    def holds(self, now_ms):
        """Whether the value surely holds still."""
        return self.until_ms is None or now_ms < self.until_ms - GRACE_MS

    def over(self, now_ms):
        """Whether the fallback surely holds."""
        return self.until_ms is not None and now_ms > self.until_ms + GRACE_MS

    def value_ma(self, now_ms, phases, least=False):
        """The most, or with `least` the least, that this row may mean now."""
        value_ma = min(self._values_ma[:phases])
        if self.doubtful and not least:
            return PLENTY_MA
        if self.holds(now_ms):
            return value_ma
        if self.over(now_ms):
            return self._fallback_ma
        return (min if least else max)(value_ma, self._fallback_ma)


class Grants:
    """What people and servers have allowed, as the one who asked for it remembers."""

    def __init__(self, cable=None, rated_ma=RATED_MA):
        """`cable`: the proximity line, where the outlet is a socket."""
        self.cable = cable
        self.rated_ma = rated_ma
        self.authorised = False
        self.sure = False
        """The authorisation was given when nobody could doubt to which plug-in it belongs."""
        self.lapsed = False
        """It went with the plug."""
        self.enabled = True
        self.rows = {}
        self.billing = False
        self.unseen_ma = 6000
        """What may flow while the meter is silent."""
        self.phase_wait_ms = 60000
        self.return_delay_ms = 0
        self.enough_wh = None
        """The meter's register at which the session has had enough."""
        self.enough_doubtful = False
        self._authorised_ms = 0
        self._cable_seen_ma = self._cable_former_ma = 0
        self._cable_at_ms = 0
        self._sort()

    def authorise(self, now_ms, sure=True):
        """Somebody may charge: the car that is there, or the next one."""
        self.authorised = True
        self.sure = sure
        self.lapsed = False
        self._authorised_ms = now_ms

    def withdraw(self):
        """The charge is over."""
        self.authorised = self.sure = False

    def limit(self, source, row):
        """A limit was written."""
        self.rows[source] = row
        self._sort()

    def doubt(self):
        """The plug moved: what belongs to a plug-in may be over."""
        self.sure = False
        self.enough_doubtful = True
        for row in self.rows.values():
            row.doubtful = row.of_session
        self._sort()

    def unplugged(self, before_ms):
        """A car went, visibly, and what was granted before `before_ms` with it; later grants may be the next
        car's."""
        if self._authorised_ms <= before_ms:
            self.lapsed = self.lapsed or self.authorised
            self.withdraw()
        self.sure = False
        self.enough_wh = None
        self.rows = {source: row for source, row in self.rows.items() if not row.of_session}
        self._sort()

    def restarted(self):
        """The firmware knows nothing of what was granted any more."""
        self.withdraw()
        self.enabled = True
        self.billing = False
        self.unseen_ma = 6000
        self.phase_wait_ms = 60000
        self.return_delay_ms = 0
        self.enough_wh = None
        self.rows.clear()
        self._sort()

    def allowed_ma(self, now_ms, phases=3, least=False):
        """The most that may be offered; with `least`, what surely may."""
        if not (self.sure if least else self.authorised) or not self.enabled:
            return 0
        return self.limited_ma(now_ms, phases, least)

    def limited_ma(self, now_ms, phases=3, least=False):
        """The same for anybody who may charge."""
        allowed_ma = self.rated_ma if self.cable is None else min(self._cable_ma(now_ms), self.rated_ma)
        for row in self._timed:
            allowed_ma = min(allowed_ma, row.value_ma(now_ms, phases, least))
        return min(allowed_ma, self._steady_ma[phases])

    def _sort(self):
        """What holds for good is the same at every tick."""
        rows = self.rows.values()
        self._timed = [row for row in rows if row.until_ms is not None or row.doubtful]
        steady = [row for row in rows if row not in self._timed]
        self._steady_ma = [
            min([row.value_ma(0, phases) for row in steady], default=PLENTY_MA) for phases in (1, 1, 2, 3)
        ]

    def _cable_ma(self, now_ms):
        """What the cable may carry; for a moment after a change, what it may have seemed to."""
        known = not (self.cable.open or self.cable.shorted)
        cable_ma = CABLE_MA.get(self.cable.fitted_ohm, 0) if known else 0
        if cable_ma != self._cable_seen_ma:
            self._cable_former_ma, self._cable_seen_ma = self._cable_seen_ma, cable_ma
            self._cable_at_ms = now_ms
        if now_ms - self._cable_at_ms <= CABLE_NOTICE_MS:
            return max(cable_ma, self._cable_former_ma)
        return cable_ma
