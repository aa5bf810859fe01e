"""The physical world of one charger: everything that is true whether or not the firmware runs."""

from control.ticks import add, diff
from simulator.portable import faults, surroundings
from simulator.portable.connection import Connection
from simulator.portable.mains import Mains
from simulator.portable.noise import Random
from simulator.portable.outlet import Outlet
from simulator.portable.parts import Button, CardReader, Lamp, Watchdog

SLICE_MS = 100
"""Longest stretch that is integrated at once, and the least that is worth it for currents and heat."""


class UnknownConnector(Exception):
    """The charger has no connector of this number."""


class World:
    """Supply, outlets, cars and people around the board `board`; `seed` decides all chance in it."""

    def __init__(self, board, seed, now_ms):
        random = Random(seed)
        self.now_ms = now_ms
        self.mains = Mains(board, random)
        self.connection = Connection(self.mains)
        self.card_reader = CardReader()
        self.lamp = Lamp()
        self.button = Button()
        self.watchdog = Watchdog(self)
        self.flash = None
        """The simulated flash, given by whoever makes one; the fault `store_full` is its."""
        self.connectors = tuple(
            [Outlet(index + 1, facts, self, random) for index, facts in enumerate(board.connectors)]
        )
        self._flowed_at_ms = now_ms

    def step(self, now_ms):
        """Let time come to `now_ms`, right before a control tick; long gaps pass in slices."""
        while diff(now_ms, self.now_ms) > SLICE_MS:
            self._advance(add(self.now_ms, SLICE_MS))
        self._advance(now_ms)

    def outlet(self, connector):
        """The outlet of OCPP's connector number, from 1; `UnknownConnector` when there is none."""
        for outlet in self.connectors:
            if outlet.number == connector:
                return outlet
        last = len(self.connectors)
        raise UnknownConnector("no connector is numbered %s; choose from 1 to %d" % (connector, last))

    def fault(self, name, connector=1):
        """Let the cause of a fault come; `faults.UnknownFault` lists the names."""
        faults.apply(name, True, self.outlet(connector))

    def clear(self, name, connector=1):
        """Let the cause of a fault go; what the firmware latched stays latched."""
        faults.apply(name, False, self.outlet(connector))

    def set(self, connector=1, **values):
        """Change what surrounds an outlet: names and ranges are those of `surroundings.RANGES`.
        `UnknownTrait`, and no change, when one does not exist or is out of range."""
        surroundings.apply(values, self.outlet(connector))

    def reset_pins(self):
        """The processor restarts: until the firmware drives them again, the pins are at rest."""
        self.watchdog.armed = False
        for outlet in self.connectors:
            outlet.reset_pins()

    def power_off(self):
        """A power cut: no supply, no electronics; the car stays plugged."""
        self._power(False)

    def power_on(self):
        """The supply comes back."""
        self._power(True)

    def snapshot(self):
        """The truth in plain values, a dict an outlet; allocates."""
        outlets = [outlet.snapshot() for outlet in self.connectors]
        for values, outlet in zip(outlets, self.connectors):
            values["faults"] = faults.present(outlet)
        return {
            "powered": self.mains.on,
            "lamp": self.lamp.colour,
            "connection": self.connection.snapshot(),
            "connectors": outlets,
        }

    def _power(self, on):
        self.mains.on = on
        self.mains.step()
        self.connection.wire()
        self.watchdog.armed = False
        self.card_reader.swipes.clear()
        self.button.presses = self.lamp.colour = 0
        for outlet in self.connectors:
            outlet.power(on)

    def _advance(self, now_ms):
        self.now_ms = now_ms
        for outlet in self.connectors:
            outlet.step(now_ms)
        dt_ms = diff(now_ms, self._flowed_at_ms)
        if dt_ms >= SLICE_MS:
            self._flowed_at_ms = now_ms
            self._flow(dt_ms)

    def _flow(self, dt_ms):
        mains, connection = self.mains, self.connection
        mains.step()
        for phase in range(3):
            mains.current_ma[phase] = connection.house_ma[phase]
        for outlet in self.connectors:
            outlet.flow(dt_ms, mains)
        connection.flow(dt_ms, mains.current_ma)
        self.watchdog.step(self.now_ms)
