"""What must hold before the contactor closes, and for as long as it is closed, whatever the state says."""

from control import duty, faults, pilot, residual

STABLE_MS = 500
"""The car must be ready this long before the first close: a short dip of the pilot closes nothing."""
RECLOSE_MS = 5000
FAULT_RECLOSE_MS = 30000
"""Pause after an opening; and after a fault, or a car that asked for ventilation."""


class Interlock:
    """Judges from the control pilot (`cp`) and the watchers of one connector, and keeps the pause before a
    close."""

    def __init__(self, cp, protection, ventilation):
        self._pilot = cp
        self._protection = protection
        self._ventilation = ventilation
        # Nobody knows when the contactor opened before this start.
        self.pause_ms = RECLOSE_MS
        """Nothing closes for so long."""
        self.hazard = False
        """Something beside this connector forbids current: a weld elsewhere, a coil without supply."""
        self.lapsed = False
        """The tick came so late that the close lease had ended."""

    def update(self, elapsed_ms, lapsed, hazard):
        """A tick begins."""
        self.lapsed = lapsed
        self.hazard = hazard
        if self.pause_ms > 0:
            self.pause_ms -= elapsed_ms

    def pause(self, pause_ms):
        """Nothing closes for `pause_ms` from now, at the least."""
        self.pause_ms = max(self.pause_ms, pause_ms)

    def ready(self):
        """The car asks for current, in a way that this place may serve."""
        level = self._pilot.level
        return level == pilot.C or (level == pilot.D and self._ventilation)

    def lets_go(self):
        """What is closed opens now, by no fault: for the car, a stall, a coil without supply or a weld
        elsewhere. It closes again like after any opening, with a pause."""
        return self.lapsed or self.hazard or self._protection.contactor.dropped or not self.ready()

    def may_close(self, locked, offered_ma):
        """What must hold, beside readiness and the offer, before the contactor closes. `locked`: what the
        lock's feedback tells."""
        protection = self._protection
        return (
            self._pilot.held_ms >= STABLE_MS
            and self._pilot.agrees
            and protection.diode.proven
            and offered_ma >= duty.LEAST_MA
            and protection.contactor.open
            and protection.rcd.state == residual.READY
            and protection.operations.allowed()
            and self.pause_ms <= 0
            and protection.lock.holds(locked)
        )

    def holds(self, rcd_tripped):
        """No current past a lost pilot, a fault or a residual current."""
        protection = self._protection
        return (
            self.ready()
            and not protection.faults.active & faults.OPENING
            and not self.hazard
            and not protection.contactor.dropped
            and not rcd_tripped
            and protection.rcd.state == residual.READY
        )
