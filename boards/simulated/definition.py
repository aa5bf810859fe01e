"""One connector with a tethered cable; every part is the simulator's, but the meters' driver is the real
one."""

from boards.facts import Board, Connector

OUTLET = {
    "pilot": "simulated",
    "contactor": "simulated",
    "rcd": "simulated",
    "proximity": "simulated",
    "lock": "simulated",
    "phase_switch": "simulated",
    "temperature": "simulated",
    "earth": "simulated",
    "meter_port": "simulated",
    "meter": "sdm630",
}

SHARED = {
    "store": "simulated",
    "clock": "simulated",
    "watchdog": "simulated",
    "network": "simulated",
    "card_reader": "simulated",
    "lamp": "simulated",
    "button": "simulated",
    "mains_port": "simulated",
    "mains_meter": "sdm630",
}

BOARD = Board(
    name="simulated",
    title="Simulated charger, 22 kW, tethered cable",
    model="Simulated",
    dead_man="simulated",
    simulated=True,
    connectors=(Connector(rcd_path="hardware_gate", drivers=OUTLET),),
    drivers=SHARED,
)
