"""Temperature: less current from 65 degC, none from 71 degC, and slowly back (derating).

The limit falls at once and rises by 1 A every 30 s once it is below 62 degC again. A lost sensor is as bad
as too hot.
"""

from control.duty import LEAST_MA
from control.suspicion import Suspicion

HOT_DC = 650
"""Derating begins here ..."""
COOL_DC = 620
"""... and ends below here."""
CRITICAL_DC = 710
RESUME_DC = 550
"""After a stop the enclosure must cool down to this; `control.faults` adds five minutes."""
SENSOR_MS = 1000
"""A sensor that says nothing for so long is lost; a single bad sample is not."""
CRITICAL_MS = 300
"""So long it must be too hot before charging stops: no place warms in less, and a reading may be wrong."""
RISE_EVERY_MS = 30000
RISE_MA = 1000


class Derating:
    """What one temperature sensor allows."""

    def __init__(self, rated_ma):
        self.limit_ma = rated_ma
        self.hot = False
        """People are told "Device getting hot"; the status stays Charging."""
        self.critical = False
        """Too hot, until it has cooled down to `RESUME_DC`."""
        self.lost = False
        """The sensor says nothing, or has not said yet that it is cool."""
        self._rated_ma = rated_ma
        self._too_hot = Suspicion(CRITICAL_MS)
        self._silent_ms = 0
        self._since_rise_ms = 0

    def update(self, elapsed_ms, temperature_dc, valid):
        """Take one sample (deci-degC, negative below freezing)."""
        if not valid:
            # The last temperature stands until the sensor counts as lost; nothing rises meanwhile.
            self._silent_ms = min(self._silent_ms + elapsed_ms, SENSOR_MS)
            self.lost = self.lost or self._silent_ms >= SENSOR_MS
            self._since_rise_ms = 0
            return
        self._silent_ms = 0
        self.lost = self.lost and temperature_dc >= RESUME_DC
        self._too_hot.update(elapsed_ms, temperature_dc < CRITICAL_DC)
        self.critical = self._too_hot.certain() or (self.critical and temperature_dc >= RESUME_DC)
        self.hot = temperature_dc >= (COOL_DC if self.hot else HOT_DC)
        self._follow(elapsed_ms, self._allowed_ma(temperature_dc))

    def _allowed_ma(self, temperature_dc):
        """A straight line from the rating at 65 degC to 6 A at 71 degC."""
        if temperature_dc <= HOT_DC:
            return self._rated_ma
        over_dc = min(temperature_dc, CRITICAL_DC) - HOT_DC
        return self._rated_ma - (self._rated_ma - LEAST_MA) * over_dc // (CRITICAL_DC - HOT_DC)

    def _follow(self, elapsed_ms, allowed_ma):
        if allowed_ma < self.limit_ma:
            self.limit_ma = allowed_ma
            self._since_rise_ms = 0
        elif self.hot or self.limit_ma >= self._rated_ma:
            self._since_rise_ms = 0
        else:
            self._since_rise_ms += elapsed_ms
            if self._since_rise_ms >= RISE_EVERY_MS:
                self._since_rise_ms = 0
                self.limit_ma = min(self.limit_ma + RISE_MA, self._rated_ma)
