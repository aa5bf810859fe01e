"""The same bytes in, the same bytes and events out: under any hash seed, whatever the wall clock says."""

import asyncio
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from random import Random

from simulator.backend.central import Central, Event, seeded_ids
from simulator.backend.serve import accept
from simulator.backend.store import IN_MEMORY, Store
from tests.simulator.backend.peers import HandClock, pipes

HANDSHAKE = (
    b"GET /ocpp/CP1 HTTP/1.1\r\nHost: backend\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Protocol: ocpp1.6\r\n\r\n"
)

SAMPLED = [{"value": "7", "measurand": "Voltage", "phase": "L2", "unit": "V"}, {"value": "900"}]

CALLS = [
    ("BootNotification", {"chargePointVendor": "Mode3", "chargePointModel": "M3"}),
    ("StatusNotification", {"connectorId": 1, "errorCode": "NoError", "status": "Preparing"}),
    ("Authorize", {"idTag": "CARD"}),
    (
        "StartTransaction",
        {"connectorId": 1, "idTag": "CARD", "meterStart": 5, "timestamp": "2026-03-01T11:00:00Z"},
    ),
    (
        "MeterValues",
        {
            "connectorId": 1,
            "transactionId": 1,
            "meterValue": [{"timestamp": "2026-03-01T11:01:00Z", "sampledValue": SAMPLED}],
        },
    ),
    ("Authorize", {"idTag": "CARD", "zulu": 1, "alpha": 2, "mike": 3}),
    ("StopTransaction", {"transactionId": 1, "meterStop": 905, "timestamp": "2026-03-01T11:02:00Z"}),
]


def masked(message):
    payload = json.dumps(message).encode()
    return (
        b"\x81\xfe"
        + len(payload).to_bytes(2, "big")
        + b"\1\2\3\4"
        + bytes(byte ^ b"\1\2\3\4"[index % 4] for index, byte in enumerate(payload))
    )


async def record():
    """What the backend writes and tells while a charger boots, charges and is told to stop."""
    clock, (outgoing, incoming) = HandClock(), pipes()
    events: list[Event] = []
    store = Store(IN_MEMORY, clock)
    store.cards.add("CARD", parent="FLEET")
    central = Central(store, clock, seeded_ids(Random(7)))
    central.observe(events.append)
    served = asyncio.create_task(accept(central, outgoing.reader, incoming))
    outgoing.write(HANDSHAKE)
    for number, (action, payload) in enumerate(CALLS):
        outgoing.write(masked([2, str(number), action, payload]))
        for _ in range(30):
            await asyncio.sleep(0)
        clock.advance(seconds=10)
    command = asyncio.create_task(central.change_availability("CP1", operative=False))
    await asyncio.sleep(0)
    outgoing.close()
    await served
    assert (await command).status == "Disconnected"
    store.close()
    return incoming.written, events


def digest():
    written, events = asyncio.run(record())
    return hashlib.sha256(written + json.dumps(events).encode()).hexdigest()


def test_two_processes_write_the_same_bytes():
    root = Path(__file__).parents[3]
    code = "from tests.simulator.backend.test_backend_same_bytes import digest; print(digest())"
    digests = set()
    for seed in ("0", "1", "4242"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(root)}
        command = [sys.executable, "-c", code]
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=60, check=True
        )
        digests.add(done.stdout.strip())
    assert digests == {digest()}


def test_the_bytes_carry_only_the_injected_time_and_ids():
    written, events = asyncio.run(record())
    assert b"HTTP/1.1 101" in written
    assert b"Date: Sun, 01 Mar 2026 12:00:00 GMT" in written
    assert str(seeded_ids(Random(7))()).encode() in written
    assert {event["at"][:10] for event in events} == {"2026-03-01"}
    assert [event["event"] for event in events if event["event"].startswith("transaction")] == [
        "transaction_started",
        "transaction_stopped",
    ]
