"""Energy meter on a Modbus RTU line, read block by block after a register map (`hal.meter_maps`)."""

from control.ticks import add, diff
from hal.contract import Meter
from hal.meter_maps import CURRENT_MA, ENERGY_WH, FREQUENCY_MHZ, POWER_W, SLOTS, VOLTAGE_MV
from hal.modbus import COMPLETE, NO_ERROR, PORT_LOST

RETRY_MS = (500, 1000, 2000, 4000)
"""Pause after the first, second... failure in a row; the last one stays. The first is as long as the master's
time-out, so an answer up to that much too late is still thrown away with the silence before the next
request."""

NOT_PLAUSIBLE = PORT_LOST + 1
"""`ModbusMeter.error` beside those of `hal.modbus`: a value is no number, out of range or of an impossible
sign."""

_LINE_TAKEN_MS = 20

RESTING, ASKING, WAITING = range(3)


class ModbusMeter(Meter):
    """A meter with the registers of `meter_map` at address `unit` of the line behind `master`.

    A reading is taken when every block of one cycle was answered and every value in it is plausible; until
    then the values of the last whole reading stand, and their age is in `read_at_ms`. Several meters may
    share one master.

    Signs: power is negative while it flows out of the car. Some meters give the current the sign of the
    power; here it is its size. A negative voltage or import register makes the reading implausible. An import
    register that goes back (a meter exchanged or reset) is reported as it was read: what that means is the
    firmware's to decide.
    """

    fitted = True
    error = NO_ERROR
    """Why the last cycle gave no reading: an error of `hal.modbus`, or `NOT_PLAUSIBLE`."""
    failures = 0
    """Cycles in a row that gave no reading."""

    def __init__(self, master, meter_map, unit=1, period_ms=1000):
        Meter.__init__(self)
        self._master = master
        self._map = meter_map
        self._unit = unit
        self._period_ms = period_ms
        self._state = ASKING
        self._block = 0
        self._began_at_ms = 0
        self._due_ms = 0
        self._values = [None] * SLOTS  # type: list

    def poll(self, now_ms):
        """Move the conversation on without waiting: at most one request, some 5 ms on a small processor.
        Returns the ms, at least 1, until it is worth calling again."""
        if self._state == RESTING and diff(self._due_ms, now_ms) > 0:
            return diff(self._due_ms, now_ms)
        if self._state == RESTING:
            self._block = 0
            self._state = ASKING
        if self._state == ASKING and not self._ask(now_ms):
            return _LINE_TAKEN_MS
        outcome = self._master.poll(now_ms)
        if outcome is None:
            return self._master.wait_ms(now_ms)
        if outcome != COMPLETE:
            self._fail(self._master.error, now_ms)
        elif not self._decode_block():
            self._fail(NOT_PLAUSIBLE, now_ms)
        else:
            self._next_block(now_ms)
        return self._master.silence_ms if self._state == ASKING else max(diff(self._due_ms, now_ms), 1)

    def _ask(self, now_ms):
        if self._block == 0:
            self._began_at_ms = now_ms
        register, count, _ = self._map.blocks[self._block]
        if not self._master.request(self._unit, self._map.function, register, count, now_ms):
            return False
        self._state = WAITING
        return True

    def _decode_block(self):
        """Copy the block's values aside; False when one is not plausible."""
        first, _, rows = self._map.blocks[self._block]
        for row in rows:
            register, slot, scale = row[:3]
            number = row[3] if len(row) > 3 else self._map.number
            for phase in range(3 if slot < ENERGY_WH else 1):
                if not self._decode(number, register - first + 2 * phase, slot + phase, scale):
                    return False
        return True

    def _decode(self, number, index, slot, scale):
        value = number(self._master.register(index), self._master.register(index + 1), scale)
        if value is None:
            return False
        if slot < CURRENT_MA or slot >= ENERGY_WH:
            if value < 0:
                return False
        elif slot < POWER_W:
            value = abs(value)
        self._values[slot] = value
        return True

    def _next_block(self, now_ms):
        self._block += 1
        self._state = ASKING
        if self._block == len(self._map.blocks):
            self._publish(now_ms)
            self._rest(add(self._began_at_ms, self._period_ms))

    def _publish(self, now_ms):
        for phase in range(3):
            self.voltage_mv[phase] = self._values[VOLTAGE_MV + phase]
            self.current_ma[phase] = self._values[CURRENT_MA + phase]
            self.power_w[phase] = self._values[POWER_W + phase]
        self.energy_wh = self._values[ENERGY_WH]
        self.frequency_mhz = self._values[FREQUENCY_MHZ]
        self.read_at_ms = now_ms
        self.readings += 1
        self.error = NO_ERROR
        self.failures = 0

    def _fail(self, error, now_ms):
        self.error = error
        self._rest(add(now_ms, RETRY_MS[min(self.failures, len(RETRY_MS) - 1)]))
        self.failures += 1

    def _rest(self, due_ms):
        self._due_ms = due_ms
        self._state = RESTING
