"""`python -m simulator demo`, which `make run` starts: a charger, a car and a backend in real time, what
happens as it happens, and a prompt to act.

With DEMO=1 in the environment a car is charged first, without anybody's help.
"""

import argparse
import asyncio
import contextlib
import os
import signal
import sys
import tempfile

from rich.text import Text

from firmware.charger import VERSION
from simulator.backend.central import Central
from simulator.backend.clock import SystemClock
from simulator.backend.serve import ServeError, serve
from simulator.backend.settings import Settings
from simulator.backend.store import Store, StoreError
from simulator.choices import Unusable
from simulator.clockwork import kernel
from simulator.live import LiveCharger, state_folder
from simulator.remote.control_socket import HOST
from simulator.terminal import advice, lines, phrases
from simulator.terminal.desk import Desk
from simulator.terminal.prompt import Screen, open_prompt
from simulator.terminal.tour import CHARGE_S, Tour

OK, FAILED, BAD_INPUT = 0, 1, 2
IDENTITY = "MODE3-1"
SAMPLE_S = 10
"""How often the charger reports its meter while charging."""
ANSWER_S = 10
"""How long the backend waits for the charger's answer."""
KEPT = "database and flash are kept for the next start"
TEMPORARY = "database and flash are deleted at the end; the option --state DIR keeps them"
PLAIN_COLUMNS = 110
"""Width of what is no terminal."""


def add_arguments(parser):
    """The options of the sub-command."""
    add = parser.add_argument
    add("--port", type=int, default=0, help="the backend's port on 127.0.0.1 (0: any that is free)")
    add("--control", metavar="PORT", type=int, default=0, help="control socket's port on loopback (0: any)")
    add("--state", metavar="DIR", help="folder that keeps backend and charger (a temporary one unless told)")
    add("--once", action="store_true", help="the demo alone; exit code 0 when the car was charged, else 1")
    add("--charge-s", metavar="S", type=_seconds, default=CHARGE_S, help="how long it charges (%(default)s)")


def run(arguments):
    """Run until quit, Ctrl-C or SIGTERM (0); 2 when it cannot begin."""
    try:
        with _folder(arguments.state) as folder:
            return kernel.run(Demo(arguments, folder, _console()).live(), kernel.Paced())
    except (Unusable, StoreError, ServeError) as reason:
        print(f"python -m simulator demo: {reason}", file=sys.stderr)
        return BAD_INPUT


def _seconds(text):
    """3 s is what the car needs to draw anything; who wants more than a day wants something else."""
    with contextlib.suppress(ValueError):
        if 3 <= float(text) <= 86_400:
            return float(text)
    raise argparse.ArgumentTypeError(f"'{text}' is no number of seconds from 3 to 86400")


@contextlib.contextmanager
def _folder(path):
    """The state's folder, or one that goes with this process."""
    if path is not None:
        with state_folder(path):
            yield path
        return
    with tempfile.TemporaryDirectory(prefix="mode3-") as temporary:
        yield temporary


def _console():
    if sys.stdout:
        sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]  # a text stream, or None
    console = Screen(highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console.width = PLAIN_COLUMNS
    return console


class Demo:
    """One run: a backend, a charger, a prompt, and perhaps a `Tour`."""

    def __init__(self, arguments, folder, console):
        """`arguments`: of the command line; `folder`: where everything is kept; `console`: rich's."""
        self._arguments = arguments
        self._folder = folder
        self._console = console
        self._touring = arguments.once or os.environ.get("DEMO", "") not in ("", "0")
        self._code = FAILED if arguments.once else OK

    async def live(self):
        """From start to stop; returns the exit code."""
        self._ended = asyncio.Event()
        self._listen_to_signals()
        async with contextlib.AsyncExitStack() as stack:
            central, server = await self._open_backend(stack)
            charger = await stack.enter_async_context(self._charger(server))
            self._prompt = open_prompt(self._console, self._end, phrases.complete)
            stack.callback(self._prompt.close)
            self._greet(charger, server)
            stack.callback(charger.bench.observe(self._show))
            await charger.start()
            desk = Desk(charger, central, IDENTITY, self._prompt.print, self._end)
            stack.push_async_callback(desk.close)
            await self._work(self._listen(desk), self._tour(charger, central, desk))
            self._prompt.print("Stopping.")
        return self._code

    async def _open_backend(self, stack):
        clock = SystemClock()
        store = Store(f"sqlite:///{self._folder}/backend.sqlite", clock)
        stack.callback(store.close)
        for id_tag, status in phrases.CARDS.items():
            store.cards.add(id_tag, status)
        central = Central(store, clock, settings=Settings(answer_timeout_s=ANSWER_S))
        server = await serve(central, port=self._arguments.port)
        stack.push_async_callback(server.close)
        return central, server

    def _charger(self, server):
        settings = {
            "BackendUrl": server.url,
            "BackendIdentity": IDENTITY,
            "SecurityProfile": "0",  # it does not leave this machine
            "MeterValueSampleInterval": str(SAMPLE_S),
        }
        state = f"{self._folder}/charger"
        return LiveCharger(settings, state=state, control_port=self._arguments.control)

    def _greet(self, charger, server):
        control = charger.control.port
        meters = charger.meters.values()
        rows = [
            ("Backend", f"{server.url}{IDENTITY} (OCPP 1.6J)"),
            ("Database", f"{self._folder}/backend.sqlite"),
            ("Charger", f"{self._folder}/charger (its flash)"),
            ("State", KEPT if self._arguments.state else TEMPORARY),
            *[("Meter", f"{path} (Eastron SDM630, Modbus RTU, 9600 baud)") for path in meters],
            ("Control", f"""{HOST}:{control} (a JSON object a line, such as {{"do": "get"}})"""),
            ("Cards", ", ".join(f"{tag} ({status})" for tag, status in phrases.CARDS.items())),
        ]
        way_in = Text(
            f"To charge: plug, then swipe {phrases.FIRST_CARD}. help lists the rest; quit or Ctrl-C ends."
        )
        title = Text(f"Mode3 {VERSION}: the firmware, a car and a backend, in real time", style="bold")
        self._prompt.print(title, lines.facts(rows), way_in, "")

    async def _work(self, *works):
        """Do these beside each other until the end; one that fails takes all with it."""
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(work) for work in works]
            await self._ended.wait()
            for task in tasks:
                task.cancel()

    async def _tour(self, charger, central, desk):
        if not self._touring:
            return
        tour = Tour(charger, central, IDENTITY, desk, self._prompt.print, self._arguments.charge_s)
        charged = await tour.run()
        if self._arguments.once:
            self._code = OK if charged else FAILED
            self._end()

    async def _listen(self, desk):
        while (line := await self._prompt.line()) is not None:
            await desk.do(line)
        if not self._arguments.once and not self._ended.is_set():
            self._prompt.print("No more commands can come: it goes on without a prompt, until Ctrl-C.")

    def _show(self, entry):
        columns = self._console.width
        text = lines.line(entry, columns)
        if text:
            self._prompt.print(text)
        error = advice.error(entry)
        if error:
            self._prompt.print(Text(advice.paragraph(error, columns)))

    def _listen_to_signals(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, self._end)

    def _end(self):
        self._ended.set()
