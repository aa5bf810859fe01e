"""The facts that define a board and its connectors, with their units, defaults and meaning.

A fact that a board does not state keeps the default below; a fact that does not exist here is refused when
the board is loaded, so that a misspelt safety figure never falls back to a default in silence.
"""


class Facts:
    """Named facts over class attributes as documented defaults."""

    def __init__(self, **facts):
        for name, value in facts.items():
            if name.startswith("_") or not hasattr(type(self), name):
                raise TypeError("%s has no fact called '%s'" % (type(self).__name__, name))
            setattr(self, name, value)


class Connector(Facts):
    """One outlet of a charger: its rating and the driver of each part it has."""

    rated_ma = 32000
    """Highest current a phase that contactor, wiring and terminals carry all day (mA)."""
    phases = 3
    """Phases wired through the contactor: 1 or 3."""
    cable_ma = 32000
    """Rating of a tethered cable (mA); 0 for a socket, whose cable tells its rating over the proximity
    pilot."""
    contactor_release_ms = 30
    """From the end of the drive to open contacts (ms), from the contactor's data sheet; 50 + this must be
    <= 100."""
    rcd_path = ""
    """How a trip opens the contactor within 1 ms: 'hardware_gate' (trip ANDed with the drive) or 'hard_irq';
    empty: neither, and a release image does not energise (IEC 61851-1, 8.5; IEC 62955)."""
    ventilation = False
    """Whether the place has the ventilation that a car in state D asks for (IEC 61851-1, A.2.2)."""
    drivers: dict = {}
    """Part name (pilot, contactor, rcd, proximity, lock, phase_switch, shunt_trip, temperature, earth,
    meter_port, meter) to driver name. A part that is not named is not fitted, and answers as the contract of
    its role in hal/contract.py says."""


class Board(Facts):
    """One charger: what the installer holds in the hand."""

    name = ""
    """Folder name; letters, digits and underscores."""
    title = ""
    """What people read."""
    vendor = "Mode3"
    """Sent as chargePointVendor (<= 20 characters)."""
    model = ""
    """Sent as chargePointModel (<= 20 characters)."""
    region = "EU"
    """Chooses regional defaults."""
    phases = 3
    """Phases of the supply connection: 1 or 3."""
    rated_ma = 32000
    """Highest current a phase of the whole board (mA)."""
    mains_mv = 230000
    """Nominal voltage, phase to neutral (mV)."""
    tick_ms = 20
    """Period of the control tick (ms): 20, or 10 where the board can."""
    dead_man = ""
    """What opens the contactor when the close lease is not renewed; empty: nothing does, and a release
    image does not energise."""
    lowest_micropython = (1, 25)
    """Oldest MicroPython that carries the drivers."""
    simulated = False
    """True for boards whose parts are a simulator's; a release image refuses them."""
    connectors = ()
    """One `Connector` an outlet; OCPP numbers them from 1."""
    drivers: dict = {}
    """Part name (store, clock, watchdog, network, card_reader, lamp, button, mains_port, mains_meter) to
    driver name. `mains_meter` measures the connection that the charger shares with a house, behind the byte
    port `mains_port`."""
