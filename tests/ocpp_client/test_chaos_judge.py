"""The judge of the chaos tests notices each breach: one wire a rule, right but for one thing."""

import ast
import inspect

import pytest

from tests.ocpp_client import judge, rules, transaction_rules, wire
from tests.ocpp_client.judge import Judge
from tests.ocpp_client.wire import Breach

ACCEPTED = {"status": "Accepted", "currentTime": "2026-03-01T12:00:00Z", "interval": 300}
REGISTER = "Energy.Active.Import.Register"


class Tape:
    """A wire, second by second; `judge` hears it."""

    def __init__(self, connectors=1, **settings):
        self.judge = Judge(connectors, settings)
        self.now_ms = 0
        self.count = 0

    def wait(self, seconds, quiet=True, alive=True):
        """Time passes, and nothing happens but that the server shows that it is `alive`."""
        self.now_ms += round(seconds * 1000)
        if alive:
            self.judge.came(self.now_ms)
        if quiet:
            self.judge.quiet(self.now_ms)
        return self

    def link(self):
        self.judge.opening(self.now_ms)
        self.judge.opened(self.now_ms)
        return self

    def cut(self):
        self.judge.closed(self.now_ms, "cut")
        return self

    def call(self, action, payload=None, message_id=None):
        """The charger sends a CALL, which stays open."""
        self.count += 1
        self.judge.sent(self.now_ms, [2, message_id or f"c-{self.count}", action, payload or {}])
        return self

    def answer(self, payload=None, error=False):
        """The server answers the last one."""
        message = (
            [4, f"c-{self.count}", "InternalError", "", {}]
            if error
            else [3, f"c-{self.count}", payload or {}]
        )
        self.judge.heard(self.now_ms, message)
        return self

    def done(self, action, payload=None, answer=None):
        """A CALL with its answer."""
        return self.call(action, payload).answer(answer)

    def ask(self, action, payload=None, answer=None, message_id="s-1"):
        """A request of the server, answered unless `answer` is None."""
        self.judge.heard(self.now_ms, [2, message_id, action, payload or {}])
        if answer is not None:
            self.judge.sent(self.now_ms, [3, message_id, answer])
        return self

    def status(self, connector, status="Available"):
        return self.done(
            "StatusNotification", {"connectorId": connector, "status": status, "errorCode": "NoError"}
        )

    def booted(self):
        return self.link().done("BootNotification", answer=ACCEPTED).status(0).status(1).wait(0)

    def begin(self, meter=10):
        facts = {"connectorId": 1, "idTag": "CARD", "meterStart": meter}
        self.judge.happened(self.now_ms, "StartTransaction", 1, facts)
        return self

    def end(self, meter=90):
        self.judge.happened(self.now_ms, "StopTransaction", 1, {"meterStop": meter, "reason": "Local"})
        return self

    def start(self, meter=10, timestamp=None):
        payload = {"connectorId": 1, "idTag": "CARD", "meterStart": meter}
        return self.call("StartTransaction", {**payload, "timestamp": timestamp or self.date()})

    def started(self):
        return self.begin().start().answer({"transactionId": 7, "idTagInfo": {"status": "Accepted"}})

    def stop(self, server_id=7, meter=90):
        payload = {"transactionId": server_id, "meterStop": meter, "reason": "Local"}
        return self.call("StopTransaction", {**payload, "timestamp": self.date()})

    def values(self, register, server_id=7, context="Sample.Periodic", error=False):
        value = {"measurand": REGISTER, "value": str(register), "context": context}
        payload = {"connectorId": 1, "transactionId": server_id, "meterValue": [{"sampledValue": [value]}]}
        return self.call("MeterValues", payload).answer(error=error)

    def date(self):
        minutes, seconds = divmod(self.now_ms // 1000, 60)
        return f"2026-03-01T12:{minutes:02}:{seconds:02}Z"


def whole():
    """A charge as it should be."""
    tape = Tape(MeterValueSampleInterval=20).booted().started().values(10, context="Transaction.Begin")
    for second in (20, 40):
        tape.wait(20).values(10 + second)
    tape.wait(10).end().values(90, context="Transaction.End").stop().answer()
    return tape.wait(0)


def test_a_charge_as_it_should_be_passes():
    tape = whole()
    tape.wait(299).wait(1, quiet=False).done("Heartbeat", answer={"currentTime": "x"}).wait(0)
    tape.judge.finish(tape.now_ms)


def test_retries_restarts_and_refusals_as_they_should_be_pass():
    tape = Tape(MeterValueSampleInterval=0).link()
    tape.done("BootNotification", answer={**ACCEPTED, "status": "Pending", "interval": 30}).wait(0)
    tape.ask("TriggerMessage", {"requestedMessage": "Heartbeat"}, {"status": "Accepted"})
    tape.done("Heartbeat", answer={"currentTime": "x"}).wait(29).wait(1, quiet=False)
    tape.done("BootNotification", answer=ACCEPTED).status(0).status(1).begin()
    tape.start().answer(error=True).wait(59).wait(1, quiet=False)
    tape.start(timestamp="2026-03-01T12:00:30Z").wait(0).cut().wait(2, quiet=False).link()
    tape.start(timestamp="2026-03-01T12:00:30Z").answer({"transactionId": 0}).wait(1)
    tape.cut()
    tape.judge.restarted(tape.now_ms)
    tape.link().done("BootNotification", answer=ACCEPTED).status(0).status(1).end().stop(0).answer().wait(0)
    tape.judge.finish(tape.now_ms)


def rejected(tape):
    return (
        tape.link()
        .done("BootNotification", answer={**ACCEPTED, "status": "Rejected", "interval": 60})
        .wait(0)
    )


def again(tape, **changes):
    """A StartTransaction that failed is sent another time, with changes."""
    tape.booted().begin().start().answer(error=True).wait(60, quiet=False)
    payload = {"connectorId": 1, "idTag": "CARD", "meterStart": 10, "timestamp": "2026-03-01T12:00:00Z"}
    return tape.call("StartTransaction", {**payload, **changes})


BREACHES = {
    "is used again": lambda t: t.booted().call("Heartbeat", message_id="c-1"),
    "is too long": lambda t: t.link().call("BootNotification", message_id="i" * 37),
    "without a link": lambda t: t.call("BootNotification"),
    "another CALL is open": lambda t: t.link().call("BootNotification").wait(29).call("BootNotification"),
    "before acceptance": lambda t: t.link().call("Heartbeat"),
    "while Pending": lambda t: (
        t.link().done("BootNotification", answer={**ACCEPTED, "status": "Pending"}).call("Heartbeat")
    ),
    "though it is accepted": lambda t: t.booted().call("BootNotification"),
    "BootNotification comes too soon": lambda t: rejected(t).wait(59).call("BootNotification"),
    "BootNotification is not sent, though": lambda t: rejected(t).wait(60),
    "asked for, and is not sent": lambda t: (
        t.link()
        .done("BootNotification", answer={**ACCEPTED, "status": "Pending"})
        .ask("TriggerMessage", {"requestedMessage": "BootNotification"}, {"status": "Accepted"})
        .wait(0)
    ),
    "or answers it twice": lambda t: t.booted().ask("Reset", {}, {}).judge.sent(0, [3, "s-1", {}]),
    "answers nothing that": lambda t: t.booted().judge.sent(0, [3, "nobody", {}]),
    "'Reset', {}) has no answer": lambda t: t.booted().ask("Reset").wait(0),
    "'UnlockConnector', {}) has no answer": lambda t: t.booted().ask("UnlockConnector").wait(15).wait(1),
    "though the charger was rejected": lambda t: rejected(t).ask("GetConfiguration", {}, {}),
    "obeyed before acceptance": lambda t: (
        t.link()
        .done("BootNotification", answer={**ACCEPTED, "status": "Pending"})
        .ask("RemoteStartTransaction", {}, {"status": "Accepted"})
    ),
    "promised after acceptance": lambda t: t.booted().ask(
        "TriggerMessage", {"requestedMessage": "BootNotification"}, {"status": "Accepted"}
    ),
    "nobody is told that connector 1": lambda t: (
        t.link().done("BootNotification", answer=ACCEPTED).status(0).wait(0)
    ),
    "connector 1 is Available": lambda t: t.booted().status(1, "Charging"),
    "Available is told again": lambda t: t.booted().status(1),
    "is early": lambda t: t.booted().wait(299).call("Heartbeat"),
    "there is no Heartbeat": lambda t: t.booted().wait(300),
    "without a sign of life": lambda t: t.booted().begin().start().wait(30, alive=False),
    "a dead link is kept": lambda t: t.booted().wait(90, alive=False).wait(1, alive=False),
    "redials at once": lambda t: t.booted().cut().wait(1).link(),
    "does not redial": lambda t: t.booted().cut().wait(5),
    "is not done, or": lambda t: again(t, meterStart=11),
    "is not sent again as it was": lambda t: again(t, timestamp="2026-03-01T12:01:00Z"),
    "too soon": lambda t: (
        t.booted().begin().start().answer(error=True).wait(59).start(timestamp="2026-03-01T12:00:00Z")
    ),
    "StartTransaction is not sent again": lambda t: t.booted().begin().start().answer(error=True).wait(60),
    "StartTransaction is held back": lambda t: t.booted().begin().wait(0),
    "is not what happened next": lambda t: t.booted().begin().stop(),
    "is to tell of": lambda t: t.booted().begin(11).start(),
    "the server calls the transaction 7": lambda t: t.booted().started().end().stop(8),
    "no such transaction is open": lambda t: t.booted().started().values(20, server_id=8),
    "tells of what was before": lambda t: t.booted().started().values(30).values(20),
    "overtakes StopTransaction": lambda t: t.booted().started().end(40).values(50),
    "it happened at": lambda t: t.booted().begin().start(timestamp="2026-03-01T12:01:01Z"),
    "nobody was told": lambda t: t.booted().started().end().judge.finish(0),
    "was never done with": lambda t: t.booted().started().values(20, error=True).judge.finish(0),
}


def edges(tape):
    """No value at the end."""
    tape = (
        Tape(MeterValueSampleInterval=20).booted().started().values(10, context="Transaction.Begin").wait(0)
    )
    tape.end().stop().answer().judge.finish(tape.now_ms)


def samples(tape):
    """Of three samples one is there."""
    tape = (
        Tape(MeterValueSampleInterval=20).booted().started().values(10, context="Transaction.Begin").wait(20)
    )
    tape.values(30).wait(50).end().values(90, context="Transaction.End").stop().answer()
    tape.judge.finish(tape.now_ms)


BREACHES["other values at its edges"] = edges
BREACHES["samples in 3.5 intervals"] = samples


@pytest.mark.parametrize("words", BREACHES)
def test_a_breach_is_noticed(words):
    with pytest.raises(Breach, match="^[^\n]*" + words.replace("(", r"\(").replace(")", r"\)")):
        BREACHES[words](Tape(MeterValueSampleInterval=0))


@pytest.mark.parametrize("module", [judge, rules, transaction_rules, wire])
def test_the_judge_knows_nothing_of_the_charger(module):
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        for name in names:
            assert name.split(".")[0] in ("datetime", "sys", "tests", "typing")
