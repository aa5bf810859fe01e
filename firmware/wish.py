"""What was asked for one transaction: how much power, energy and time, and a note. All of it ends with the
transaction, and at the latest with the plug-in."""

from control import limits, windows

MOST_S = 518400
"""Six days: what a row of control can count."""
MOST_WH = 1000000
MOST_NOTE = 50
_MOST_REGISTER_WH = 0x3FFFFFFF


class Wish:
    """Limits of one transaction; 0 is none. ValueError: none of a charger's."""

    def __init__(self, power_w=0, energy_wh=0, duration_s=0, note="", tell=True):
        """`power_w`: no more than this over all phases; what is too little to charge with only pauses.
        `energy_wh`, `duration_s`: with so much, or after so long, the transaction ends. `note`: what people
        write for later, at most 50 characters; `tell`: the server does not know it yet."""
        for value, most, what in (
            (power_w, windows.MOST_W, "a power of 1 to %d W"),
            (energy_wh, MOST_WH, "an energy of 1 to %d Wh"),
            (duration_s, MOST_S, "a time of 1 to %d s"),
        ):
            if not 0 <= value <= most:
                raise ValueError("a charge takes %s, or 0 for any, not %d" % (what % most, value))
        if len(note) > MOST_NOTE or any(character < " " or character == "\x7f" for character in note):
            raise ValueError("a note is one line of at most %d characters" % MOST_NOTE)
        self.power_w = power_w
        self.energy_wh = energy_wh
        self.duration_s = duration_s
        self.note = note
        self.tell = tell

    def amended(self, power_w, energy_wh, note, tell):
        """The same with what is not None in its place."""
        return Wish(
            self.power_w if power_w is None else power_w,
            self.energy_wh if energy_wh is None else energy_wh,
            self.duration_s,
            self.note if note is None else note,
            self.tell if note is None else tell,
        )

    def under(self, wish):
        """The same for who has a `wish` of their own, or None: that counts first."""
        if not wish:
            return self
        return Wish(
            wish.power_w or self.power_w,
            wish.energy_wh or self.energy_wh,
            wish.duration_s or self.duration_s,
            wish.note or self.note,
            wish.tell if wish.note else self.tell,
        )

    def write(self, mailbox, meter_wh, delay_ms=0):
        """Give control the rows of `mailbox.limited_session`, whose transaction begins at `meter_wh`: all of
        them, so that nothing of a transaction before is left. `delay_ms`: it waits so long first."""
        self.rewrite(mailbox, meter_wh)
        life_ms = self.duration_s * 1000
        mailbox.set_limit(
            limits.SESSION_TIME, limits.NO_LIMIT_MA, life_ms, 0 if life_ms else limits.NO_LIMIT_MA
        )
        wait(mailbox, delay_ms)

    def rewrite(self, mailbox, meter_wh):
        """The rows that may change while the transaction runs."""
        if self.power_w:
            mailbox.set_power(limits.SESSION_POWER, self.power_w)
        else:
            mailbox.set_limit(limits.SESSION_POWER, limits.NO_LIMIT_MA)
        mailbox.end_wh = min(meter_wh + self.energy_wh, _MOST_REGISTER_WH) if self.energy_wh else 0

    def keep_note(self, transaction, services):
        """Keep the note with its transaction, and tell the server of it."""
        transaction.note = self.note
        services.keep("note-%d" % transaction.connector, [transaction.number, self.note])
        if self.tell and services.client:
            services.client.noted(transaction.number, self.note)

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


def amend(connector, services, power_w, energy_wh, note, tell):
    """What is asked for the transaction that runs on `connector`, or for the next one: that of the car that
    is plugged in, or of one that comes within ConnectionTimeOut. ValueError: no charge takes that."""
    running = connector.transaction
    if not running and not (connector.pending_tag and connector.wish):
        connector.asked = (connector.asked or Wish()).amended(power_w, energy_wh, note, tell)
        connector.asked_ms = services.clock.now_ms()
        return
    if running and connector.denial and (power_w, energy_wh) != (None, None):
        raise ValueError("the server has refused the card of this transaction")
    wish = (connector.wish or Wish()).amended(power_w, energy_wh, note, tell)
    connector.wish = wish
    if running:
        if (power_w, energy_wh) != (None, None):
            wish.rewrite(connector.controller.mailbox, running.meter_wh)
        if note is not None:
            wish.keep_note(running, services)
