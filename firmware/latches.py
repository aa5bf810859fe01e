"""What a restart must not end: faults that last, what the contactor and the RCD have behind them, and what
was under way."""

from control import faults

WATCHDOG = 1 << faults.SYS_WATCHDOG


class Latches:
    """Those of one connector, written to the journal whenever one changes."""

    def __init__(self, number, controller, services):
        self._name = "latches-%d" % number
        self._controller = controller
        self._services = services
        self._kept = None

    def restore(self, cause):
        """At boot, before the first tick; `cause`: of `hal.contract.Watchdog`.

        A starved watchdog has restarted the charger already, which is what a system error gets once; when it
        does so again within the hour, the charger stays out of service.
        """
        kept = self._services.journal.get(self._name, []) + [0] * 7  # older firmware kept fewer
        latched, active, cycles, closings, trips, spent, marks = kept[:7]
        if cause == "watchdog":
            if active & WATCHDOG:
                self._controller.mailbox.system_faults = WATCHDOG
            active |= WATCHDOG
        lifetime_wh, register_wh = self._services.kept_energy(int(self._name[8:]))
        self._controller.restore(
            latched, active, lifetime_wh, register_wh, cycles, closings, trips, spent, marks
        )

    def look(self):
        """To be called after every few ticks."""
        snapshot = self._controller.snapshot
        # Before the first tick nothing is known, and what was kept before stands; as it does for the next
        # image while this one is refused.
        if not snapshot.ticks or self._services.refusals:
            return
        active = snapshot.faults | snapshot.restarted
        kept = [
            snapshot.latched,
            active,
            snapshot.cycles,
            snapshot.closings,
            snapshot.trips,
            snapshot.spent,
            snapshot.marks,
        ]
        if kept != self._kept:
            self._kept = kept
            self._services.keep(self._name, kept)

    def safe(self):
        """Whether a restart now would know all of it."""
        return not self._services.owes(self._name)
