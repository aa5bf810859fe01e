"""Load balancing with the mains meter: its readings go to `firmware.balance`, and the results become limit
rows that live for a few readings only."""

from control import limits
from control.duty import LEAST_MA
from firmware.balance import LIFE_MS, Balance, rotation

STRAIGHT = (0, 1, 2)
PRESENT = ("Preparing", "Charging", "SuspendedEVSE")
"""Statuses of a running transaction whose car charges, or would."""


class Sharing:
    """The row LOAD_BALANCING of all connectors; where there is no mains meter its fallback holds."""

    def __init__(self, fuse_ma, meter, connectors, services):
        fallback_ma = services.settings.get("MainsFallbackCurrent") * 1000
        self._fallback_ma = fallback_ma if fallback_ma >= LEAST_MA else 0
        self._meter = meter
        self._connectors = connectors
        self._services = services
        rotations = services.settings.get("ConnectorPhaseRotation")
        self._balance = Balance(fuse_ma, [_rotation(rotations, connector.number) for connector in connectors])
        self._readings = meter.readings
        self._read_ms = services.clock.now_ms()
        self._silent = False
        for connector in connectors:
            connector.controller.mailbox.set_limit(limits.LOAD_BALANCING, self._fallback_ma)

    def look(self, now_ms):
        """Take a new reading, if there is one."""
        elapsed_ms = now_ms - self._read_ms
        if self._meter.readings != self._readings:
            self._readings = self._meter.readings
            self._read_ms = now_ms
            self._tell(False)
            self._share(elapsed_ms)
        elif elapsed_ms > LIFE_MS:
            self._tell(True)

    def _share(self, elapsed_ms):
        connectors = self._connectors
        drawn_ma = [_drawn_ma(connector) for connector in connectors]
        self._balance.update(elapsed_ms, self._meter.current_ma, drawn_ma)
        for index, connector in enumerate(connectors):
            l1_ma, l2_ma, l3_ma = self._balance.limits_ma(index)
            connector.controller.mailbox.set_phases(
                limits.LOAD_BALANCING, l1_ma, l2_ma, l3_ma, LIFE_MS, self._fallback_ma
            )

    def _tell(self, silent):
        if silent != self._silent:
            self._silent = silent
            self._services.publish({"event": "mains_meter", "silent": silent})


def _drawn_ma(connector):
    """What its car draws, by the phases in use; None: there is none that wants to charge."""
    running = connector.transaction
    if not running or running.ending() or connector.status.status not in PRESENT:
        return None
    reading = connector.reading()
    phases = connector.snapshot.phases_in_use
    return reading.current_ma[:phases] if reading else [0] * phases


def _rotation(items, number):
    """Of one connector, from ConnectorPhaseRotation; as wired straight where nobody has said."""
    for item in items:
        connector, _, letters = item.partition(".")
        if connector == str(number) and sorted(letters) == ["R", "S", "T"]:
            return rotation(letters)
    return STRAIGHT
