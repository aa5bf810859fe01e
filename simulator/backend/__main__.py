"""`python -m simulator.backend`: the OCPP 1.6 backend alone, for chargers of any make."""

import argparse
import asyncio
import signal
import ssl
import sys
from contextlib import suppress

from simulator.backend import passwords
from simulator.backend.central import Central, Event
from simulator.backend.clock import SystemClock
from simulator.backend.presentation import line
from simulator.backend.serve import ServeError, secured, serve
from simulator.backend.settings import Settings
from simulator.backend.store import Store, StoreError

BAD_INPUT = 2
ID_TAG_LENGTH = 20


def main(argv: list[str] | None = None) -> int:
    """Runs until Ctrl-C or SIGTERM; 0, or 2 where it cannot begin."""
    arguments = _parser().parse_args(argv)
    with suppress(KeyboardInterrupt):
        try:
            asyncio.run(_run(arguments))
        except (StoreError, ServeError) as error:
            print(error, file=sys.stderr)
            return BAD_INPUT
    return 0


async def _run(arguments: argparse.Namespace) -> None:
    clock = SystemClock()
    store = Store(arguments.database, clock)
    try:
        for id_tag in arguments.card:
            store.cards.add(id_tag)
        for identity, password in arguments.password:
            store.chargers.add(identity)
            store.chargers.set_password(identity, passwords.of_key(password))
        settings = Settings(accept_unknown_cards=arguments.accept_unknown_cards)
        central = Central(store, clock, settings=settings)
        central.observe(_show)
        server = await serve(central, arguments.host, arguments.port, _tls(arguments))
        print(
            f"OCPP 1.6 backend: {server.url}IDENTITY  (database {arguments.database}, Ctrl-C stops)",
            flush=True,
        )
        try:
            await _until_stopped()
        finally:
            await server.close()
    finally:
        store.close()


def _tls(arguments: argparse.Namespace) -> ssl.SSLContext | None:
    if not arguments.certificate and not arguments.key:
        return None
    if not arguments.certificate or not arguments.key:
        raise ServeError("For wss:// both --certificate and --key are needed; give the one that is missing.")
    return secured(arguments.certificate, arguments.key)


def _show(event: Event) -> None:
    text = line(event)
    if text is not None:
        print(f"{event['at'][11:19]}  {text}", flush=True)


async def _until_stopped() -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # Windows has no handlers in its loop; Ctrl-C raises there
            loop.add_signal_handler(number, stopped.set)
    await stopped.wait()


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m simulator.backend", description="An OCPP 1.6J backend for chargers.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=_port, default=9000, help="port, 0 for any (default: %(default)s)")
    parser.add_argument(
        "--database",
        metavar="URL",
        default="sqlite:///backend.sqlite",
        help="SQLAlchemy URL (default: %(default)s)",
    )
    parser.add_argument(
        "--card", metavar="TAG", type=_id_tag, action="append", default=[], help="idTag that may charge"
    )
    parser.add_argument(
        "--password",
        metavar="IDENTITY=P",
        type=_password,
        action="append",
        default=[],
        help="password (AuthorizationKey) that this charger must show",
    )
    parser.add_argument(
        "--certificate", metavar="FILE", help="speak wss:// with this certificate chain (PEM)"
    )
    parser.add_argument("--key", metavar="FILE", help="the certificate's private key (PEM)")
    parser.add_argument("--accept-unknown-cards", action="store_true", help="every idTag may charge")
    return parser


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> None:  # type: ignore[override]
        """One sentence instead of the usage."""
        print(f"{self.prog}: {message}; --help shows what there is.", file=sys.stderr)
        sys.exit(BAD_INPUT)


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port from 0 to 65535")
    return int(text)


def _password(text: str) -> tuple[str, str]:
    identity, _, password = text.partition("=")
    if not identity or not password:
        # Without the text: it may be a password.
        raise argparse.ArgumentTypeError("a password is told as IDENTITY=P")
    return identity, password


def _id_tag(text: str) -> str:
    if not 0 < len(text) <= ID_TAG_LENGTH:
        raise argparse.ArgumentTypeError(f"{text!r} is not an idTag of 1 to {ID_TAG_LENGTH} characters")
    return text


if __name__ == "__main__":
    sys.exit(main())
