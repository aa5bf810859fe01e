"""What `import machine` gives on a chip."""

from simulator.pins import adc, gpio, i2c, pwm, registers, rtc, timers, uart
from simulator.pins.wired import bound

FAMILIES = {
    "rp2": {
        "Pin": gpio.Rp2Pin,
        "PWM": pwm.Rp2Pwm,
        "ADC": adc.Rp2Adc,
        "RTC": rtc.RTC,
    },
    "esp32": {
        "Pin": gpio.Esp32Pin,
        "PWM": pwm.Esp32Pwm,
        "ADC": adc.Esp32Adc,
        "RTC": rtc.Esp32Rtc,
    },
}
BOTH = {
    "Timer": timers.Timer,
    "WDT": timers.WDT,
    "UART": uart.UART,
    "I2C": i2c.I2C,
    "SoftI2C": i2c.SoftI2C,
}
CAUSES = {
    "rp2": {"PWRON_RESET": 1, "WDT_RESET": 3},
    "esp32": {"PWRON_RESET": 1, "HARD_RESET": 2, "WDT_RESET": 3},
}


def names(chip):
    """The module's names: classes and functions."""
    family = chip.rules.family
    found = {}  # type: dict
    found.update(CAUSES[family])
    for classes in (FAMILIES[family], BOTH):
        for name in classes:
            found[name] = bound(chip, classes[name])
    if family == "rp2":
        found["mem32"] = registers.Words(chip)
    found.update(_functions(chip))
    return found


def _functions(chip):
    identity = bytes([chip.random.below(256) for _ in range(8 if chip.rules.family == "rp2" else 6)])

    def disable_irq():
        chip.mask(True)
        return 1

    def enable_irq(state):
        chip.mask(False)

    def idle():
        chip.advance(1000)  # the system's own timer ends it at the latest

    return {
        "unique_id": lambda: identity,
        "freq": lambda: chip.rules.sys_hz,
        "reset": lambda: chip.reset("software"),
        "reset_cause": lambda: chip.rules.causes[chip.cause],
        "disable_irq": disable_irq,
        "enable_irq": enable_irq,
        "idle": idle,
    }
