"""One socket on a Raspberry Pi 4 with Linux and CPython. What hangs on each line: wiring.md.

Sources: Linux, Documentation/ABI/testing/sysfs-class-pwm and sysfs-bus-iio; Raspberry Pi, "Device Trees,
overlays and parameters" (pwm, uart2, uart3, mcp3208, i2c-pwm-pca9685a).
"""

from boards.facts import Board, Connector

OUTLET = {
    "pilot": "linux.pilot",
    "contactor": "gpio.monostable",
    "rcd": "gpio.rcd",
    "proximity": "gpio.proximity",
    "lock": "gpio.lock",
    "phase_switch": "gpio.phase_switch",
    "temperature": "gpio.thermistor",
    "earth": "gpio.earth",
    "meter_port": "gpio.uart",
    "meter": "em340",
}

OUTLET_PINS = {
    "pilot": "pwmchip0/0",  # GPIO 18
    "pilot_high": "iio:device0/0",  # MCP3208
    "pilot_low": "iio:device0/1",
    "proximity": "iio:device0/2",
    "temperature": "iio:device0/3",
    "pilot_relay": "gpiochip0:22",
    "contactor": "gpiochip0:23",
    "mirror": "gpiochip0:24",
    "trip": "gpiochip0:25",
    "test": "gpiochip0:27",
    "lock_a": "gpiochip0:16",
    "lock_b": "gpiochip0:20",
    "locked": "gpiochip0:21",
    "phase_switch": "gpiochip0:26",
    "phase_feedback": "gpiochip0:19",
    "earth": "gpiochip0:13",
    "meter_tx": "/dev/ttyAMA2",  # GPIO 0 and 1; one device sends and receives
    "meter_rx": "/dev/ttyAMA2",
}

SHARED = {
    "store": "linux.store",
    "clock": "gpio.clock",
    "watchdog": "gpio.watchdog",
    "network": "linux.network",
    "lamp": "gpio.lamp",
    "button": "gpio.button",
    "mains_port": "gpio.uart",
    "mains_meter": "em340",
}

SHARED_PINS = {
    "red": "pwmchip1/0",  # PCA9685
    "green": "pwmchip1/1",
    "blue": "pwmchip1/2",
    "button": "gpiochip0:6",
    "mains_tx": "/dev/ttyAMA3",  # GPIO 4 and 5
    "mains_rx": "/dev/ttyAMA3",
}

BOARD = Board(
    name="linux",
    title="Raspberry Pi 4 with Linux, 11 kW, socket",
    model="Linux",
    rated_ma=16000,
    chip="linux",
    dead_man="external monostable, 100 ms",
    tick_on="thread",
    journal=("/var/lib/mode3", 256),
    extras=("tls", "page"),
    flaws=(
        (
            "A reset lets the phase switch fall back, before the contactor if its coil is quicker: give it an"
            " off-delay longer than the contactor's release. After each start a charge waits a minute for it."
        ),
        (
            "It has not run on copper: its drivers have met nothing but a simulated circuit and files"
            " shaped like the kernel's."
        ),
        (
            "Linux promises no time: where the thread of the tick is late by more than 100 ms, the"
            " monostable opens the contactor in the middle of a charge."
        ),
        (
            "The pilot is seen through two peak detectors: they follow a falling level only as fast as"
            " they discharge, and cannot tell a plateau from a spike."
        ),
        "It has no card reader: I2C of a microcontroller is all that is driven so far.",
        (
            "A power cut can damage a root that is being written: mount it read-only, and only"
            " /var/lib/mode3 writable."
        ),
    ),
    connectors=(
        Connector(
            rated_ma=16000,
            cable_ma=0,
            # Schneider Electric, TeSys D LC1DT25P7 (4 poles, 25 A AC-1, 230 V AC coil, mirror contact): opens
            # within 4-19 ms; the triac adds 10 ms.
            contactor_release_ms=30,
            rcd_path="hardware_gate",
            drivers=OUTLET,
            pins=OUTLET_PINS,
            # 100 kohm from the pilot, 22 kohm to the supply, 27 kohm to ground.
            pilot_divider=(100000, 22000, 27000),
            pilot_points=((-12000, 324), (12000, 2919)),
            ntc=(10000, 3977, 10000),  # Vishay NTCLE100E3103
        ),
    ),
    drivers=SHARED,
    pins=SHARED_PINS,
)
