"""The Core profile's requests of a backend (OCPP 1.6, 5): what each asks of the charger, and the answer.

A profile is a table of handlers by action; each takes a payload that has been held against
`messages.REQUESTS` and returns the answer's payload, or raises `CallFailed`. The client adds the tables of
all profiles together.
"""

from ocpp_client.boot import ACCEPTED
from ocpp_client.rpc import PROPERTY, CallFailed

_ACCEPTED = {"status": "Accepted"}
_REJECTED = {"status": "Rejected"}


class Core:
    """Handlers of the Core profile."""

    def __init__(self, charger, configuration, boot, transactions):
        self._charger = charger
        self._configuration = configuration
        self._boot = boot
        self._transactions = transactions

    def handlers(self):
        """Action to handler."""
        return {
            "ChangeAvailability": self.change_availability,
            "ChangeConfiguration": self.change_configuration,
            "GetConfiguration": self.get_configuration,
            "RemoteStartTransaction": self.remote_start,
            "RemoteStopTransaction": self.remote_stop,
            "Reset": self.reset,
        }

    def change_availability(self, payload):
        operative = payload["type"] == "Operative"
        return {"status": self._charger.change_availability(payload["connectorId"], operative)}

    def change_configuration(self, payload):
        return {"status": self._configuration.change(payload["key"], payload["value"])}

    def get_configuration(self, payload):
        describe = self._configuration.describe
        names = payload.get("key") or self._configuration.names()
        unknown = [name for name in names if not describe(name)]
        # One by one: nothing else that is sent would take so much of a heap at once.
        answer: dict = {"configurationKey": map(describe, [name for name in names if name not in unknown])}
        if unknown:
            answer["unknownKey"] = unknown
        return answer

    def remote_start(self, payload):
        connector_id = payload.get("connectorId")
        profile = payload.get("chargingProfile")
        if connector_id is not None and not 0 <= connector_id <= self._charger.connector_count:
            raise CallFailed(PROPERTY, "there is no connector %d" % min(connector_id, 9999))
        # A profile is not applied before smart charging is spoken, but a wrong one shows a request gone
        # astray.
        wrong_profile = profile and (
            profile["chargingProfilePurpose"] != "TxProfile" or profile.get("transactionId") is not None
        )
        if self._boot.status != ACCEPTED or connector_id == 0 or wrong_profile:
            return _REJECTED
        return _verdict(self._charger.remote_start(connector_id, payload["idTag"]))

    def remote_stop(self, payload):
        tx = self._transactions.transaction(payload["transactionId"])
        if self._boot.status != ACCEPTED or tx is None or not self._runs(tx):
            return _REJECTED
        return _verdict(self._charger.remote_stop(tx))

    def reset(self, payload):
        return _verdict(self._charger.reset(payload["type"]))

    def _runs(self, tx):
        for connector_id in range(1, self._charger.connector_count + 1):
            if self._charger.transaction(connector_id) == tx:
                return True
        return False


def _verdict(will):
    return _ACCEPTED if will else _REJECTED
