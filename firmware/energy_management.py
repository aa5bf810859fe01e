"""Energy management: what the hours, the house and the car let each connector have.

Schedule and load balancing carry a time to live: when this falls silent, their fallbacks hold. It is only
loaded, with what it needs, once a setting or a limit in W asks for it (`firmware.services`).
"""

from control import faults, limits, states
from firmware import delay
from firmware.wish import wait

VOLTAGE = (1 << faults.UNDER_VOLTAGE) | (1 << faults.OVER_VOLTAGE)
OUTAGES = ("power_on", "brown_out")
"""Causes of a start that follow a loss of the supply."""
PHASES = {"auto": 0, "1": 1, "3": 3}
"""Setting PhaseSwitching, in the words of `firmware.phase_choice`."""


class EnergyManagement:
    """One for all connectors of a charger."""

    def __init__(self, connectors, meter, services):
        """`meter`: of the connection that the charger shares with a house."""
        self._connectors = connectors
        self._meter = meter
        self._services = services
        self._clock = services.clock
        self._settings = services.settings
        self._hours = None
        self._sharing = None
        self._vehicles = None
        self._phasing = [None] * len(connectors)  # type: list
        self._skipped = [0] * len(connectors)
        self._disturbed = [True] * len(connectors)
        self._returning = None
        """Bits of the connectors whose supply is out of range or whose wait after that is not over."""
        self._looked_ms = self._clock.now_ms()
        services.settings.subscribe(self._changed)
        self._set_hours()
        self._set_sharing()
        for connector in connectors:
            if connector.transaction:
                self._meet(connector)

    def resume(self, cause):
        """At boot, for a `cause` of `hal.contract.Watchdog`: the supply has come back, or a restart has cut
        the wait for it short, and there is a new one. A new charger comes back from nothing."""
        returning = self._services.journal.get("returning")
        for connector in self._connectors:
            if returning is not None and (cause in OUTAGES or returning & (1 << connector.number)):
                delay_ms = self._draw_ms("ReturnDelayMax")
                if delay_ms:
                    connector.controller.mailbox.set_limit(limits.VOLTAGE, 0, delay_ms)

    def begin(self, connector):
        """A transaction is about to begin. Returns how long it waits first (ms)."""
        self._meet(connector)
        index = connector.number - 1
        if self._phasing[index]:
            self._phasing[index].begin()
        return self._start_delay_ms(connector)

    def skip_waits(self, connector):
        """The owner calls off the random waits of this plug-in."""
        mailbox = connector.controller.mailbox
        self._skipped[connector.number - 1] = connector.snapshot.session
        mailbox.return_delay_ms = 0
        mailbox.set_limit(limits.VOLTAGE, limits.NO_LIMIT_MA)
        if mailbox.limited_session == connector.snapshot.session:
            wait(mailbox, 0)

    def look(self, now_ms):
        """Bring all of it up to date; twice a second."""
        elapsed_ms = now_ms - self._looked_ms
        self._looked_ms = now_ms
        if self._hours and self._hours.look(now_ms):
            self._delay_all()
        if self._hours:
            self._hours.write()
        if self._sharing:
            self._sharing.look(now_ms)
        for connector in self._connectors:
            self._draw_return(connector)
            self._choose_phases(connector, elapsed_ms)
        self._note_returning()

    # Settings.

    def _changed(self, name):
        if name in ("Schedule", "TimeZone"):
            self._set_hours()
        elif name in ("FuseCurrent", "MainsFallbackCurrent", "ConnectorPhaseRotation"):
            self._set_sharing()
        elif name == "Vehicles":
            self._vehicles = None

    def _set_hours(self):
        text = self._settings.get("Schedule")
        if text:
            from firmware.hours import Hours

            self._hours = Hours(text, self._settings.get("TimeZone"), self._connectors, self._clock)
        elif self._hours:
            self._hours = None
            self._free(limits.SCHEDULE)

    def _set_sharing(self):
        fuse_ma = self._settings.get("FuseCurrent") * 1000
        if fuse_ma:
            from firmware.sharing import Sharing

            self._sharing = Sharing(fuse_ma, self._meter, self._connectors, self._services)
        elif self._sharing:
            self._sharing = None
            self._free(limits.LOAD_BALANCING)

    def _free(self, source):
        for connector in self._connectors:
            connector.controller.mailbox.set_limit(source, limits.NO_LIMIT_MA)

    # Waits.

    def _draw_ms(self, name):
        most_s = self._settings.get(name)
        return delay.draw_ms(self._clock.random_bytes(delay.CHANCE_BYTES), most_s) if most_s else 0

    def _start_delay_ms(self, connector):
        skipped = self._skipped[connector.number - 1] == connector.snapshot.session
        return 0 if skipped else self._draw_ms("StartDelayMax")

    def _delay_all(self):
        """The hours have just opened, for a whole street."""
        for connector in self._connectors:
            if connector.transaction:
                wait(connector.controller.mailbox, self._start_delay_ms(connector))

    def _draw_return(self, connector):
        """A new wait for each time that the supply leaves its range; it is back after 30 s at the least."""
        index = connector.number - 1
        disturbed = bool(connector.snapshot.faults & VOLTAGE)
        if disturbed and not self._disturbed[index]:
            connector.controller.mailbox.return_delay_ms = self._draw_ms("ReturnDelayMax")
        self._disturbed[index] = disturbed

    def _note_returning(self):
        """A restart must know of it."""
        returning = 0
        for connector in self._connectors:
            if not connector.snapshot.ticks:
                return
            if self._disturbed[connector.number - 1] or connector.controller.limits.left_ms(limits.VOLTAGE):
                returning |= 1 << connector.number
        if returning != self._returning:
            self._returning = returning
            self._services.keep("returning", returning)

    # Phases.

    def _meet(self, connector):
        """Tell control what is known of the car that comes with the transaction's card."""
        mailbox = connector.controller.mailbox
        wait_s = self._settings.get("PhaseSwitchWait")
        text = self._settings.get("Vehicles")
        mailbox.phase_wait_ms, mailbox.car_phases = wait_s * 1000, 0
        if text:
            from firmware import vehicles

            self._vehicles = self._vehicles or vehicles.parse(text)
            known = vehicles.look_up(self._vehicles, connector.transaction.id_tag, wait_s)
            mailbox.phase_wait_ms, mailbox.car_phases = known

    def _choose_phases(self, connector, elapsed_ms):
        """Only where phases can be switched, and somebody wishes it or limits in W."""
        reading = connector.reading()
        if not connector.switchable or not reading:
            return
        index = connector.number - 1
        controller = connector.controller
        setting = PHASES[self._settings.get("PhaseSwitching")]
        if not self._phasing[index]:
            if not setting and not any(controller.mailbox.power_w):
                return
            from firmware.phase_choice import PhaseChoice

            self._phasing[index] = PhaseChoice()
        from firmware.views import least_power_w

        phases = self._phasing[index].update(
            elapsed_ms, setting, least_power_w(controller), reading.voltage_mv, _car_phases(connector)
        )
        controller.mailbox.phases = 1 if phases == 1 else 0


def _car_phases(connector):
    """Phases that the car is known to use: from the table, or from what it drew with all of them joined."""
    snapshot = connector.snapshot
    shown = snapshot.state == states.CHARGING and snapshot.phases > 1 and snapshot.phases_in_use == 1
    return 1 if shown else connector.controller.mailbox.car_phases
