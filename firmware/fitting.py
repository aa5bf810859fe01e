"""The parts of a charger: what its board names becomes a driver, what it does not name is not fitted."""

from hal import contract, meter_maps
from hal.byteport import BytePort
from hal.meter_modbus import ModbusMeter
from hal.modbus import Master

CONNECTOR_ROLES = (
    ("pilot", contract.Pilot),
    ("contactor", contract.Contactor),
    ("rcd", contract.Rcd),
    ("proximity", contract.Proximity),
    ("lock", contract.Lock),
    ("phase_switch", contract.PhaseSwitch),
    ("shunt_trip", contract.ShuntTrip),
    ("temperature", contract.Temperature),
    ("earth", contract.Earth),
    ("meter_port", BytePort),
    ("meter", contract.Meter),
)
"""Parts of a connector, in the order in which they are made; the contract stands in for what is not
fitted."""

BOARD_ROLES = (
    ("store", contract.Store),
    ("clock", contract.Clock),
    ("watchdog", contract.Watchdog),
    ("network", contract.Network),
    ("card_reader", contract.CardReader),
    ("lamp", contract.Lamp),
    ("button", contract.Button),
    ("mains_port", BytePort),
    ("mains_meter", contract.Meter),
)


class UnknownDriver(Exception):
    """A board names a driver that this firmware does not carry, or a part that no charger has."""


class Parts:
    """The parts of a connector or a board, by role."""


def fit(roles, facts, number, drivers=()):
    """The `Parts` for `roles` of the connector with this `number`, or of the board: 0.

    `facts.drivers` names a driver for each part that is fitted: one of `drivers` ((role, name) to a factory
    of (facts, number, parts so far)), a meter of `hal.meter_maps`, or a module below hal by its path, such as
    'rp2.pilot', whose `make` is such a factory. UnknownDriver.
    """
    parts = Parts()
    _check_roles(roles, facts.drivers)
    for role, absent in roles:
        name = facts.drivers.get(role)
        setattr(parts, role, absent() if name is None else _find(role, name, drivers)(facts, number, parts))
    return parts


def _find(role, name, drivers):
    if (role, name) in drivers:
        return drivers[role, name]
    if role in METERS and name in meter_maps.MAPS:
        return METERS[role]
    if "." in name:
        return _load("hal." + name, role)
    known = [driver for of_role, driver in drivers if of_role == role]
    if role in METERS:
        known.extend(meter_maps.MAPS)
    raise UnknownDriver(
        "no driver '%s' for the part '%s' in this firmware; it has: %s"
        % (name, role, ", ".join(sorted(known)) or "none")
    )


def _load(path, role):
    try:
        __import__(path)
    except ImportError as error:
        raise UnknownDriver(
            "the driver '%s' for the part '%s' cannot be loaded: %s; choose a board that fits this processor"
            % (path, role, error)
        ) from None
    import sys

    return sys.modules[path].make


def _meter(facts, number, parts):
    meter_map = meter_maps.MAPS[facts.drivers["meter"]]
    return ModbusMeter(Master(parts.meter_port, facts.meter_baud), meter_map, facts.meter_address)


def _mains_meter(facts, number, parts):
    meter_map = meter_maps.MAPS[facts.drivers["mains_meter"]]
    return ModbusMeter(Master(parts.mains_port), meter_map, meter_maps.MAINS_UNIT)


METERS = {"meter": _meter, "mains_meter": _mains_meter}


def _check_roles(roles, names):
    # A misspelt part must not count as one that is not fitted.
    known = [role for role, _ in roles]
    for role in names:
        if role not in known:
            raise UnknownDriver("no part is called '%s'; choose one of: %s" % (role, ", ".join(known)))
