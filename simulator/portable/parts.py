"""The parts that serve the whole charger, and which thing of the world keeps which role.

Meter, store, clock and network are made elsewhere: the meter's driver is the real one.
"""

from control.ticks import diff
from hal import contract

STARVES_MS = 8000


class CardReader(contract.CardReader):
    """Hands out the cards that people presented, in order."""

    def __init__(self):
        self.swipes = []

    def swipe(self, id_tag):
        """Somebody holds a card to the reader."""
        self.swipes.append(id_tag)

    def read(self):
        return self.swipes.pop(0) if self.swipes else None


class Lamp(contract.Lamp):
    """Light that the world can see."""

    colour = 0
    blinks = False

    def show(self, colour, blink):
        self.colour = colour
        self.blinks = blink


class Button(contract.Button):
    """One answer for each press."""

    presses = 0

    def press(self):
        """Somebody presses the button."""
        self.presses += 1

    def pressed(self):
        if not self.presses:
            return False
        self.presses -= 1
        return True


def _nobody(cause):
    del cause


class Watchdog(contract.Watchdog):
    """Sleeps until it is fed once; then it restarts the firmware when it starves."""

    on_restart = staticmethod(_nobody)
    """The bench's way to restart the firmware; called with 'software' or 'watchdog'."""

    def __init__(self, world):
        self.armed = False
        self._world = world
        self._fed_at_ms = 0

    def feed(self):
        self.armed = True
        self._fed_at_ms = self._world.now_ms

    def restart(self):
        self.on_restart("software")

    def step(self, now_ms):
        """Bite once when nobody fed in time."""
        if self.armed and diff(now_ms, self._fed_at_ms) >= STARVES_MS:
            self.armed = False
            self.on_restart("watchdog")


def connector_parts(outlet):
    """The parts of one outlet by their roles, all but the meter."""
    return {
        "pilot": outlet.line,
        "contactor": outlet.contactor,
        "rcd": outlet.residual,
        "proximity": outlet.cable,
        "lock": outlet.lock,
        "phase_switch": outlet.phase_switch,
        "shunt_trip": outlet.shunt_trip,
        "temperature": outlet.heat,
        "earth": outlet.earth,
    }


def board_parts(world):
    """The parts of the whole charger by their roles, all but store, clock and network."""
    return {
        "card_reader": world.card_reader,
        "lamp": world.lamp,
        "button": world.button,
        "watchdog": world.watchdog,
    }
