"""What may be offered to a car, as those who allow it remember it."""

RATED_MA = 32000
CABLE_MA = {1500: 13000, 680: 20000, 220: 32000, 100: 32000}
"""By the resistor in the plug, as far as the outlet goes."""


def heard_ma(duty_bp):
    """What the duty offers to a car (IEC 61851-1, table A.8)."""
    if not 1000 <= duty_bp <= 9600:
        return 0
    return duty_bp * 6 if duty_bp <= 8500 else (duty_bp - 6400) * 25


class Grants:
    """What people and servers have allowed, as the one who asked for it remembers."""

    def __init__(self, cable=None):
        """`cable`: the proximity line, where the outlet is a socket."""
        self.cable = cable
        self.authorised = False
        self.enabled = True
        self.rows = {}

    def limit(self, source, limit_ma, until_ms, fallback_ma):
        """A limit was written; `until_ms` None: for good."""
        self.rows[source] = (limit_ma, until_ms, fallback_ma)

    def allowed_ma(self, now_ms):
        """The most that may be offered; one second is granted to a limit that expires."""
        allowed_ma = RATED_MA if self.cable is None else self._cable_ma()
        for limit_ma, until_ms, fallback_ma in self.rows.values():
            if until_ms is None or now_ms < until_ms - 1000:
                row_ma = limit_ma
            elif now_ms > until_ms + 1000:
                row_ma = fallback_ma
            else:
                row_ma = max(limit_ma, fallback_ma)
            allowed_ma = min(allowed_ma, row_ma)
        return allowed_ma if self.authorised and self.enabled else 0

    def _cable_ma(self):
        if self.cable.open or self.cable.shorted:
            return 0
        return CABLE_MA.get(self.cable.fitted_ohm, 0)
