"""Frames that no server should send: requests with faults, arrays that are no messages, texts that are no
JSON, too much of everything, and bytes that are no WebSocket. The same seed makes the same frames."""

import copy
import json
import random
import string

from tests.ocpp_client.codes import REQUESTS, validator

VOCABULARY = {
    "connectorId": [0, 1, 2, -1, 10**9],
    "data": ['{"note":"x"}', '{"powerW":-1}', "", "[" * 20],
    "idTag": ["CARD", "", "é", "a\nb", "x" * 20],
    "key": ["HeartbeatInterval", "heartbeatinterval", "AuthorizationKey", "MeterValuesSampledData", "Colour"],
    "messageId": ["SessionNote", "SessionPowerLimit", "x"],
    "requestedMessage": ["Heartbeat", "StatusNotification", "MeterValues", "BootNotification", "Dance"],
    "transactionId": [0, 1, -1, 101, 2**31, -(2**63)],
    "value": ["7", "300", "-1", "true", "Voltage,RPM", "", "x" * 500],
    "vendorId": ["org.mode3", "com.example", ""],
}
STRANGERS: list = [
    None, True, False, 0, 1, -1, 0.5, 5.0, 1e300, -0.0, 2**31, 2**63, -(2**63) - 1, 10**40, "", "1", "null",
    "x" * 21, "x" * 51, "x" * 501, "x" * 2000, "é" * 300, "\u0000", "\U0001f600", "\ufeff", "a\nb\x1b[2J",
    [], {}, [[]], [None], {"": {}}, {"a": [1, {"b": None}]}, [1] * 60, ["k"] * 51, ["k"] * 420,
]  # fmt: skip
CHARACTERS = '[]{}",:\\u0dn1e-.tfN \t\n\x00é\U0001f600' + string.ascii_letters


class Fuzzer:
    """An endless supply."""

    def __init__(self, seed, served):
        """`served`: actions that the charger knows; most requests are of these."""
        self._random = random.Random(seed)
        self._actions = [*REQUESTS, *served * 9]
        self._count = 0

    def text(self):
        """The text of one frame."""
        makers = (self._request, self._faulty, self._message, self._junk, self._large, self._answer)
        (make,) = self._random.choices(makers, (10, 45, 15, 15, 10, 5))
        return make()

    def _request(self):
        """A request that is right."""
        action = self._pick(self._actions)
        return self._dump([2, self._id(), action, self._sample(action, validator(action).schema)])

    def _faulty(self):
        """A request with one to three faults."""
        action = self._pick(self._actions)
        payload = self._sample(action, validator(action).schema)
        for _ in range(self._pick((1, 1, 1, 1, 2))):
            payload = self._spoil(payload)
        return self._dump([2, self._id(), action, payload])

    def _message(self):
        """An array that is hardly a message."""
        message = [2, self._id(), self._pick([*REQUESTS, "Heartbeat", "Dance", "reset", ""]), {}]
        for _ in range(self._pick((1, 1, 2))):
            at = self._random.randrange(len(message) + 1)
            self._pick((self._replace, self._insert, self._remove))(message, at)
        return self._dump(message)

    def _junk(self):
        """A text that was a message once, or never."""
        if self._random.random() < 0.2:
            return "".join(self._random.choices(CHARACTERS, k=self._random.randrange(60)))
        text = self._faulty()
        for _ in range(self._pick((1, 2, 5))):
            at = self._random.randrange(len(text) + 1)
            end = at + self._pick((0, 1, 1, 5, 1000))
            text = (
                text[:at]
                + self._pick(("", self._pick(CHARACTERS), "\\ud800", "NaN", text[at:end] * 2))
                + text[end:]
            )
        return text[:16000]

    def _large(self):
        """Too much of something."""
        size = self._pick((20, 200, 2500, 8000))
        what = self._pick(
            (
                "[" * size + "]" * size,
                '{"a":' * (size // 5) + "1" + "}" * (size // 5),
                "[" * size,
                json.dumps("\\ud800" * (size // 8)),
                json.dumps("x" * size),
                "[" + "1," * (size // 2) + "1]",
                "[" * 14 + " " * size + "]" * 14,
                "[" + "{}," * (size // 3) + "{}]",
                "9" * size,
                "-" + "0" * size,
                '"' + '\\"' * (size // 2) + '"',
                "{" + ",".join(f'"{number}":0' for number in range(size // 8)) + "}",
            )
        )
        action = self._pick(self._actions)
        name = self._pick((*VOCABULARY, "chargingProfile"))
        return self._pick(
            (what, f'[2,"{self._id()}","{action}",{what}]', f'[2,"i","{action}",{{"{name}":{what}}}]')
        )

    def _answer(self):
        """An answer to what nobody asked."""
        kind = self._pick((3, 4))
        rest = [self._stranger() for _ in range(self._random.randrange(4))]
        return self._dump([kind, self._pick((self._id(), "1-00000000-1", "")), *rest])

    # Payloads by their schema.

    def _sample(self, name, schema):
        kind = schema.get("type", "object")
        if name in VOCABULARY and kind != "array":
            return self._pick(VOCABULARY[name])
        if "enum" in schema:
            return self._pick(schema["enum"])
        if kind == "object":
            required = schema.get("required", ())
            rows = schema.get("properties", {}).items()
            return {
                key: self._sample(key, row)
                for key, row in rows
                if key in required or self._random.random() < 0.4
            }
        if kind == "array":
            return [self._sample(name, schema["items"]) for _ in range(self._pick((1, 2, 3)))]
        return {"integer": 1, "number": 1.5, "boolean": True, "string": "2026-03-01T12:00:00Z"}[kind]

    def _spoil(self, value):
        """Put one fault into a payload, at any depth."""
        if isinstance(value, (dict, list)) and value and self._random.random() < 0.85:
            keys = list(value) if isinstance(value, dict) else range(len(value))
            key = self._pick(keys)
            how = self._random.random()
            if how < 0.2:
                del value[key]
            elif how < 0.35 and isinstance(value, dict):
                value[self._pick(("stranger", "idTag", "status", "", "é"))] = self._stranger()
            else:
                value[key] = self._spoil(value[key])
            return value
        return self._stranger()

    # Small things.

    def _id(self):
        self._count += 1
        if self._random.random() < 0.95:
            return f"f-{self._count}"
        return self._pick(("", "i" * 36, "i" * 37, "i" * 300))

    def _replace(self, message, at):
        message[at:] = [self._stranger(), *message[at + 1 :]]

    def _insert(self, message, at):
        message.insert(at, self._stranger())

    def _remove(self, message, at):
        del message[at:]

    def _stranger(self):
        return copy.deepcopy(self._pick(STRANGERS))

    def _pick(self, some):
        return some[self._random.randrange(len(some))]

    def _dump(self, message):
        """As JSON, now with escapes and now without."""
        return json.dumps(message, ensure_ascii=self._random.random() < 0.5)
