"""DataTransfer: what OCPP 1.6 has no field for, under this firmware's own vendor id (OCPP 1.6, 4.3 and 5.6).

    message             data, a JSON object                        from
    SessionEnergyLimit  {"connectorId": 1, "energyWh": 20000}      the server
    SessionPowerLimit   {"connectorId": 1, "powerW": 7400}         the server
    SessionNote         {"connectorId": 1, "note": "trip"}         the server
    SessionNote         {"transactionId": 7, "note": "trip"}       the charger: somebody wrote it there

What the server sends is for the transaction that runs, or for the next one of that connector; connectorId may
be left out where there is one. 0, or an empty note, takes back what was asked for. Loaded with the first such
message.
"""

import json

from ocpp_client.payloads import NO_ID
from ocpp_client.rpc import CallFailed, Ignored, parse
from ocpp_client.schema import check
from ocpp_client.source import FORGOTTEN, LOST, Source

VENDOR = "org.mode3"
MOST_NOTE = 50
"""Characters of a note."""
MOST_WAITING = 4
"""Notes that wait to be told; of more, the oldest are not."""

_NOTE = "SessionNote"
# By message: the name of its field here, and its fields on the wire.
_MESSAGES = {
    "sessionenergylimit": ("energy_wh", "energyWh", "connectorId?:integer energyWh:integer"),
    "sessionpowerlimit": ("power_w", "powerW", "connectorId?:integer powerW:integer"),
    "sessionnote": ("note", "note", "connectorId?:integer note:text:%d" % MOST_NOTE),
}


def serve(charger, payload):
    """The answer to a DataTransfer of the server."""
    # Both are texts whose capitals do not matter (OCPP 1.6, 7.17 and 7.18).
    if payload["vendorId"].lower() != VENDOR:
        return {"status": "UnknownVendorId"}
    row = _MESSAGES.get((payload.get("messageId") or "").lower())
    if row is None:
        return {"status": "UnknownMessageId"}
    name, wire_name, fields = row
    try:
        data = _read(payload.get("data") or "", fields)
        charger.amend(_connector(charger, data), tell=False, **{name: data[wire_name]})
    except (ValueError, CallFailed) as reason:
        said = reason.description if isinstance(reason, CallFailed) else str(reason)
        return {"status": "Rejected", "data": said}
    return {"status": "Accepted"}


def _read(text, fields):
    try:
        data = parse(text)
    except Ignored:
        data = None
    if not isinstance(data, dict):
        raise ValueError("data is the text of a JSON object")
    check(data, fields)
    return data


def _connector(charger, data):
    connector_id = data.get("connectorId")
    if connector_id is None and charger.connector_count > 1:
        raise ValueError("connectorId is missing: there are %d connectors" % charger.connector_count)
    return 1 if connector_id is None else connector_id


class Notes(Source):
    """Tells the server what people noted at the charger, while it wants to know. None of it is kept over a
    restart: the transaction ends there, and its note stays in the charger's own journal."""

    def __init__(self, transactions):
        self._transactions = transactions
        self._waiting = []  # type: list  # (transaction, note)
        self._sent = ()  # type: tuple  # the one that is under way
        self._is_welcome = True

    def add(self, tx, note):
        """`note` was written on the transaction with this number."""
        waiting = [entry for entry in self._waiting if entry[0] != tx]
        self._waiting = waiting[1 - MOST_WAITING :] + [(tx, note)]

    def next_call(self, now_ms):
        for entry in self._waiting if self._is_welcome else ():
            server_tx = self._transactions.server_id(entry[0])
            if server_tx not in (None, NO_ID):
                self._waiting.remove(entry)
                self._sent = entry
                # A dict's order differs from one runtime to the next.
                data = '{"transactionId":%d,"note":%s}' % (server_tx, json.dumps(entry[1]))
                return "DataTransfer", {"vendorId": VENDOR, "messageId": _NOTE, "data": data}
        return None

    def answered(self, payload, now_ms):
        self._is_welcome = payload["status"] in ("Accepted", "Rejected")

    def failed(self, cause, now_ms):
        if cause in (LOST, FORGOTTEN) and self._sent[0] not in [entry[0] for entry in self._waiting]:
            self._waiting.insert(0, self._sent)
