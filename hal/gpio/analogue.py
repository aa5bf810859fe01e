"""Analogue inputs, in mV at the pin, whatever the processor's converter is called and does."""

from hal.silicon import machine

_FULL = 65535


def analogue(pin, parts, supply_mv):
    """The input at `pin`; its `read_mv()` may be called from the tick.

    A pilot that keeps the only converter busy (`hal.rp2.pilot`) reads for the others: it is asked first.
    `supply_mv`: what the converter measures against, and what a saturated one answers.
    """
    lend = getattr(getattr(parts, "pilot", None), "analogue", None)
    source = lend(pin) if lend else open_input(pin)
    if hasattr(source, "read_uv"):
        return Calibrated(source, supply_mv)
    return Ratio(source, supply_mv)


def open_input(pin):
    """`machine.ADC` of a pin at its widest range: a number, or on Linux a text."""
    if hasattr(machine.ADC, "ATTN_11DB"):
        return machine.ADC(machine.Pin(pin), atten=machine.ADC.ATTN_11DB)
    return machine.ADC(machine.Pin(pin) if isinstance(pin, int) else pin)


class Ratio:
    """A converter that measures against the supply (RP2)."""

    def __init__(self, source, supply_mv):
        self._source = source
        self._supply_mv = supply_mv

    def read_mv(self):
        """*tick* 0 to the supply."""
        return self._source.read_u16() * self._supply_mv // _FULL


class Calibrated:
    """A converter that measures against a reference of its own (ESP32), and ends below the supply."""

    def __init__(self, source, supply_mv):
        self._source = source
        self._supply_mv = supply_mv

    def read_mv(self):
        """*tick* From 0 on; the supply where the converter is at its end, for then it may be anything up to
        that."""
        source = self._source
        if source.read_u16() == _FULL:
            return self._supply_mv
        return source.read_uv() // 1000
