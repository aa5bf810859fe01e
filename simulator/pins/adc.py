"""`machine.ADC`: single conversions."""

from simulator.pins.converter import raw_of, source_of
from simulator.pins.gpio import number_of
from simulator.pins.rules import Undefined
from simulator.pins.wired import Wired
from simulator.portable.noise import Noise

ESP_ERR_TIMEOUT = 0x107


def _u16(raw):
    return raw << 4 | raw >> 8


class Rp2Adc(Wired):
    """ADC of ports/rp2, by input (0-4), pin number (26-29) or Pin; it measures against 3.3 V."""

    CORE_TEMP = 4

    def __init__(self, id):
        rules = self._chip.rules
        if isinstance(id, int) and 0 <= id <= self.CORE_TEMP:
            self._input = id
        else:
            number = number_of(self._chip, id)
            if number not in rules.adc_pins:
                raise ValueError("Pin doesn't have ADC capabilities")
            self._input = rules.adc_pins.index(number)
        if self._input < self.CORE_TEMP:
            node = self._chip.pin(rules.adc_pins[self._input])
            node.assign("", 0)
            node.analogue = True
        self._noise = Noise(self._chip.random, rules.adc_noise_lsb)

    def read_u16(self):
        """A conversion, scaled to 16 bits."""
        if self._chip.converter and self._chip.converter.free:
            raise Undefined(
                "read_u16 disturbs the converter while it runs freely: take the value from its ring"
            )
        self._chip.spend(2)
        if self._chip.converter:  # its FIFO takes this one too
            return _u16(self._chip.converter.single(self._input))
        return _u16(raw_of(source_of(self._chip, self._input)(self._chip.now_us), self._noise))


class Esp32Adc(Wired):
    """ADC of ports/esp32. Without `atten` it ends below 1 V, as the real one."""

    ATTN_0DB, ATTN_2_5DB, ATTN_6DB, ATTN_11DB = 0, 1, 2, 3

    def __init__(self, id, *, atten=0):
        number = number_of(self._chip, id)
        if number not in self._chip.rules.adc_pins:
            raise ValueError("invalid pin")
        self._node = self._chip.pin(number)
        self._node.assign("", 0)
        self._node.analogue = True
        self._noise = Noise(self._chip.random, self._chip.rules.adc_noise_mv)
        self.init(atten=atten)

    def init(self, *, atten=0):
        """Choose the attenuation."""
        if not 0 <= atten < len(self._chip.rules.adc_ranges_mv):
            raise ValueError("invalid atten")
        self._full_mv = self._chip.rules.adc_ranges_mv[atten]

    def atten(self, atten):
        """The older way to choose it."""
        self.init(atten=atten)

    def read_uv(self):
        """A conversion in microvolts, calibrated."""
        return self._convert() * 1000

    def read_u16(self):
        """A conversion, scaled to 16 bits, uncalibrated."""
        return _u16(self._convert() * 4095 // self._full_mv)

    def read(self):
        """A conversion as the converter gives it."""
        return self._convert() * 4095 // self._full_mv

    def deinit(self):
        """Give the pin back."""
        self._node.analogue = False

    def _convert(self):
        chip, rules = self._chip, self._chip.rules
        radio = chip.parts.get("radio")
        if self._node.number in rules.adc2_pins and radio and radio.on:
            raise OSError(-ESP_ERR_TIMEOUT, "ESP_ERR_TIMEOUT")
        least_us, more_us = rules.adc_us
        begun_us = chip.now_us
        chip.spend(least_us + chip.random.below(more_us))
        mv = self._node.mv_at((begun_us + chip.now_us) // 2) + self._noise.next()
        return min(max(mv, 0), self._full_mv)
