"""Rules for everything but transactions: registration, calls and answers, statuses, heartbeats, the link."""

from tests.ocpp_client.wire import LONGEST_S, LOST, Rule, expect

LONGEST_ID = 36
BOOT_RETRY_MS = (10_000, 600_000)
"""Where the server names no interval, the charger tries again neither sooner nor later."""
STATUS_RETRY_MS = 60_000
REDIAL_MS = (2_000, 300_000)
"""Shortest pause between two dials, and the longest; the first is twice the shortest at most."""
LATER_S = 15
"""The longest that a request with an answer that takes its time may wait for it."""
TAKES_TIME = ("UnlockConnector",)


class Ids(Rule):
    """Message ids are never used twice, over links and restarts, and have 1 to 36 characters (OCPP-J 1.6,
    4.1.4; errata 3.1)."""

    def __init__(self, wire):
        super().__init__(wire)
        self._used = set()

    def called(self, call):
        expect(0 < len(call.message_id) <= LONGEST_ID, f"the id {call.message_id!r} is too long or empty")
        expect(call.message_id not in self._used, f"the id {call.message_id} is used again")
        self._used.add(call.message_id)


class OneCall(Rule):
    """No CALL before the one before is answered or has timed out (OCPP-J 1.6, 4.1.1)."""

    def called(self, call):
        expect(self.wire.up, f"{call.action} is sent without a link")
        expect(self.wire.open is None, f"{call.action} is sent while another CALL is open")


class BootGate(Rule):
    """Before Accepted only BootNotification is sent, and while Pending what TriggerMessage asked for; once
    accepted no further BootNotification (OCPP 1.6, 4.2 and 5.17)."""

    def called(self, call):
        wire = self.wire
        asked_for = (call.action, call.payload.get("connectorId", 0)) in wire.triggered
        if call.action == "BootNotification":
            expect(wire.registration != "Accepted", "BootNotification is sent again, though it is accepted")
        elif wire.registration == "Pending":
            expect(asked_for, f"{call.action} is sent while Pending")
        else:
            expect(wire.registration == "Accepted", f"{call.action} is sent before acceptance")


class Registration(Rule):
    """BootNotification is sent as soon as there is a link, and again neither before the interval of its
    answer has passed nor later than that (OCPP 1.6, 4.2)."""

    def __init__(self, wire):
        super().__init__(wire)
        self.restarted()

    def restarted(self):
        self._pause(self.wire.at_ms, (0, 0))

    def called(self, call):
        if call.action == "BootNotification":
            expect(
                self._is_asked_for() or self.wire.at_ms >= self._from_ms, "BootNotification comes too soon"
            )

    def answered(self, call, payload):
        if call.action == "BootNotification":
            known = isinstance(payload, dict) and payload.get("status") in ("Pending", "Rejected")
            interval_ms = min(payload["interval"], LONGEST_S) * 1000 if known else 0
            self._pause(self.wire.at_ms, (interval_ms, interval_ms) if interval_ms else BOOT_RETRY_MS)

    def failed(self, call, cause, at_ms):
        if call.action == "BootNotification":
            self._pause(at_ms, (0, 0) if cause == LOST else BOOT_RETRY_MS)

    def quiet(self):
        wire = self.wire
        if wire.up and wire.open is None and wire.registration != "Accepted":
            expect(wire.at_ms < self._until_ms, "BootNotification is not sent, though it is time")
            expect(not self._is_asked_for(), "BootNotification was asked for, and is not sent")

    def _pause(self, at_ms, pause_ms):
        self._from_ms, self._until_ms = at_ms + pause_ms[0], at_ms + pause_ms[1]

    def _is_asked_for(self):
        return ("BootNotification", 0) in self.wire.triggered


class Answers(Rule):
    """Each request of the server has exactly one answer, on its own link and without delay; none while the
    charger is rejected. Before acceptance nothing is started or stopped, and after it no BootNotification is
    sent again (OCPP 1.6, 4.2; errata 3.40)."""

    def __init__(self, wire):
        super().__init__(wire)
        self._since: dict[str, int] = {}
        self._accepted_here = False

    def opened(self):
        self._accepted_here = False

    def answered(self, call, payload):
        if call.action == "BootNotification" and isinstance(payload, dict):
            self._accepted_here = payload.get("status") == "Accepted"

    def asked(self, message_id, action, payload):
        self._since[message_id] = self.wire.at_ms

    def replied(self, message_id, message):
        wire = self.wire
        expect(message[0] in (3, 4), f"{message} is no message")
        expect(message_id in wire.asked, f"{message} answers nothing that was asked, or answers it twice")
        expect(wire.registration != "Rejected", f"{message} is sent though the charger was rejected")
        action, asked = wire.asked[message_id][0]
        refused = message[0] == 4 or message[2].get("status") == "Rejected"
        if action.startswith("Remote") and wire.registration != "Accepted":
            expect(refused, f"{action} is obeyed before acceptance")
        if asked.get("requestedMessage") == "BootNotification" and self._accepted_here:
            expect(refused, "another BootNotification is promised after acceptance")

    def quiet(self):
        wire = self.wire
        if wire.registration == "Rejected":
            wire.asked.clear()
        for message_id, requests in wire.asked.items():
            patience_ms = LATER_S * 1000 if requests[0][0] in TAKES_TIME else -1
            late = wire.at_ms - self._since[message_id] > patience_ms
            expect(not late, f"{requests[0]} has no answer")


