"""A thousand transactions that nobody has taken yet, in a journal on the flash in FOLDER, and their way out.

    drain.py FOLDER fill|drain|weigh NUMBER

`fill` writes them, as weeks without a network do; `drain` boots, connects and delivers them, and prints the
ms from the connection to the last answer; `weigh` does the same and prints the bytes of heap that were live
then at the most, beyond the code and beyond the world. Both first print how many transactions the server has
seen begin and end.
"""

import gc
import sys
import time

from firmware.journal import Journal
from ocpp_client.client import Client
from ocpp_client.configuration import Configuration
from ocpp_client.keys import OCPP_KEYS
from simulator.portable.flash import Flash
from tests.ocpp_client.on_micropython.server import Server
from tests.ocpp_client.ports_in_memory import NOON, MemoryCharger, VirtualClock

DAY_MS = 86400000


def prepared(folder):
    journal = Journal(Flash(folder))
    while journal.prepare():
        pass
    return journal


def record(kind, number, minute):
    since_ms = (number * 30 + minute) * 60000
    return {
        "kind": kind,
        "tx": number,
        "connector": 1,
        "id_tag": "04A1B2C3D4E5F6",
        "meter_wh": number * 10000 + minute * 100,
        "stamp": [7, since_ms, NOON - 30 * DAY_MS + since_ms],
    }


def fill(journal, count):
    for number in range(1, count + 1):
        journal.append(record("start", number, 0))
        stop = record("stop", number, 20)
        stop["reason"] = "Local"
        journal.append(stop)
        journal.prepare()


class Charger(MemoryCharger):
    """One that keeps no book of what it was told."""

    def verdict(self, transaction, status, group=None):
        """Nothing that was offline runs any more."""


class Seen:
    """What the server sees, and the live heap at that moment."""

    def __init__(self, weighing):
        self.begun = self.ended = self.highest = 0
        self._weighing = weighing

    def frame(self, message):
        if message[2] == "StartTransaction":
            self.begun += 1
        if message[2] == "StopTransaction":
            self.ended += 1
        if self._weighing:
            gc.collect()
            self.highest = max(self.highest, live())


def live():
    """Bytes."""
    return gc.mem_alloc()  # type: ignore[attr-defined]  # MicroPython's


def converse(client, server, now_ms):
    """Until nobody has anything left to say."""
    client.poll(now_ms)
    data = client.data_to_send()
    while data:
        client.received(server.received(data), now_ms)
        data = client.data_to_send()


def drain(folder, weighing):
    clock = VirtualClock(9)
    seen = Seen(weighing)
    server = Server(clock, seen.frame)
    gc.collect()
    before = live() if weighing else 0
    journal = prepared(folder)
    configuration = Configuration(OCPP_KEYS, journal)
    configuration.write("SecurityProfile", "0")
    client = Client(Charger(journal, clock), journal, clock, configuration, "ws://10.0.0.1/ocpp", "CP1")
    began_ms = milliseconds()
    client.connected(0)
    converse(client, server, 0)
    took_ms = milliseconds() - began_ms
    assert client.transactions.is_drained()
    print(seen.begun, seen.ended, seen.highest - before if weighing else took_ms)


def milliseconds():
    return time.ticks_ms() if hasattr(time, "ticks_ms") else time.monotonic_ns() // 1000000


if sys.argv[2] == "fill":
    fill(prepared(sys.argv[1]), int(sys.argv[3]))
else:
    drain(sys.argv[1], sys.argv[2] == "weigh")
