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
    meter_port, meter) to driver name: a module below hal/ such as 'rp2.pilot', or for a meter its name in
    hal/meter_maps.py. A part that is not named is not fitted, and answers as the contract of its role in
    hal/contract.py says."""
    pins: dict = {}
    """Pin name to what the processor calls it: a number, or on Linux a text such as 'gpiochip0:17'. Names:
    pilot, pilot_sense, pilot_relay, pilot_high, pilot_low, contactor, mirror, trip, test, proximity,
    temperature, lock_a, lock_b, locked, phase_switch, phase_feedback, earth, meter_tx, meter_rx."""
    pilot_points = ((-12000, 300), (12000, 3000))
    """Two points of the divider before the analogue input: (mV of the control pilot, mV at the pin)."""
    pilot_divider: tuple = ()
    """Resistors of that divider (ohm): from the control pilot, to the supply and to ground; empty: of
    another make."""
    supply_mv = 3300
    """What the resistors of proximity pilot and temperature sensor hang on, and the converter's range
    (mV)."""
    contactor_level = 1
    """Level that closes the contactor, or starts its monostable."""
    mirror_level = 0
    """Level of the mirror contact's line while the power contacts are closed."""
    trip_level = 1
    """Level of the RCD's line while it has tripped."""
    test_level = 1
    """Level that tests the RCD."""
    proximity_pull_ohm = 1000
    """Resistor from the supply to the proximity pilot (ohm)."""
    ntc = (10000, 3950, 10000)
    """Temperature sensor: ohm at 25 degC, beta (K), resistor to the supply (ohm)."""
    lock_ms = 600
    """How long the lock's motor is driven (ms), at most 1000."""
    lock_level = 1
    """Level of the lock's position switch with the bolt in the plug."""
    phases_level = 1
    """Level of the phase switch's feedback with three phases joined."""
    earth_level = 1
    """Level that says that protective earth is there."""
    meter_address = 1
    """The meter's address on its line (1-247)."""
    meter_baud = 9600


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
    chip = ""
    """Processor: 'rp2350', 'rp2040', 'esp32s3' or 'linux'; empty: whatever a simulated board runs on."""
    pins: dict = {}
    """As a connector's. Names: red, green, blue, button, sda, scl, mains_tx, mains_rx."""
    tick_on = "task"
    """Where the tick runs: 'core' (a second core), 'timer', 'thread', or 'task' among the other tasks."""
    stalls: tuple = ()
    """What stops the tick on this board: of 'handshake' (TLS), 'look-up' (of a name), 'erase' and 'save'
    (flash). It waits until every contactor is open."""
    journal = ("", 0)
    """Where the journal is: name or place of the raw memory, and its sectors of 4 KiB."""
    extras: tuple = ()
    """What there is room for beside the charger: of 'tls' and 'page'."""
    flaws: tuple = ()
    """What is known to be imperfect, a sentence each."""
    simulated = False
    """True for boards whose parts are a simulator's; a release image refuses them."""
    connectors: tuple = ()
    """One `Connector` an outlet; OCPP numbers them from 1."""
    drivers: dict = {}
    """Part name (store, clock, watchdog, network, card_reader, lamp, button, mains_port, mains_meter) to
    driver name, as a connector's. `mains_meter` measures the connection that the charger shares with a house,
    behind the byte port `mains_port`."""
