"""What each processor can, and what its MicroPython port refuses: data.

Sources: RP2040 and RP2350 data sheets (GPIO functions, 4.5 PWM, 4.9 ADC, DREQ tables), the ESP32-S3 technical
reference manual (ADC, LEDC, timers), and MicroPython's ports/rp2 and ports/esp32.
"""


class Undefined(Exception):
    """The firmware does what the real chip answers with anything at all: a bug that no port would tell of."""


class Restarted(BaseException):
    """The processor restarts here: on a board the call does not return."""


def _every(*spans):
    found = []  # type: list
    for first, last in spans:
        found.extend(range(first, last + 1))
    return tuple(found)


class Rp2040:
    """RP2040, as on a Pico W."""

    family = "rp2"
    pins = _every((0, 29))
    outputs = pins
    reserved = (23, 24, 25, 29)
    """Joined to the wireless chip inside the module: whoever drives them cuts the Wi-Fi."""
    adc_pins = (26, 27, 28, 29)
    adc_inputs = 5
    """Inputs of the one converter: its pins, and the temperature sensor as the last."""
    adc_bits = 12
    adc_noise_lsb = 6
    sys_hz = 125000000
    adc_hz = 48000000
    adc_cycles = 96
    """Clocks a conversion takes (ADC chapter of the data sheet)."""
    adc_base = 0x4004C000
    adc_dreq = 36
    fifo_depth = 4
    watchdog_base = 0x40058000
    dma_channels = 12
    endless_dma = False
    pios = 2
    claimed_machines = (4,)
    """State machines that the wireless chip's bus takes (one of PIO 1)."""
    pwm_slices = 8
    uarts = 2
    i2cs = 2
    timers = (-1,)
    wdt_max_ms = 8388
    hard_pins = True
    """Whether Pin.irq takes `hard`."""
    hard_timers_from = (1, 27)
    """First MicroPython whose Timer takes `hard`."""
    soft_us = (5, 20)
    """How late a scheduled callback comes: at least, and by how much more at most."""
    epoch_year = 1970
    flash_bytes = 848 * 1024
    """What the port leaves to files (MICROPY_HW_FLASH_STORAGE_BYTES of the board)."""
    page_us = 500
    erase_us = 45000
    """Typical times of the flash chip (W25Q16JV data sheet, 9.6)."""
    no_device = 5
    """errno of an I2C address that does not acknowledge: EIO."""
    causes = {"power_on": 1, "software": 3, "watchdog": 3, "brown_out": 1}
    """What reset_cause() says; a reset by software is one of the watchdog's here (ports/rp2/modmachine.c)."""

    def uart_pin(self, number, role, pin):
        """Whether UART `number` can have `role` ('tx', 'rx') on `pin`."""
        return pin & 3 == ("tx", "rx").index(role) and (pin + 4 & 8) >> 3 == number

    def i2c_pin(self, number, role, pin):
        """Whether I2C `number` can have `role` ('sda', 'scl') on `pin`."""
        return pin & 1 == ("sda", "scl").index(role) and (pin & 2) >> 1 == number

    def pwm_slice(self, pin):
        """The slice whose counter the pin's PWM is made from."""
        return pin >> 1 & 7


class Rp2350(Rp2040):
    """RP2350A, as on a Pico 2 W."""

    sys_hz = 150000000
    adc_base = 0x400A0000
    adc_dreq = 48
    fifo_depth = 8
    watchdog_base = 0x400D8000
    dma_channels = 16
    endless_dma = True
    pios = 3
    pwm_slices = 12
    wdt_max_ms = 16777
    flash_bytes = 2560 * 1024

    def uart_pin(self, number, role, pin):
        """The same, and the pins of hardware flow control beside them (functions UART_AUX)."""
        return pin & 1 == ("tx", "rx").index(role) and (pin + 4 & 8) >> 3 == number


class Esp32S3:
    """ESP32-S3 with octal PSRAM, its console on the native USB pins."""

    family = "esp32"
    pins = _every((0, 18), (21, 21), (38, 48))
    """Without 19 and 20 (USB), 22-25 (not there), 26-32 (flash) and 33-37 (octal PSRAM)."""
    outputs = pins
    reserved = ()
    adc_pins = _every((1, 18))
    adc2_pins = _every((11, 18))
    """Shared with Wi-Fi: while that runs, reads fail."""
    adc_ranges_mv = (850, 1100, 1600, 2900)
    """Full scale by attenuation: 0, 2.5, 6 and 11 dB (data sheet, 5.5)."""
    adc_bits = 12
    adc_noise_mv = 8
    adc_us = (50, 30)
    """What one read takes: at least, and by how much more at most."""
    sys_hz = 240000000
    pwm_channels = 8
    pwm_timers = 4
    uarts = 3
    i2cs = 2
    timers = (-1, 0, 1, 2, 3)
    wdt_max_ms = 2147483
    hard_pins = False
    hard_timers_from = None
    soft_us = (30, 400)
    """Callbacks are scheduled behind whatever the interpreter and tasks of a higher priority do."""
    epoch_year = 2000
    page_us = 700
    erase_us = 45000
    partitions = (
        ("app", 0, 0x10000, 0x1F0000, "factory"),
        ("data", 2, 0x9000, 0x6000, "nvs"),
        ("data", 0x81, 0x200000, 0x500000, "vfs"),
    )
    """Type, subtype, address, bytes and label: an 8 MiB module whose last 1 MiB is the board's to divide."""
    spare = (0x700000, 0x100000)
    """Address and bytes of what is left for a journal."""
    no_device = 19
    """errno of an I2C address that does not acknowledge: ENODEV."""
    causes = {"power_on": 1, "software": 2, "watchdog": 3, "brown_out": 1}

    def uart_pin(self, number, role, pin):
        """Any pin, through the GPIO matrix."""
        return True

    def i2c_pin(self, number, role, pin):
        """Any pin, through the GPIO matrix."""
        return True


CHIPS: dict = {"rp2040": Rp2040, "rp2350": Rp2350, "esp32s3": Esp32S3}
"""By the name that a board's `chip` gives."""
