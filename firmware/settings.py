"""The charger's own settings, in the same table as OCPP's configuration keys.

One `Configuration` holds both, so that console, page and backend see one list with one set of checks.
"""

from firmware.authoriser import is_tag
from ocpp_client.configuration import CORE_KEYS, Configuration, Key
from ocpp_client.keys import BOOLEAN, INTEGER, LIST, READ_ONLY, TEXT, WRITE_ONLY

MOST_A = 80
"""The pilot cannot say more (IEC 61851-1, table A.7)."""


OWN_KEYS = (
    Key("PlugAndCharge", BOOLEAN, "false", "Charging starts when a car is plugged in, without a card."),
    Key(
        "PlugAndChargeTag", TEXT, "PLUGANDCHARGE", "The idTag of such transactions.", high=20, members=is_tag
    ),
    Key(
        "LocalCards",
        LIST,
        "",
        "The owner's cards; with a backend, LocalPreAuthorize and LocalAuthorizeOffline say when they count.",
        high=20,
        members=is_tag,
    ),
    Key("AllowedCurrent", INTEGER, str(MOST_A), "The owner's limit: no phase exceeds it (A).", 6, MOST_A),
    Key(
        "InstallationCurrent",
        INTEGER,
        str(MOST_A),
        "What the circuit of this charger carries (A).",
        6,
        MOST_A,
        access=READ_ONLY,
    ),
    Key(
        "BackendUrl",
        TEXT,
        "",
        "ws:// address of the OCPP server, without the identity.",
        high=300,
        reboot=True,
    ),
    Key("BackendIdentity", TEXT, "", "Name of this charger at that server.", high=48, reboot=True),
    Key("AuthorizationKey", TEXT, "", "Password at that server.", high=40, access=WRITE_ONLY, reboot=True),
)


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
