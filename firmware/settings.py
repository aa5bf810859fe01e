"""The charger's own settings, in the same table as OCPP's configuration keys.

One `Configuration` holds both, so that console, page and backend see one list with one set of checks.
"""

from firmware.authoriser import is_tag
from ocpp_client.address import Address
from ocpp_client.configuration import Configuration
from ocpp_client.keys import BOOLEAN, CORE_KEYS, INTEGER, LIST, READ_ONLY, READ_WRITE, TEXT, WRITE_ONLY, Keys

MOST_A = 80
"""The pilot cannot say more (IEC 61851-1, table A.7)."""


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
        ("BackendUrl", TEXT, "", 0, 300, READ_WRITE, _is_backend, True),
        ("BackendIdentity", TEXT, "", 0, 48, READ_WRITE, None, True),
        ("AuthorizationKey", TEXT, "", 0, 40, WRITE_ONLY, None, True),
    )
)
"""What each means is written in `meanings.py`."""


def load(store, connector_count, chosen=None):
    """The `Configuration` of a charger with `connector_count` connectors, from its `store`.

    `chosen` (name to text) is written first, and in force at once, whatever needs a restart otherwise.
    KeyError: no such setting; ValueError: a value it does not take.
    """
    if chosen:
        written = Configuration(CORE_KEYS + OWN_KEYS, store)
        for name, text in chosen.items():
            written.assign(name, text)
    settings = Configuration(CORE_KEYS + OWN_KEYS, store)
    settings.fix("NumberOfConnectors", str(connector_count))
    return settings
