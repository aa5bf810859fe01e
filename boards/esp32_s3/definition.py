"""One tethered cable on an ESP32-S3-WROOM-1-N8R8. What hangs on each pin: wiring.md.

Sources: Espressif, "ESP32-S3 Series Datasheet" (strapping pins, converter: 0-2900 mV at the highest
attenuation) and "ESP-IDF Programming Guide", GPIO (which pins flash, PSRAM and USB take).
"""

from boards.facts import Board, Connector

OUTLET = {
    "pilot": "esp32.pilot",
    "contactor": "gpio.monostable",
    "rcd": "gpio.rcd",
    "phase_switch": "gpio.phase_switch",
    "temperature": "gpio.thermistor",
    "earth": "gpio.earth",
    "meter_port": "gpio.uart",
    "meter": "sdm72",
}

# Free of strapping (0, 3, 45, 46), USB (19, 20), flash (26-32), octal PSRAM (33-37) and console (43, 44).
OUTLET_PINS = {
    "pilot_sense": 1,  # ADC1
    "temperature": 4,  # ADC1
    "pilot": 5,
    "pilot_relay": 6,
    "contactor": 7,
    "mirror": 8,
    "trip": 9,
    "test": 10,
    "phase_switch": 14,
    "phase_feedback": 15,
    "earth": 16,
    "meter_tx": 17,
    "meter_rx": 18,
}

SHARED = {
    "store": "esp32.partition",
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
    "sda": 11,
    "scl": 12,
    "button": 13,
    "mains_tx": 21,
    "mains_rx": 38,
    "red": 39,
    "green": 40,
    "blue": 41,
}

BOARD = Board(
    name="esp32_s3",
    title="ESP32-S3, 22 kW, tethered cable",
    model="ESP32-S3",
    rated_ma=32000,
    chip="esp32s3",
    dead_man="external monostable, 100 ms",
    lowest_micropython=(1, 25),
    tick_on="timer",
    stalls=("handshake", "erase", "save"),
    journal=("journal", 256),
    extras=("tls", "page"),
    flaws=(
        (
            "A reset lets the phase switch fall back, before the contactor if its coil is quicker: give it an"
            " off-delay longer than the contactor's release. After each start a charge waits a minute for it."
        ),
        "It has not run on copper: its drivers have met nothing but the simulated chip and circuit.",
        (
            "Timers and pins interrupt only between two instructions of Python: whatever C does in one"
            " piece delays the tick, and above 100 ms the monostable opens the contactor."
        ),
        (
            "A TLS handshake stops the tick for seconds, so it waits until every contactor is open: a"
            " charger that loses its backend gets it back after the session, or after a pause."
        ),
        (
            "The journal needs a partition of its own: the image is built with this folder's"
            " partitions.csv, and MicroPython's plain image does not carry this board."
        ),
        (
            "The converter errs by up to 50 mV, 500 mV of the pilot, after its maker's calibration: measure"
            " each board at two levels, and state them as pilot_points."
        ),
        "Below -32 degC the temperature sensor is beyond the range that the converter is specified for.",
        "To see the pilot takes 8 ms of each tick of 20 ms, and 16 ms where the converter is slow.",
    ),
    connectors=(
        Connector(
            rated_ma=32000,
            cable_ma=32000,
            # Schneider Electric, TeSys D LC1DT40P7: opens within 4-19 ms; the triac adds 10 ms.
            contactor_release_ms=30,
            rcd_path="hardware_gate",
            drivers=OUTLET,
            pins=OUTLET_PINS,
            # 100 kohm from the pilot, 22 kohm to the supply and to ground: the converter ends at 2900 mV.
            pilot_divider=(100000, 22000, 22000),
            pilot_points=((-12000, 297), (12000, 2676)),
            # Vishay NTCLE100E3103; 33 kohm keep the cold end within the converter's range.
            ntc=(10000, 3977, 33000),
        ),
    ),
    drivers=SHARED,
    pins=SHARED_PINS,
)
