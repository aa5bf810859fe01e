"""The control suite's station at pin level: the board's own drivers on their chip, in the board's circuit,
tick by tick; and everything that may happen to it, under the same oracle's eyes."""

import boards
from boards.facts import Board, Connector
from control.controller import Controller
from control.ticks import MASK, add, diff
from firmware.fitting import CONNECTOR_ROLES, fit
from firmware.guard import Lane
from hal.byteport import BytePort
from simulator.pins.chip import Chip
from simulator.pins.circuit import Circuit
from simulator.portable.world import World
from tests.control.invariants.pilot import Pilot
from tests.control.oracle import Oracle
from tests.control.play import Play
from tests.control.repertoire import ON_A_SOCKET, SWITCHING, Setup
from tests.control.station import NEAR_WRAP_MS, TICK_MS, Station, TrueMeter
from tests.control.watching import Watch, promise

BOARDS = ["pico_2_w", "esp32_s3"]
AFTER_US = 200
"""What a tick decided is at the coil's driver by then."""
BEYOND = ("mirror", "step_clock")
"""Actions that reach into a simulated part, or copy a whole station."""
RESETS = ("restart", "cut_power", "meet")
"""Actions in which the chip may be reset under a closed contactor."""


def without(board, role):
    """The board's definition with one part of its connector left out."""
    connector = board.connectors[0]
    fitted = {name: driver for name, driver in connector.drivers.items() if name != role}
    return Board(**{**vars(board), "connectors": (Connector(**{**vars(connector), "drivers": fitted}),)})


class PinStation(Station):
    """One connector of a board of copper. The meter is read past its line, at a pace that a test may set."""

    def __init__(self, facts, seed=1, start_ms=NEAR_WRAP_MS):
        """`facts`: the board's definition."""
        self.facts = connector = facts.connectors[0]
        self._options = {
            "rated_ma": min(facts.rated_ma, connector.rated_ma),
            "phases": connector.phases,
            "cable_ma": connector.cable_ma,
            "lockable": connector.cable_ma == 0,
            "switchable": "phase_switch" in connector.drivers,
        }
        self.world = World(facts, seed, start_ms)
        self.outlet = self.world.connectors[0]
        self.meter = TrueMeter(self.outlet.energy)
        self.chip = Chip(facts, seed, now_us=start_ms * 1000)
        self.circuit = Circuit(self.chip, facts, self.world)
        self.now_ms = start_ms
        self._installed = self.chip.install()
        self._installed.__enter__()
        self.boot()

    def leave(self):
        """Take the chip's modules away again."""
        self._installed.__exit__()

    def boot(
        self,
        latched=0,
        active=0,
        lifetime_wh=0,
        register_wh=-1,
        cycles=0,
        closings=0,
        trips=0,
        spent=0,
        marks=0,
    ):
        self.reset()
        self.controller = Controller(**self._options)
        self.controller.restore(
            latched, active, lifetime_wh, register_wh, cycles, closings, trips, spent, marks
        )
        drivers = self.facts.drivers
        beside = {
            ("meter_port", drivers["meter_port"]): lambda facts, number, parts: BytePort(),
            ("meter", drivers["meter"]): lambda facts, number, parts: self.meter,
        }
        parts = fit(CONNECTOR_ROLES, self.facts, 1, beside)
        self.lane = Lane(self.controller, parts)

    def reset(self):
        """The chip starts anew: pins at rest."""
        self.chip.restart("software")
        self.circuit.begin()
        self.chip.advance(AFTER_US)

    def pass_by(self, duration_ms):
        # A tick may have taken some of the time that passes behind it.
        self.now_ms = add(self.now_ms, duration_ms)
        ahead_us = self.chip.now_us - self.chip.now_us // 1000 * 1000
        behind_ms = diff(self.now_ms, self.chip.now_us // 1000 & MASK)
        if behind_ms > 0:
            self.chip.advance(behind_ms * 1000 - ahead_us)
        self.circuit.look()

    def tick(self, gap_ms=TICK_MS):
        super().tick(gap_ms)
        self.chip.advance(AFTER_US)
        # What there was to see for the oracle, whatever the driver saw of it.
        line = self.outlet.line
        line.high_mv, line.low_mv = line.true_high_mv, line.true_low_mv
        line.valid = line.powered and not (line.lost or line.disturbed)


def setup_of(board, resets):
    """What may happen to a station of this board: the chip is reset, or else phases are switched.

    Not both: the coils of contactor and phase switch fall off together at a reset, and the phase switch is
    the faster one (`simulator.portable.socket_parts`).
    """
    actions = {**SWITCHING, **(ON_A_SOCKET if board.connectors[0].cable_ma == 0 else {})}
    left_out = (*BEYOND, "switch_phases") if resets else (*BEYOND, *RESETS)
    return Setup({name: actions[name] for name in actions if name not in left_out})


class SlowerPilot(Pilot):
    """The promises about the pilot for a converter that looks back over a part of the tick: what changes
    meanwhile is seen by the next one. The 50 ms hold."""

    def _check_02_let_go(self, truth):
        left_ms = self._left.note(self._denied(truth), truth.now_ms)
        promise("02", not truth.driven or left_ms <= 50, "driven %d ms after the car let go", left_ms)


class PinOracle(Oracle):
    """The oracle with that one difference."""

    def __init__(self, outlet, rated_ma):
        super().__init__(outlet, rated_ma)
        self._watches = [SlowerPilot() if type(watch) is Pilot else watch for watch in self._watches]
        self._told = {name: self._heirs(name) for name in self._told}

    def _heirs(self, name):
        return [
            getattr(watch, name)
            for watch in self._watches
            if getattr(type(watch), name) is not getattr(Watch, name)
        ]


class PinPlay(Play):
    """A play on a `PinStation`, `resets` as in `setup_of`."""

    station: PinStation

    def __init__(self, name, seed, resets, start_ms=NEAR_WRAP_MS):
        board = boards.load(name)
        self.setup = setup_of(board, resets)
        self.station = PinStation(without(board, "phase_switch") if resets else board, seed, start_ms)
        outlet = self.station.outlet
        self.oracle = PinOracle(outlet, board.connectors[0].rated_ma)
        self.car = outlet.car
        self.steady = False
        self.waited = 0
        self.moved_ms = -1000
        self._traits: dict = {}
        self._start_ms = start_ms
        self._watch(self.station.circuit)

    def cut_power(self, duration_ms):
        self.station.reset()
        super().cut_power(duration_ms)

    def mirror(self, every):
        """Nobody lies here."""

    def _watch(self, circuit):
        """A tick takes time here, and the oracle must not miss what came and went within it."""
        show, truth = circuit.look, self.oracle.truth

        def look():
            show()
            told_ms, truth.now_ms = truth.now_ms, diff(circuit.now_ms, self._start_ms)
            self.oracle.look()
            truth.now_ms = told_ms

        circuit.look = look
