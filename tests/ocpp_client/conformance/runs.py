"""How dialogues are run: in memory, over sockets, and on MicroPython; with each frame of the charger held
against the official schemas wherever CPython runs."""

import asyncio
import inspect

from ocpp.messages import get_validator

from simulator.clockwork import kernel
from simulator.clockwork.pace import PATIENCE_S
from tests import authority, runtimes
from tests.ocpp_client.conformance import memory, offline, sockets

SCRIPT = runtimes.ROOT / "tests/ocpp_client/on_micropython/conformance.py"
LITTLE_PATIENCE_S = 0.5
"""Of the wall clock, where the server owes an answer on purpose."""


def dialogues(*modules):
    """Those of some modules: their public coroutine functions, in their order."""
    return [
        value
        for module in modules
        for name, value in vars(module).items()
        if inspect.iscoroutinefunction(value) and value.__module__ == module.__name__ and name[0] != "_"
    ]


def judge(message, request):
    """Hold a frame of the charger against the schema of its action."""
    if message[0] == 2:
        get_validator(2, message[2], "1.6").validate(message[3])
    elif message[0] == 3:
        get_validator(3, request, "1.6").validate(message[2])
    else:
        assert [type(part) for part in message] == [int, str, str, str, dict]


def in_memory(dialogue, connectors):
    """In virtual time."""
    kernel.run(memory.play(dialogue, lambda: kernel.current().now_ms(), connectors, judge))


def over_sockets(dialogue, connectors):
    """Against a charger in a process of its own."""
    patience_s = LITTLE_PATIENCE_S if dialogue in offline.SILENT else PATIENCE_S
    asyncio.run(sockets.play(dialogue, connectors, patience_s, judge))


def over_tls(dialogue, folder):
    """The same where the server has a certificate, and the charger its root."""
    root = authority.root()
    (folder / "root.pem").write_bytes(root.pem)
    secured = (root.issue().context(folder), folder / "root.pem")
    asyncio.run(sockets.play(dialogue, 1, PATIENCE_S, judge, secured))


def on_micropython(micropython, some, connectors):
    """In virtual time there, all in one process."""
    names = [f"{dialogue.__module__}:{dialogue.__name__}" for dialogue in some]
    done = runtimes.run(micropython, SCRIPT, str(connectors), *names, options=("-X", "heapsize=8m"))
    assert done.stderr == "", done.stderr
    assert done.stdout.splitlines() == names, done.stdout
