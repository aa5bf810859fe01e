"""Clock-aligned moments: every interval from each midnight UTC on (OCPP 1.6, 3.16.2)."""

_DAY_S = 86400


class Grid:
    """Tells each moment once. What was missed (the charger was busy or its clock jumped) is made up for by
    the last one, never by a burst."""

    def __init__(self):
        self._last_s = None  # Unix time of the last moment
        self._interval_s = 0

    def late_ms(self, unix_ms, interval_s):
        """How long ago a moment passed that is still to be served, or None. `unix_ms` None: nobody knows."""
        if not interval_s or unix_ms is None:
            self._last_s, self._interval_s = None, 0
            return None
        aligned_s = _aligned(unix_ms // 1000, interval_s)
        last_s, last_interval_s = self._last_s, self._interval_s
        # The first look, another interval and a clock set far back only tell where the grid is now. A clock
        # set back a little must not serve the same moment twice.
        if last_interval_s == interval_s and last_s - interval_s <= aligned_s <= last_s:
            return None
        served = last_interval_s != interval_s or aligned_s < last_s
        self._last_s, self._interval_s = aligned_s, interval_s
        return None if served else unix_ms - aligned_s * 1000

    def wait_ms(self, unix_ms, interval_s, otherwise_ms):
        """Milliseconds until the next moment; `otherwise_ms` when there is none."""
        if not interval_s or unix_ms is None:
            return otherwise_ms
        aligned_s = _aligned(unix_ms // 1000, interval_s)
        midnight_s = (unix_ms // 1000 // _DAY_S + 1) * _DAY_S
        return min(aligned_s + interval_s, midnight_s) * 1000 - unix_ms


def _aligned(unix_s, interval_s):
    """The last moment of the grid."""
    midnight_s = unix_s // _DAY_S * _DAY_S
    return midnight_s + (unix_s - midnight_s) // interval_s * interval_s
