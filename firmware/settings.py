"""The charger's own settings, in the same table as OCPP's configuration keys.

One `Configuration` holds both, so that console, page and backend see one list with one set of checks. What
reads a text of several entries is only loaded while there is one.
"""

from firmware.authoriser import is_tag
from firmware.delay import MOST_S
from ocpp_client.address import Address
from ocpp_client.configuration import Configuration
from ocpp_client.keys import BOOLEAN, CORE_KEYS, INTEGER, LIST, READ_ONLY, READ_WRITE, TEXT, WRITE_ONLY, Keys

MOST_A = 80
"""The pilot cannot say more (IEC 61851-1, table A.7)."""
MOST_FUSE_A = 250
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


# name, kind, default, and where they are not as usual: low, high, access, members, reboot
OWN_KEYS = Keys(
    (
        ("PlugAndCharge", BOOLEAN, False),
        ("PlugAndChargeTag", TEXT, "PLUGANDCHARGE", 0, 20, READ_WRITE, is_tag),
        ("LocalCards", LIST, "", 0, 20, READ_WRITE, is_tag),
        ("AllowedCurrent", INTEGER, MOST_A, 6, MOST_A),
        ("InstallationCurrent", INTEGER, MOST_A, 6, MOST_A, READ_ONLY),
        ("Billing", BOOLEAN, False),
        ("MeterFallbackCurrent", INTEGER, 6, 0, MOST_A),
        ("FuseCurrent", INTEGER, 0, 0, MOST_FUSE_A, READ_ONLY),
        ("MainsFallbackCurrent", INTEGER, 6, 0, MOST_A, READ_ONLY),
        ("PhaseSwitching", TEXT, "auto", 0, 4, READ_WRITE, ("auto", "1", "3")),
        ("PhaseSwitchWait", INTEGER, 60, 0, 600),
        ("Vehicles", TEXT, "", 0, 500, READ_WRITE, _are_vehicles),
        ("Schedule", TEXT, "", 0, 500, READ_WRITE, _is_schedule),
        ("TimeZone", TEXT, UTC, 0, 60, READ_WRITE, _is_zone),
        ("StartDelayMax", INTEGER, 0, 0, MOST_S),
        ("ReturnDelayMax", INTEGER, 0, 0, MOST_S),
        ("BackendUrl", TEXT, "", 0, 300, READ_WRITE, _is_backend, True),
        ("BackendIdentity", TEXT, "", 0, 48, READ_WRITE, None, True),
        ("AuthorizationKey", TEXT, "", 0, 40, WRITE_ONLY, None, True),
    )
)
"""What each means is written in `meanings.py`."""


def keys(region=""):
    """All keys, with the defaults of a board's region."""
    table = CORE_KEYS + OWN_KEYS
    if region != "UK":
        return table
    from firmware.regions import UK

    return Keys(tuple([row[:2] + (UK.get(row[0], row[2]),) + row[3:] for row in table.rows]))


def load(store, connector_count, chosen=None, region=""):
    """The `Configuration` of a charger with `connector_count` connectors, from its `store`.

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
    return settings
