"""What each processor's pins can: data for the checker of boards, for its drawings, and for people.

Sources: Raspberry Pi, "RP2040 Datasheet" and "RP2350 Datasheet", 1.4.3 (functions of each pin), 4.5 and 12.5
(PWM); "Pico W Datasheet" and "Pico 2 W Datasheet" (which pins the wireless chip takes); MicroPython,
ports/rp2/machine_uart.c and machine_i2c.c; Espressif, "ESP32-S3 Series Datasheet", 2 (pins), 3 (strapping),
5.5 (converter), and "ESP-IDF Programming Guide", GPIO, for modules with octal PSRAM.
"""

from boards.facts import Facts


class Chip(Facts):
    """A processor on its usual module. A fact left out does not restrict."""

    title = ""
    family = ""
    """Folder of hal/ with its own drivers."""
    prefix = ""
    """What its makers write before the number of a pin."""
    named = False
    """True where an operating system names pins by texts, and numbers mean nothing."""
    pins: tuple = ()
    """Every number there is."""
    taken: dict = {}
    """Pin to what takes it on the module."""
    analogue: dict = {}
    """Pin to the converter behind it."""
    silenced: tuple = ()
    """Converters that do not work while Wi-Fi is on."""
    full_scale_mv = 3300
    """Highest voltage that the converter still tells from a higher one."""
    uart_tx: tuple = ()
    """Pins that the first, second... UART can send on; empty: any pin."""
    uart_rx: tuple = ()
    uarts = 0
    """UARTs that are free; 0: as the operating system says."""
    i2c_sda: tuple = ()
    """Pins that the first, second... I2C can have; empty: any pin."""
    i2c_scl: tuple = ()
    slices = 0
    """PWM slices; the pins of one have one frequency. 0: frequency and pin are free."""
    outputs = 0
    """PWM outputs at most; 0: as many as pins."""
    ticks: tuple = ("task",)
    """Where the tick can run, as `Board.tick_on`."""
    least_tick_ms = 10
    """What a tick takes at least: an ESP32 looks at the pilot for 8 ms and more (hal/esp32/pilot.py)."""
    hard_timer: tuple = ()
    """MicroPython from which on its timers are hard interrupts; empty: never."""
    deaf_while_writing = False
    """Whether writing to its own flash stops interrupts."""
    waits_for_c = False
    """Whether the tick waits for whatever C does in one piece, a TLS handshake above all."""
    since: tuple = (1, 25)
    """First MicroPython that runs on it."""
    lacks_room: tuple = ()
    """Extras that its memory has no room for."""
    lacks_drivers: tuple = ()
    """Drivers that any other chip runs, and this one cannot."""


# From GP0 on, in turns: UART 0 send, receive, two others, UART 1 from GP4, again from GP8, UART 0 from GP12.
_UART_TX = ((0, 12, 16, 28), (4, 8, 20, 24))
_UART_RX = ((1, 13, 17, 29), (5, 9, 21, 25))
# RP2350 has them on the two others as well.
_UART_AUX_TX = ((0, 2, 12, 14, 16, 18, 28), (4, 6, 8, 10, 20, 22, 24, 26))
_UART_AUX_RX = ((1, 3, 13, 15, 17, 19, 29), (5, 7, 9, 11, 21, 23, 25, 27))
_I2C_SDA = ((0, 4, 8, 12, 16, 20, 24, 28), (2, 6, 10, 14, 18, 22, 26))
_I2C_SCL = ((1, 5, 9, 13, 17, 21, 25, 29), (3, 7, 11, 15, 19, 23, 27))
_WIRELESS = {
    23: "switches the wireless chip on",
    24: "carries the wireless chip's data",
    25: "selects the wireless chip",
    29: "clocks the wireless chip",
}
_ADC = {26: "ADC", 27: "ADC", 28: "ADC", 29: "ADC"}

RP2350 = Chip(
    title="RP2350 on a Raspberry Pi Pico 2 W",
    family="rp2",
    prefix="GP",
    pins=tuple(range(30)),
    taken=_WIRELESS,
    analogue=_ADC,
    uart_tx=_UART_AUX_TX,
    uart_rx=_UART_AUX_RX,
    uarts=2,
    i2c_sda=_I2C_SDA,
    i2c_scl=_I2C_SCL,
    # Twelve, of which GP0 to GP29 reach the first eight.
    slices=8,
    ticks=("core", "timer", "task"),
    hard_timer=(1, 27),
    deaf_while_writing=True,
)

RP2040 = Chip(
    title="RP2040 on a Raspberry Pi Pico W",
    family="rp2",
    prefix="GP",
    pins=tuple(range(30)),
    taken=_WIRELESS,
    analogue=_ADC,
    uart_tx=_UART_TX,
    uart_rx=_UART_RX,
    uarts=2,
    i2c_sda=_I2C_SDA,
    i2c_scl=_I2C_SCL,
    slices=8,
    ticks=("core", "timer", "task"),
    hard_timer=(1, 27),
    deaf_while_writing=True,
    lacks_room=("tls", "page"),
)

_STRAP = "decides at a reset how the chip starts"
_USB = "is the USB port of the console"
_FLASH = "belongs to the module's flash"
_PSRAM = "belongs to the module's octal PSRAM"
_CONSOLE = "is the serial console"
_S3_TAKEN = {0: _STRAP, 3: _STRAP, 19: _USB, 20: _USB, 43: _CONSOLE, 44: _CONSOLE, 45: _STRAP, 46: _STRAP}
_S3_TAKEN.update(dict.fromkeys(range(26, 33), _FLASH))
_S3_TAKEN.update(dict.fromkeys(range(33, 38), _PSRAM))
_S3_ANALOGUE = dict.fromkeys(range(1, 11), "ADC1")
_S3_ANALOGUE.update(dict.fromkeys(range(11, 21), "ADC2"))

ESP32S3 = Chip(
    title="ESP32-S3-WROOM-1 with octal PSRAM",
    family="esp32",
    prefix="GPIO",
    pins=tuple(range(22)) + tuple(range(26, 49)),
    taken=_S3_TAKEN,
    analogue=_S3_ANALOGUE,
    silenced=("ADC2",),
    full_scale_mv=2900,
    uarts=2,
    outputs=8,
    ticks=("timer", "task"),
    least_tick_ms=20,
    waits_for_c=True,
)

LINUX = Chip(
    title="a single-board computer with Linux",
    family="linux",
    named=True,
    ticks=("thread", "task"),
    # hal/linux/machine.py has no I2C; the kernel has its own Wi-Fi, clock and files.
    lacks_drivers=("gpio.pn532", "gpio.fram", "wifi.station"),
)

CHIPS = {"rp2350": RP2350, "rp2040": RP2040, "esp32s3": ESP32S3, "linux": LINUX}
"""By the names that boards call them."""

PATTERNS = {
    "gpio": "gpiochipN:N",
    "pwm": "pwmchipN/N",
    "adc": "iio:deviceN/N",
    "uart": "/dev/NAME",
    "i2c": "/dev/i2c-N",
}
"""What a pin is called on Linux, by what it is used for."""
