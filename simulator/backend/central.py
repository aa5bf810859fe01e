"""The central system: which chargers are connected, what they are told to do, and who watches."""

import asyncio
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from random import Random
from typing import Any

from ocpp.exceptions import OCPPError
from ocpp.v16 import call
from websockets.exceptions import ConnectionClosed

from simulator.backend import passwords
from simulator.backend.clock import Clock, to_text
from simulator.backend.handlers import ChargerLink
from simulator.backend.rpc import LOGGER, CallRefused, Connection
from simulator.backend.settings import Settings
from simulator.backend.store import Store

Event = dict[str, Any]
"""`event` names it, `at` is the backend's time, the rest depends on the name."""

PASSWORD_KEY = "authorizationkey"
DONE = ("Accepted", "Scheduled", "RebootRequired", "Unlocked", "Answered")
"""Statuses of a command that the charger carries out; `Answered` where its answer has no status."""


@dataclass(frozen=True)
class CommandResult:
    """What came of a command.

    `status` is the charger's word (Accepted, Rejected, NotSupported...), or one of: Answered, Refused (with
    a CALLERROR), InvalidAnswer, InvalidRequest, NotConnected, Disconnected, TimedOut.
    """

    status: str
    detail: str = ""
    answer: dict[str, Any] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether the charger does, or will do, what it was told."""
        return self.status in DONE


def random_ids() -> str:
    """Message ids that never repeat."""
    return str(uuid.uuid4())


def seeded_ids(random: Random) -> Callable[[], str]:
    """Message ids from a seeded source, the same in every run."""
    return lambda: str(uuid.UUID(int=random.getrandbits(128), version=4))


class Central:
    """An OCPP 1.6 central system over a store; `serve` brings it its connections."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        ids: Callable[[], str] = random_ids,
        settings: Settings | None = None,
    ) -> None:
        self.store = store
        self.clock = clock
        self.ids = ids
        self.settings = settings or Settings()
        self._links: dict[str, ChargerLink] = {}
        self._observers: list[Callable[[Event], None]] = []
        self._closing: set[asyncio.Task[None]] = set()

    # -- watching

    def observe(self, callback: Callable[[Event], None]) -> Callable[[], None]:
        """Calls back with every event from now on; the returned function ends that."""
        self._observers.append(callback)
        return lambda: self._observers.remove(callback)

    def emit(self, event: str, **fields: Any) -> None:
        """Tells all observers; one that fails is logged and hinders nobody."""
        told = {"event": event, "at": to_text(self.clock.now()), **fields}
        for callback in tuple(self._observers):
            try:
                callback(told)
            except Exception:
                LOGGER.exception("an observer failed on %s", event)

    # -- connections

    @property
    def connected(self) -> list[str]:
        """Identities of the chargers that are connected now."""
        return sorted(self._links)

    async def attend(self, identity: str, connection: Connection) -> None:
        """Speaks with a charger until its connection ends; a new connection takes the place of an old one."""
        self.store.chargers.add(identity, self.settings.register_as)
        link = ChargerLink(
            identity,
            connection,
            store=self.store,
            clock=self.clock,
            ids=self.ids,
            settings=self.settings,
            emit=self.emit,
        )
        self._close_soon(self._links.pop(identity, None), "replaced by a newer connection")
        self._links[identity] = link
        self.emit("charger_connected", charger=identity)
        reason = "the backend failed"
        try:
            await link.start()
        except (ConnectionClosed, OSError) as error:  # TimeoutError is an OSError
            reason = str(error) or type(error).__name__
        except asyncio.CancelledError:
            reason = "the backend closed"
            raise
        finally:
            link.hang_up()
            if self._links.get(identity) is link:
                del self._links[identity]
                self.emit("charger_disconnected", charger=identity, reason=reason)

    async def close(self) -> None:
        """Ends all connections, whichever way they came in."""
        for identity in self.connected:
            self._close_soon(self._links[identity], "the backend closes", code=1001)
        if self._closing:
            await asyncio.wait(self._closing, timeout=self.settings.answer_timeout_s)

    def _close_soon(self, link: ChargerLink | None, reason: str, code: int = 1000) -> None:
        # Nobody waits for the closing handshake of a charger that may be gone.
        if link is not None:
            task = asyncio.get_running_loop().create_task(link.disconnect(code, reason))
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    # -- commands

    async def remote_start(self, identity: str, id_tag: str, connector: int | None = None) -> CommandResult:
        """Starts a transaction for a card, on a connector or wherever the charger likes."""
        return await self.command(identity, call.RemoteStartTransaction(id_tag, connector))

    async def remote_stop(self, identity: str, transaction_id: int) -> CommandResult:
        """Stops a running transaction."""
        return await self.command(identity, call.RemoteStopTransaction(transaction_id))

    async def reset(self, identity: str, kind: str = "Soft") -> CommandResult:
        """Restarts the charger: Soft ends transactions first, Hard does not wait."""
        return await self.command(identity, call.Reset(kind))

    async def change_configuration(self, identity: str, key: str, value: str) -> CommandResult:
        """Sets a configuration key. A password that the charger accepts takes the place of the one before."""
        result = await self.command(identity, call.ChangeConfiguration(key, value))
        if result.status == "Accepted" and key.lower() == PASSWORD_KEY:
            self.store.chargers.replace_password(identity, passwords.of_key(value))
        return result

    async def get_configuration(self, identity: str, *keys: str) -> CommandResult:
        """Reads configuration keys, or all of them; `answer` has configuration_key and unknown_key."""
        return await self.command(identity, call.GetConfiguration(list(keys) or None))

    async def trigger_message(
        self, identity: str, message: str, connector: int | None = None
    ) -> CommandResult:
        """Asks for a message out of turn, also from a charger whose registration is Pending."""
        if identity in self._links:
            self._links[identity].triggered.add(message)
        return await self.command(identity, call.TriggerMessage(message, connector))

    async def unlock(self, identity: str, connector: int) -> CommandResult:
        """Unlocks a connector's cable, which ends its transaction."""
        return await self.command(identity, call.UnlockConnector(connector))

    async def change_availability(self, identity: str, operative: bool, connector: int = 0) -> CommandResult:
        """Takes a connector, or with 0 the whole charger, into or out of service."""
        kind = "Operative" if operative else "Inoperative"
        return await self.command(identity, call.ChangeAvailability(connector, kind))

    async def clear_cache(self, identity: str) -> CommandResult:
        """Empties the charger's authorisation cache."""
        return await self.command(identity, call.ClearCache())

    async def data_transfer(
        self, identity: str, vendor_id: str, message_id: str | None = None, data: str | None = None
    ) -> CommandResult:
        """Sends a message of a vendor's own."""
        return await self.command(identity, call.DataTransfer(vendor_id, message_id, data))

    async def command(self, identity: str, request: Any) -> CommandResult:
        """Sends any request of `ocpp.v16.call`, keeps it with its result, and says what came of it."""
        link = self._links.get(identity)
        if link is None:
            return CommandResult("NotConnected", f"{identity} is not connected")
        action, told = type(request).__name__, _without_secrets(asdict(request))
        number = self.store.commands.sent(identity, action, told)
        self.emit("command_sent", charger=identity, command=action, request=told)
        result = await self._outcome(link, request)
        self.store.commands.answered(number, result.status, result.detail)
        fields = {"command": action, "status": result.status, "detail": result.detail}
        self.emit("command_answered", charger=identity, **fields)
        return result

    async def _outcome(self, link: ChargerLink, request: Any) -> CommandResult:
        message_id = self.ids()
        try:
            # Also the wait for the call before this one counts.
            async with asyncio.timeout(self.settings.answer_timeout_s):
                answer = asdict(await link.call(request, suppress=False, unique_id=message_id))
        except CallRefused as error:
            return CommandResult("Refused", str(error))
        except OCPPError as error:
            invalid = "InvalidAnswer" if link.answered_id == message_id else "InvalidRequest"
            return CommandResult(invalid, str(error.details.get("cause", error)))
        except TimeoutError:
            return CommandResult("TimedOut", f"no answer in {self.settings.answer_timeout_s:g} s")
        except (ConnectionClosed, OSError):
            return CommandResult("Disconnected", "the connection was lost before the answer")
        return CommandResult(str(answer.get("status", "Answered")), answer=answer)


def _without_secrets(request: dict[str, Any]) -> dict[str, Any]:
    """The request as it may be kept and shown: AuthorizationKey is a password."""
    if str(request.get("key")).lower() == PASSWORD_KEY:
        return {**request, "value": "***"}
    return request
