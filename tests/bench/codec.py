"""OCPP frames encoded, decoded and checked a second: `ocpp_client` beside the `ocpp` package, the same
frames, the same run.

Both sides do the same work with each frame of a day: from a payload to text, back, and held against a schema.
A charger checks only what it receives; so that the comparison is fair, what it sends is checked here too, by
the same code and tables of the same kind.
"""

import asyncio
import statistics
import time
from unittest.mock import patch

import ocpp.messages
from ocpp.messages import Call, CallResult, pack, unpack, validate_payload

from ocpp_client import messages, rpc, schema
from ocpp_client.keys import OCPP_KEYS, READ_ONLY
from ocpp_client.measurands import sample
from ocpp_client.messages import ANSWERS, REQUESTS
from ocpp_client.payloads import meter_values
from ocpp_client.reports import Reading
from ocpp_client.schema import check
from ocpp_client.timestamps import to_text

ROUNDS = 7
NOON = 1772366400000


def _boolean(name, value, limit, strict):
    if not isinstance(value, bool):
        raise schema.CallFailed(schema.TYPE, f"{name} is not a boolean")


# Only a server checks the answer that holds one, so the charger does not carry this.
_CHECKS = {"boolean": _boolean}
_OBJECTS = {
    "Key": "key:text:50 readonly:boolean value?:text:500",
    "MeterValue": "timestamp:text:40 sampledValue:items:50:object:SampledValue",
    "SampledValue": "value:text:2500 context?:choice:Transaction.Begin|Sample.Periodic|Sample.Clock "
    "measurand?:text:50 phase?:choice:L1|L2|L3|L1-N|L2-N|L3-N unit?:choice:Wh|W|A|V|Celcius|Percent",
}
SENT_REQUESTS = {
    "Authorize": "idTag:text:20",
    "BootNotification": "chargePointVendor:text:20 chargePointModel:text:20 "
    "chargePointSerialNumber?:text:25 firmwareVersion?:text:50",
    "Heartbeat": "",
    "MeterValues": "connectorId:integer transactionId?:integer meterValue:items:50:object:MeterValue",
    "StartTransaction": "connectorId:integer idTag:text:20 meterStart:integer timestamp:text:40",
    "StatusNotification": "connectorId:integer errorCode:text:30 status:text:30 timestamp?:text:40",
    "StopTransaction": "transactionId:integer idTag?:text:20 meterStop:integer timestamp:text:40 "
    "reason?:text:20",
}
_STATUS = "status:text:20"
SENT_ANSWERS = {
    "ChangeConfiguration": _STATUS,
    "GetConfiguration": "configurationKey?:items:100:object:Key unknownKey?:items:50:text:50",
    "RemoteStartTransaction": _STATUS,
    "RemoteStopTransaction": _STATUS,
}
_CALLS = {**REQUESTS, **SENT_REQUESTS}
_RESULTS = {**ANSWERS, **SENT_ANSWERS}


def day():
    """The frames of a day with three sessions of two hours: (action, request payload, answer payload)."""
    at = [to_text(NOON + minute * 60000) for minute in range(1440)]
    tag = {"idTagInfo": {"status": "Accepted"}}
    exchanges = [
        ("BootNotification", _boot(), {"status": "Accepted", "currentTime": at[0], "interval": 300}),
        ("GetConfiguration", {}, {"configurationKey": [_described(key) for key in OCPP_KEYS]}),
        ("ChangeConfiguration", {"key": "MeterValueSampleInterval", "value": "60"}, {"status": "Accepted"}),
    ]
    exchanges += [("Heartbeat", {}, {"currentTime": at[minute]}) for minute in range(0, 1440, 5)]
    for tx in range(3):
        begin = 200 + 400 * tx
        start = {"connectorId": 1, "idTag": "04A2B3C4", "meterStart": tx * 22000, "timestamp": at[begin]}
        stop = {
            "transactionId": tx,
            "meterStop": tx * 22000 + 22000,
            "timestamp": at[begin + 120],
            "reason": "Local",
        }
        exchanges += [_status(status, at[begin]) for status in ("Preparing", "Charging")]
        exchanges += [
            ("Authorize", {"idTag": "04A2B3C4"}, tag),
            ("RemoteStartTransaction", {"idTag": "04A2B3C4", "connectorId": 1}, {"status": "Accepted"}),
            ("StartTransaction", start, {"transactionId": tx, **tag}),
        ]
        exchanges += [_sample(tx, at[begin + minute]) for minute in range(120)]
        exchanges += [
            ("RemoteStopTransaction", {"transactionId": tx}, {"status": "Accepted"}),
            ("StopTransaction", stop, {}),
        ]
        exchanges += [_status(status, at[begin + 120]) for status in ("Finishing", "Available")]
    return exchanges


