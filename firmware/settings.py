"""The charger's own settings, in the same table as OCPP's configuration keys.

One `Configuration` holds both, so that console, page and backend see one list with one set of checks. What
reads a text of several entries is only loaded while there is one.

What limits the current, says when it flows, or names the owner's cards and cars is OWNED: a backend reads it
and cannot write it. Whoever is liable for a circuit sets these once, on the spot; an operator changes whole
fleets by one click, and would raise a limit, end a pause that the law asks for or lose an owner's cards
without ever seeing the place. Nothing is lost by it: OCPP has charging profiles and local lists for what
operators limit and whom they let in, and these only take away from what the owner allows. Where the backend
is belongs to them too: one wrong letter, or a server that sends its chargers to another one without TLS, and
nobody could call them back. What an operator answers for stays writable: whether anybody may charge (a
backend accepts any card anyway), and whether the meter is billed.
"""

from firmware.authoriser import is_tag
from firmware.delay import MOST_S
from ocpp_client.address import Address, is_host
from ocpp_client.configuration import Configuration
from ocpp_client.keys import BOOLEAN, INTEGER, LIST, OCPP_KEYS, OWNED, READ_WRITE, TEXT, Keys

MOST_A = 80
"""The pilot cannot say more (IEC 61851-1, table A.7)."""
MOST_FUSE_A = 250
MOST_UNSEEN_A = 13
"""What the weakest cable carries (IEC 61851-1, table B.2): unseen, nobody knows whether a car draws more."""
LEAST_WAIT_S = 10
"""A car that was charging needs a pause to see that phases came or went; most need the default."""
UTC = "UTC0"


def _is_schedule(text):
    if text:
        from firmware.schedule import Schedule

        Schedule(text)
    return True


def _is_zone(text):
    if text != UTC:
        from firmware.timezone import Zone

        Zone(text)
    return True


def _are_vehicles(text):
    if text:
        from firmware.vehicles import parse

        parse(text)
    return True


def _is_backend(url):
    """Whether the backend may be there; ValueError says why not. What may lack is the charger's identity, for
    that is another setting."""
    return not url or bool(Address(url, "identity"))


def _is_identity(text):
    """Whether it can end a URL's path and be the user of HTTP Basic authentication (RFC 7617, 2: no colon)
    on its way through any proxy (which may take a coded slash for a real one)."""
    for character in text:
        if not "!" <= character <= "~" or character in ":/":
            raise ValueError("BackendIdentity takes ASCII letters, digits and signs, but no : or / or blank")
    return text not in (".", "..")


# name, kind, default, and where they are not as usual: low, high, access, members, reboot
OWN_KEYS = Keys(
    (
        ("PlugAndCharge", BOOLEAN, False),
        ("PlugAndChargeTag", TEXT, "PLUGANDCHARGE", 1, 20, READ_WRITE, is_tag),
        ("FinishingOnTimeOut", BOOLEAN, False),
        ("LocalCards", LIST, "", 0, 20, OWNED, is_tag),
        ("AllowedCurrent", INTEGER, MOST_A, 6, MOST_A, OWNED),
        ("InstallationCurrent", INTEGER, MOST_A, 6, MOST_A, OWNED),
        ("Billing", BOOLEAN, False),
        ("MeterFallbackCurrent", INTEGER, 6, 0, MOST_UNSEEN_A, OWNED),
        ("FuseCurrent", INTEGER, 0, 0, MOST_FUSE_A, OWNED),
        ("MainsFallbackCurrent", INTEGER, 6, 0, MOST_A, OWNED),
        ("PhaseSwitching", TEXT, "auto", 0, 4, OWNED, ("auto", "1", "3")),
        ("PhaseSwitchWait", INTEGER, 60, LEAST_WAIT_S, 600, OWNED),
        ("Vehicles", TEXT, "", 0, 500, OWNED, _are_vehicles),
        ("Schedule", TEXT, "", 0, 500, OWNED, _is_schedule),
        ("TimeZone", TEXT, UTC, 0, 60, OWNED, _is_zone),
        ("StartDelayMax", INTEGER, 0, 0, MOST_S, OWNED),
        ("ReturnDelayMax", INTEGER, 0, 0, MOST_S, OWNED),
        ("BackendUrl", TEXT, "", 1, 300, OWNED, _is_backend, True),
        ("BackendIdentity", TEXT, "", 1, 48, OWNED, _is_identity, True),
        ("TimeServer", TEXT, "", 0, 64, READ_WRITE, is_host, True),
    )
)
"""What each means is written in `meanings.py`."""


def keys(region=""):
    """All keys, with the defaults of a board's region."""
    table = OCPP_KEYS + OWN_KEYS
    if region != "UK":
        return table
    from firmware.regions import UK

    return Keys(tuple([row[:2] + (UK.get(row[0], row[2]),) + row[3:] for row in table.rows]))


def load(store, connector_count, chosen=None, region="", socket=True):
    """The `Configuration` of a charger with `connector_count` connectors, from its `store`. `socket`: one of
    them, at least, has no cable of its own.

    `chosen` (name to text) is written first, and in force at once, whatever needs a restart otherwise.
    KeyError: no such setting; ValueError: a value it does not take.
    """
    table = keys(region)
    if chosen:
        written = Configuration(table, store)
        for name, text in chosen.items():
            written.assign(name, text)
    settings = Configuration(table, store)
    settings.fix("NumberOfConnectors", str(connector_count))
    if not socket:
        # There is nothing to unlock (errata 3.84).
        settings.fix("UnlockConnectorOnEVSideDisconnect", "false")
    return settings
