"""What the pilot tells the car: a duty that offers current, a steady +12 V, or state F."""

from control import duty

STATE_F_MS = 300
"""State F is held at least so long (IEC 61851-1, table A.6)."""
LONG_MS = 3600000


class Signal:
    """Drives the pilot of one connector."""

    def __init__(self):
        self.duty_bp = duty.STATE_F_BP
        """What a reset leaves on the pin."""
        self.apart = False
        """The pilot is off the wire."""
        self.since_change_ms = 0
        """Since the duty last changed."""

    def listens(self):
        """Whether what the pilot shows is the car's."""
        return self.duty_bp != duty.STATE_F_BP

    def speaks(self):
        """Whether there is a square wave, with two plateaus to measure."""
        return duty.carries_signal(self.duty_bp)

    def update(self, elapsed_ms, offered_ma, silent, apart):
        """Offer `offered_ma`, or state F while `silent`; whether the car may be heard anew."""
        self.since_change_ms = min(self.since_change_ms + elapsed_ms, LONG_MS)
        duty_bp = duty.STATE_F_BP if silent else duty.offer_bp(offered_ma)
        if duty_bp == self.duty_bp:
            self.apart = apart
            return False
        was_silent = self.duty_bp == duty.STATE_F_BP
        if was_silent and self.since_change_ms < STATE_F_MS:
            return False
        self.duty_bp = duty_bp
        self.apart = apart
        self.since_change_ms = 0
        return was_silent
