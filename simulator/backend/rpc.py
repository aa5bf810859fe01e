"""OCPP-J remote procedure calls with one charger, robust against whatever it sends.

The `ocpp` package brings messages, schemas and the call itself; what is added here is that no frame ends the
connection, that nothing but the event loop measures time, and that a lost connection ends a call at once.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any, Protocol

import ocpp.messages
from ocpp.exceptions import (
    FormationViolationError,
    FormatViolationError,
    InternalError,
    OCPPError,
    ProtocolError,
)
from ocpp.messages import Call, CallError, CallResult, unpack
from ocpp.v16 import ChargePoint
from websockets.exceptions import ConnectionClosed

LOGGER = logging.getLogger("simulator.backend")
LOGGER.addHandler(logging.NullHandler())

# The package validates in a thread of its own otherwise, and no two runs would be the same.
ocpp.messages.ASYNC_VALIDATION = False

CAUSE_LENGTH = 200
"""How much of a cause is told back: a frame is not to be answered with a larger one."""


class Connection(Protocol):
    """A WebSocket connection: `recv` and `send` raise websockets' ConnectionClosed once it is over."""

    async def recv(self) -> str | bytes:
        """The next message."""

    async def send(self, message: str) -> None:
        """Sends a text message."""

    async def close(self, code: int = 1000, reason: str = "") -> None:
        """Begins the end of the connection."""


class CallRefused(Exception):
    """The charger answered a call with a CALLERROR."""


class Link(ChargePoint):
    """Calls to and from one connected charger, for as long as the connection lasts."""

    def __init__(
        self,
        identity: str,
        connection: Connection,
        ids: Callable[[], str],
        timeout_s: float,
        emit: Callable[..., None],
    ) -> None:
        super().__init__(identity, connection, response_timeout=timeout_s, logger=LOGGER)
        self._unique_id_generator = ids
        self._emit = emit
        self.answered_id: str | None = None
        """Message id of the last call that the charger answered."""

    async def start(self) -> None:
        """Takes frames until the connection closes, which it raises."""
        while True:
            await self.route_message(await self._connection.recv())

    def hang_up(self) -> None:
        """Lets a call that waits for its answer know that none will come."""
        self._response_queue.put_nowait(None)

    async def disconnect(self, code: int, reason: str) -> None:
        """Ends the connection; one that is over already, or that cannot be ended in time, is left."""
        try:
            async with asyncio.timeout(self._response_timeout):
                await self._connection.close(code, reason)
        except (ConnectionClosed, OSError) as error:
            LOGGER.info("%s: %s", self.id, error)

    async def route_message(self, raw_msg: str | bytes) -> None:
        """Answers a call, hands an answer to who asked, and drops everything else with an event."""
        text = raw_msg if isinstance(raw_msg, str) else raw_msg.hex()
        self._emit("frame", charger=self.id, direction="in", text=text)
        try:
            message = _decode(raw_msg)
        except (OCPPError, ValueError, RecursionError) as error:
            self._emit("frame_dropped", charger=self.id, reason=_cause(error))
            return
        if isinstance(message, Call):
            await self._answer(message)
        elif self._call_lock.locked():
            self._response_queue.put_nowait(message)
        else:
            self._emit("frame_dropped", charger=self.id, reason="an answer that nobody waits for")

    def admit(self, action: str) -> None:
        """Raises an OCPPError when the charger may not send this action now."""

    async def _answer(self, message: Call) -> None:
        try:
            self.admit(message.action)
            await self._handle_call(message)
        except (ConnectionClosed, OSError):
            raise
        except Exception as error:
            await self._send(message.create_call_error(_named_as_in_16(error)).to_json())

    async def _send(self, message: str) -> None:
        self._emit("frame", charger=self.id, direction="out", text=message)
        if message.startswith("[4,"):
            self._emit("call_refused", charger=self.id, text=message)
        async with asyncio.timeout(self._response_timeout):
            await self._connection.send(message)

    async def _get_specific_response(self, unique_id: str, timeout: float) -> CallResult:
        # The package's own reads the wall clock, which stands still in virtual time.
        async with asyncio.timeout(timeout):
            while True:
                response = await self._response_queue.get()
                if response is None:
                    raise ConnectionResetError
                if response.unique_id == unique_id:
                    break
                self._emit("frame_dropped", charger=self.id, reason="an answer to another call")
        self.answered_id = unique_id
        if isinstance(response, CallError):
            raise CallRefused(f"{response.error_code}: {response.error_description}"[:CAUSE_LENGTH])
        return response


def _decode(raw: str | bytes) -> Call | CallResult | CallError:
    """The message in a frame; OCPPError, ValueError or RecursionError when it is none."""
    if isinstance(raw, bytes):
        raise ProtocolError(details={"cause": "a binary frame, where OCPP-J has text"})
    message = unpack(raw)
    texts = [message.unique_id, message.action] if isinstance(message, Call) else [message.unique_id]
    if not all(isinstance(text, str) for text in texts):
        raise ProtocolError(details={"cause": "message id and action must be strings"})
    return message


def _named_as_in_16(error: Exception) -> OCPPError:
    """The error under a code that OCPP-J 1.6 has, its cause kept short."""
    kind: type[Any] = type(error) if isinstance(error, OCPPError) else InternalError
    if kind is FormatViolationError:
        kind = FormationViolationError
    return kind(details={"cause": _cause(error)})


def _cause(error: Exception) -> str:
    told = error.details.get("cause") if isinstance(error, OCPPError) else None
    return str(told or error or type(error).__name__)[:CAUSE_LENGTH]
