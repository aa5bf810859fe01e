"""The board's I2C bus."""

from hal.silicon import machine

FREQUENCY_HZ = 400000
LONGEST_US = 2000
"""How long a device may hold the clock down before it counts as gone."""


def bus(pins):
    """The bus at the pins 'sda' and 'scl'. ValueError: no I2C of this chip has these pins."""
    for number in (0, 1):
        try:
            return machine.I2C(
                number,
                sda=machine.Pin(pins["sda"]),
                scl=machine.Pin(pins["scl"]),
                freq=FREQUENCY_HZ,
                timeout=LONGEST_US,
            )
        except ValueError as error:
            refusal = error
    raise ValueError("no I2C has the pins %s and %s (%s)" % (pins["sda"], pins["scl"], refusal))
