"""A sign of life after silence, and the time of day (OCPP 1.6, 4.6)."""

from ocpp_client.boot import set_clock
from ocpp_client.source import Source

DAY_MS = 86400000


class Heartbeat(Source):
    """Sends a Heartbeat after HeartbeatInterval seconds without another request, and at least once a day,
    because its answer sets the clock."""

    def __init__(self, clock, configuration):
        self._clock = clock
        self._configuration = configuration
        self._spoken_ms = 0
        self._beat_ms = 0

    def spoken(self, now_ms):
        """A request was sent."""
        self._spoken_ms = now_ms

    def synchronised(self, now_ms):
        """The server told the time in another way (BootNotification)."""
        self._beat_ms = now_ms

    def next_call(self, now_ms):
        if self.wait_ms(now_ms) > 0:
            return None
        self._beat_ms = now_ms
        return "Heartbeat", {}

    def wait_ms(self, now_ms):
        interval_ms = self._configuration.get("HeartbeatInterval") * 1000
        return min(self._spoken_ms + interval_ms, self._beat_ms + DAY_MS) - now_ms

    def answered(self, payload, now_ms):
        set_clock(self._clock, payload["currentTime"])
