"""Two ways in for chargers, both real WebSockets: a TCP port, and any byte stream."""

import asyncio
import errno
import socket
import ssl

from websockets.asyncio.server import Server as WebSocketServer
from websockets.asyncio.server import ServerConnection
from websockets.asyncio.server import serve as serve_websocket
from websockets.http11 import Request, Response
from websockets.server import ServerProtocol
from websockets.typing import Subprotocol

from simulator.backend.central import Central
from simulator.backend.handshake import PREFIX, SUBPROTOCOL, Refusal, admit, date, identity_in, refuse
from simulator.backend.rpc import LOGGER
from simulator.backend.stream import CLOSE_TIMEOUT_S, OPEN_TIMEOUT_S, Reader, StreamConnection, Writer

MAX_MESSAGE = 256 * 1024
"""Bytes of the largest message that is taken; a day of samples in one StopTransaction fits."""

WAYS_OUT = {
    errno.EADDRINUSE: "is in use; choose another one, or 0 for any that is free",
    errno.EACCES: "may not be opened by this user; choose one from 1024, or 0 for any that is free",
    errno.EADDRNOTAVAIL: "is not this machine's to open; choose the host 127.0.0.1 or 0.0.0.0",
}


class ServeError(Exception):
    """The port cannot be opened; the message names it, the reason and the way out."""


class Server:
    """A central system that listens on a TCP port."""

    def __init__(self, server: WebSocketServer, host: str, scheme: str = "ws") -> None:
        self._server = server
        self.port: int = next(iter(server.sockets)).getsockname()[1]
        self.url = f"{scheme}://{f'[{host}]' if ':' in host else host}:{self.port}/{PREFIX}/"
        """Where chargers connect, with their identity appended."""

    async def close(self) -> None:
        """Ends the connections that came in here and frees the port."""
        self._server.close()
        try:
            async with asyncio.timeout(2 * CLOSE_TIMEOUT_S):
                await self._server.wait_closed()
        except TimeoutError:
            LOGGER.warning("port %d: a connection did not end in time", self.port)


def secured(certificate: str, key: str) -> ssl.SSLContext:
    """What `serve` needs for wss://: the server's certificate chain and its key, from PEM files.
    `ServeError`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(certificate, key)
    except OSError as error:
        reason = error.strerror if error.filename or not isinstance(error, ssl.SSLError) else error.reason
        raise ServeError(
            f"Certificate {certificate} with key {key} cannot be used ({reason}); give two PEM files that"
            " belong together."
        ) from error
    return context


async def serve(
    central: Central, host: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None
) -> Server:
    """Listens for chargers on /ocpp/IDENTITY and /IDENTITY, with `tls` by wss://; port 0 takes any.
    `ServeError` if it cannot."""

    async def attend(connection: ServerConnection) -> None:
        request = connection.request
        identity = identity_in(request.path) if request else None
        assert identity is not None, "process_request lets nobody else in"
        await central.attend(identity, connection)

    def process_request(connection: ServerConnection, request: Request) -> Response | None:
        found = admit(central, request)
        return refuse(connection.protocol, found) if isinstance(found, Refusal) else None

    def process_response(_: ServerConnection, _request: Request, response: Response) -> None:
        date(central, response)

    try:
        server = await serve_websocket(
            attend,
            host,
            port,
            ssl=tls,
            subprotocols=[Subprotocol(SUBPROTOCOL)],
            compression=None,  # frames of some hundred bytes gain little, and memory is held for each peer
            process_request=process_request,
            process_response=process_response,
            open_timeout=OPEN_TIMEOUT_S,
            ping_interval=central.settings.ping_interval_s,
            ping_timeout=central.settings.ping_interval_s,
            close_timeout=CLOSE_TIMEOUT_S,
            max_size=MAX_MESSAGE,
            logger=LOGGER,
        )
    except (OSError, OverflowError) as error:
        raise ServeError(_way_out(host, port, error)) from error
    return Server(server, host, "wss" if tls else "ws")


async def accept(central: Central, reader: Reader, writer: Writer) -> None:
    """Speaks with the charger at the other end of a byte stream until it ends, whatever the charger does."""
    protocol = ServerProtocol(subprotocols=[Subprotocol(SUBPROTOCOL)], max_size=MAX_MESSAGE, logger=LOGGER)
    connection = StreamConnection(reader, writer, protocol, central.settings.ping_interval_s)
    identity = ""

    def respond(request: Request) -> Response:
        nonlocal identity
        found = admit(central, request)
        if isinstance(found, Refusal):
            response = refuse(protocol, found)
        else:
            identity, response = found, protocol.accept(request)
        date(central, response)
        return response

    try:
        if await connection.handshake(respond):
            await central.attend(identity, connection)
    except Exception:
        LOGGER.exception("the connection of %s failed", identity or "a charger")
    finally:
        await connection.end()


def _way_out(host: str, port: int, error: Exception) -> str:
    if isinstance(error, OverflowError):
        return f"Port {port} does not exist; choose one from 1 to 65535, or 0 for any that is free."
    if isinstance(error, socket.gaierror):
        return f"Host {host} has no address here; choose 127.0.0.1 or 0.0.0.0."
    reason = WAYS_OUT.get(error.errno or 0) if isinstance(error, OSError) else None
    return f"Port {port} on {host} {reason or f'cannot be opened ({error}); choose another one'}."
