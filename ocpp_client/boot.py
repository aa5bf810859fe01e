"""The gate: until the backend has accepted the charger, nothing but BootNotification is sent (OCPP 1.6,
4.2)."""

from ocpp_client import timestamps
from ocpp_client.backoff import Backoff
from ocpp_client.source import LOST, Source

UNKNOWN, PENDING, REJECTED, ACCEPTED = "Unknown", "Pending", "Rejected", "Accepted"

MAX_INTERVAL_S = 86400
"""Longest interval that is obeyed: a server that answers with years by mistake gets another chance within a
day."""


class Boot(Source):
    """Registration with the backend, once a start. `on_accepted(now_ms)` is called when it is accepted."""

    def __init__(self, charger, clock, configuration, on_accepted):
        self._charger = charger
        self._clock = clock
        self._configuration = configuration
        self._on_accepted = on_accepted
        # With interval 0 the charger chooses: 10-20 s at first, 5-10 minutes in the end.
        self._backoff = Backoff(clock.random_bytes, 10000, 600000)
        self._due_ms = 0
        self._sent = None
        self._told = None
        self._linked_anew = False
        self.status = UNKNOWN

    @property
    def accepted(self):
        return self.status == ACCEPTED

    def linked(self, now_ms):
        """A new link: what was accepted stays so, unless the charger has something new to say of itself."""
        self._linked_anew = True
        if self.accepted and self._told != self._payload():
            self._begin(now_ms)

    def hasten(self, now_ms):
        """The server asks for a BootNotification out of turn (TriggerMessage). False when it has accepted one
        on this link (errata 3.35); after a reconnect it may have forgotten the charger."""
        if self.accepted and not self._linked_anew:
            return False
        self._begin(now_ms)
        return True

    def next_call(self, now_ms):
        if self.accepted or now_ms < self._due_ms:
            return None
        self._sent = self._payload()
        return "BootNotification", self._sent

    def wait_ms(self, now_ms):
        return None if self.accepted else self._due_ms - now_ms

    def answered(self, payload, now_ms):
        self.status = payload["status"]
        interval_s = _seconds(payload["interval"])
        if self.status != REJECTED:
            set_clock(self._clock, payload["currentTime"])
        if not self.accepted:
            self._due_ms = now_ms + (interval_s * 1000 or self._backoff.next_ms())
            return
        self._told = self._sent
        self._linked_anew = False
        self._backoff.reset()
        if interval_s:
            self._configuration.hold("HeartbeatInterval", "%d" % interval_s)
        self._on_accepted(now_ms)

    def failed(self, cause, now_ms):
        self._due_ms = now_ms if cause == LOST else now_ms + self._backoff.next_ms()

    def _begin(self, now_ms):
        """Register at once. One that was not accepted goes on as it was until the answer comes."""
        if self.accepted:
            self.status = UNKNOWN
        self._due_ms = now_ms

    def _payload(self):
        charger = self._charger
        payload = {"chargePointVendor": charger.vendor[:20], "chargePointModel": charger.model[:20]}
        if charger.serial_number:
            payload["chargePointSerialNumber"] = charger.serial_number[:25]
        if charger.firmware_version:
            payload["firmwareVersion"] = charger.firmware_version[:50]
        return payload


def _seconds(interval):
    # Written so that a negative number and a NaN both become 0, 'the charger chooses'.
    if not interval > 0:
        return 0
    return int(min(interval, MAX_INTERVAL_S))


def set_clock(clock, text):
    """Set the clock from a server's currentTime; one that is no moment in time is passed over."""
    try:
        clock.set_unix_ms(timestamps.from_text(text))
    except timestamps.BadTimestamp:
        pass
