"""What the backend is told of each connector's state (OCPP 1.6, 4.9)."""

from ocpp_client import timestamps
from ocpp_client.source import LOST, TIMED_OUT, Source

RETRY_MS = 60000
"""A status whose answer did not come is told again after this."""


class Statuses(Source):
    """StatusNotification for the charger (0) and every connector: all after a boot, then each that changed.

    Only the newest status of a connector is kept, so a flapping contact or a long time offline costs neither
    memory nor a flood. MinimumStatusDuration holds back states that do not last.
    """

    def __init__(self, charger, clock, configuration):
        count = charger.connector_count + 1
        self._charger = charger
        self._clock = clock
        self._configuration = configuration
        self._told = [None] * count  # type: list
        self._due_ms = [None] * count  # type: list
        self._words = [None] * count  # type: list  # what those that are due are
        self._in_flight = 0

    def restart(self, now_ms):
        """The backend has accepted a boot and knows nothing: all are due."""
        for connector_id in range(len(self._told)):
            self._told[connector_id] = None
            self._due_ms[connector_id] = now_ms

    def triggered(self, connector_id):
        """The call that tells the status of `connector_id` now, whether it changed or not, and however short
        it has lasted."""
        self._told[connector_id] = None
        self._due_ms[connector_id] = None
        return self._call(connector_id)

    def changed(self, connector_id, now_ms):
        """The status of `connector_id` may have changed."""
        due_ms = now_ms + self._configuration.get("MinimumStatusDuration") * 1000
        earlier_ms = self._due_ms[connector_id]
        word = self._charger.status(connector_id).status
        if earlier_ms is not None and word == self._words[connector_id]:
            return  # it lasts, whatever else is to be said of it
        self._words[connector_id] = word
        # Where the backend knows nothing yet, nothing is held back.
        if self._told[connector_id] is None and earlier_ms is not None:
            due_ms = min(due_ms, earlier_ms)
        self._due_ms[connector_id] = due_ms

    def next_call(self, now_ms):
        for connector_id in range(len(self._due_ms)):
            due_ms = self._due_ms[connector_id]
            if due_ms is not None and now_ms >= due_ms:
                self._due_ms[connector_id] = None
                call = self._call(connector_id)
                if call:
                    return call
        return None

    def wait_ms(self, now_ms):
        due = [due_ms for due_ms in self._due_ms if due_ms is not None]
        return min(due) - now_ms if due else None

    def failed(self, cause, now_ms):
        connector_id = self._in_flight
        # A server that refuses a status would refuse it again; one that did not hear it may hear it later.
        if cause in (LOST, TIMED_OUT):
            self._told[connector_id] = None
            if self._due_ms[connector_id] is None:
                self._due_ms[connector_id] = now_ms if cause == LOST else now_ms + RETRY_MS

    def _call(self, connector_id):
        status = self._charger.status(connector_id)
        facts = (status.status, status.error_code, status.info, status.vendor_error_code)
        if facts == self._told[connector_id]:
            return None
        self._told[connector_id] = facts
        self._in_flight = connector_id
        return "StatusNotification", self._payload(connector_id, status)

    def _payload(self, connector_id, status):
        payload = {"connectorId": connector_id, "errorCode": status.error_code, "status": status.status}
        unix_ms = self._clock.unix_ms(status.stamp) if status.stamp else None
        if unix_ms is not None:
            payload["timestamp"] = timestamps.to_text(unix_ms)
        if status.info:
            payload["info"] = status.info[:50]
        if status.vendor_error_code:
            payload["vendorErrorCode"] = status.vendor_error_code[:50]
            payload["vendorId"] = self._charger.vendor
        return payload
