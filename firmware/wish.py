"""What was asked for one transaction: how much power, energy and time. All of it ends with the transaction,
and at the latest with the plug-in."""

from control import limits, windows

MOST_S = 518400
"""Six days: what a row of control can count."""
MOST_WH = 1000000
_MOST_REGISTER_WH = 0x3FFFFFFF


class Wish:
    """Limits of one transaction; 0 is none. ValueError: none of a charger's."""

    def __init__(self, power_w=0, energy_wh=0, duration_s=0):
        """`power_w`: no more than this over all phases; what is too little to charge with only pauses.
        `energy_wh`, `duration_s`: with so much, or after so long, the transaction ends."""
        for value, most, what in (
            (power_w, windows.MOST_W, "power of 1 to %d W"),
            (energy_wh, MOST_WH, "energy of 1 to %d Wh"),
            (duration_s, MOST_S, "time of 1 to %d s"),
        ):
            if not 0 <= value <= most:
                raise ValueError("a charge takes a %s, or 0 for any, not %d" % (what % most, value))
        self.power_w = power_w
        self.energy_wh = energy_wh
        self.duration_s = duration_s

    def write(self, mailbox, meter_wh, delay_ms=0):
        """Give control the rows of `mailbox.limited_session`, whose transaction begins at `meter_wh`: all of
        them, so that nothing of a transaction before is left. `delay_ms`: it waits so long first."""
        if self.power_w:
            mailbox.set_power(limits.SESSION_POWER, self.power_w)
        else:
            mailbox.set_limit(limits.SESSION_POWER, limits.NO_LIMIT_MA)
        if self.energy_wh:
            mailbox.end_wh = min(meter_wh + self.energy_wh, _MOST_REGISTER_WH)
        life_ms = self.duration_s * 1000
        mailbox.set_limit(
            limits.SESSION_TIME, limits.NO_LIMIT_MA, life_ms, 0 if life_ms else limits.NO_LIMIT_MA
        )
        wait(mailbox, delay_ms)

    def reached(self, gained_wh, passed_ms):
        """What of it is used up, as the name of its row, or an empty string."""
        if self.energy_wh and gained_wh >= self.energy_wh:
            return limits.NAMES[limits.SESSION_ENERGY]
        if self.duration_s and passed_ms >= self.duration_s * 1000:
            return limits.NAMES[limits.SESSION_TIME]
        return ""


def wait(mailbox, delay_ms):
    """Nothing is offered for so long; 0 ends a wait."""
    mailbox.set_limit(limits.START_DELAY, 0 if delay_ms else limits.NO_LIMIT_MA, delay_ms)
