"""The meter's register as a bill needs it: whether it may begin with it, and whether the last Wh is in it."""

from ocpp_client.reports import Reading

FRESH_MS = 5000
"""A meter reading older than this is no reading."""
PATIENCE_MS = 5000
"""So long after boot a meter that has not answered is only slow; then it counts as silent."""
FIRST_READING_MS = 120000
"""The end of what a restart interrupted waits this long for the meter's first answer: nothing hurries, and
what the meter counted meanwhile belongs to it."""
FINAL_READING_MS = 3000
"""A transaction waits this long, after the contactor opened, for a register value from after it."""
LAST_FLOW_MS = 400
"""What may pass between the last look at a closed contactor and a register value without the last of the
energy: 100 ms to the next look, 100 ms for the contacts to part, 200 ms for the meter's answer."""


class Register:
    """The register of one connector."""

    def __init__(self, number, lane, services):
        self.known = False
        """Control has a value from this boot, or there is no meter to wait for."""
        self._answered = False
        self._number = number
        self._lane = lane
        self._meter = lane.parts.meter
        self._services = services

    def look(self):
        """To be called every 100 ms."""
        # A look later than the meter's answer, so that a tick has taken it in.
        self.known = self._answered or not self._meter.fitted
        self._answered = self._meter.readings > 0

    def is_silent(self):
        """Whether there is a meter that should have answered by now, and has not since boot."""
        return not self.known and self._services.clock.now_ms() >= PATIENCE_MS

    def reading(self):
        """The meter's fresh `Reading`, or None."""
        meter = self._meter
        if not self.known or not meter.readings or self._lane.meter_age_ms() > FRESH_MS:
            return None
        snapshot = self._lane.controller.snapshot
        sensor = self._lane.parts.temperature
        offered_ma = snapshot.offered_ma
        found = Reading(snapshot.lifetime_wh, meter.power_w, meter.current_ma, meter.voltage_mv, offered_ma)
        found.offered_w = offered_ma * sum(meter.voltage_mv[: snapshot.phases_in_use]) // 1000000
        found.frequency_mhz = meter.frequency_mhz
        found.temperature_dc = sensor.temperature_dc if sensor.valid else None
        found.soc_percent = meter.soc_percent
        found.signed = meter.signed
        return found

    def is_final(self, open_ms):
        """Whether the register was read after all the energy had passed; the contactor opened `open_ms`
        ago."""
        return self._answered and self.known and self._lane.meter_age_ms() + LAST_FLOW_MS < open_ms

    def is_overdue(self, open_ms):
        """Whether it is not worth waiting longer for that."""
        return open_ms >= (FINAL_READING_MS if self.known else FIRST_READING_MS)

    def keep(self, passing=False):
        """Write down the energy of the charger's life, with the register it belongs to: the meter's own
        bridges the time between two of these, over power cuts too. `passing`: the next follows within a
        minute."""
        if self._answered and self.known:
            energy = self._lane.controller.energy
            self._services.keep_energy(self._number, energy.lifetime_wh, energy.register_wh, passing)