def _boot():
    return {
        "chargePointVendor": "Mode3",
        "chargePointModel": "Simulated",
        "chargePointSerialNumber": "0001",
        "firmwareVersion": "0.1.0",
    }


_SAMPLED = (
    "Energy.Active.Import.Register",
    "Power.Active.Import",
    "Current.Import",
    "Voltage",
    "Current.Offered",
)


def _described(key):
    return {"key": key.name, "readonly": key.access == READ_ONLY, "value": key.default}


def _status(status, timestamp):
    payload = {"connectorId": 1, "errorCode": "NoError", "status": status, "timestamp": timestamp}
    return "StatusNotification", payload, {}


def _sample(tx, timestamp):
    reading = Reading(123456, (3680,) * 3, (16000,) * 3, (230100,) * 3, 16000)
    values = sample(reading, _SAMPLED)
    return "MeterValues", meter_values(1, "Sample.Periodic", values, timestamp, tx), {}


@patch.dict(schema._CHECKS, _CHECKS)
@patch.dict(messages.OBJECTS, _OBJECTS)
def ours(exchanges):
    """Every frame through `ocpp_client`."""
    for number, (action, request, answer) in enumerate(exchanges):
        message_id = "1-%d" % number
        _, _, decoded_action, payload = rpc.decode(_text(rpc.encode_call(message_id, action, request)))
        check(payload, _CALLS[decoded_action])
        _, _, _, payload = rpc.decode(_text(rpc.encode_result(message_id, answer)))
        check(payload, _RESULTS[action])


def _text(pieces):
    return b"".join(pieces).decode()


async def theirs(exchanges):
    """Every frame through the `ocpp` package, with its validation."""
    for number, (action, request, answer) in enumerate(exchanges):
        message_id = "1-%d" % number
        call = unpack(pack(Call(message_id, action, request)))
        await validate_payload(call, "1.6")
        result = unpack(pack(CallResult(message_id, answer)))
        result.action = action
        await validate_payload(result, "1.6")


def measure():
    """`codec_ratio_ocpp` and the two rates behind it: medians of several rounds, taken in turns."""
    exchanges = day()
    # Its validation in a thread pool would make the package slower than it is; measured is its work alone.
    found, ocpp.messages.ASYNC_VALIDATION = ocpp.messages.ASYNC_VALIDATION, False
    ours_s, theirs_s = [], []
    try:
        for _ in range(ROUNDS + 1):
            theirs_s.append(_seconds(lambda: asyncio.run(theirs(exchanges))))
            ours_s.append(_seconds(lambda: ours(exchanges)))
    finally:
        ocpp.messages.ASYNC_VALIDATION = found
    # The first round warmed up: schemas were read from files.
    fast, slow = statistics.median(ours_s[1:]), statistics.median(theirs_s[1:])
    frames = 2 * len(exchanges)
    return {
        "codec_ratio_ocpp": {"value": round(slow / fast, 1), "unit": "x"},
        "codec_frames_per_s": {"value": round(frames / fast), "unit": "frames/s"},
        "codec_frames_per_s_ocpp": {"value": round(frames / slow), "unit": "frames/s"},
    }


def _seconds(work):
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin
