"""Single lines of the processor: inputs that say the worse when their wire is broken, and outputs."""

from hal.silicon import machine


def line_in(pin, broken):
    """An input that the processor's own resistor pulls to the level `broken`, which should be the one that
    opens the contactor. It is weak, some 50 kohm, and on RP2350 it cannot pull down (erratum E9): boards
    have resistors of their own."""
    return machine.Pin(pin, machine.Pin.IN, machine.Pin.PULL_UP if broken else machine.Pin.PULL_DOWN)


def line_out(pin, level):
    """An output that begins at `level`."""
    return machine.Pin(pin, machine.Pin.OUT, value=level)