class Statuses(Rule):
    """After each acceptance the server is told of connector 0 and every other; then of each change, until it
    has heard of it, and not twice of the same (OCPP 1.6, 4.2 and 4.9; errata 3.19)."""

    def __init__(self, wire):
        super().__init__(wire)
        self._true = ["Available"] * (wire.connectors + 1)
        self._told = [""] * len(self._true)
        self._again_ms = [0] * len(self._true)

    def shows(self, connector, status):
        """It is so from now on."""
        self._true[connector] = status

    def restarted(self):
        self._told = [""] * len(self._told)
        self._again_ms = [0] * len(self._told)

    def called(self, call):
        if call.action != "StatusNotification":
            return
        connector, status = call.payload["connectorId"], call.payload["status"]
        expect(status == self._true[connector], f"connector {connector} is {self._true[connector]}")
        was_asked_for = ("StatusNotification", connector) in self.wire.triggered
        expect(was_asked_for or status != self._told[connector], f"{status} is told again")
        self._told[connector] = status

    def answered(self, call, payload):
        accepted = isinstance(payload, dict) and payload.get("status") == "Accepted"
        if call.action == "BootNotification" and accepted:
            self.restarted()

    def failed(self, call, cause, at_ms):
        if call.action == "StatusNotification":
            connector = call.payload["connectorId"]
            self._told[connector] = ""
            self._again_ms[connector] = at_ms if cause == LOST else at_ms + STATUS_RETRY_MS

    def quiet(self):
        if not self.wire.idle:
            return
        for connector, status in enumerate(self._true):
            untold = status != self._told[connector] and self.wire.at_ms >= self._again_ms[connector]
            expect(not untold, f"nobody is told that connector {connector} is {status}")


class Heartbeats(Rule):
    """A Heartbeat after HeartbeatInterval without another CALL, neither sooner nor later; once a day in any
    case (OCPP 1.6, 4.6)."""

    def __init__(self, wire):
        super().__init__(wire)
        self._spoken_ms = self._synchronised_ms = 0

    def restarted(self):
        self._spoken_ms = self.wire.at_ms

    def called(self, call):
        wire = self.wire
        if call.action == "Heartbeat" and ("Heartbeat", 0) not in wire.triggered:
            silent = wire.at_ms - self._spoken_ms >= wire.ms("HeartbeatInterval")
            expect(silent or wire.at_ms - self._synchronised_ms >= LONGEST_S * 1000, "the Heartbeat is early")
        if call.action in ("Heartbeat", "BootNotification"):
            self._synchronised_ms = wire.at_ms
        self._spoken_ms = wire.at_ms

    def quiet(self):
        wire = self.wire
        if wire.idle:
            silent = wire.at_ms - self._spoken_ms >= wire.ms("HeartbeatInterval")
            expect(not silent, "there is no Heartbeat")


class SignsOfLife(Rule):
    """A link that nothing comes from any more is given up: WebSocketPingInterval and one MessageTimeout after
    the last sign of life, without pings one MessageTimeout after a CALL (OCPP-J 1.6 errata, 3.11)."""

    def __init__(self, wire):
        super().__init__(wire)
        self._heard_ms = 0
        self._allowance_ms = 0

    def opened(self):
        self._heard_ms = self.wire.at_ms
        self._allowance_ms = 0

    def heard(self):
        self._heard_ms = self.wire.at_ms
        self._allowance_ms = 0

    def failed(self, call, cause, at_ms):
        if cause != LOST:
            expect(self._heard_ms > call.at_ms, "a CALL timed out on a link without a sign of life")

    def quiet(self):
        wire = self.wire
        ping_ms = wire.ms("WebSocketPingInterval")
        if not wire.up or not ping_ms:
            self._heard_ms = wire.at_ms
            return
        # Settings that change meanwhile count from then on.
        self._allowance_ms = max(self._allowance_ms, ping_ms + wire.ms("MessageTimeout"))
        expect(wire.at_ms - self._heard_ms <= self._allowance_ms, "a dead link is kept")


class Redials(Rule):
    """Between two tries to connect lie two seconds at least and five minutes at most; after a link on which
    an accepted charger had an answer four seconds at most, then longer with each failure (OCPP-J 1.6,
    5.4)."""

    def __init__(self, wire):
        super().__init__(wire)
        self.restarted()

    def restarted(self):
        self._closed_ms = None
        self._failures = 0

    def answered(self, call, payload):
        if self.wire.registration == "Accepted":
            self._failures = 0

    def closed(self):
        self._closed_ms = self.wire.at_ms
        self._failures += 1

    def opening(self):
        if self._closed_ms is not None:
            expect(self.wire.at_ms - self._closed_ms >= REDIAL_MS[0], "the charger redials at once")
        self._closed_ms = None

    def quiet(self):
        if self._closed_ms is not None:
            longest_ms = min(REDIAL_MS[0] << self._failures, REDIAL_MS[1])
            late = self.wire.at_ms - self._closed_ms > longest_ms
            expect(not late, f"the charger does not redial within {longest_ms} ms")
