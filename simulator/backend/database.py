"""Opening the database: any SQLAlchemy URL, SQLite unless told otherwise."""

from typing import Any

from sqlalchemy import Engine, StaticPool, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from simulator.backend.models import Base

IN_MEMORY = "sqlite://"
"""A database that lives as long as its store."""

BUSY_TIMEOUT_S = 5
"""How long a statement waits for another process that holds the SQLite file."""

EXAMPLES = "such as sqlite:///backend.sqlite or postgresql+psycopg://user:password@host/name"


class StoreError(Exception):
    """The database cannot be used; the message names it, the reason and the way out."""


def open_engine(url: str) -> Engine:
    """An engine on `url` with every table in place.

    StoreError when the URL is none, its driver is missing or no database answers there.
    """
    parsed = _parse(url)
    name = parsed.render_as_string(hide_password=True)
    try:
        engine = create_engine(parsed, **_options(parsed))
    except (SQLAlchemyError, ImportError, TypeError) as error:
        raise StoreError(
            f"The database {name} cannot be used ({_reason(error)}); install its driver or give another URL."
        ) from error
    try:
        if parsed.get_backend_name() == "sqlite":
            event.listen(engine, "connect", _prepare_sqlite)
        Base.metadata.create_all(engine)
    except (SQLAlchemyError, OSError) as error:
        engine.dispose()
        raise StoreError(
            f"The database {name} cannot be opened ({_reason(error)}); "
            "give one that exists and may be written, or another SQLAlchemy URL."
        ) from error
    return engine


def _parse(url: str) -> URL:
    try:
        return make_url(url)
    except (SQLAlchemyError, ValueError):
        # The text may hold a password, so only what stands before it is told.
        shown = url.partition(":")[0]
        raise StoreError(f"The database {shown!r} is not a SQLAlchemy URL; give one {EXAMPLES}.") from None


def _options(url: URL) -> dict[str, Any]:
    if url.get_backend_name() != "sqlite":
        return {"pool_pre_ping": True}
    options: dict[str, Any] = {"connect_args": {"timeout": BUSY_TIMEOUT_S}}
    if url.database in (None, "", ":memory:"):
        # A database in memory lives in its one connection.
        options["poolclass"] = StaticPool
        options["connect_args"]["check_same_thread"] = False
    return options


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA foreign_keys = ON")
    # A page that reads never holds up a charger that reports.
    connection.execute("PRAGMA journal_mode = WAL")


def _reason(error: Exception) -> str:
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    return " ".join(str(cause).split()).rstrip(".")
