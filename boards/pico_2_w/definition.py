"""One socket with lock and phase switch on a Raspberry Pi Pico 2 W. What hangs on each pin: wiring.md.

Sources: Raspberry Pi, "Pico 2 W Datasheet" (pins) and "RP2350 Datasheet" (converter, errata); MicroPython,
ports/rp2/machine_uart.c and machine_i2c.c (which pins a UART and an I2C can have).
"""

from boards.facts import Board, Connector

OUTLET = {
    "pilot": "rp2.pilot",
    "contactor": "rp2.contactor",
    "rcd": "gpio.rcd",
    "proximity": "gpio.proximity",
    "lock": "gpio.lock",
    "phase_switch": "gpio.phase_switch",
    "temperature": "gpio.thermistor",
    "earth": "gpio.earth",
    "meter_port": "gpio.uart",
    "meter": "sdm630",
}

OUTLET_PINS = {
    "meter_tx": 0,  # UART 0
    "meter_rx": 1,
    "pilot": 6,  # PWM 3A: no lamp is on 3
    "pilot_relay": 7,
    "contactor": 8,  # PIO
    "mirror": 9,
    "trip": 10,
    "test": 11,
    "lock_a": 12,
    "lock_b": 13,
    "locked": 14,
    "phase_switch": 15,
    "phase_feedback": 16,
    "earth": 17,
    "pilot_sense": 26,  # ADC 0
    "proximity": 27,  # ADC 1
    "temperature": 28,  # ADC 2
}

SHARED = {
    "store": "rp2.flash",
    "clock": "gpio.clock",
    "watchdog": "gpio.watchdog",
    "network": "wifi.station",
    "card_reader": "gpio.pn532",
    "lamp": "gpio.lamp",
    "button": "gpio.button",
    "mains_port": "gpio.uart",
    "mains_meter": "sdm630",
}

SHARED_PINS = {
    "sda": 2,  # I2C 1
    "scl": 3,
    "mains_tx": 4,  # UART 1
    "mains_rx": 5,
    "red": 18,  # PWM 1A
    "green": 19,  # PWM 1B
    "blue": 20,  # PWM 2A
    "button": 21,
}

CONNECTOR = Connector(
    rated_ma=32000,
    cable_ma=0,
    # Schneider Electric, TeSys D LC1DT40P7 (4 poles, 40 A AC-1, 230 V AC coil, mirror contact): it opens
    # within 4-19 ms. Its coil hangs on a triac, which conducts to the end of a half-wave: 10 ms more.
    contactor_release_ms=30,
    rcd_path="hardware_gate",
    drivers=OUTLET,
    pins=OUTLET_PINS,
    # 100 kohm from the pilot, 22 kohm to the supply, 27 kohm to ground.
    pilot_divider=(100000, 22000, 27000),
    pilot_points=((-12000, 324), (12000, 2919)),
    ntc=(10000, 3977, 10000),  # Vishay NTCLE100E3103
)

STALLS = ("erase", "save")
"""The chip's own flash is where the program is: who writes there stops both cores and their interrupts."""

UNTRIED = "It has not run on copper: its drivers have met nothing but the simulated chip and circuit."
PAGES = (
    "To write a page of flash stops both cores and every interrupt for up to 3 ms, and the tick may be late"
    " by that; to erase a sector, up to 400 ms, waits until every contactor is open."
)
SHARED_HEAP = (
    "Both cores share one heap without a lock; this holds because the tick allocates nothing, which is proved"
    " on other processors than this one."
)
SUPPLY = (
    "The converter measures against the module's own 3.3 V: 1 % of error there is 1 % of the pilot, 120 mV of"
    " 12 V."
)
PHASES = (
    "A reset lets the phase switch fall back, before the contactor if its coil is quicker: give it an"
    " off-delay longer than the contactor's release. After each start a charge waits a minute for it."
)
SOFT_RESET = (
    "A soft reset of MicroPython halts PIO with the contactor as it is: end the firmware by a reset of the"
    " chip."
)
IMAGE = (
    "The journal lies on the last sectors of the flash, and MicroPython's plain image gives all of them to"
    " files: this board needs an image of its own (manifest.py), which nobody has built."
)

BOARD = Board(
    name="pico_2_w",
    title="Raspberry Pi Pico 2 W, 22 kW, socket",
    model="Pico 2 W",
    rated_ma=32000,
    chip="rp2350",
    dead_man="PIO one-shot, 100 ms",
    lowest_micropython=(1, 25),
    tick_on="core",
    stalls=STALLS,
    journal=("", 256),
    extras=("tls", "page"),
    flaws=(
        UNTRIED,
        PAGES,
        SHARED_HEAP,
        SUPPLY,
        IMAGE,
        PHASES,
        SOFT_RESET,
        (
            "RP2350 before stepping A3 holds an input that was high at about 2.2 V (erratum E9): every"
            " input has a resistor of at most 8.2 kohm to ground, or one to the supply."
        ),
    ),
    connectors=(CONNECTOR,),
    drivers=SHARED,
    pins=SHARED_PINS,
)
