"""What a charger may answer to a frame of a server, whatever that frame is (OCPP-J 1.6, 4.2; 9.1 of OCPP
1.6).

Judged by the official JSON schemas, apart from the client's own tables: what their validator finds wrong is
one of the CALLERROR codes. Where a frame has more than one fault, each of their codes is right.
"""

import functools
import importlib.resources
import json
import re
from collections.abc import Iterator

import jsonschema  # type: ignore[import-untyped]

IGNORED, RESULT = "ignored", "result"

NOT_IMPLEMENTED, NOT_SUPPORTED = "NotImplemented", "NotSupported"
FORMATION, PROPERTY = "FormationViolation", "PropertyConstraintViolation"
OCCURRENCE, TYPE = "OccurenceConstraintViolation", "TypeConstraintViolation"

PROFILES = {
    "Core": (
        "ChangeAvailability ChangeConfiguration ClearCache DataTransfer GetConfiguration"
        " RemoteStartTransaction RemoteStopTransaction Reset UnlockConnector"
    ),
    "FirmwareManagement": "GetDiagnostics UpdateFirmware",
    "LocalAuthListManagement": "GetLocalListVersion SendLocalList",
    "RemoteTrigger": "TriggerMessage",
    "Reservation": "CancelReservation ReserveNow",
    "SmartCharging": "ClearChargingProfile GetCompositeSchedule SetChargingProfile",
    "": (  # of the security whitepaper, which has no feature profile
        "CertificateSigned DeleteCertificate ExtendedTriggerMessage GetInstalledCertificateIds GetLog"
        " InstallCertificate SignedUpdateFirmware"
    ),
}
"""Requests of a server, by feature profile."""
REQUESTS = sorted(action for actions in PROFILES.values() for action in actions.split())
_OF_THE_CHARGER = (
    "Authorize",
    "BootNotification",
    "DiagnosticsStatusNotification",
    "FirmwareStatusNotification",
    "Heartbeat",
    "LogStatusNotification",
    "MeterValues",
    "SecurityEventNotification",
    "SignCertificate",
    "SignedFirmwareStatusNotification",
    "StartTransaction",
    "StatusNotification",
    "StopTransaction",
)

CODES = {
    "additionalProperties": FORMATION,
    "required": FORMATION,
    "type": TYPE,
    "maxLength": TYPE,
    "enum": PROPERTY,
    "maxItems": OCCURRENCE,
    "minItems": OCCURRENCE,
}
"""What jsonschema calls a fault, and the code for it. Any other word is no fault of the frame."""

LONGEST_ID = 36
LONGEST_WORD = 50
MOST_KEYS = 50
"""GetConfigurationMaxKeys."""
DEPTH, ITEMS, ESCAPES, DIGITS = 8, 400, 100, 40
"""OCPP 1.6 needs no more; a frame that has more may be ignored."""
EXACT = 2**24
"""A whole number that is written as 5.0 is taken as 5, as far as the floats of every board are exact."""
WIDEST_ID = 2**63


@functools.cache
def validator(action):
    """The official schema of a request. Not by `get_validator`, which hands out what somebody else may have
    read with another kind of fractions."""
    path = importlib.resources.files("ocpp") / "v16" / "schemas" / f"{action}.json"
    return jsonschema.Draft4Validator(json.loads(path.read_text("utf-8-sig")))


class Codes:
    """The answers that are right for a charger with these feature profiles."""

    def __init__(self, profiles):
        self.served = sorted(action for profile in profiles for action in PROFILES[profile].split())
        """The requests that it knows."""

    def allowed(self, text):
        """The outcomes that are right for a frame's text: codes, `RESULT` or `IGNORED`."""
        try:
            message = json.loads(text)
        except (ValueError, RecursionError):
            return {IGNORED}
        outcomes = self._of_message(message)
        if outcomes != {IGNORED} and not _is_moderate(message, text):
            outcomes = outcomes | {IGNORED}
        return outcomes

    def _of_message(self, message):
        if (
            not isinstance(message, list)
            or len(message) < 3
            or message[0] != 2
            or type(message[0]) is not int
        ):
            return {IGNORED}
        if not isinstance(message[1], str):
            return {IGNORED}
        if len(message[1]) > LONGEST_ID:
            return {IGNORED, FORMATION} if len(message[1]) > 255 else {FORMATION}
        if len(message) != 4 or not isinstance(message[2], str):
            return {FORMATION}
        payload = {} if message[3] is None else message[3]
        if not isinstance(payload, dict):
            return {FORMATION}
        return self._of_request(message[2], payload)

    def _of_request(self, action, payload):
        if action in _OF_THE_CHARGER:
            return {NOT_IMPLEMENTED, NOT_SUPPORTED}
        if action not in REQUESTS:
            return {NOT_IMPLEMENTED}
        if action not in self.served:
            return {NOT_SUPPORTED}
        faults = set(_faults(action, payload))
        return (faults or {RESULT}) | set(_limits(action, payload))


def _is_moderate(value, text):
    """Whether a frame has no more of anything than OCPP 1.6 needs."""
    items = text.count("[") + text.count("{") + text.count(",")
    numbers = not re.search("[0-9]{%d}" % (DIGITS + 1), text)
    return _depth(value) <= DEPTH and items <= ITEMS and text.count("\\u") <= ESCAPES and numbers


def _depth(value):
    deepest, level = 0, [value]
    while level:
        deepest += 1
        level = [
            inner
            for outer in level
            if isinstance(outer, (dict, list))
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
    return deepest


def _faults(action, payload) -> Iterator[str]:
    """The codes of what the official schema finds wrong."""
    for error in validator(action).iter_errors(payload):
        if error.validator not in CODES or _is_liberal(action, error):
            continue
        yield CODES[error.validator]
        if error.validator == "type" and error.instance is None:
            yield FORMATION  # null is as good as absent
        if error.validator == "enum" and len(f"{error.instance}") > LONGEST_WORD:
            yield TYPE  # it is no word, but a text that is too long


def _is_liberal(action, error):
    """Whether a fault is one that the charger overlooks, as its page for operators says."""
    value = error.instance
    if error.validator == "type" and error.validator_value == "integer" and type(value) is float:
        return abs(value) < EXACT and value == int(value)
    if error.validator == "type" and value is None:
        parent = validator(action).schema
        for step in list(error.absolute_path)[:-1]:
            parent = parent["items"] if isinstance(step, int) else parent["properties"][step]
        return error.absolute_path[-1] not in parent.get("required", ()) and "properties" in parent
    # A message that nobody knows is answered with a status (OCPP 1.6, 5.17).
    is_unknown_message = action == "TriggerMessage" and error.validator == "enum" and isinstance(value, str)
    return is_unknown_message and len(value) <= LONGEST_WORD


def _limits(action, payload) -> Iterator[str]:
    """Codes for what the schema lets pass, and this charger with its one connector need not."""
    if payload.get("connectorId") not in (None, 0, 1):
        yield PROPERTY
    number = payload.get("transactionId")
    if isinstance(number, int) and not -WIDEST_ID <= number < WIDEST_ID:
        yield PROPERTY
    tag = f"{payload.get('idTag', '')}"
    if not tag.isprintable() or not tag.isascii():
        yield PROPERTY
    keys = payload.get("key")
    if action == "GetConfiguration" and isinstance(keys, list) and len(keys) > MOST_KEYS:
        yield OCCURRENCE
