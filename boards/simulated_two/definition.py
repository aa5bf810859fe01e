"""Two sockets on one three-phase supply: proves that nothing hard-codes one connector."""

from boards.facts import Board, Connector
from boards.simulated.definition import OUTLET, SHARED

SOCKET = dict(OUTLET, shunt_trip="simulated")

BOARD = Board(
    name="simulated_two",
    title="Simulated charger, 2 x 22 kW, sockets",
    model="Simulated Two",
    rated_ma=63000,
    dead_man="simulated",
    simulated=True,
    connectors=(
        Connector(rcd_path="hardware_gate", cable_ma=0, drivers=SOCKET),
        Connector(rcd_path="hardware_gate", cable_ma=0, drivers=SOCKET),
    ),
    drivers=SHARED,
)
