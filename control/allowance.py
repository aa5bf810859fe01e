"""What this connector may offer: the limit rows that control itself knows, beside those from the mailbox."""

from control import cable, faults, limits
from control.power import PhasesInUse

_VOLTAGE = (1 << faults.UNDER_VOLTAGE) | (1 << faults.OVER_VOLTAGE)


class Allowance:
    """The limits of one connector, kept up to date with what is measured."""

    def __init__(self, rated_ma, phases, nominal_mv, cable_ma, metering):
        self.limits = limits.Limits(rated_ma, phases, nominal_mv)
        self.phases_in_use = PhasesInUse(phases)
        self._phases = phases
        self._car_phases = 0
        self._socket = cable_ma == 0
        self._metering = metering
        self._cable_ma = 0
        self._energy_ends = False
        if not self._socket:
            self.limits.set(limits.CABLE, cable_ma)

    def begin_session(self):
        """A car was plugged in, which has shown nothing yet."""
        self.phases_in_use.begin(min(self._car_phases or self._phases, self._phases))

    def end_session(self):
        """The car is gone, with its limits."""
        self.limits.end_session()

    def update(self, elapsed_ms, ohm, mailbox, session, lifetime_wh):
        """Take cable (`ohm`: the proximity line), car and mailbox; every tick, for these may end a charge."""
        rows = self.limits
        if self._socket:
            rows.set(limits.CABLE, self._loose_cable_ma(ohm, session))
        rows.set(limits.SIMPLE_CAR, limits.SIMPLE_CAR_MA if session.simple else limits.NO_LIMIT_MA)
        self._energy_ends = mailbox.end_wh > 0 and mailbox.limited_session == session.number
        spent = self._energy_ends and lifetime_wh >= mailbox.end_wh
        rows.set(limits.SESSION_ENERGY, 0 if spent else limits.NO_LIMIT_MA)
        rows.update(elapsed_ms, mailbox, session.number)

    def measure(self, elapsed_ms, inputs, mailbox, protection, charging):
        """Take what was measured, a few times a second."""
        rows, fresh = self.limits, protection.fresh
        derating_ma = protection.derating.limit_ma
        rows.set(limits.TEMPERATURE, derating_ma if derating_ma < rows.rated_ma else limits.NO_LIMIT_MA)
        rows.set(limits.METER, limits.NO_LIMIT_MA if fresh else self._unseen_ma(mailbox))
        phases = protection.switching.phases(inputs.joined)
        if phases != self._phases or mailbox.car_phases != self._car_phases:
            self._phases = phases
            self._car_phases = mailbox.car_phases
            self.begin_session()
        if fresh:
            rows.measure(inputs.voltage_mv, inputs.current_ma)
            if charging:
                self.phases_in_use.update(elapsed_ms, inputs.current_ma, phases)
        rows.use(self.phases_in_use.count)

    def _loose_cable_ma(self, ohm, session):
        """What the cable in the socket may carry. One that is in cannot gain: what reads as more is a poor
        contact. In the first second the contacts of its plug are still finding each other."""
        rating_ma = cable.rating_ma(ohm, self._phases)
        if not rating_ma:
            return 0
        if session.plugged and session.age_s:
            rating_ma = min(rating_ma, self._cable_ma or rating_ma)
        self._cable_ma = rating_ma
        return rating_ma

    def _unseen_ma(self, mailbox):
        """What may flow while nobody sees it: nothing that is paid for or ends with an energy."""
        if self._energy_ends:
            return 0
        if not self._metering:
            return limits.NO_LIMIT_MA
        return 0 if mailbox.billing else mailbox.meter_ma

    def supply_returned(self, cleared, mailbox):
        """Faults have just ended; after one of the supply, chargers must not all come back at once."""
        if cleared & _VOLTAGE and mailbox.return_delay_ms:
            self.limits.hold(limits.VOLTAGE, 0, mailbox.return_delay_ms)
