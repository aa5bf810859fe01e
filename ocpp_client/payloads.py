"""Messages of transactions, made of the records of the log (OCPP 1.6, 6.31, 6.45 and 6.49)."""

from ocpp_client.measurands import meter_value

NO_ID = -1
"""The id in messages of a transaction whose start could not be delivered (errata 3.18)."""


def _start(record, server_tx, timestamp):
    payload = {
        "connectorId": record["connector"],
        "idTag": record["id_tag"][:20],
        "meterStart": record["meter_wh"],
        "timestamp": timestamp,
    }
    return "StartTransaction", payload


def _meter(record, server_tx, timestamp):
    signed = record.get("signed", "")
    return "MeterValues", meter_values(
        record["connector"], record["context"], record["values"], timestamp, server_tx, signed
    )


def _stop(record, server_tx, timestamp):
    payload = {"transactionId": server_tx, "meterStop": record["meter_wh"], "timestamp": timestamp}
    if record["reason"]:
        payload["reason"] = record["reason"]
    if record["id_tag"]:
        payload["idTag"] = record["id_tag"][:20]
    return "StopTransaction", payload


RECORDS = {"start": _start, "meter": _meter, "stop": _stop}
"""By a record's kind: what makes (action, payload) of it, the id of its transaction and a timestamp."""


def meter_values(connector_id, context, values, timestamp, server_tx=None, signed=""):
    """The payload of a MeterValues request; `values` and `signed` as `ports.Store` keeps them."""
    payload = {
        "connectorId": connector_id,
        "meterValue": [meter_value(context, values, timestamp, signed)],
    }
    if server_tx is not None:
        payload["transactionId"] = server_tx
    return payload
