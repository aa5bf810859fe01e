"""The circuit around a chip: joins the pins that a board's definition names with the world.

Everything in between - divider, polarities, the sensor's curve, the meter's line - comes from the
definition's own facts, so that a driver that reads one of them wrongly sees another world.
"""

from control.ticks import MASK
from hal.meter_maps import MAINS_UNIT
from simulator.pins.parts import contactor, people, sensors, socket
from simulator.pins.parts.meter_line import MeterLine
from simulator.pins.parts.pilot import PilotCircuit
from simulator.pins.parts.reader import Reader
from simulator.pins.parts.residual import ResidualCircuit

FACTORY_BAUD = 9600
ROLES = (
    # What trips comes before what it opens.
    ("rcd", ResidualCircuit),
    ("pilot", PilotCircuit),
    ("contactor", contactor.of),
    ("proximity", sensors.ProximityCircuit),
    ("temperature", sensors.ThermistorCircuit),
    ("lock", socket.LockCircuit),
    ("phase_switch", socket.PhaseCircuit),
    ("earth", socket.earth_circuit),
)
"""Parts of a connector, where its board has them, and how their circuits are made."""


class Circuit:
    """The circuit of `board` between `chip` and `world`, whose clock is the chip's.

    It moves the world on by itself, as long as the chip's time passes; after a restart of the chip somebody
    has to `begin` it again.
    """

    STEP_US = 5000
    """How often the world is looked at. What a pin does to it happens at its very moment."""

    def __init__(self, chip, board, world):
        self.chip = chip
        self.world = world
        self._pieces = []
        for outlet in world.connectors:
            self._join(board.connectors[outlet.number - 1], outlet)
        self._join_shared(board)
        self.begin()

    @property
    def now_ms(self):
        """The world's time."""
        return self.chip.now_us // 1000 & MASK

    def begin(self):
        """Look at the world from now on: the chip was just powered, or restarted."""
        self.chip.at(self.chip.now_us, self._step)

    def catch_up(self):
        """Bring the world to this moment."""
        self.world.step(self.now_ms)

    def look(self):
        """The same, and show it to the pins."""
        self.catch_up()
        for piece in self._pieces:
            piece.look()

    def _step(self):
        self.chip.at(self.chip.now_us + self.STEP_US, self._step)
        self.look()

    def _join(self, facts, outlet):
        for role, make in ROLES:
            if role in facts.drivers:
                self._pieces.append(make(self, facts, outlet))
        if "meter_port" in facts.drivers:
            tx, rx, made = facts.pins["meter_tx"], facts.pins["meter_rx"], facts.drivers["meter"]
            line = MeterLine(self, tx, rx, made, outlet.energy, facts.meter_address, facts.meter_baud)
            self._pieces.append(line)

    def _join_shared(self, board):
        world, pins, drivers = self.world, board.pins, board.drivers
        if "lamp" in drivers:
            self._pieces.append(people.LampCircuit(self, pins, world.lamp))
        if "button" in drivers:
            self._pieces.append(people.ButtonCircuit(self, pins, world.button))
        if "card_reader" in drivers:
            self._pieces.append(Reader(self, pins, world.card_reader))
        if "mains_port" in drivers:
            tx, rx, made = pins["mains_tx"], pins["mains_rx"], drivers["mains_meter"]
            self._pieces.append(MeterLine(self, tx, rx, made, world.connection, MAINS_UNIT, FACTORY_BAUD))
