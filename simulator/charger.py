"""`python -m simulator charger`: one simulated charger against any OCPP server, over real sockets.

Real time (`--speed 1`) has the meter behind a pseudo-terminal, where an independent Modbus server answers;
any other speed has it in memory. With `--speed 0` time, after the 0.5 s of a boot, moves only by the
command `advance`, and stands still while an answer is on its way; after `--patience` seconds without it time
moves on, for time-outs to happen.

`--state DIR` keeps what a power cut leaves: the flash, and each meter's register (`meter-1`, ...). The rest
of the world begins anew with every start, so no car is plugged in then. Settings, password and
root certificates that were told once are in the flash, and need not be told again.

A board of copper runs its own drivers on its simulated chip, in the circuit of its definition; its flash and
meters are in memory, and it takes no `--state`.

A wss:// address is spoken to with TLS and a password (security profile 2). To a ws:// address a new charger
goes with a password alone (1), or without `--password` unsecured (0); a kept one as it did before, because a
backend may have raised its profile.
"""

import asyncio
import os
import signal
import sys

from firmware.journal import Journal
from simulator import choices
from simulator.bench import SECTORS
from simulator.choices import Unusable
from simulator.clockwork import haste, kernel
from simulator.clockwork.pace import LONGEST_POLL_S, PATIENCE_S
from simulator.live import LiveCharger, state_folder
from simulator.portable.flash import Flash
from simulator.remote.control_socket import HOST
from simulator.terminal import present

OK, BAD_INPUT, INTERRUPTED = 0, 2, 130


def add_arguments(parser):
    """The options of the sub-command."""
    add = parser.add_argument
    add(
        "--csms",
        metavar="URL",
        required=True,
        help="OCPP server, ws:// or wss://HOST:PORT/PATH, without the id",
    )
    add("--id", metavar="CP_ID", required=True, help="the charger's identity, appended to the address")
    add("--ocpp", metavar="VERSION", default="1.6", help="OCPP version (%(default)s, the one there is)")
    add("--password", metavar="P", help="password for HTTP basic authentication")
    add("--ca", metavar="FILE", help="root certificates of a wss:// server, PEM or DER (the system's)")
    add("--board", metavar="NAME", help=f"board definition ({choices.BOARD})")
    add("--control", metavar="PORT", type=int, default=0, help="control socket's port on loopback (0: any)")
    add("--speed", metavar="X", type=float, default=1.0, help="times the wall clock; 0: by `advance` (1)")
    add(
        "--patience",
        metavar="S",
        type=float,
        default=PATIENCE_S,
        help="with --speed 0: seconds of the wall clock that time stands still for an answer (%(default)g)",
    )
    add("--state", metavar="DIR", help="folder that keeps flash and meter registers between runs")
    add("--set", metavar="KEY=VALUE", action="append", default=[], help="a setting, by its OCPP name")
    add("--quiet", action="store_true", help="no line an event, only the addresses at the start")


def run(arguments):
    """Run until Ctrl-C (130) or SIGTERM (0); 2 when it cannot begin."""
    try:
        _check(arguments)
        session, pace = _Session(arguments), _pace(arguments.speed, arguments.patience)
        with state_folder(arguments.state):
            return kernel.run(session.live(), pace)
    except Unusable as reason:
        print(f"python -m simulator charger: {reason}", file=sys.stderr)
        return BAD_INPUT


def _check(arguments):
    if arguments.ocpp != "1.6":
        raise Unusable(f"OCPP {arguments.ocpp} is not spoken here; use --ocpp 1.6")
    if not 0 <= arguments.patience <= LONGEST_POLL_S:
        raise Unusable(
            f"--patience {arguments.patience:g} is too little or too much; choose 0 to {LONGEST_POLL_S}"
        )
    if not 0 <= arguments.control <= 65535:
        raise Unusable(f"--control {arguments.control} is no port; choose one from 1 to 65535, or 0 for any")


def _pace(speed, patience_s):
    try:
        return haste.pace(speed, patience_s)
    except ValueError as reason:
        raise Unusable(f"{reason} (--speed 0)") from None


def _is_secured(state):
    """Whether the charger in the folder `state` was told its security profile before."""
    if not state or not os.path.exists(f"{state}/sectors.bin"):
        return False
    try:
        return Journal(Flash(state, SECTORS)).get("set-SecurityProfile") is not None
    except (OSError, ValueError):
        return False  # what is wrong with it is told when it is opened


class _Session:
    """One run of the sub-command."""

    def __init__(self, arguments):
        """Unusable: the arguments do not fit each other."""
        self._arguments = arguments
        secured = _is_secured(arguments.state)
        chosen = choices.settings(arguments.set, arguments.csms, arguments.id, arguments.password, secured)
        self._board = choices.board(arguments.board, chosen)
        self._settings = chosen
        self._roots = choices.roots(arguments.ca)

    async def live(self):
        """From start to stop; returns the exit code."""
        if sys.stdout:
            sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]  # a text stream, or None
        self._end = asyncio.get_running_loop().create_future()
        for number, code in ((signal.SIGINT, INTERRUPTED), (signal.SIGTERM, OK)):
            self._end.get_loop().add_signal_handler(number, self._finish, code)
        async with self._charger() as charger:
            awaited = _Awaited(charger.bench)
            self._introduce(charger)
            if not self._arguments.quiet:
                charger.bench.observe(self._show)
            await charger.start()
            kernel.current().hold_while(awaited.name)
            return await self._end

    def _charger(self):
        arguments = self._arguments
        return LiveCharger(
            self._settings,
            board=self._board,
            state=arguments.state,
            speed=arguments.speed,
            control_port=arguments.control,
            roots=self._roots,
        )

    def _introduce(self, charger):
        arguments = self._arguments
        count = len(charger.bench.world.connectors)
        self._say(f"charger  {arguments.id} on the board {self._board}, connectors: {count}")
        self._say(f"backend  {arguments.csms} (OCPP {arguments.ocpp})")
        self._say(f"control  {HOST}:{charger.control.port} (a JSON object a line)")
        for connector, path in charger.meters.items():
            self._say(f"meter    {path} (connector {connector}, Modbus RTU, 9600 baud)")
        if arguments.state:
            self._say(f"state    {os.path.abspath(arguments.state)}")

    def _show(self, entry):
        text = present.line(entry)
        if text:
            self._say(text)

    def _say(self, text):
        try:
            print(text, flush=True)
        except BrokenPipeError:
            # Nobody reads any more, as behind `head`; what is left in the buffer has nowhere to go.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            self._finish(OK)

    def _finish(self, code):
        if not self._end.done():
            self._end.set_result(code)


class _Awaited:
    """Names what the charger awaits from its backend, for manual time to stand still meanwhile."""

    def __init__(self, bench):
        self._bench = bench
        self._frames = 0
        bench.observe(self._count)

    def name(self):
        """Different for each opening, CALL and ping; None when nothing is awaited, or nothing can come."""
        firmware = self._bench.firmware
        client = firmware.client if firmware and self._bench.network.connected else None
        return (id(client), self._frames, client.state) if client and client.awaiting else None

    def _count(self, entry):
        self._frames += "frame" in entry
