"""Who may connect: the identity in the path, and a password where there is one (OCPP-J 1.6, 3.1 and 6)."""

import base64
import binascii
from dataclasses import dataclass
from datetime import UTC
from email.utils import format_datetime
from http import HTTPStatus
from urllib.parse import unquote, urlsplit

from sqlalchemy.exc import SQLAlchemyError
from websockets.datastructures import Headers
from websockets.http11 import Request, Response
from websockets.server import ServerProtocol

from simulator.backend import passwords
from simulator.backend.central import Central

SUBPROTOCOL = "ocpp1.6"
PREFIX = "ocpp"
IDENTITY_LENGTH = 64


@dataclass(frozen=True)
class Refusal:
    """Why a connection is not opened."""

    status: HTTPStatus
    text: str


def identity_in(path: str) -> str | None:
    """The charger's identity in /ocpp/IDENTITY or /IDENTITY, percent-decoded; None in any other path."""
    *prefix, last = urlsplit(path).path.removeprefix("/").split("/")
    if prefix not in ([], [PREFIX]) or (not prefix and last == PREFIX):
        return None
    try:
        identity = unquote(last, errors="strict")
    except UnicodeDecodeError:
        return None
    # A colon would end the user name of Basic authentication.
    plain = identity.isprintable() and not set(identity) & set(" /:")
    return identity if plain and 0 < len(identity) <= IDENTITY_LENGTH else None


def admit(central: Central, request: Request) -> str | Refusal:
    """The identity of the charger that asks to connect, or why it may not."""
    try:
        identity = identity_in(request.path)
        found = _refusal(central, identity, request.headers) or str(identity)
    except (SQLAlchemyError, ValueError) as error:
        found = Refusal(HTTPStatus.SERVICE_UNAVAILABLE, f"The backend cannot look up chargers ({error}).")
    if isinstance(found, Refusal):
        central.emit("charger_refused", path=request.path, status=int(found.status), reason=found.text)
    return found


def refuse(protocol: ServerProtocol, refusal: Refusal) -> Response:
    """The HTTP response for a refusal."""
    response = protocol.reject(refusal.status, refusal.text + "\n")
    if refusal.status is HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = 'Basic realm="OCPP", charset="UTF-8"'
    return response


def date(central: Central, response: Response) -> None:
    """Puts the backend's own clock into a response, where the library read the system's."""
    del response.headers["Date"]
    response.headers["Date"] = format_datetime(central.clock.now().astimezone(UTC), usegmt=True)


def _refusal(central: Central, identity: str | None, headers: Headers) -> Refusal | None:
    if identity is None:
        return Refusal(HTTPStatus.NOT_FOUND, "Chargers connect to /ocpp/IDENTITY.")
    charger = central.store.chargers.get(identity)
    if charger is None:
        if central.settings.accept_unknown_chargers:
            return None
        return Refusal(HTTPStatus.NOT_FOUND, f"No charger is called {identity}.")
    if charger.password is not None and not _knows_password(identity, charger.password, headers):
        return Refusal(HTTPStatus.UNAUTHORIZED, f"Charger {identity} needs its password.")
    return None


def _knows_password(identity: str, protected: str, headers: Headers) -> bool:
    # The password may be any bytes, so this is not left to a parser that expects text.
    values = headers.get_all("Authorization")
    scheme, _, credentials = (values[0] if len(values) == 1 else "").partition(" ")
    try:
        user, _, password = base64.b64decode(credentials.strip(), validate=True).partition(b":")
    except (binascii.Error, ValueError):
        return False
    return scheme.lower() == "basic" and user == identity.encode() and passwords.matches(password, protected)
