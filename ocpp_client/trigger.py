"""The RemoteTrigger profile: messages out of turn, because the server asks for them (OCPP 1.6, 5.17).

Loaded with the first TriggerMessage. The answer leaves before the message does; while the registration is
Pending these are the only calls beside BootNotification.
"""

from ocpp_client import timestamps
from ocpp_client.boot import UNKNOWN
from ocpp_client.measurands import sample
from ocpp_client.payloads import meter_values
from ocpp_client.source import Source

_BOOT, _HEARTBEAT = "BootNotification", "Heartbeat"
_METER, _STATUS = "MeterValues", "StatusNotification"
CONTEXT = "Trigger"


class Trigger(Source):
    """Takes TriggerMessage requests and sends what they ask for, each message once however often it was asked
    for before its turn came."""

    def __init__(self, client, charger):
        self._client = client
        self._charger = charger
        self._asked = []  # type: list  # (message, connector) in the order of their turn
        self._teller = Source()  # whose call is under way

    def request(self, payload):
        """The answer to a TriggerMessage: NotImplemented, Rejected where the message cannot be sent now, else
        Accepted."""
        message = payload["requestedMessage"]
        if message not in (_BOOT, _HEARTBEAT, _METER, _STATUS):
            return {"status": "NotImplemented"}
        will = self._ask(message, payload.get("connectorId"))
        return {"status": "Accepted" if will else "Rejected"}

    def next_call(self, now_ms):
        while self._asked:
            message, connector_id = self._asked.pop(0)
            call = self._call(message, connector_id, now_ms)
            if call:
                return call
        return None

    def answered(self, payload, now_ms):
        self._teller.answered(payload, now_ms)

    def failed(self, cause, now_ms):
        self._teller.failed(cause, now_ms)

    def _ask(self, message, connector_id):
        boot = self._client.boot
        if message == _BOOT:
            return boot.hasten(self._client.clock.now_ms())
        if boot.status == UNKNOWN:
            return False
        wanted = [(message, number) for number in self._connectors(message, connector_id)]
        if message == _METER:
            wanted = [entry for entry in wanted if self._values(entry[1])]
        self._asked += [entry for entry in wanted if entry not in self._asked]
        return wanted

    def _connectors(self, message, connector_id):
        """Those that the message is to tell of. One that the message does not know of is passed over where it
        means nothing, and no connector at all means all of them."""
        if message == _HEARTBEAT:
            return (0,)
        # The meter of the whole charger is none of its own: there is nothing to read for connector 0.
        known = range(1 if message == _METER else 0, self._charger.connector_count + 1)
        if connector_id is None:
            return known
        return (connector_id,) if connector_id in known else ()

    def _call(self, message, connector_id, now_ms):
        client = self._client
        if message == _STATUS:
            self._teller = client.statuses
            return client.statuses.triggered(connector_id)
        if message == _HEARTBEAT:
            self._teller = client.heartbeat
            client.heartbeat.synchronised(now_ms)
            return message, {}
        self._teller = Source()
        return self._meter_values(connector_id)

    def _values(self, connector_id):
        """What the meter tells now, as `ports.Store` keeps it; nothing where it cannot be dated."""
        reading = self._charger.reading(connector_id)
        if not reading or self._unix_ms() is None:
            return ()
        return sample(reading, self._client.configuration.get("MeterValuesSampledData"))

    def _meter_values(self, connector_id):
        values = self._values(connector_id)
        if not values:
            return None
        transactions = self._client.transactions
        tx = self._charger.transaction(connector_id)
        # Messages of a transaction stay in order: one that overtakes others may not name it.
        server_tx = transactions.server_id(tx) if tx and transactions.is_drained() else None
        timestamp = timestamps.to_text(self._unix_ms())
        return _METER, meter_values(connector_id, CONTEXT, values, timestamp, server_tx)

    def _unix_ms(self):
        clock = self._client.clock
        return clock.unix_ms(clock.stamp())
